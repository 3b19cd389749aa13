package dev.microgpt.spark;

import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.score.LineScore;
import dev.microgpt.train.score.LineScorer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Scores a column of texts by how surprising each is to a model, as {@link LineScorer} and {@code microgpt score} do,
 * with the same bits. The model is sent once, and each executor loads it once.
 *
 * <pre>{@code
 * try (SparkScorer scorer = new SparkScorer(spark, TrainedModel.load(file))) {
 *     Dataset<Row> scored = scorer.score(logs, "line").orderBy(col("bits_per_character").desc());
 *     scored.show();
 * }
 * }</pre>
 *
 * <p>A dataset must be computed before the scorer is closed. Thread-safe.
 */
public final class SparkScorer implements AutoCloseable {
    private static final int ROWS_AT_A_TIME = 256;

    private final ShippedModel model;

    /**
     * Sends a model to a cluster.
     *
     * @param spark the context
     * @param model the model
     * @throws IllegalArgumentException if it cannot score lines, see {@link LineScorer#LineScorer}
     * @throws IOException              if the model cannot be sent
     */
    public SparkScorer(JavaSparkContext spark, TrainedModel model) throws IOException {
        new LineScorer(model); // refuses the model here rather than in an executor
        this.model = ShippedModel.of(spark, model);
    }

    /**
     * Adds the score of a column to a dataset, in columns of its own: {@code bits} (the sum of −log₂ p over all tokens
     * and the end), {@code tokens}, and {@code bits_per_character}. They are null where the text is.
     *
     * @param rows   the dataset; its order and partitions stay
     * @param column the name of a column of strings, each a line
     * @return the dataset with three more columns
     * @throws IllegalArgumentException if there is no such column, it does not hold strings, or a column has the name
     *     of a new one
     */
    public Dataset<Row> score(Dataset<Row> rows, String column) {
        StructType schema = rows.schema();
        List<String> names = Arrays.asList(schema.fieldNames());
        int index = names.indexOf(column);
        if (index < 0 || !schema.apply(index).dataType().equals(DataTypes.StringType)) {
            throw new IllegalArgumentException("score: the column \"" + column + "\" must be one of strings, but "
                    + (index < 0
                            ? "the columns are " + names
                            : "its type is " + schema.apply(index).dataType().sql()));
        }
        StructType scored = schema.add("bits", DataTypes.DoubleType)
                .add("tokens", DataTypes.IntegerType)
                .add("bits_per_character", DataTypes.DoubleType);
        for (String added : new String[] {"bits", "tokens", "bits_per_character"}) {
            if (names.contains(added)) {
                throw new IllegalArgumentException("score: the dataset has a column \"" + added
                        + "\" already, the name of a result; rename it first");
            }
        }
        return rows.mapPartitions(new Task(model, index), Encoders.row(scored));
    }

    /** Frees the memory that the model takes on the cluster. */
    @Override
    public void close() {
        model.destroy();
    }

    /** Scores the rows of a partition. */
    private static final class Task implements MapPartitionsFunction<Row, Row> {
        private static final long serialVersionUID = 1;

        private final ShippedModel model;
        private final int column;

        Task(ShippedModel model, int column) {
            this.model = model;
            this.column = column;
        }

        @Override
        public Iterator<Row> call(Iterator<Row> rows) {
            LineScorer scorer = model.get(LineScorer::new);
            Queue<Row> scored = new ArrayDeque<>();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return !scored.isEmpty() || rows.hasNext();
                }

                @Override
                public Row next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    if (scored.isEmpty()) {
                        scoreSome(scorer, rows, scored);
                    }
                    return scored.remove();
                }
            };
        }

        private void scoreSome(LineScorer scorer, Iterator<Row> rows, Queue<Row> scored) {
            List<Row> some = new ArrayList<>();
            List<String> lines = new ArrayList<>();
            while (some.size() < ROWS_AT_A_TIME && rows.hasNext()) {
                Row row = rows.next();
                some.add(row);
                if (!row.isNullAt(column)) {
                    lines.add(row.getString(column));
                }
            }
            Iterator<LineScore> scores = scorer.score(lines).iterator();
            for (Row row : some) {
                Object[] values = new Object[row.length() + 3];
                for (int i = 0; i < row.length(); i++) {
                    values[i] = row.get(i);
                }
                if (!row.isNullAt(column)) {
                    LineScore score = scores.next();
                    values[row.length()] = score.bits();
                    values[row.length() + 1] = score.tokens();
                    values[row.length() + 2] = score.bitsPerCharacter();
                }
                scored.add(RowFactory.create(values));
            }
        }
    }
}

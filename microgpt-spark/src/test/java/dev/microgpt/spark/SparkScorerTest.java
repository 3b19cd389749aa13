package dev.microgpt.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.score.LineScore;
import dev.microgpt.train.score.LineScorer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores on a cluster have the bits of one machine. */
class SparkScorerTest {
    private static final StructType SCHEMA =
            new StructType().add("number", DataTypes.IntegerType).add("line", DataTypes.StringType);

    private static SparkSession session;
    private static TrainedModel model;

    @BeforeAll
    static void start() {
        session = SparkSession.builder().config(Cluster.processes(2)).getOrCreate();
        CharTokenizer tokenizer = CharTokenizer.ofAlphabet(" abcdefghijklmnopqrstuvwxyz");
        GptConfig config = GptConfig.microgpt(tokenizer.vocabSize());
        model = new TrainedModel(
                config.create(Parameters.drawnFrom(new PythonRandom(5))), tokenizer, DataFormat.DOCUMENTS);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            String line = i % 50 == 7 ? null : "line " + Integer.toString(i * 7919, 36) + " of some".repeat(i % 5);
            rows.add(RowFactory.create(i, line));
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16})
    void eachScoreHasTheBitsOfOneMachine(int partitions) throws IOException {
        LineScorer alone = new LineScorer(model);
        JavaSparkContext spark = new JavaSparkContext(session.sparkContext());
        Dataset<Row> rows = session.createDataFrame(rows(), SCHEMA).repartition(partitions);
        try (SparkScorer scorer = new SparkScorer(spark, model)) {
            List<Row> scored = scorer.score(rows, "line").orderBy("number").collectAsList();
            assertEquals(700, scored.size());
            for (int i = 0; i < 700; i++) {
                Row row = scored.get(i);
                assertEquals(i, row.getInt(0));
                if (row.isNullAt(1)) {
                    assertTrue(row.isNullAt(2) && row.isNullAt(3) && row.isNullAt(4), row.toString());
                } else {
                    LineScore expected = alone.score(row.getString(1));
                    assertEquals(expected.bits(), row.getDouble(2));
                    assertEquals(expected.tokens(), row.getInt(3));
                    assertEquals(expected.bitsPerCharacter(), row.getDouble(4));
                }
            }
        }
    }

    @Test
    void aColumnThatCannotBeScoredIsRefused() throws IOException {
        Dataset<Row> rows = session.createDataFrame(rows(), SCHEMA);
        try (SparkScorer scorer = new SparkScorer(new JavaSparkContext(session.sparkContext()), model)) {
            assertTrue(refusal(() -> scorer.score(rows, "text")).contains("the columns are [number, line]"));
            assertTrue(refusal(() -> scorer.score(rows, "number")).contains("its type is INT"));
            Dataset<Row> twice = scorer.score(rows, "line");
            assertTrue(refusal(() -> scorer.score(twice, "line")).contains("has a column \"bits\" already"));
        }
    }

    private static String refusal(org.junit.jupiter.api.function.Executable work) {
        return assertThrows(IllegalArgumentException.class, work).getMessage();
    }
}

package dev.microgpt.spark;

import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.CorpusParts;
import dev.microgpt.train.data.PartPlace;
import dev.microgpt.train.data.PartScan;
import dev.microgpt.train.data.PartTokens;
import dev.microgpt.train.data.PreparedCorpus;
import dev.microgpt.train.data.TokenizerFile;
import dev.microgpt.train.data.read.TextPart;
import dev.microgpt.train.data.read.TextPieces;
import dev.microgpt.train.data.read.TextSource;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * Encodes a corpus on a cluster: text in, the token files of a {@link PreparedCorpus} out. The bytes are those of
 * {@code microgpt data prepare}, whatever the number of partitions.
 *
 * <p>The folder of the corpus must be on a path that the driver and all executors see, as must text files.
 *
 * <pre>{@code
 * SparkCorpus.prepare(spark, TextSource.of(Path.of("/shared/texts")), 64, Path.of("/shared/corpus"), 0.1, false, null);
 * }</pre>
 */
public final class SparkCorpus {
    private SparkCorpus() {}

    /**
     * Encodes text files as they are.
     *
     * @param spark       the context
     * @param text        ordinary files
     * @param partitions  the number of tasks, at least 1
     * @param folder      the folder of the corpus, created if it does not exist
     * @param valFraction the fraction at the end of the text to hold out
     * @param overwrite   whether to replace an existing corpus
     * @param known       the tokenizer, one of the library; null for a token per character
     * @return the corpus
     * @throws SparkJobException if the executors cannot encode
     * @throws IOException       as {@link PreparedCorpus#prepare(CorpusParts, Path, double, boolean, Tokenizer)}
     */
    public static PreparedCorpus prepare(
            JavaSparkContext spark,
            TextSource text,
            int partitions,
            Path folder,
            double valFraction,
            boolean overwrite,
            @Nullable Tokenizer known)
            throws IOException {
        JavaRDD<TextPart> parts = spark.parallelize(TextPart.of(text, partitions), partitions);
        Tokenizer scanner = known == null ? new ByteTokenizer() : known;
        return prepare(spark, text.name(), parts, new FileOpener(), scanner, folder, valFraction, overwrite, known);
    }

    /**
     * Encodes strings, each a text of its own, in the order of the partitions. Blank ones are skipped, so a partition
     * may be empty or blank.
     *
     * @param spark       the context
     * @param texts       the texts; computed twice, so persist them if that is costly, and equal both times
     * @param name        the name of the data in messages
     * @param folder      the folder of the corpus, created if it does not exist
     * @param valFraction the fraction at the end of the text to hold out
     * @param overwrite   whether to replace an existing corpus
     * @param known       the tokenizer, one of the library; null for a token per character
     * @return the corpus, that of {@code data prepare --field} of a JSON Lines file with these texts
     * @throws SparkJobException if the executors cannot encode, or a text is null
     * @throws IOException       as {@link PreparedCorpus#prepare(CorpusParts, Path, double, boolean, Tokenizer)}
     */
    public static PreparedCorpus prepare(
            JavaSparkContext spark,
            JavaRDD<String> texts,
            String name,
            Path folder,
            double valFraction,
            boolean overwrite,
            @Nullable Tokenizer known)
            throws IOException {
        Tokenizer scanner = new ByteTokenizer(); // no text is cut
        return prepare(spark, name, texts, new ListOpener(name), scanner, folder, valFraction, overwrite, known);
    }

    private static <T> PreparedCorpus prepare(
            JavaSparkContext spark,
            String name,
            JavaRDD<T> rows,
            Opener<T> opener,
            Tokenizer scanner,
            Path folder,
            double valFraction,
            boolean overwrite,
            @Nullable Tokenizer known)
            throws IOException {
        CorpusParts parts = new RddParts<>(spark, name, rows, opener, scanner);
        Path shared = folder.toAbsolutePath();
        return Failure.explained(() -> PreparedCorpus.prepare(parts, shared, valFraction, overwrite, known));
    }

    /** Reads the rows of a partition as a part of the text. */
    private interface Opener<T> extends Serializable {
        TextPieces open(Iterator<T> rows, Tokenizer tokenizer);
    }

    private static final class FileOpener implements Opener<TextPart> {
        private static final long serialVersionUID = 1;

        @Override
        public TextPieces open(Iterator<TextPart> rows, Tokenizer tokenizer) {
            return rows.next().open(tokenizer);
        }
    }

    private static final class ListOpener implements Opener<String> {
        private static final long serialVersionUID = 1;

        private final String name;

        ListOpener(String name) {
            this.name = name;
        }

        @Override
        public TextPieces open(Iterator<String> rows, Tokenizer tokenizer) {
            return TextPieces.of(rows, name + ", partition " + TaskContext.getPartitionId());
        }
    }

    /** The partitions of an RDD as the parts of a text. */
    private record RddParts<T>(
            JavaSparkContext spark, String name, JavaRDD<T> rows, Opener<T> opener, Tokenizer scanner)
            implements CorpusParts {
        @Override
        public List<PartScan> scan() throws IOException {
            Broadcast<byte[]> tokenizer = spark.broadcast(bytes(scanner));
            try {
                return rows.mapPartitionsWithIndex(new Scan<>(opener, tokenizer, Build.here()), true)
                        .collect();
            } finally {
                tokenizer.destroy();
            }
        }

        @Override
        public List<PartTokens> encode(List<PartPlace> places, Path tokenizer, Path scratch) {
            Encode<T> task = new Encode<>(opener, places, tokenizer.toString(), scratch.toString());
            return rows.mapPartitionsWithIndex(task, true).collect();
        }

        private static byte[] bytes(Tokenizer tokenizer) throws IOException {
            Path file = Files.createTempFile("tokenizer", ".json");
            try {
                TokenizerFile.write(file, tokenizer);
                return Files.readAllBytes(file);
            } finally {
                Files.deleteIfExists(file);
            }
        }
    }

    private static final class Scan<T> implements Function2<Integer, Iterator<T>, Iterator<PartScan>> {
        private static final long serialVersionUID = 1;

        private final Opener<T> opener;
        private final Broadcast<byte[]> tokenizer;
        private final Build build;

        Scan(Opener<T> opener, Broadcast<byte[]> tokenizer, Build build) {
            this.opener = opener;
            this.tokenizer = tokenizer;
            this.build = build;
        }

        @Override
        public Iterator<PartScan> call(Integer partition, Iterator<T> rows) throws IOException {
            build.check();
            Path file = Files.createTempFile("tokenizer", ".json");
            try {
                Files.write(file, tokenizer.value());
                return List.of(PartScan.of(opener.open(rows, TokenizerFile.read(file))))
                        .iterator();
            } finally {
                Files.deleteIfExists(file);
            }
        }
    }

    private static final class Encode<T> implements Function2<Integer, Iterator<T>, Iterator<PartTokens>> {
        private static final long serialVersionUID = 1;

        private final Opener<T> opener;
        private final ArrayList<PartPlace> places;
        private final String tokenizer;
        private final String scratch;

        Encode(Opener<T> opener, List<PartPlace> places, String tokenizer, String scratch) {
            this.opener = opener;
            this.places = new ArrayList<>(places);
            this.tokenizer = tokenizer;
            this.scratch = scratch;
        }

        @Override
        public Iterator<PartTokens> call(Integer partition, Iterator<T> rows) throws IOException {
            if (!Files.exists(Path.of(tokenizer))) {
                throw new SparkJobException("an executor does not see " + tokenizer
                        + ", which the driver wrote; use a folder for the corpus on a path that all machines share");
            }
            Tokenizer known = TokenizerFile.read(Path.of(tokenizer));
            String file = "part-" + partition + "-" + TaskContext.get().taskAttemptId();
            return List.of(places.get(partition).encode(opener.open(rows, known), known, Path.of(scratch), file))
                    .iterator();
        }
    }
}

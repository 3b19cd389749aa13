package dev.microgpt.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeTrainer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.PreparedCorpus;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A corpus prepared on a cluster has the bytes of one prepared on one machine. */
class SparkCorpusTest {
    private static final String[] WORDS = {
        "the", "don't", " ", " ", "\n", "\n\n", "\r\n", "3.5", "né", "漢字", "😀", "...", "x"
    };

    @TempDir
    private static Path folder;

    private static JavaSparkContext spark;
    private static List<String> lines;
    private static Path text;
    private static Tokenizer bpe;

    @BeforeAll
    static void start() throws IOException {
        spark = new JavaSparkContext(Cluster.processes(2));
        Random random = new Random(1);
        lines = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            StringBuilder line = new StringBuilder();
            for (int word = random.nextInt(200); word >= 0; word--) {
                line.append(WORDS[random.nextInt(WORDS.length)]);
            }
            lines.add(line.toString());
        }
        text = Files.writeString(folder.resolve("text.txt"), String.join("\n", lines));
        assertTrue(Files.size(text) > 1_000_000, "a megabyte");
        BpeTrainer trainer = new BpeTrainer();
        trainer.add(String.join("\n", lines.subList(0, 50)));
        bpe = new BpeTokenizer(trainer.train(400));
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    private static void assertSame(Path expected, Path actual) throws IOException {
        for (String name : new String[] {"tokenizer.json", "train.bin", "val.bin"}) {
            byte[] bytes = Files.readAllBytes(actual.resolve(name));
            assertArrayEquals(Files.readAllBytes(expected.resolve(name)), bytes, actual + " " + name);
        }
        assertEquals(3, actual.toFile().list().length, actual.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64})
    void filesHaveTheBytesOfOneMachine(int partitions) throws IOException {
        for (Tokenizer known : new Tokenizer[] {null, bpe}) {
            String name = partitions + (known == null ? "char" : "bpe");
            Path whole = folder.resolve("whole" + name);
            Path parts = folder.resolve("parts" + name);
            PreparedCorpus.prepare(TextSource.of(text), whole, 0.1, false, known);
            SparkCorpus.prepare(spark, TextSource.of(text), partitions, parts, 0.1, false, known);
            assertSame(whole, parts);
        }
    }

    /** More partitions than texts: some are empty. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64})
    void textsHaveTheBytesOfJsonLines(int partitions) throws IOException {
        List<String> some = lines.subList(0, 50);
        StringBuilder json = new StringBuilder();
        some.forEach(line -> json.append("{\"text\":\"")
                .append(line.replace("\n", "\\n").replace("\r", "\\r"))
                .append("\"}\n"));
        Path file = Files.writeString(folder.resolve("texts" + partitions + ".jsonl"), json);
        Path whole = folder.resolve("json" + partitions);
        Path parts = folder.resolve("rows" + partitions);
        PreparedCorpus.prepare(TextSource.of(file), RecordFormat.field("text"), whole, 0.1, false, bpe);
        SparkCorpus.prepare(spark, spark.parallelize(some, partitions), "rows", parts, 0.1, false, bpe);
        assertSame(whole, parts);
    }

    @Test
    void badTextIsRefusedInOneSentenceAndLeavesNothing() throws IOException {
        Path out = folder.resolve("bad");
        List<String> holes = new ArrayList<>(List.of("a", "b", "c"));
        holes.set(2, null);
        IOException missing = assertThrows(
                IOException.class,
                () -> SparkCorpus.prepare(spark, spark.parallelize(holes, 2), "rows", out, 0.1, false, null));
        assertEquals(
                "data rows, partition 1, value 2: the value is null, but must be text; leave out or repair such values"
                        + " first",
                missing.getMessage());
        IOException empty = assertThrows(
                IOException.class,
                () -> SparkCorpus.prepare(
                        spark, spark.parallelize(List.of(" ", "\n"), 2), "rows", out, 0.1, false, null));
        assertTrue(
                empty.getMessage().startsWith("data rows: all parts of the text are empty or blank"),
                empty.getMessage());
        byte[] bytes = Files.readAllBytes(text);
        bytes[bytes.length / 2] = (byte) 0xFF;
        Path broken = Files.write(folder.resolve("broken.txt"), bytes);
        IOException wrong = assertThrows(
                IOException.class, () -> SparkCorpus.prepare(spark, TextSource.of(broken), 3, out, 0.1, false, null));
        IOException onOneMachine = assertThrows(
                IOException.class, () -> PreparedCorpus.prepare(TextSource.of(broken), out, 0.1, false, null));
        assertEquals(onOneMachine.getMessage(), wrong.getMessage());
        assertFalse(Files.exists(out));
    }
}

package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeTrainer;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextPart;
import dev.microgpt.train.data.read.TextPieces;
import dev.microgpt.train.data.read.TextSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A corpus prepared in parts has the bytes of one prepared as a whole. */
class CorpusPartsTest {
    private static final String[] WORDS = {
        "the",
        "don't",
        "'s",
        " ",
        "  ",
        "\t",
        "\n",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "12",
        "3.5",
        "né",
        "漢字",
        "😀",
        "\uFEFF",
        "%PDF-1.7",
        "...",
        "?!",
        "\n \n",
        "x",
        "ing",
        "The cat's",
        "\u00a0"
    };

    @TempDir
    private Path folder;

    /** Opens the parts of a text again and again. */
    private interface Opener {
        TextPieces open(int part, Tokenizer tokenizer);
    }

    private record Parts(int count, @Nullable Tokenizer known, Opener opener) implements CorpusParts {
        @Override
        public String name() {
            return "parts";
        }

        @Override
        public List<PartScan> scan() throws IOException {
            List<PartScan> scans = new ArrayList<>();
            for (int part = 0; part < count; part++) {
                scans.add(PartScan.of(opener.open(part, known == null ? new ByteTokenizer() : known)));
            }
            return scans;
        }

        @Override
        public List<PartTokens> encode(List<PartPlace> places, Path file, Path scratch) throws IOException {
            Tokenizer tokenizer = TokenizerFile.read(file);
            List<PartTokens> tokens = new ArrayList<>();
            for (int part = 0; part < count; part++) {
                places.get(part)
                        .encode(opener.open(part, tokenizer), tokenizer, scratch, "failed-" + part)
                        .training();
                tokens.add(places.get(part).encode(opener.open(part, tokenizer), tokenizer, scratch, "part-" + part));
            }
            return tokens;
        }
    }

    private static Parts parts(TextSource source, int count, @Nullable Tokenizer known) throws IOException {
        List<TextPart> parts = TextPart.of(source, count);
        assertEquals(count, parts.size());
        return new Parts(count, known, (part, tokenizer) -> parts.get(part).open(tokenizer));
    }

    private static String randomText(Random random, int words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.toString();
    }

    private static List<@Nullable Tokenizer> tokenizers(String text) {
        BpeTrainer trainer = new BpeTrainer();
        trainer.add(text);
        List<@Nullable Tokenizer> tokenizers = new ArrayList<>();
        tokenizers.add(null);
        tokenizers.add(new ByteTokenizer());
        tokenizers.add(new BpeTokenizer(trainer.train(300)));
        return tokenizers;
    }

    private void assertSame(Path expected, Path actual, String what) throws IOException {
        for (String name : new String[] {"tokenizer.json", "train.bin", "val.bin"}) {
            assertEquals(Files.exists(expected.resolve(name)), Files.exists(actual.resolve(name)), what + name);
            if (Files.exists(expected.resolve(name))) {
                byte[] bytes = Files.readAllBytes(actual.resolve(name));
                assertArrayEquals(Files.readAllBytes(expected.resolve(name)), bytes, what + name);
            }
        }
        try (var files = Files.list(actual)) {
            assertFalse(files.anyMatch(file -> file.getFileName().toString().startsWith(".")), what);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void filesInPartsAreTheWholeText(int seed) throws IOException {
        Random random = new Random(seed);
        Path texts = Files.createDirectories(folder.resolve("texts"));
        StringBuilder all = new StringBuilder();
        for (int file = 0; file < seed % 4 + 1; file++) {
            String text = (random.nextInt(3) == 0 ? "\uFEFF" : "") + randomText(random, random.nextInt(300));
            all.append(text);
            Files.writeString(texts.resolve(file + ".txt"), text);
        }
        Files.writeString(texts.resolve("empty.txt"), "");
        Files.writeString(texts.resolve("word.txt"), "w".repeat(500) + "\nend");
        int number = 0;
        for (Tokenizer known : tokenizers(all.toString())) {
            double fraction = number % 2 == 0 ? 0.1 : 0;
            Path whole = folder.resolve("whole" + number);
            PreparedCorpus expected = PreparedCorpus.prepare(TextSource.of(texts), whole, fraction, false, known);
            for (int count : new int[] {1, 2, 3, 7, 64}) {
                Path out = folder.resolve("parts" + number + "-" + count);
                Parts parts = parts(TextSource.of(texts), count, known);
                PreparedCorpus actual = PreparedCorpus.prepare(parts, out, fraction, false, known);
                assertSame(whole, out, known + ", " + count + " parts: ");
                assertEquals(expected.repairs(), actual.repairs(), known + ", " + count + " parts");
            }
            number++;
        }
    }

    @Test
    void listedTextsAreTheFieldOfJsonLines() throws IOException {
        List<String> texts = new ArrayList<>();
        StringBuilder json = new StringBuilder();
        Random random = new Random(7);
        for (int i = 0; i < 90; i++) {
            String text = i % 10 == 3 ? " \r\n" : randomText(random, 1 + random.nextInt(20));
            texts.add(text);
            json.append("{\"text\":\"")
                    .append(text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t"))
                    .append("\"}\n");
        }
        Path file = Files.writeString(folder.resolve("texts.jsonl"), json);
        int number = 0;
        for (Tokenizer known : tokenizers(String.join("", texts))) {
            Path whole = folder.resolve("whole" + number);
            PreparedCorpus expected =
                    PreparedCorpus.prepare(TextSource.of(file), RecordFormat.field("text"), whole, 0.3, false, known);
            for (int count : new int[] {1, 7, 64}) {
                Path out = folder.resolve("parts" + number + "-" + count);
                Parts parts = new Parts(
                        count,
                        known,
                        (part, tokenizer) -> TextPieces.of(
                                texts.subList(90 * part / count, 90 * (part + 1) / count)
                                        .iterator(),
                                "list"));
                PreparedCorpus actual = PreparedCorpus.prepare(parts, out, 0.3, false, known);
                assertSame(whole, out, known + ", " + count + " parts: ");
                assertEquals(expected.repairs(), actual.repairs(), known + ", " + count + " parts");
            }
            number++;
        }
    }

    @Test
    void anErrorIsThatOfTheWholeFile() throws IOException {
        Path file = folder.resolve("text.txt");
        byte[] bytes = "a line\n".repeat(40).getBytes(StandardCharsets.UTF_8);
        bytes[7 * 33 + 2] = (byte) 0xFF;
        Files.write(file, bytes);
        Path out = folder.resolve("out");
        Exception whole = assertThrows(
                DataException.class, () -> PreparedCorpus.prepare(TextSource.of(file), out, 0, false, null));
        Exception inParts = assertThrows(
                DataException.class,
                () -> PreparedCorpus.prepare(parts(TextSource.of(file), 5, null), out, 0, false, null));
        assertTrue(whole.getMessage().contains("text.txt:34: byte 0xFF"), whole.getMessage());
        assertEquals(whole.getMessage(), inParts.getMessage());
        assertFalse(Files.exists(out));
    }

    @Test
    void whatCannotBePreparedIsRefusedAndLeavesNothing() throws IOException {
        Path file = Files.writeString(folder.resolve("text.txt"), "abc\nabd\n");
        Path out = folder.resolve("out");
        Tokenizer known = CharTokenizer.ofAlphabet("\nabc");
        Exception lacking = assertThrows(
                DataException.class,
                () -> PreparedCorpus.prepare(parts(TextSource.of(file), 2, known), out, 0, false, known));
        assertTrue(lacking.getMessage().contains("\"d\" (U+0064) is not in the vocabulary"), lacking.getMessage());
        Parts blank = new Parts(
                3, null, (part, tokenizer) -> TextPieces.of(List.of(" ").iterator(), "list"));
        Exception empty = assertThrows(DataException.class, () -> PreparedCorpus.prepare(blank, out, 0, false, null));
        assertTrue(empty.getMessage().contains("all parts of the text are empty or blank"), empty.getMessage());
        List<String> values = new ArrayList<>();
        values.add("a");
        values.add(null);
        Parts holes = new Parts(1, null, (part, tokenizer) -> TextPieces.of(values.iterator(), "list"));
        Exception missing = assertThrows(DataException.class, () -> PreparedCorpus.prepare(holes, out, 0, false, null));
        assertTrue(missing.getMessage().contains("list, value 2: the value is null"), missing.getMessage());
        assertThrows(IllegalArgumentException.class, () -> TextPart.of(TextSource.of(file), 0));
        assertThrows(DataException.class, () -> TextPart.of(TextSource.of(Path.of("/dev/null")), 1));
        assertFalse(Files.exists(out));
    }
}

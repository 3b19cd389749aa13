package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.TextSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreparedCorpusTest {
    @TempDir
    private Path temporary;

    private Path out() {
        return temporary.resolve("corpus");
    }

    @Test
    void aPreparedTextHasTheTokensOfTheTextInMemory() throws IOException {
        String text = "é한😀 abc\r\n".repeat(9_000);
        Path file = Files.writeString(temporary.resolve("a.txt"), text);
        TextCorpus expected = TextCorpus.read(TextSource.of(file), 0.1);
        PreparedCorpus corpus = PreparedCorpus.prepare(TextSource.of(file), out(), 0.1, false, null);
        assertTokens(expected.training(), corpus.training());
        Tokens validation = corpus.validation();
        Tokens expectedValidation = expected.validation();
        assertNotNull(validation);
        assertNotNull(expectedValidation);
        assertTokens(expectedValidation, validation);
        assertEquals(expected.tokenizer().vocabSize(), corpus.tokenizer().vocabSize());
        assertEquals(expected.validationBytes(), corpus.validationBytes());
        assertFiles("tokenizer.json", "train.bin", "val.bin");
    }

    @Test
    void theFilesAreThoseOfTheFormat() throws IOException {
        PreparedCorpus corpus = prepare("ba\n\"😀ab\\b", 0.25);
        // 0 newline, 1 quote, 2 backslash, 3 a, 4 b, 5 emoji
        assertArrayEquals(
                new byte[] {4, 0, 3, 0, 0, 0, 1, 0, 5, 0, 3, 0}, Files.readAllBytes(out().resolve("train.bin")));
        assertArrayEquals(new byte[] {4, 0, 2, 0, 4, 0}, Files.readAllBytes(out().resolve("val.bin")));
        assertEquals(
                "{\"type\":\"char\",\"alphabet\":\"\\n\\\"\\\\ab😀\"}\n",
                Files.readString(out().resolve("tokenizer.json")));
        assertEquals("\n\"\\ab😀", corpus.tokenizer().decode(0, 1, 2, 3, 4, 5));
    }

    @Test
    void aStreamIsCopiedToAFileThatDoesNotStay() throws IOException {
        byte[] text = "hello world".getBytes(StandardCharsets.UTF_8);
        TextSource stream = TextSource.of(new ByteArrayInputStream(text), "standard input");
        PreparedCorpus corpus = PreparedCorpus.prepare(stream, out(), 0.5, false, null);
        assertEquals(5, corpus.training().count());
        assertFiles("tokenizer.json", "train.bin", "val.bin");
    }

    @Test
    void aFractionOfZeroHoldsNothingBack() throws IOException {
        PreparedCorpus corpus = prepare("hello", 0);
        assertEquals(5, corpus.training().count());
        assertNull(corpus.validation());
        assertEquals(0, corpus.validationBytes());
        assertFiles("tokenizer.json", "train.bin");
    }

    @Test
    void theHashIsThatOfTheTokenFiles() throws IOException {
        // printf '\1\0\0\0\2\0\2\0\3\0' | sha256sum
        assertEquals(
                "9cd366edd6ad28997a465f1cffd88979a741b3e5b50ad3ca999636277dc127fc",
                prepare("hello", 0).sha256());
        assertEquals(
                "9cd366edd6ad28997a465f1cffd88979a741b3e5b50ad3ca999636277dc127fc",
                prepareAgain("hello", 0.4).sha256());
    }

    @Test
    void anotherCorpusIsReplacedOnlyWhenAsked() throws IOException {
        prepare("hello", 0.4);
        FileAlreadyExistsException e = assertThrows(FileAlreadyExistsException.class, () -> prepare("abcdefgh", 0));
        assertEquals(out().resolve("train.bin").toString(), e.getFile());
        assertEquals(5, count(PreparedCorpus.open(out())));
        assertEquals(8, count(prepareAgain("abcdefgh", 0)));
        assertFiles("tokenizer.json", "train.bin"); // the old val.bin is not of this corpus
        Files.delete(out().resolve("train.bin"));
        assertThrows(FileAlreadyExistsException.class, () -> prepare("hello", 0), "tokenizer.json is still there");
    }

    @Test
    void filesThatOnlyShareTheirNamesWithThoseOfACorpusAreKept() throws IOException {
        String tokenizer = "{\"type\":\"char\",\"alphabet\":\"ab\"}";
        assertKept("tokenizer.json", tokenizer, "exists without train.bin, so it is not part of a prepared corpus");
        assertKept("val.bin", "abcd", "exists without train.bin, so it is not part of a prepared corpus");
        Files.writeString(out().resolve("train.bin"), "abcd");
        assertKept("tokenizer.json", "{\"model\": 1}", "is not a tokenizer, so it is not part of a prepared corpus");
        Files.createDirectory(out().resolve("tokenizer.json"));
        FileAlreadyExistsException e = assertThrows(FileAlreadyExistsException.class, () -> prepareAgain("hello", 0));
        assertEquals("is not an ordinary file", e.getReason());
        assertEquals("abcd", Files.readString(out().resolve("train.bin")));
    }

    private void assertKept(String name, String content, String reason) throws IOException {
        Path file = Files.createDirectories(out()).resolve(name);
        Files.writeString(file, content);
        FileAlreadyExistsException e = assertThrows(FileAlreadyExistsException.class, () -> prepareAgain("hello", 0));
        assertEquals(file.toString(), e.getFile());
        assertEquals(reason, e.getReason());
        assertEquals(content, Files.readString(file));
        Files.delete(file);
    }

    @Test
    void tokenizerToUseMayAlreadyBeInTheFolder() throws IOException {
        Tokenizer known = CharTokenizer.ofAlphabet("ehlo");
        Path file = Files.createDirectories(out()).resolve("tokenizer.json");
        TokenizerFile.write(file, known);
        assertThrows(FileAlreadyExistsException.class, () -> prepareAgain("hello", 0));
        TextSource text = TextSource.of(Files.writeString(temporary.resolve("text.txt"), "hello"));
        assertEquals(known, PreparedCorpus.prepare(text, out(), 0, true, known).tokenizer());
    }

    /** Replacing a corpus deletes the tokenizer first and writes it last. */
    @Test
    void corpusWithoutItsTokenizerMayBeReplaced() throws IOException {
        prepare("hello", 0.4);
        Files.delete(out().resolve("tokenizer.json"));
        assertEquals(8, count(prepareAgain("abcdefgh", 0)));
    }

    @Test
    void aTextThatIsRefusedLeavesTheOldCorpus() throws IOException {
        prepare("hello", 0.4);
        assertThrows(DataException.class, () -> prepareAgain("", 0));
        assertThrows(DataException.class, () -> prepareAgain("ab", 0.1));
        assertEquals(5, count(PreparedCorpus.open(out())));
        assertFiles("tokenizer.json", "train.bin", "val.bin");
    }

    @Test
    void aTextThatIsRefusedLeavesNoFolder() throws IOException {
        assertThrows(DataException.class, () -> prepare("", 0));
        byte[] latin1 = {'a', (byte) 0xE9};
        TextSource stream = TextSource.of(new ByteArrayInputStream(latin1), "standard input");
        DataException e =
                assertThrows(DataException.class, () -> PreparedCorpus.prepare(stream, out(), 0, false, null));
        assertEquals(
                "data standard input:1: byte 0xE9 at offset 1 is not UTF-8; the file must be UTF-8 text",
                e.getMessage());
        assertFalse(Files.exists(out()));
    }

    @Test
    void moreCharactersThan16BitsCountAreRefused() {
        StringBuilder text = new StringBuilder();
        for (int codePoint = 0x10000; codePoint <= 0x10000 + 65_536; codePoint++) {
            text.appendCodePoint(codePoint);
        }
        DataException e = assertThrows(DataException.class, () -> prepare(text.toString(), 0));
        assertTrue(
                e.getMessage().contains("the vocabulary has 65538 tokens, but must have at most 65537"),
                e.getMessage());
        assertFalse(Files.exists(out()));
    }

    @Test
    void asManyCharactersAs16BitsCountArePrepared() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int codePoint = 0x10000; codePoint < 0x10000 + 65_536; codePoint++) {
            text.appendCodePoint(codePoint);
        }
        PreparedCorpus corpus = prepare(text.toString(), 0);
        int[] last = new int[1];
        corpus.training().read(65_535, last, 0, 1);
        assertEquals(65_535, last[0]);
    }

    @Test
    void tokenFilesWithoutTokenizerAreRefused() throws IOException {
        prepare("hello", 0);
        Files.delete(out().resolve("tokenizer.json"));
        assertOpens("the folder has train.bin, but no tokenizer.json; if its ids stand for characters, the file must be"
                + " {\"type\":\"char\",\"alphabet\":\"…\"} with the characters in the order of their ids");
    }

    @Test
    void aFolderWithoutTrainingTokensIsRefused() throws IOException {
        Files.createDirectory(out());
        assertOpens(
                "the folder has no train.bin; a prepared corpus must have train.bin and tokenizer.json, and may have"
                        + " val.bin");
    }

    @Test
    void whatIsNoFolderIsAnIoException() throws IOException {
        assertThrows(NoSuchFileException.class, () -> PreparedCorpus.open(out()));
        Files.writeString(out(), "mine");
        assertThrows(NotDirectoryException.class, () -> PreparedCorpus.open(out()));
        assertThrows(NotDirectoryException.class, () -> prepare("hello", 0));
        assertEquals("mine", Files.readString(out()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"char\",\"alphabet\":\"ab\"      | must be valid JSON, but is not at line 1, column",
                "[]                                          | found a list, expected a JSON object",
                "``                                          | found nothing, expected JSON",
                "{\"type\":\"char\"}                         | field \"alphabet\": found nothing, expected a string",
                "{\"alphabet\":\"ab\"}                       | field \"type\": found nothing, expected a string",
                "{\"type\":\"word\",\"alphabet\":\"ab\"}     | found type \"word\", expected",
                "{\"type\":\"char\",\"alphabet\":[]}         | field \"alphabet\": found a list, expected a string",
                "{\"type\":\"char\",\"alphabet\":\"ab\",\"b\":\"\"} | found the unknown field \"b\"",
                "{\"type\":\"char\",\"type\":\"char\",\"alphabet\":\"ab\"} | must be valid JSON, but is not at line 1, column",
                "{\"type\":\"char\",\"alphabet\":\"ab\"} x   | must be valid JSON, but is not at line 1, column",
                "{\"type\":\"char\",\"alphabet\":\"ab\"} {}  | found more after the JSON value at line 1, column 33",
                "{\"type\":\"char\",\"alphabet\":\"ba\"}     | tokenizer: the alphabet has 'a' (U+0061) at index 1",
                "{\"type\":\"char\",\"alphabet\":\"\"}       | tokenizer: the alphabet is empty",
                "{\"type\":\"char\",\"alphabet\":\"a\\ud83d\"} | tokenizer: U+D83D at index 1",
            })
    void aWrongTokenizerFileIsRefused(String content, String message) throws IOException {
        prepare("hello", 0);
        Path file = Files.writeString(out().resolve("tokenizer.json"), content);
        DataException e = assertThrows(DataException.class, () -> PreparedCorpus.open(out()));
        assertTrue(e.getMessage().startsWith("tokenizer " + file), e.getMessage());
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }

    @Test
    void aHandWrittenTokenizerFileMayHaveAnyForm() throws IOException {
        prepare("hello", 0);
        Files.writeString(
                out().resolve("tokenizer.json"), "\n{ \"alphabet\" : \"eh\\u006c\\u006f\",\n\t\"type\":\"char\" }\n\n");
        assertEquals("hello", PreparedCorpus.open(out()).tokenizer().decode(1, 0, 2, 2, 3));
    }

    @Test
    void theTokenizerFileOfACompleteAlphabetComesBack() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int c = 1; c < Character.MIN_SURROGATE; c++) {
            text.append(c == '\r' ? "" : Character.toString(c));
        }
        text.append("\ufeff\uffff😀\udbff\udfff");
        PreparedCorpus corpus = prepare(text.toString(), 0);
        int[] ids = new int[(int) corpus.training().count()];
        corpus.training().read(0, ids, 0, ids.length);
        assertEquals(text.toString(), corpus.tokenizer().decode(ids));
    }

    private PreparedCorpus prepare(String text, double valFraction) throws IOException {
        return prepare(text, valFraction, false);
    }

    private PreparedCorpus prepareAgain(String text, double valFraction) throws IOException {
        return prepare(text, valFraction, true);
    }

    private PreparedCorpus prepare(String text, double valFraction, boolean overwrite) throws IOException {
        Path file = Files.writeString(temporary.resolve("text.txt"), text);
        return PreparedCorpus.prepare(TextSource.of(file), out(), valFraction, overwrite, null);
    }

    private void assertOpens(String refusal) {
        DataException e = assertThrows(DataException.class, () -> PreparedCorpus.open(out()));
        assertEquals("data " + out() + ": " + refusal, e.getMessage());
    }

    private void assertFiles(String... names) throws IOException {
        try (Stream<Path> files = Files.list(out())) {
            assertEquals(
                    List.of(names),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    private static long count(PreparedCorpus corpus) {
        Tokens validation = corpus.validation();
        return corpus.training().count() + (validation == null ? 0 : validation.count());
    }

    private static void assertTokens(Tokens expected, Tokens actual) {
        assertEquals(expected.count(), actual.count());
        int[] e = new int[(int) expected.count()];
        int[] a = new int[e.length];
        expected.read(0, e, 0, e.length);
        actual.read(0, a, 0, a.length);
        assertArrayEquals(e, a);
    }
}

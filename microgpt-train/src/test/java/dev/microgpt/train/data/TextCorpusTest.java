package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextCorpusTest {
    @TempDir
    private Path folder;

    @Test
    void everyCharacterIsATokenAndNothingIsDropped() throws IOException {
        String text = " \u000bb\ta\n\n😀é\u0001 \n";
        TextCorpus corpus = TextCorpus.read(TextSource.of(write("a.txt", text)), 0);
        assertEquals(CharTokenizer.ofAlphabet("\u0001\t\n\u000b abé😀"), corpus.tokenizer());
        assertEquals(text, decode(corpus.tokenizer(), corpus.training()));
        assertNull(corpus.validation());
        assertEquals(0, corpus.validationBytes());
    }

    @Test
    void linesEndWithLineFeedsWhateverTheyEndedWith() throws IOException {
        TextCorpus corpus = TextCorpus.read(TextSource.of(write("a.txt", "a\r\nb\rc\n\r")), 0);
        assertEquals("a\nb\nc\n\n", decode(corpus.tokenizer(), corpus.training()));
        assertEquals(3, corpus.repairs().lineEnds());
    }

    @Test
    void aCharacterThatTheTokenizerLacksIsNamedWithItsLine() throws IOException {
        TextSource text = TextSource.of(write("a.txt", "ab\r\nba\nabé\n"));
        CharTokenizer known = CharTokenizer.ofAlphabet("\nab");
        DataException e = assertThrows(DataException.class, () -> TextCorpus.read(text, 0, known));
        String expected = "data " + folder.resolve("a.txt")
                + ":3: \"é\" (U+00E9) is not in the vocabulary; the text must have only characters that"
                + " the tokenizer knows";
        assertEquals(expected, e.getMessage());
    }

    @Test
    void theEndOfTheTextIsHeldBack() throws IOException {
        TextCorpus corpus = TextCorpus.read(TextSource.of(write("a.txt", "0123456789abcdé한😀efg")), 0.3);
        Tokens validation = corpus.validation();
        assertNotNull(validation);
        assertEquals("0123456789abcd", decode(corpus.tokenizer(), corpus.training()));
        assertEquals("é한😀efg", decode(corpus.tokenizer(), validation));
        assertEquals(3 + 4 + 1 + 1 + 1, corpus.validationBytes(), "the first character is no target");
        TextWindows windows = new TextWindows(validation, 4, 2, corpus.validationBytes());
        int[] targets = windows.batch(0).targets();
        assertEquals("한😀efg", corpus.tokenizer().decode(targets));
    }

    @Test
    void aTokenizerThatIsGivenEncodesEachPartByItself() throws IOException {
        String text = "é가😀".repeat(50_000); // longer than a piece of the reader
        TextCorpus corpus = TextCorpus.read(TextSource.of(write("a.txt", text)), 0.5, new ByteTokenizer());
        assertEquals(257, corpus.tokenizer().vocabSize());
        assertEquals("é가😀".repeat(25_000), decode(corpus.tokenizer(), corpus.training()));
        assertEquals("é가😀".repeat(25_000), decode(corpus.tokenizer(), corpus.validation()));
        assertEquals(9 * 25_000 - 1, corpus.validationBytes());
        assertEquals(TextCorpus.read(TextSource.of(write("a.txt", text)), 0.5).sha256(), corpus.sha256());
    }

    @Test
    void piecesOfATextAreCutWhereTheTokenizerAllowsIt() throws IOException {
        String text = "ab cde f ".repeat(40_000) + "x".repeat(200_000);
        TextCorpus corpus = TextCorpus.read(TextSource.of(write("a.txt", text)), 0, new WordLengths());
        int[] ids = new int[(int) corpus.training().count()];
        corpus.training().read(0, ids, 0, ids.length);
        assertArrayEquals(new WordLengths().encode(text), ids);
    }

    /** Has a token for the length of each word, so that no word can be cut. */
    private static final class WordLengths implements Tokenizer {
        @Override
        public int vocabSize() {
            return 1_000_000;
        }

        @Override
        public int bos() {
            return 0;
        }

        @Override
        public int[] encode(String text) {
            return Arrays.stream(text.split(" ")).mapToInt(String::length).toArray();
        }

        @Override
        public String decode(int... ids) {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] bytes(int id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int lastCut(String beginning) {
            return beginning.lastIndexOf(' ') + 1;
        }
    }

    @Test
    void theVocabularyIsThatOfTheWholeText() throws IOException {
        TextCorpus corpus = TextCorpus.read(TextSource.of(write("a.txt", "aaaaaaaabz")), 0.2);
        assertEquals(CharTokenizer.ofAlphabet("abz"), corpus.tokenizer());
    }

    @Test
    void aTextLargerThanTheBufferIsWhole() throws IOException {
        String text = "é한😀 abc\n".repeat(20_000);
        TextCorpus corpus = TextCorpus.read(TextSource.of(write("a.txt", text)), 0.5);
        Tokens validation = corpus.validation();
        assertNotNull(validation);
        assertEquals(80_000, corpus.training().count());
        assertEquals(text, decode(corpus.tokenizer(), corpus.training()) + decode(corpus.tokenizer(), validation));
        assertEquals(text.substring(90_000).getBytes(StandardCharsets.UTF_8).length - 2, corpus.validationBytes());
    }

    @Test
    void theFilesOfAFolderAreOneTextInTheOrderOfTheirNames() throws IOException {
        write("b.txt", "\ufeffsecond ");
        write("a.txt", "first ");
        write("c.txt", "third");
        write("c.md", "left out");
        write(".hidden.txt", "left out");
        write("A.TXT", "left out");
        Files.createDirectory(folder.resolve("d.txt"));
        TextCorpus corpus = TextCorpus.read(TextSource.of(folder), 0);
        int bos = corpus.tokenizer().bos();
        assertEquals("first ", decode(corpus.tokenizer(), corpus.training().slice(0, 6)));
        assertEquals("second ", decode(corpus.tokenizer(), corpus.training().slice(7, 7)));
        assertEquals("third", decode(corpus.tokenizer(), corpus.training().slice(15, 5)));
        int[] ids = new int[20];
        corpus.training().read(0, ids, 0, ids.length);
        assertEquals(List.of(bos, bos), List.of(ids[6], ids[14]));
    }

    @Test
    void aFolderWithoutTextIsRefused() {
        FileSystemException e = assertThrows(FileSystemException.class, () -> TextSource.of(folder));
        assertEquals(
                folder + ": the folder has no file *.txt, but must have at least one;"
                        + " name a file directly, or give another pattern",
                e.getMessage());
    }

    @Test
    void aStreamIsReadOnceAndClosed() throws IOException {
        boolean[] closed = {false};
        InputStream in = new ByteArrayInputStream("\ufeffhello".getBytes(StandardCharsets.UTF_8)) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        TextCorpus corpus = TextCorpus.read(TextSource.of(in, "standard input"), 0.4);
        assertEquals("hel", decode(corpus.tokenizer(), corpus.training()));
        assertEquals(true, closed[0]);
    }

    @Test
    void theHashIsThatOfTheText() throws IOException {
        // printf 'h\xc3\xa9llo\n\xf0\x9f\x98\x80' | sha256sum
        String expected = "720c8f9bd0683a95e2d75e20ec8276923267728909e991a5b21723334c21cafb";
        assertEquals(expected, hash(TextSource.of(write("one.txt", "héllo\r\n😀"))));
        assertEquals(expected, hash(TextSource.of(write("mark.txt", "\ufeffhéllo\r\n😀"))));
        Files.delete(folder.resolve("one.txt"));
        Files.delete(folder.resolve("mark.txt"));
        write("1.txt", "hé");
        write("2.txt", "llo\n😀");
        // printf 'h\xc3\xa9\xffllo\n\xf0\x9f\x98\x80' | sha256sum: 0xFF is the boundary of the files
        assertEquals("48ddff5a2dc4fe00aa9b5fce00908cab1971268d2ab7f3ca571ee95bc1c18a88", hash(TextSource.of(folder)));
    }

    @Test
    void theHashOfAnyLengthIsThatOfTheText() throws IOException {
        // python3 -c 'print("0123456789" * 6000, end="")' | sha256sum
        assertEquals(
                "d2c3a87369c8c4caeb693d17b57b7e3241116d9174d837633b85a433773b5ee7",
                hash(TextSource.of(write("a.txt", "0123456789".repeat(6000)))));
    }

    @Test
    void anEmptyTextIsRefused() throws IOException {
        for (String content : List.of("", "\ufeff")) {
            Path file = write("empty.txt", content);
            DataException e = assertThrows(DataException.class, () -> TextCorpus.read(TextSource.of(file), 0));
            assertEquals("data " + file + ": the text is empty, but must have at least one character", e.getMessage());
        }
    }

    @Test
    void aTextThatIsNotUtf8IsRefused() throws IOException {
        Path file = folder.resolve("latin1.txt");
        Files.write(file, "ren\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        DataException e = assertThrows(DataException.class, () -> TextCorpus.read(TextSource.of(file), 0));
        assertEquals(
                "data " + file + ":1: byte 0xE9 at offset 3 is not UTF-8; the file must be UTF-8 text", e.getMessage());
    }

    @Test
    void aMissingFileIsAnIoException() {
        assertThrows(NoSuchFileException.class, () -> TextSource.of(folder.resolve("none.txt")));
    }

    @Test
    void aTextThatChangesMeanwhileIsRefused() throws IOException {
        for (String second : List.of("abcab", "abcabcd", "abcabcx", "abcabx", "")) {
            Path file = write("a.txt", "abcabc");
            TextSource source = TextSource.of(file);
            TextScan scan = TextScan.of(source, RecordFormat.lines(), null);
            Files.writeString(file, second);
            try (EncodedText encoded = new EncodedText(source, RecordFormat.lines(), scan.tokenizer())) {
                DataException e = assertThrows(DataException.class, () -> {
                    encoded.copy(scan.characters(), (ids, offset, length) -> {});
                    encoded.checkEnd();
                });
                assertEquals(
                        "data " + file + ": the text changed while it was read; it is read twice and must stay the"
                                + " same",
                        e.getMessage());
            }
        }
    }

    @Test
    void aRareVocabularyOfMoreThan16BitsIsKept() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int codePoint = 0x10000; codePoint < 0x10000 + 70_000; codePoint++) {
            text.appendCodePoint(codePoint);
        }
        TextCorpus corpus = TextCorpus.read(TextSource.of(write("a.txt", text.toString())), 0);
        assertEquals(70_001, corpus.tokenizer().vocabSize());
        int[] last = new int[2];
        corpus.training().read(69_998, last, 0, 2);
        assertArrayEquals(new int[] {69_998, 69_999}, last);
    }

    private static String hash(TextSource text) throws IOException {
        return TextCorpus.read(text, 0.3).sha256();
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static String decode(Tokenizer tokenizer, Tokens tokens) {
        int[] ids = new int[(int) tokens.count()];
        tokens.read(0, ids, 0, ids.length);
        return tokenizer.decode(ids);
    }
}

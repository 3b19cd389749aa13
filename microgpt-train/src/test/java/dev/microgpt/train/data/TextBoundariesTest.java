package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeVocabularyBuilder;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Where one text ends and the next begins: tokens, hashes and splits. */
class TextBoundariesTest {
    private static final int BOS = 256; // of bytes
    private static final String STORIES = "{\"text\":\"ab\"}\n{\"text\":\"\"}\n{\"text\":\"c\\n\"}\n{\"text\":\"d\"}\n";
    private static final RecordFormat FIELD = RecordFormat.field("text");

    @TempDir
    private Path folder;

    // ---- one long text ----

    @Test
    void recordsAreJoinedWithBos() throws Exception {
        TextCorpus corpus = TextCorpus.read(source(STORIES), FIELD, 0, new ByteTokenizer());
        assertArrayEquals(new int[] {'a', 'b', BOS, 'c', '\n', BOS, 'd'}, ids(corpus.training()));
        assertEquals(sha256("ab", 0xFF, "c\n", 0xFF, "d"), corpus.sha256());
        assertEquals("skipped 1 blank record", corpus.repairs().description());
    }

    @Test
    void theAlphabetIsThatOfTheRecords() throws IOException {
        CharTokenizer letters =
                (CharTokenizer) TextCorpus.read(source(STORIES), FIELD, 0, null).tokenizer();
        assertEquals("\nabcd", letters.alphabet());
    }

    @Test
    void filesOfAFolderAreJoinedAndOneFileIsAsItWas() throws Exception {
        Files.writeString(folder.resolve("b.txt"), "b");
        Files.writeString(folder.resolve("a.txt"), "a\n");
        Files.writeString(folder.resolve("c.txt"), "");
        Files.createDirectory(folder.resolve("d"));
        Files.writeString(folder.resolve("d/d.txt"), "d");
        TextCorpus corpus = TextCorpus.read(TextSource.of(folder), 0, new ByteTokenizer());
        assertArrayEquals(new int[] {'a', '\n', BOS, 'b', BOS, 'd'}, ids(corpus.training()));
        assertEquals(sha256("a\n", 0xFF, "b", 0xFF, "d"), corpus.sha256());
        TextCorpus one = TextCorpus.read(TextSource.of(folder.resolve("a.txt")), 0, new ByteTokenizer());
        assertArrayEquals(new int[] {'a', '\n'}, ids(one.training()));
        assertEquals(sha256("a\n"), one.sha256());
    }

    @Test
    void withoutBosABlankLineJoinsAndIsTold() throws Exception {
        TextCorpus corpus = TextCorpus.read(source("a--b--c"), RecordFormat.separatedBy("--"), 0, bytesWithoutBos());
        assertArrayEquals(new int[] {'a', '\n', '\n', 'b', '\n', '\n', 'c'}, ids(corpus.training()));
        assertEquals(
                "joined 3 texts with a blank line, since the tokenizer has no token that ends a text",
                corpus.repairs().description());
        TextCorpus one = TextCorpus.read(source("abc"), 0, bytesWithoutBos());
        assertEquals("", one.repairs().description());
    }

    @Test
    void theBoundaryCountsAsOneCharacterOfTheSplitAndAsNoByte() throws IOException {
        String[] training = {"", "", "a", "ab", "ab|", "ab|c", "ab|cd", "ab|cd|"};
        for (int held = 2; held <= 6; held++) {
            TextCorpus corpus = TextCorpus.read(
                    source("ab--cd--ef"), RecordFormat.separatedBy("--"), held / 8.0, new ByteTokenizer());
            int kept = 8 - held;
            String all = "ab|cd|ef";
            assertEquals(all.substring(0, kept), text(corpus.training()), training[Math.min(kept, 7)]);
            Tokens validation = corpus.validation();
            assertEquals(all.substring(kept), text(validation));
            String scored = all.substring(kept + 1);
            assertEquals(scored.replace("|", "").length(), corpus.validationBytes());
        }
    }

    @Test
    void aPreparedCorpusHasTheSameTokens() throws IOException {
        String stories = STORIES.repeat(50);
        TextCorpus expected = TextCorpus.read(source(stories), FIELD, 0.3, null);
        PreparedCorpus prepared = PreparedCorpus.prepare(source(stories), FIELD, folder, 0.3, false, null);
        assertEquals(expected.tokenizer(), prepared.tokenizer());
        assertArrayEquals(ids(expected.training()), ids(prepared.training()));
        assertArrayEquals(ids(expected.validation()), ids(prepared.validation()));
        assertEquals(expected.validationBytes(), prepared.validationBytes());
        assertEquals("skipped 50 blank records", prepared.repairs().description());
    }

    /** Within one text BOS does not occur, so its id need not fit in 16 bits. */
    @Test
    void anIdOfBosThatTokenFilesCannotStoreIsRefusedOnlyWhereItOccurs() throws IOException {
        StringBuilder letters = new StringBuilder();
        int surrogates = 0xDFFF - 0xD800 + 1;
        for (int c = 1; c <= (1 << 16) + surrogates; c++) {
            if (c < 0xD800 || c > 0xDFFF) {
                letters.appendCodePoint(c);
            }
        }
        Tokenizer large = CharTokenizer.ofAlphabet(letters.toString());
        RecordFormat records = RecordFormat.separatedBy("--");
        PreparedCorpus.prepare(source("ab"), records, folder.resolve("one"), 0, false, large);
        DataException e = assertThrows(
                DataException.class,
                () -> PreparedCorpus.prepare(source("a--b"), records, folder.resolve("two"), 0, false, large));
        assertEquals(true, e.getMessage().contains("65537 tokens, but must have at most 65536"), e.getMessage());
    }

    @Test
    void noMergeOfABpeSpansTwoRecords() throws IOException {
        String text = "ab ".repeat(10);
        RecordFormat letters = RecordFormat.separatedBy(" ");
        assertEquals(258, BpeTraining.train(source(text), letters, 300).vocabSize(), "ab alone");
        assertNotEquals(258, BpeTraining.train(source(text), 300).vocabSize());
    }

    @Test
    void aTextWithoutACharacterIsRefused() {
        RecordFormat column = RecordFormat.field("text");
        String blank = "text,n\n,1\n \t,2\n";
        String expected = "data x.csv: all records of the text are blank (2), but one must have at least one character;"
                + " is it the right file and field?";
        assertEquals(expected, refusal(() -> TextCorpus.read(csv(blank), column, 0, null)));
        assertEquals(expected, refusal(() -> BpeTraining.train(csv(blank), column, 300)));
        assertEquals(
                "data x.csv: the text is empty, but must have at least one character",
                refusal(() -> TextCorpus.read(csv(""), RecordFormat.lines(), 0, null)));
    }

    private static String refusal(Executable reading) {
        return assertThrows(DataException.class, reading).getMessage();
    }

    private static TextSource csv(String text) {
        return TextSource.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "x.csv");
    }

    // ---- documents ----

    @Test
    void documentsOfAnotherFormatAreHashedOneByOne() throws Exception {
        Documents documents = Documents.read(source(STORIES), FIELD);
        assertEquals(List.of("ab", "c\n", "d"), documents.texts());
        assertEquals(sha256("ab", 0xFF, "c\n", 0xFF, "d", 0xFF), documents.sha256());
        Documents others = Documents.read(source("ab--c\n--d"), RecordFormat.separatedBy("--"));
        assertEquals(sha256("ab", 0xFF, "c", 0xFF, "d", 0xFF), others.sha256());
        assertEquals("x.jsonl:4", documents.place(2));
    }

    @Test
    void documentsWithoutAnyTextAreRefused() {
        DataException e = assertThrows(DataException.class, () -> Documents.read(source("{\"text\":\"\"}\n"), FIELD));
        assertEquals(
                "data x.jsonl: the text has 1 record, which is blank, but must have one document per record",
                e.getMessage());
    }

    // ---- special tokens ----

    @Test
    void specialTokensArePlainTextUnlessAskedFor() throws Exception {
        String text = "a<|endoftext|>b";
        TextCorpus plain = TextCorpus.read(source(text), 0, new ByteTokenizer());
        assertEquals(text.length(), plain.training().count());
        RecordFormat format = RecordFormat.lines().withSpecialTokens();
        TextCorpus marked = TextCorpus.read(source(text), format, 0, new ByteTokenizer());
        assertArrayEquals(new int[] {'a', BOS, 'b'}, ids(marked.training()));
        assertEquals(sha256("a", 0xFF, "b"), marked.sha256());
        TextCorpus letters = TextCorpus.read(source(text), format, 0, null);
        assertArrayEquals(new int[] {0, 2, 1}, ids(letters.training()));
    }

    /** A special token may lie across the pieces in which a text is read, and a split never cuts one. */
    @Test
    void specialTokensAcrossTheBordersOfTheBufferAreFound() throws IOException {
        RecordFormat format = RecordFormat.lines().withSpecialTokens();
        for (int before = (1 << 16) - 15; before <= (1 << 16) + 2; before++) {
            TextCorpus corpus =
                    TextCorpus.read(source("a".repeat(before) + "<|endoftext|><|end"), format, 0, new ByteTokenizer());
            int[] ids = ids(corpus.training());
            assertEquals(before + 1 + 5, ids.length);
            assertEquals(BOS, ids[before]);
        }
        for (int held = 2; held < 8; held++) {
            TextCorpus corpus =
                    TextCorpus.read(source("abcd<|endoftext|>efghi"), format, held / 10.0, new ByteTokenizer());
            assertEquals("abcd|efghi".substring(0, 10 - held), text(corpus.training()));
            assertEquals("abcd|efghi".substring(10 - held), text(corpus.validation()));
        }
    }

    /** Quadratic work would copy the rest of a text for each of its marks. */
    @Test
    void theWorkOfARecordGrowsAsItsMarksDo() throws IOException {
        long few = bytesAllocated(200);
        long many = bytesAllocated(2_000);
        assertTrue(many < 20 * few, () -> "allocated " + few + " bytes for 200 marks and " + many + " for 2,000");
    }

    private static long bytesAllocated(int marks) throws IOException {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        TextSource source = source("abcdefgh<|endoftext|>".repeat(marks));
        RecordFormat format = RecordFormat.separatedBy("--").withSpecialTokens();
        long before = thread.getCurrentThreadAllocatedBytes();
        TextCorpus corpus = TextCorpus.read(source, format, 0, new ByteTokenizer());
        assertEquals(9L * marks, corpus.training().count());
        return thread.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void specialTokensOfDocumentsAreEncodedAndHashed() throws Exception {
        RecordFormat format = RecordFormat.separatedBy("--").withSpecialTokens();
        Documents documents = Documents.read(source("a<|endoftext|>--b"), format);
        assertEquals("ab", documents.characters().alphabet());
        Tokenizer encoder = documents.encoder(documents.characters());
        assertArrayEquals(new int[] {0, 2}, encoder.encode(documents.texts().get(0)));
        assertEquals(sha256("a<|endoftext|>", 0xFE, "b", 0xFE), documents.sha256());
        Documents plain = Documents.read(source("a<|endoftext|>--b"), RecordFormat.separatedBy("--"));
        assertEquals(documents.sha256(), plain.sha256WithSpecialTokens());
        DataException e =
                assertThrows(DataException.class, () -> Documents.read(source("<|endoftext|>--<|endoftext|>"), format));
        assertEquals("data x.jsonl: the documents have nothing but special tokens, but must have text", e.getMessage());
    }

    @Test
    void theHashTellsOtherSpecialTokensFromTheirText() throws IOException {
        BpeVocabularyBuilder builder = bytes().special(256, "<|im_start|>").special(257, "<|endoftext|>");
        Tokenizer chat = new BpeTokenizer(builder.build());
        String text = "a<|im_start|>b";
        TextCorpus plain = TextCorpus.read(source(text), 0, chat);
        TextCorpus marked = TextCorpus.read(source(text), RecordFormat.lines().withSpecialTokens(), 0, chat);
        assertArrayEquals(new int[] {'a', 256, 'b'}, ids(marked.training()));
        assertNotEquals(plain.sha256(), marked.sha256());
        assertNull(plain.validation());
    }

    private static Tokenizer bytesWithoutBos() {
        return new BpeTokenizer(bytes().noBos().build());
    }

    private static BpeVocabularyBuilder bytes() {
        BpeVocabularyBuilder builder = new BpeVocabularyBuilder();
        for (int b = 0; b < 256; b++) {
            builder.token(b, new byte[] {(byte) b});
        }
        return builder;
    }

    private static String text(Tokens tokens) {
        StringBuilder text = new StringBuilder();
        for (int id : ids(tokens)) {
            text.append(id == BOS ? '|' : (char) id);
        }
        return text.toString();
    }

    private static int[] ids(Tokens tokens) {
        int[] ids = new int[(int) tokens.count()];
        tokens.read(0, ids, 0, ids.length);
        return ids;
    }

    private static TextSource source(String text) {
        return TextSource.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "x.jsonl");
    }

    /** Hashes texts and single bytes. */
    private static String sha256(Object... parts) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Object part : parts) {
            if (part instanceof Integer b) {
                bytes.write(b);
            } else {
                bytes.writeBytes(part.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
    }
}

package dev.microgpt.train.huggingface;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeVocabulary;
import dev.microgpt.model.tokenizer.BpeVocabularyBuilder;
import dev.microgpt.train.fuzz.CountedCases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(CountedCases.class)
class BpeFilesTest {
    private static final String VOCAB = "{\"a\":0,\"b\":1,\"#\":2,\"ab\":3,\"##\":4,\"<|endoftext|>\":5}";
    private static final String MERGES = "#version: 0.2\na b\n# #\n";

    @TempDir
    private Path folder;

    private BpeTokenizer read(String vocab, String merges, Integer endOfText) throws IOException {
        Files.writeString(folder.resolve("vocab.json"), vocab);
        Files.writeString(folder.resolve("merges.txt"), merges);
        return BpeFiles.read(folder, endOfText);
    }

    @Test
    void mergesThatBeginWithANumberSignAreKept() throws IOException {
        BpeTokenizer tokenizer = read(VOCAB, MERGES, null);
        assertEquals(2, tokenizer.vocabulary().merges().size());
        assertArrayEquals(new int[] {4}, read(VOCAB, "# #\na b\n", null).encode("##"));
        assertArrayEquals(new int[] {4, 3}, tokenizer.encode("##ab"));
    }

    @Test
    void linesMayEndAsOnWindows() throws IOException {
        assertEquals(
                read(VOCAB, MERGES, null).vocabulary(),
                read(VOCAB, MERGES.replace("\n", "\r\n"), null).vocabulary());
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        BpeTokenizer tokenizer = read(VOCAB, MERGES, null);
        Path other = Files.createDirectory(folder.resolve("other"));
        BpeFiles.write(other, tokenizer.vocabulary());
        assertEquals(VOCAB + "\n", Files.readString(other.resolve("vocab.json")));
        assertEquals(MERGES, Files.readString(other.resolve("merges.txt")));
        assertEquals(tokenizer.vocabulary(), BpeFiles.read(other, null).vocabulary());
    }

    @Test
    void specialTokensThatLookOrdinaryAreListed() throws IOException {
        BpeTokenizer ordinary = read(VOCAB, MERGES, null);
        BpeVocabularyBuilder builder = new BpeVocabularyBuilder();
        for (int id = 0; id < 5; id++) {
            builder.token(id, ordinary.bytes(id));
        }
        builder.merge(bytes("a"), bytes("b")).merge(bytes("#"), bytes("#"));
        BpeVocabulary vocabulary =
                builder.special(5, "<|endoftext|>").special(6, "pad").build();
        assertTrue(BpeFiles.canExpress(vocabulary));
        Path other = Files.createDirectory(folder.resolve("other"));
        BpeFiles.write(other, vocabulary);
        assertEquals("{\"pad\":6}\n", Files.readString(other.resolve("added_tokens.json")));
        assertEquals(vocabulary, BpeFiles.read(other, null).vocabulary());
    }

    @Test
    void vocabulariesThatTheFilesCannotExpressAreKnown() {
        assertFalse(
                BpeFiles.canExpress(
                        builder("ab", "##").special(4, "<pad>").noBos().build()),
                "tokens of no merge");
        assertFalse(
                BpeFiles.canExpress(
                        builder().special(2, "<|endoftext|>").noBos().build()),
                "it would become BOS");
        assertFalse(BpeFiles.canExpress(builder("<|endoftext|>").noBos().build()), "it would become special");
        assertFalse(BpeFiles.canExpress(builder().special(2, "\u00e9").noBos().build()), "it would become a byte");
        assertTrue(
                BpeFiles.canExpress(builder().special(2, "\ud55c").bos("\ud55c").build()));
    }

    /** Two bytes and some tokens of no merge. */
    private static BpeVocabularyBuilder builder(String... tokens) {
        BpeVocabularyBuilder builder =
                new BpeVocabularyBuilder().token(0, bytes("a")).token(1, bytes("#"));
        for (int i = 0; i < tokens.length; i++) {
            builder.token(2 + i, bytes(tokens[i]));
        }
        return builder;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void bosIsTheTokenOfTheConfigurationIfThatIsSpecial() throws IOException {
        String vocab = VOCAB.replace("}", ",\"<s>\":6}");
        assertEquals(6, read(vocab, MERGES, 6).bos());
        assertEquals(5, read(vocab, MERGES, null).bos());
        assertEquals(5, read(vocab, MERGES, 50_256).bos());
        assertEquals(5, read(vocab, MERGES, 3).bos());
    }

    @Test
    void addedTokensAreSpecial() throws IOException {
        Files.writeString(folder.resolve("added_tokens.json"), "{\"<pad>\":6,\"a \":7}");
        BpeTokenizer tokenizer = read(VOCAB, MERGES, null);
        assertEquals(
                Map.of("<|endoftext|>", 5, "<pad>", 6, "a ", 7),
                tokenizer.vocabulary().specialTokens());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
        "b":1 | "b":0 | : found the id 0 of "a" and of "b", expected a different id for each token
        "b":1 | "b":7 | : found no token with the id 1, expected the ids 0 to 5
        "b":1 | "b":2147483647 | : found no token with the id 1, expected the ids 0 to 5
        "b":1 | "b":-1 | : found the id -1 of "b", expected a whole number from 0 to 2147483647
        "b":1 | "b":2147483648 | : found the id 2147483648 of "b", expected a whole number from 0 to 2147483647
        "b":1 | "b":1.0 | : found the id 1.0 of "b", expected a whole number from 0 to 2147483647
        "b":1 | "b":"1" | : found the id "1" of "b", expected a whole number from 0 to 2147483647
        "b":1 | "a":1 | ` must be valid JSON, but is not at line 1, column 8 (the name "a" occurs twice)`
        """)
    void vocabularyWhoseIdsAreNoneIsRefused(String from, String to, String message) {
        HuggingFaceException e =
                assertThrows(HuggingFaceException.class, () -> read(VOCAB.replace(from, to), MERGES, null));
        assertTrue(e.getMessage().startsWith(folder.resolve("vocab.json") + message), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '^', quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
        a b\\n\\n# #^, line 3: found an empty line, expected two tokens separated by one space
        a b\\nab^, line 3: found "ab", expected two tokens separated by one space
        a b ##^, line 2: found "a b ##", expected two tokens separated by one space
        a  b^, line 2: found "a  b", expected two tokens separated by one space
        a b\\s^, line 2: found "a b ", expected two tokens separated by one space
        a\\tb^, line 2: found "a\\u0009b", expected two tokens separated by one space
        a b\\n# #\\na b^, line 4: found "a b" as in line 2, expected each merge once
        a b\\na a\\nb b^, line 3: found "a a", but no token "aa" in vocab.json, expected every token to be there; 2 of 3 merges lack one: do the two files belong together?
        a c^, line 2: found "a c", but no token "c" in vocab.json, expected every token to be there; 1 of 1 merges lack one: do the two files belong together?
        #version: 0.2^, line 2: found "#version: 0.2", but no token "#version:" in vocab.json, expected every token to be there; 1 of 1 merges lack one: do the two files belong together?
        """)
    void mergesThatAreNoneAreRefusedWithTheirLine(String lines, String message) {
        String merges = "#version: 0.2\n" + lines.translateEscapes();
        HuggingFaceException e = assertThrows(HuggingFaceException.class, () -> read(VOCAB, merges, null));
        assertEquals(folder.resolve("merges.txt") + message.replace("\\\\", "\\"), e.getMessage());
    }

    @Test
    void mergesThatAreNoTextAreRefusedWithTheirLine() throws IOException {
        read(VOCAB, MERGES, null);
        Files.write(folder.resolve("merges.txt"), "a b\n# #\n# \u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        HuggingFaceException e = assertThrows(HuggingFaceException.class, () -> BpeFiles.read(folder, null));
        assertTrue(
                e.getMessage().endsWith("line 3: found bytes that are not UTF-8, expected UTF-8 text"), e.getMessage());
    }

    @Test
    void mergesOfWhichSomeAreMissingAreRefused() throws IOException {
        HuggingFaceException e =
                assertThrows(HuggingFaceException.class, () -> read(VOCAB, "#version: 0.2\na b\n", null));
        assertEquals(
                folder.resolve("merges.txt")
                        + ": none of its 1 merges produces the token \"##\" of vocab.json, and each"
                        + " token must have one; 1 of 6 tokens have none: is the file complete?",
                e.getMessage());
        assertThrows(HuggingFaceException.class, () -> read(VOCAB, "", null));
    }

    @Test
    void mergesOfAnotherModelAreCounted() throws IOException {
        StringBuilder merges = new StringBuilder();
        for (char letter = 'c'; letter <= 'z'; letter++) {
            merges.append("a ").append(letter).append('\n');
        }
        HuggingFaceException e = assertThrows(HuggingFaceException.class, () -> read(VOCAB, merges + "a b\n", null));
        assertTrue(
                e.getMessage()
                        .contains(
                                " in vocab.json, expected every token to be there; 24 of 25 merges lack one: do the two"
                                        + " files belong together?"),
                e.getMessage());
    }

    @Test
    void tokenOutsideTheByteAlphabetIsSpecial() throws IOException {
        BpeTokenizer tokenizer = read(VOCAB.replace("}", ",\"한 국\":6}"), MERGES, null);
        assertEquals(6, tokenizer.vocabulary().specialToken("한 국"));
    }

    @Test
    void tokensThatLookSpecialNeedNoMerge() throws IOException {
        assertEquals(
                8,
                read(VOCAB.replace("}", ",\"<pad>\":6,\"[MASK]\":7}"), MERGES, null)
                        .vocabSize());
    }

    @Test
    void oneTokenOfAHundredNeedsNoMerge() throws IOException {
        StringBuilder vocab = new StringBuilder("{\"PAD\":0");
        for (int id = 1; id < 100; id++) {
            vocab.append(",\"").append((char) ('®' + id)).append("\":").append(id);
        }
        assertEquals(100, read(vocab + "}", "", null).vocabSize());
    }

    @Test
    void vocabularyWithoutSpecialTokensHasNoBos() throws IOException {
        BpeTokenizer tokenizer = read(VOCAB.replace(",\"<|endoftext|>\":5", ""), MERGES, null);
        assertEquals(-1, tokenizer.bos());
        assertEquals(5, tokenizer.vocabSize());
    }
}

package dev.microgpt.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.model.tokenizer.bpe.Utf8;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class BpeVocabularyBuilderTest {
    /** Ids as in Hugging Face's files: the special token first. */
    private static BpeVocabularyBuilder abc() {
        return new BpeVocabularyBuilder()
                .special(0, BpeVocabulary.END_OF_TEXT)
                .token(2, bytes("b"))
                .token(1, bytes("a"))
                .token(3, bytes("c"))
                .token(5, bytes("ab"))
                .token(4, bytes("abc"))
                .merge(bytes("a"), bytes("b"))
                .merge(bytes("ab"), bytes("c"));
    }

    @Test
    void idsMayComeInAnyOrder() {
        BpeVocabulary vocabulary = abc().build();
        assertEquals(6, vocabulary.size());
        assertEquals(0, vocabulary.bos());
        assertArrayEquals(bytes("abc"), vocabulary.bytes(4));
        assertArrayEquals(bytes("<|endoftext|>"), vocabulary.bytes(0));
        assertEquals(List.of(new BpeVocabulary.Merge(1, 2, 5), new BpeVocabulary.Merge(5, 3, 4)), vocabulary.merges());
    }

    @Test
    void severalMergesMayGiveTheSameToken() {
        BpeVocabulary vocabulary = abc().token(6, bytes("bc"))
                .merge(bytes("b"), bytes("c"))
                .merge(bytes("a"), bytes("bc"))
                .build();
        assertEquals(new BpeVocabulary.Merge(1, 6, 4), vocabulary.merges().get(3));
    }

    @Test
    void specialTokensAreListedInTheOrderOfTheirIds() {
        BpeVocabulary vocabulary =
                abc().special(7, "<pad>").special(6, "<s>").bos("<s>").build();
        assertEquals(
                List.of(BpeVocabulary.END_OF_TEXT, "<s>", "<pad>"),
                List.copyOf(vocabulary.specialTokens().keySet()));
        assertEquals(7, vocabulary.specialToken("<pad>"));
        assertEquals(6, vocabulary.bos());
    }

    @Test
    void vocabulariesWithTheSameContentAreEqual() {
        BpeVocabulary vocabulary = abc().build();
        assertEquals(vocabulary, abc().build());
        assertEquals(vocabulary.hashCode(), abc().build().hashCode());
        assertNotEquals(vocabulary, abc().token(6, bytes("d")).build());
        assertNotEquals(
                vocabulary,
                abc().merge(bytes("b"), bytes("c")).token(6, bytes("bc")).build());
        assertEquals("BpeVocabulary[6 tokens, 2 merges]", vocabulary.toString());
    }

    @Test
    void whatIsGivenInAndOutIsCopied() {
        byte[] token = bytes("d");
        BpeVocabularyBuilder builder = abc().token(6, token);
        token[0] = 'x';
        BpeVocabulary vocabulary = builder.build();
        vocabulary.bytes(6)[0] = 'y';
        assertArrayEquals(bytes("d"), vocabulary.bytes(6));
        assertThrows(
                UnsupportedOperationException.class, () -> vocabulary.merges().clear());
        assertThrows(
                UnsupportedOperationException.class,
                () -> vocabulary.specialTokens().clear());
    }

    @Test
    void idsWithGapsOrTwiceAreRefused() {
        assertRefused(
                "tokenizer: id 7 of \"Ġd\" leaves a gap; the ids of 7 tokens must be 0 … 6, each used once",
                abc().token(7, bytes(" d"))::build);
        assertRefused(
                "tokenizer: id -1 of \"d\" leaves a gap; the ids of 7 tokens must be 0 … 6, each used once",
                abc().token(-1, bytes("d"))::build);
        assertRefused(
                "tokenizer: id 3 is both \"c\" and \"d\"; the ids of 7 tokens must be 0 … 6, each used once",
                abc().token(3, bytes("d"))::build);
        assertRefused(
                "tokenizer: id 3 is both \"c\" and \"<pad>\"; the ids of 7 tokens must be 0 … 6, each used once",
                abc().special(3, "<pad>")::build);
    }

    @Test
    void equalAndEmptyTokensAreRefused() {
        assertRefused(
                "tokenizer: ids 2 and 6 are both \"b\"; no two tokens may have the same bytes",
                abc().token(6, bytes("b"))::build);
        assertRefused(
                "tokenizer: ids 4 and 6 are both \"abc\"; no two tokens may have the same bytes",
                abc().special(6, "abc")::build);
        assertRefused("tokenizer: id 6 has no bytes; a token needs at least one", abc().token(6, new byte[0])::build);
        assertRefused("tokenizer: id 6 has no bytes; a token needs at least one", abc().special(6, "")::build);
    }

    @Test
    void mergesOfWhatIsNotInTheVocabularyAreRefused() {
        assertRefused(
                "tokenizer: merge 2 (the first is 0) joins \"d\", which is not in the vocabulary;"
                        + " do the merges belong to this vocabulary?",
                abc().merge(bytes("a"), bytes("d"))::build);
        assertRefused(
                "tokenizer: merge 2 (the first is 0) joins \"b\" and \"a\", but the result is not in the"
                        + " vocabulary; do the merges belong to this vocabulary?",
                abc().merge(bytes("b"), bytes("a"))::build);
        assertRefused(
                "tokenizer: merge 2 (the first is 0) joins \"c\" and \"a\", but the result is a special token,"
                        + " id 6; do the merges belong to this vocabulary?",
                abc().special(6, "ca").merge(bytes("c"), bytes("a"))::build);
    }

    @Test
    void tokensHaveALimitAndAVocabularyHasTokens() {
        int most = BpeVocabulary.MAX_TOKEN_BYTES;
        BpeVocabulary largest =
                abc().token(6, new byte[most]).special(7, "x".repeat(most)).build();
        assertEquals(most, largest.bytes(6).length);
        assertRefused(
                "tokenizer: id 6 has 65537 bytes; a token must have at most 65536",
                abc().token(6, new byte[most + 1])::build);
        assertRefused(
                "tokenizer: id 6 has 65538 bytes; a token must have at most 65536",
                abc().special(6, "é".repeat(most / 2 + 1))::build);
        assertRefused(
                "tokenizer: there are no tokens; a vocabulary needs at least one", new BpeVocabularyBuilder()::build);
        assertRefused(
                "tokenizer: there are no tokens; a vocabulary needs at least one",
                new BpeVocabularyBuilder().noBos()::build);
    }

    @Test
    void mergesOutOfOrderAreRefused() {
        assertRefused(
                "tokenizer: merge 0 (the first is 0) joins \"ab\", which is neither a single byte nor made by an"
                        + " earlier merge; are the merges in order?",
                new BpeVocabularyBuilder()
                        .token(0, bytes("a"))
                        .token(1, bytes("b"))
                        .token(2, bytes("ab"))
                        .token(3, bytes("aba"))
                        .special(4, BpeVocabulary.END_OF_TEXT)
                        .merge(bytes("ab"), bytes("a"))
                        .merge(bytes("a"), bytes("b"))::build);
        assertRefused(
                "tokenizer: merge 2 (the first is 0) joins \"a\" and \"b\", as merge 0 does; a pair has one rank",
                abc().merge(bytes("a"), bytes("b"))::build);
        assertRefused(
                "tokenizer: merge 2 (the first is 0) joins \"<|endoftext|>\", which is neither a single byte nor made"
                        + " by an earlier merge; are the merges in order?",
                abc().merge(bytes(BpeVocabulary.END_OF_TEXT), bytes("b"))::build);
    }

    @Test
    void aVocabularyMayHaveNoBos() {
        BpeVocabulary vocabulary = new BpeVocabularyBuilder()
                .token(0, new byte[] {'a'})
                .special(1, "<pad>")
                .noBos()
                .build();
        assertEquals(-1, vocabulary.bos());
        assertEquals(-1, new BpeTokenizer(vocabulary).bos());
        assertEquals("a<pad>", new BpeTokenizer(vocabulary).decode(0, 1));
    }

    @Test
    void aBosThatIsNoSpecialTokenIsRefused() {
        assertRefused(
                "tokenizer: \"<s>\" is not a special token; the special tokens are \"<|endoftext|>\", \"<pad>\"",
                abc().special(6, "<pad>").bos("<s>")::build);
        assertRefused(
                "tokenizer: BOS must be a special token, but there are none; add \"<|endoftext|>\" as one, or choose no"
                        + " BOS",
                new BpeVocabularyBuilder().token(0, bytes("a"))::build);
        BpeVocabulary vocabulary = abc().build();
        assertRefused(
                "tokenizer: \"ab\" is not a special token; the special tokens are \"<|endoftext|>\"",
                () -> vocabulary.specialToken("ab"));
        BpeVocabularyBuilder many = abc();
        for (int i = 6; i < 20; i++) {
            many.special(i, "<" + i + ">");
        }
        assertRefused(
                "tokenizer: \"<s>\" is not a special token; the special tokens are \"<|endoftext|>\", \"<6>\", \"<7>\","
                        + " \"<8>\", \"<9>\", \"<10>\", \"<11>\", \"<12>\", …",
                many.bos("<s>")::build);
    }

    @Test
    void idsThatAreNoneAreRefused() {
        BpeVocabulary vocabulary = abc().build();
        assertRefused("tokenizer: id 6 is not in the vocabulary; the ids are 0 … 5", () -> vocabulary.bytes(6));
        assertRefused("tokenizer: id -1 is not in the vocabulary; the ids are 0 … 5", () -> vocabulary.bytes(-1));
    }

    @Test
    void longTokensAreShortenedInMessages() {
        assertRefused(
                "tokenizer: id 9 of \"" + "x".repeat(40)
                        + "…\" leaves a gap; the ids of 7 tokens must be 0 … 6, each used once",
                abc().token(9, bytes("x".repeat(41)))::build);
    }

    private static byte[] bytes(String text) {
        return Utf8.encode(text);
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}

package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;

class DataFormatTest {
    private final Tokenizer lines = CharTokenizer.ofAlphabet("\nab");
    private final Tokenizer letters = CharTokenizer.ofAlphabet("ab");
    private final Tokenizer bytes = new ByteTokenizer();

    @Test
    void aDocumentBeginsWithItsOwnToken() {
        assertArrayEquals(new int[] {3}, DataFormat.DOCUMENTS.promptTokens(lines, ""));
        assertArrayEquals(new int[] {3, 1, 2}, DataFormat.DOCUMENTS.promptTokens(lines, "ab"));
        assertArrayEquals(new int[] {256, 0xC3, 0xA9}, DataFormat.DOCUMENTS.promptTokens(bytes, "\u00E9"));
    }

    @Test
    void aTextBeginsWithItsPrompt() {
        assertArrayEquals(new int[] {1, 2}, DataFormat.TEXT.promptTokens(lines, "ab"));
    }

    @Test
    void aTextWithoutAPromptBeginsOnANewLine() {
        assertArrayEquals(new int[] {0}, DataFormat.TEXT.promptTokens(lines, ""));
        assertArrayEquals(new int[] {'\n'}, DataFormat.TEXT.promptTokens(bytes, ""));
    }

    @Test
    void whereThereAreNoLinesATextBeginsWithTheFirstToken() {
        assertArrayEquals(new int[] {0}, DataFormat.TEXT.promptTokens(letters, ""));
    }

    @Test
    void aPromptThatTheVocabularyCannotExpressIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> DataFormat.TEXT.promptTokens(letters, "c"));
    }
}

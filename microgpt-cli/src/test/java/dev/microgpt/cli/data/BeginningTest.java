package dev.microgpt.cli.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.DataFormat;
import org.junit.jupiter.api.Test;

class BeginningTest {
    private final Tokenizer lines = CharTokenizer.ofAlphabet("\nab");
    private final Tokenizer letters = CharTokenizer.ofAlphabet("ab");
    private final Tokenizer bytes = new ByteTokenizer();

    @Test
    void aDocumentBeginsWithItsOwnToken() {
        assertArrayEquals(new int[] {3}, Beginning.of(DataFormat.DOCUMENTS, lines, ""));
        assertArrayEquals(new int[] {3, 1, 2}, Beginning.of(DataFormat.DOCUMENTS, lines, "ab"));
        assertArrayEquals(new int[] {256, 0xC3, 0xA9}, Beginning.of(DataFormat.DOCUMENTS, bytes, "\u00E9"));
    }

    @Test
    void aTextBeginsWithItsPrompt() {
        assertArrayEquals(new int[] {1, 2}, Beginning.of(DataFormat.TEXT, lines, "ab"));
    }

    @Test
    void aTextWithoutAPromptBeginsOnANewLine() {
        assertArrayEquals(new int[] {0}, Beginning.of(DataFormat.TEXT, lines, ""));
        assertArrayEquals(new int[] {'\n'}, Beginning.of(DataFormat.TEXT, bytes, ""));
    }

    @Test
    void whereThereAreNoLinesATextBeginsWithTheFirstToken() {
        assertArrayEquals(new int[] {0}, Beginning.of(DataFormat.TEXT, letters, ""));
    }

    @Test
    void aPromptThatTheVocabularyCannotExpressIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Beginning.of(DataFormat.TEXT, letters, "c"));
    }
}

package dev.microgpt.cli.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.Documents;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentDataTest {
    private static final String NAMES = "anna\nbo\nolivia\nal\nkarina\nemma\n";

    private int encoded;

    /** A token for each character, which counts the documents that it encodes. */
    private final class Counting implements Tokenizer {
        private final CharTokenizer characters = CharTokenizer.fromDocuments(List.of(NAMES));

        @Override
        public int vocabSize() {
            return characters.vocabSize();
        }

        @Override
        public int bos() {
            return characters.bos();
        }

        @Override
        public int[] encode(String text) {
            encoded++;
            return characters.encode(text);
        }

        @Override
        public String decode(int... ids) {
            return characters.decode(ids);
        }

        @Override
        public byte[] bytes(int id) {
            return characters.bytes(id);
        }
    }

    @Test
    void eachDocumentIsEncodedOnceForAllCounts() throws Exception {
        Documents documents = Documents.of(NAMES.getBytes(StandardCharsets.UTF_8), "test");
        DocumentData data = new DocumentData(documents, 0.3, new PythonRandom(1), new Counting());
        encoded = 0; // the vocabulary has their characters
        int[] ends =
                data.training().stream().mapToInt(text -> text.length() + 1).toArray();
        for (int blockSize = 2; blockSize < 9; blockSize++) {
            long expected = 0;
            for (int end : ends) {
                expected += Math.min(end, blockSize);
            }
            assertEquals(expected, data.trainingTokens(blockSize));
            assertEquals(expected / 4.0, data.meanLength(blockSize));
            assertEquals(expected, data.mostTokens(4, blockSize));
            assertTrue(data.validationTokens(blockSize) <= 2L * blockSize);
            int size = blockSize;
            long cut = NAMES.lines().filter(text -> text.length() >= size).count();
            List<String> notes = data.notes(blockSize);
            assertEquals(cut > 0, notes.toString().contains(cut + " of 6 documents are longer than"), notes.toString());
        }
        assertEquals(16, data.ladder().get(0).blockSize(), "the shortest block of the ladder");
        assertEquals(6, encoded);
    }
}

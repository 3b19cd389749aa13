package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentCorpusTest {
    private static final String TEXT = "emma\nava\nmia\nolivia\nzoe\n";

    private final PythonRandom random = new PythonRandom(42);
    private final Documents documents;

    DocumentCorpusTest() throws IOException {
        documents = Documents.of(TEXT.getBytes(StandardCharsets.UTF_8), "names.txt");
    }

    private List<String> shuffled() {
        List<String> texts = documents.texts();
        new PythonRandom(42).shuffle(texts);
        return texts;
    }

    @Test
    void allShuffledDocumentsAreForTraining() {
        DocumentCorpus corpus = DocumentCorpus.of(documents, random);
        assertEquals(shuffled(), corpus.training());
        assertEquals(List.of(), corpus.validation());
        assertNull(corpus.validationSet(8, 2));
        assertEquals(CharTokenizer.fromDocuments(documents.texts()), corpus.tokenizer());
        assertEquals(documents.sha256(), corpus.sha256());
        assertEquals(
                List.of(shuffled().get(2), shuffled().get(3)),
                corpus.batches(8, 2, 1).documents(1, 1));
    }

    @Test
    void lastDocumentsAfterTheShuffleAreHeldOut() throws IOException {
        Tokenizer known = CharTokenizer.ofAlphabet("abcdefghijklmnopqrstuvwxyz");
        DocumentCorpus corpus = DocumentCorpus.of(documents, random, 0.3, known);
        assertEquals(shuffled().subList(0, 3), corpus.training());
        assertEquals(shuffled().subList(3, 5), corpus.validation());
        assertSame(known, corpus.tokenizer());
        ValidationSet set = corpus.validationSet(4, 1);
        assertNotNull(set);
        assertEquals(2, set.batches());
        assertEquals(
                corpus.training(),
                DocumentCorpus.of(documents, new PythonRandom(42), 0.3, null).training());
    }

    @Test
    void corpusIsNotChanged() {
        DocumentCorpus corpus = DocumentCorpus.of(documents, random);
        assertThrows(
                UnsupportedOperationException.class, () -> corpus.training().set(0, "x"));
        assertThrows(
                UnsupportedOperationException.class, () -> corpus.validation().add("x"));
    }

    @Test
    void documentsThatCannotBeTrainedOnAreRefusedBeforeTheyAreShuffled() {
        assertEquals(
                "data: the training split has 0 of 5 documents at a validation fraction of 0.9, but both splits must"
                        + " have at least one; choose another fraction, or provide more data",
                assertThrows(DataException.class, () -> DocumentCorpus.of(documents, random, 0.9, null))
                        .getMessage());
        String unknown = assertThrows(
                        DataException.class,
                        () -> DocumentCorpus.of(documents, random, 0, CharTokenizer.ofAlphabet("aeimv")))
                .getMessage();
        assertEquals(
                "data names.txt:4: \"olivia\" has a character that the tokenizer does not know: ",
                unknown.substring(0, unknown.indexOf("know: ") + 6));
        assertThrows(IllegalArgumentException.class, () -> DocumentCorpus.of(documents, random, 1, null));
        assertEquals(new PythonRandom(42).state(), random.state());
    }
}

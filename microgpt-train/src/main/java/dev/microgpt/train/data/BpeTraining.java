package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeTrainer;
import java.io.IOException;

/** Learns a byte-level BPE tokenizer from a text of any length. */
public final class BpeTraining {
    private BpeTraining() {}

    /**
     * Reads a text once, and learns from it.
     *
     * @param text      where it comes from; its memory is that of the words that differ
     * @param vocabSize how many tokens to learn, 257 or more
     * @return the tokenizer, which has fewer tokens if the text has no more pairs that occur twice
     * @throws IllegalArgumentException if {@code vocabSize} is less than 257
     * @throws DataException            if the text is not UTF-8 or empty
     * @throws IOException              if the text cannot be read
     */
    public static BpeTokenizer train(TextSource text, int vocabSize) throws IOException {
        BpeTrainer trainer = new BpeTrainer();
        ChunkedText cutter = new ChunkedText(BpeTrainer::lastCut);
        boolean isEmpty = true;
        try (TextReader reader = text.open()) {
            for (String piece = reader.next(); piece != null; piece = reader.next()) {
                trainer.add(cutter.take(piece));
                isEmpty = false;
            }
        }
        if (isEmpty) {
            throw new DataException("data " + text.name() + ": found no character, expected a text");
        }
        trainer.add(cutter.rest());
        return new BpeTokenizer(trainer.train(vocabSize));
    }
}

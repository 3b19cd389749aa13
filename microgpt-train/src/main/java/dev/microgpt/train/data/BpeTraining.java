package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeTrainer;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextPieces;
import dev.microgpt.train.data.read.TextSource;
import java.io.IOException;

/** Trains a byte-level BPE tokenizer on a text of any length. */
public final class BpeTraining {
    private BpeTraining() {}

    /**
     * Trains a tokenizer; the text is read once, and the memory needed grows with the number of distinct words only.
     *
     * @param text      the training text
     * @param vocabSize the number of tokens wanted, at least 257
     * @return the tokenizer; it has fewer tokens if no further pair occurs twice in the text
     * @throws IllegalArgumentException if {@code vocabSize} is less than 257
     * @throws DataException            if the text is empty or not UTF-8
     * @throws IOException              if the text cannot be read
     */
    public static BpeTokenizer train(TextSource text, int vocabSize) throws IOException {
        return train(text, RecordFormat.lines(), vocabSize);
    }

    /**
     * Trains a tokenizer on the records of a text. No token spans two of them.
     *
     * @param text      the training text
     * @param format    what the records are; {@link RecordFormat#lines} for each file as it is
     * @param vocabSize the number of tokens wanted, at least 257
     * @return the tokenizer; it has fewer tokens if no further pair occurs twice in the text
     * @throws IllegalArgumentException if {@code vocabSize} is less than 257
     * @throws DataException            if the text is empty or not UTF-8, or if a file breaks a rule of its format
     * @throws IOException              if the text cannot be read
     */
    public static BpeTokenizer train(TextSource text, RecordFormat format, int vocabSize) throws IOException {
        BpeTrainer trainer = new BpeTrainer();
        ChunkedText chunks = new ChunkedText(BpeTrainer::lastCut);
        boolean isEmpty = true;
        try (TextPieces reader = format.texts(text)) {
            for (String piece = reader.next(); piece != null; piece = reader.next()) {
                if (reader.beginsText()) {
                    trainer.add(chunks.rest());
                    chunks = new ChunkedText(BpeTrainer::lastCut);
                }
                trainer.add(chunks.take(piece));
                isEmpty = false;
            }
            if (isEmpty) {
                throw text.empty(reader.repairs());
            }
        }
        trainer.add(chunks.rest());
        return new BpeTokenizer(trainer.train(vocabSize));
    }
}

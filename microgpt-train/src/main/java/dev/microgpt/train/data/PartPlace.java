package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.TextPieces;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;

/**
 * The place of a part in its text.
 *
 * @param name       the name of the text in messages
 * @param follows    whether there is text before it
 * @param training   the number of its characters in the training split, where a boundary counts as one
 * @param validation the number of its characters in the validation split, which are the last ones
 */
public record PartPlace(String name, boolean follows, long training, long validation) implements Serializable {
    /**
     * Encodes the part into a file for each split that it has a part of.
     *
     * @param text      the part, which is read to its end and closed
     * @param tokenizer the tokenizer
     * @param folder    the folder of the files
     * @param file      the beginning of their names, which no other attempt to encode a part uses
     * @return the files
     * @throws DataException if the part has changed since it was scanned
     * @throws IOException   if it cannot be read, or a file cannot be written
     */
    public PartTokens encode(TextPieces text, Tokenizer tokenizer, Path folder, String file) throws IOException {
        try (EncodedText encoded = new EncodedText(name, new MarkedPieces(text, null, follows), tokenizer)) {
            String first = training == 0 ? "" : file + ".train";
            String second = validation == 0 ? "" : file + ".val";
            if (training > 0) {
                TokenFileWriter.replace(folder.resolve(first), out -> encoded.copy(training, out::write));
            }
            if (validation > 0) {
                TokenFileWriter.replace(folder.resolve(second), out -> encoded.copy(validation, out::write));
            }
            encoded.checkEnd();
            return new PartTokens(first, second);
        }
    }
}

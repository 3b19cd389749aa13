package dev.microgpt.train.data;

import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.TextPieces;
import dev.microgpt.train.data.read.TextRepairs;
import java.io.IOException;
import java.io.Serializable;

/**
 * What must be known of every part of a text before any can be encoded.
 *
 * @param alphabet   the characters of the part, in ascending order
 * @param characters the number of its code points
 * @param boundaries the number of boundaries between two of its texts
 * @param beginsText whether its first piece begins a text
 * @param repairs    what was normalized
 */
public record PartScan(String alphabet, long characters, long boundaries, boolean beginsText, TextRepairs repairs)
        implements Serializable {
    /**
     * Scans a part.
     *
     * @param text the part, which is read to its end and closed
     * @return what it has
     * @throws DataException if it is not text
     * @throws IOException   if it cannot be read
     */
    public static PartScan of(TextPieces text) throws IOException {
        TextScan.Counts counts = new TextScan.Counts();
        try (MarkedPieces reader = new MarkedPieces(text, null, true)) {
            counts.add(reader);
            boolean beginsText = reader.isFirstMark();
            long boundaries = counts.boundaries - (beginsText ? 1 : 0);
            return new PartScan(counts.alphabet(), counts.characters, boundaries, beginsText, reader.repairs());
        }
    }
}

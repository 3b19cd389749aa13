package dev.microgpt.train.checkpoint;

import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.internal.Checks;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.Sha256;

/**
 * What a model is trained on; refuses, by an {@link IllegalArgumentException}, what cannot be.
 *
 * @param format      documents or one text
 * @param valFraction the share at the end that is held back from training, from 0 to below 1
 * @param sha256      the SHA-256 of the data, 64 lower-case hexadecimal digits
 */
public record DataConfig(DataFormat format, double valFraction, String sha256) {
    /**
     * Checks the values.
     *
     * @param format see above
     * @param valFraction see above
     * @param sha256 see above
     * @throws IllegalArgumentException if one is out of range
     */
    public DataConfig {
        Checks.fraction("validation fraction", valFraction);
        if (!Sha256.isHex(sha256)) {
            throw new IllegalArgumentException(
                    "sha256 of the data: found " + Quoted.of(sha256) + ", expected 64 lower-case hexadecimal digits");
        }
    }
}

package dev.microgpt.train.checkpoint;

import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.internal.Checks;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.Sha256;

/**
 * The training data of a run, as recorded in its checkpoints.
 *
 * @param format      documents or one text
 * @param valFraction the fraction at the end that is held out for validation, from 0 to below 1
 * @param sha256      the SHA-256 of the data, 64 lower-case hexadecimal digits
 */
public record DataConfig(DataFormat format, double valFraction, String sha256) {
    /**
     * Checks the values.
     *
     * @param format      documents or one text
     * @param valFraction at least 0 and below 1
     * @param sha256      64 lower-case hexadecimal digits
     * @throws IllegalArgumentException if a value is invalid
     */
    public DataConfig {
        Checks.fraction("validation fraction", valFraction);
        if (!Sha256.isHex(sha256)) {
            throw new IllegalArgumentException(
                    "sha256 of the data is " + Quoted.of(sha256) + ", but must be 64 lower-case hexadecimal digits");
        }
    }
}

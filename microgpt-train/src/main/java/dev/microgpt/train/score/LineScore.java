package dev.microgpt.train.score;

/**
 * How surprising a line is.
 *
 * @param bits       the sum of {@code −log₂ p} over all tokens of the line and the one that ends it
 * @param characters the number of code points of the line
 * @param tokens     the number of tokens of the line and the one that ends it; if they exceed the block size, the
 *     first of each further window have no context
 * @param worst      the place of the most surprising token, the first of several: its first code point, from 1; one
 *     more than {@code characters} if it is the end of the line
 * @param worstText  that token as text; empty for the end of the line
 * @param worstBits  {@code −log₂ p} of that token
 */
public record LineScore(double bits, int characters, int tokens, int worst, String worstText, double worstBits) {
    /**
     * Returns the score: bits per character, where the end of the line counts as one.
     *
     * @return {@code bits / (characters + 1)}
     */
    public double bitsPerCharacter() {
        return bits / (characters + 1);
    }
}

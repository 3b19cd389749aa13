package dev.microgpt.train.data;

/**
 * The place of a sequence of a {@link ValidationSet} in its document or text.
 *
 * @param start   the position of its first token in the document or text, from 0
 * @param overlap the number of targets at its beginning that an earlier window has scored: here they are only context
 */
public record Window(long start, int overlap) {
    /** A whole document or text, or the beginning of one. */
    static final Window FIRST = new Window(0, 0);
}

package dev.microgpt.train.data.read;

import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * One or more texts piece by piece, as a {@link RecordFormat} reads them. Confined to one thread.
 *
 * <p>A piece never ends inside a character, has only line ends that are LF, and does not hold U+0000. It belongs to one
 * text: that of a record or, without records, of a file.
 */
public interface TextPieces extends Closeable {
    /**
     * Returns strings as texts: blank ones are skipped, and lines end with LF, as for a
     * {@linkplain RecordFormat#field field} of JSON Lines.
     *
     * @param texts the strings, in order
     * @param name  the name of the data in messages
     * @return a reader that refuses null, U+0000 and halves of surrogate pairs by a {@link DataException}
     */
    static TextPieces of(Iterator<String> texts, String name) {
        return new ListedTexts(texts, name);
    }

    /**
     * Reads on.
     *
     * @return the next piece, which is not empty, or null after the last
     * @throws DataException if the file is not UTF-8 text or breaks a rule of its format, once all that
     *     precedes the error was returned; the message names file and line
     * @throws IOException   if it cannot be read
     */
    @Nullable
    String next() throws IOException;

    /** {@return whether the piece that {@link #next} returned last begins a text: the first one does} */
    boolean beginsText();

    /** {@return the file of that piece, in which lines are counted} */
    String file();

    /** {@return the line of its first character in the file, from 1} */
    int line();

    /**
     * Returns the place of a character of that piece, for messages.
     *
     * @param piece the piece
     * @param index the index of the character in it
     * @return file and line, such as {@code text.txt:3}
     */
    String place(String piece, int index);

    /** {@return what was normalized so far} */
    TextRepairs repairs();
}

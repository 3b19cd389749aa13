package dev.microgpt.train.data.read;

import dev.microgpt.train.internal.PythonSpace;
import dev.microgpt.train.internal.Surrogates;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Strings that are texts of their own; blank ones are skipped, and lines end with LF. */
final class ListedTexts implements TextPieces {
    private final Iterator<String> texts;
    private final String name;
    private int number;
    private long blank;

    ListedTexts(Iterator<String> texts, String name) {
        this.texts = texts;
        this.name = name;
    }

    @Override
    public @Nullable String next() throws DataException {
        while (texts.hasNext()) {
            @Nullable String text = texts.next();
            number++;
            if (text == null || text.indexOf('\0') >= 0 || Surrogates.unpaired(text) >= 0) {
                throw new DataException("data " + place("", 0) + ": the value "
                        + (text == null ? "is null" : "has U+0000 or half of a surrogate pair")
                        + ", but must be text; leave out or repair such values first");
            }
            String lines = TextReader.lineFeeds(text);
            if (!PythonSpace.strip(lines).isEmpty()) {
                return lines;
            }
            blank++;
        }
        return null;
    }

    @Override
    public boolean beginsText() {
        return true;
    }

    @Override
    public String file() {
        return name;
    }

    @Override
    public int line() {
        return number;
    }

    @Override
    public String place(String piece, int index) {
        return name + ", value " + number;
    }

    @Override
    public TextRepairs repairs() {
        return new TextRepairs(0, 0, 0, blank, 0);
    }

    @Override
    public void close() {
        // nothing is open
    }
}

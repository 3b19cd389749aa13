package dev.microgpt.cli.run;

import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Looks for samples that are training documents, word for word, and says which. */
public final class Copies {
    /** The most samples that are drawn for each one that is wanted. */
    private static final int DRAWS = 20;

    /** The number of samples from which sorting the documents costs less than comparing each with all of them. */
    private static final int MANY = 64;

    // the number of copies that a message lists, and of characters of each
    private static final int LISTED = 10;
    private static final int SHOWN = 40;

    private final String[] documents;
    private boolean isSorted;

    /** The lengths of the unsorted documents, side by side: looking at each document would take much longer. */
    private final int[] lengths;

    private final boolean newOnly;
    private final int wanted;
    private final List<String> listed = new ArrayList<>();
    private int draws;
    private int kept;
    private int copies;

    /**
     * Begins with no sample.
     *
     * @param documents the training documents; none if the samples are of a text
     * @param newOnly   whether copies are left out
     * @param wanted    the number of samples that are wanted
     */
    public Copies(List<String> documents, boolean newOnly, int wanted) {
        this.documents = documents.toArray(new String[0]);
        this.lengths = new int[this.documents.length];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = this.documents[i].length();
        }
        this.newOnly = newOnly;
        this.wanted = wanted;
    }

    /** Returns whether another sample is to be drawn: one is missing, and not too many were left out. */
    public boolean wantsMore() {
        return kept < wanted && draws < (double) wanted * DRAWS;
    }

    /**
     * Counts a sample.
     *
     * @param text  the sample with its prompt
     * @param isCut whether it ends with the block, and may so be the beginning of a longer document
     * @return whether it is a copy
     */
    public boolean add(String text, boolean isCut) {
        draws++;
        boolean isCopy = isCopy(text, isCut);
        if (isCopy) {
            copies++;
        }
        if (isCopy && !newOnly && listed.size() < LISTED) {
            listed.add(draws + " " + shortened(text));
        }
        if (keeps(isCopy)) {
            kept++;
        }
        return isCopy;
    }

    /** Returns whether a sample is shown. */
    public boolean keeps(boolean isCopy) {
        return !isCopy || !newOnly;
    }

    private boolean isCopy(String text, boolean isCut) {
        if (draws < MANY) {
            return isFound(text, isCut);
        }
        if (!isSorted) {
            Arrays.sort(documents);
            isSorted = true;
        }
        int place = Arrays.binarySearch(documents, text);
        int next = -place - 1; // the first document after it begins with it if any does
        return place >= 0 || isCut && next < documents.length && documents[next].startsWith(text);
    }

    private boolean isFound(String text, boolean isCut) {
        int length = text.length();
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] == length ? documents[i].equals(text) : isCut && documents[i].startsWith(text)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the beginning of a text, for a message. */
    public static String shortened(String text) {
        int end = text.offsetByCodePoints(0, Math.min(SHOWN, text.codePointCount(0, text.length())));
        return Format.visible(text.substring(0, end)) + (end < text.length() ? "…" : "");
    }

    /** Says how many samples are copies, or were left out as such; nothing if there are none. */
    public void say(Terminal terminal) {
        if (copies == 0) {
            return;
        }
        String documents = copies == 1 ? " a copy of one of the training documents" : " copies of training documents";
        if (newOnly) {
            terminal.say("left out" + (copies == 1 ? "" : " " + Format.grouped(copies)) + documents
                    + (kept < wanted
                            ? "; only " + kept + " of " + draws + " samples are new, so no more are drawn"
                            : ""));
        } else {
            terminal.say(
                    copies + " of " + draws + (draws == 1 ? " sample" : " samples") + (copies == 1 ? " is" : " are")
                            + documents + ": " + String.join(", ", listed) + (copies > listed.size() ? ", …" : "")
                            + "; --new-only leaves them out");
        }
    }
}

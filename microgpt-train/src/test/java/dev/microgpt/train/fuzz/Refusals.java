package dev.microgpt.train.fuzz;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** The requirements on every message with which a reader refuses a file. */
public final class Refusals {
    private static final int LONGEST = 400;

    /** With the first five tensors of each kind and their shapes. */
    private static final int LONGEST_LIST = 1_300;

    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|'[^']*'");
    private static final Pattern FOR_PROGRAMMERS = Pattern.compile("Exception|(?<!found )\\bnull\\b|\\bjava\\.");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]");

    /** Phrases that state both facts without the words found and expected. */
    private static final Pattern RULE =
            Pattern.compile(" must | needs |the tensors are not those of|an array holds at most"
                    + "|is not divisible by|leaves a gap|no two tokens|is to be BOS|none of the 256 letters|is both"
                    + "|not in the vocabulary|is a special token|nor made by an earlier merge|a pair has one rank"
                    + "|a surrogate without its other half");

    private Refusals() {}

    /**
     * Returns what is wrong with a message, or an empty string.
     *
     * @param message the message of a reader
     * @param file    the file; the message must contain its name or that of its folder
     */
    public static String flaw(String message, Path file) {
        String folder = file.getParent().getFileName().toString();
        String text = message.replace(file.getParent().toString(), folder);
        if (CONTROL.matcher(text).find()) {
            return "has more than one line, or something that cannot be shown";
        }
        if (!text.contains(file.getFileName().toString()) && !text.contains(folder)) {
            return "does not name the file";
        }
        if (text.length() > (text.contains("the tensors are not those of") ? LONGEST_LIST : LONGEST)) {
            return "has " + text.length() + " characters";
        }
        // quoted text is from the file
        String ours = QUOTED.matcher(text).replaceAll("\"\"");
        if (FOR_PROGRAMMERS.matcher(ours).find()) {
            return "speaks to programmers";
        }
        boolean both = ours.contains("found ") && ours.contains("expected ");
        return both || RULE.matcher(ours).find() ? "" : "does not say what was found and expected";
    }
}

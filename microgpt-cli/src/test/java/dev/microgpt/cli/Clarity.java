package dev.microgpt.cli;

import dev.microgpt.cli.terminal.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Judges the message about a bad input: whether it tells the user what to do. */
final class Clarity {
    /** A refusal takes a quarter of a second; on a machine that is busy with other things, this. */
    private static final double SECONDS = 20;

    private static final int LINES = 3;

    /** What is wrong. */
    private static final Pattern FOUND = Pattern.compile(
            "\\bfound |\\bunknown |\\bis |\\bhas |\\btakes |\\bcannot be used together|: no such |denied");

    /** The rule, or the repair. */
    private static final Pattern EXPECTED = Pattern.compile(
            "\\bexpected |did you mean |the nearest |\\bmust |\\bthe heap is limited to |\\bhint: |: no such |denied");

    private static final Pattern TRACE = Pattern.compile("Exception|\\bError\\b|\\tat |^\\s+at ", Pattern.MULTILINE);

    /** Digits of another writing system, a comma in a fraction, and what stands for a character that was lost. */
    private static final Pattern FOREIGN = Pattern.compile("[\\p{Nd}&&[^0-9]]|\\d,\\d{1,2}\\b|\\uFFFD");

    private Clarity() {}

    /** Returns what is wrong with an outcome; nothing if it is as it should be. */
    static List<String> complaints(CatalogueCase expected, Outcome outcome) {
        List<String> complaints = new ArrayList<>();
        if (outcome.exitCode() != expected.exitCode()) {
            complaints.add("the exit code is " + outcome.exitCode() + ", not " + expected.exitCode());
        }
        for (String named : expected.named()) {
            if (!outcome.err().contains(named)) {
                complaints.add("the message does not show: " + named);
            }
        }
        if (TRACE.matcher(outcome.err()).find()) {
            complaints.add("the message speaks of Java's exceptions");
        }
        if (FOREIGN.matcher(outcome.err()).find()
                && !FOREIGN.matcher(expected.line()).find()) {
            complaints.add("the message has a number of the locale, or a character was lost");
        }
        if (outcome.seconds() > SECONDS) {
            complaints.add("it took " + Format.fixed(outcome.seconds(), 1) + " s");
        }
        if (expected.isRefusal()) {
            addThoseOfARefusal(complaints, outcome);
        }
        return complaints;
    }

    private static void addThoseOfARefusal(List<String> complaints, Outcome outcome) {
        String err = outcome.err();
        boolean isUsage = err.startsWith("Usage: ");
        if (!isUsage && !err.startsWith("microgpt: ")) {
            complaints.add("the message does not begin with the name of the program");
        }
        if (!isUsage && !FOUND.matcher(err).find()) {
            complaints.add("the message does not say what was found");
        }
        if (!isUsage && !EXPECTED.matcher(err).find()) {
            complaints.add("the message does not say what was expected");
        }
        if (!isUsage && err.lines().count() > LINES) {
            complaints.add("the message has " + err.lines().count() + " lines");
        }
        if (!err.endsWith("\n") || err.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n')) {
            complaints.add("the message can steer a terminal, or its last line does not end");
        }
        if (!outcome.out().isEmpty()) {
            complaints.add("standard output is not empty: " + outcome.out());
        }
        if (!outcome.changes().isEmpty()) {
            complaints.add("it left behind: " + outcome.changes());
        }
    }
}

package dev.microgpt.cli.failure;

import dev.microgpt.train.internal.Spelling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Suggestions for a misspelled name: similar names in the same folder, or similar commands and options. */
public final class Suggestions {
    private static final int MOST = 3;

    // the number of characters from which a name may be abbreviated
    private static final int ABBREVIATION = 2;

    private Suggestions() {}

    /** Returns what to add to the message about a missing file; empty if nothing is similar. */
    static String hint(Path missing) {
        Path file = missing.toAbsolutePath().normalize();
        Path folder = file.getParent();
        if (folder == null) {
            return "";
        }
        String[] names = folder.toFile().list();
        if (names == null) {
            return "; the folder " + folder + " does not exist";
        }
        return question(near(String.valueOf(file.getFileName()), names));
    }

    /** Returns what to add to the message about a name that was probably meant to be one of others; empty if none. */
    public static String question(List<String> meant) {
        return meant.isEmpty() ? "" : ", did you mean " + String.join(" or ", meant) + "?";
    }

    /** Returns the names that differ least from a misspelled one, if that is a slip, or those that it abbreviates. */
    public static List<String> closest(String wanted, Collection<String> names) {
        List<String> closest = new ArrayList<>();
        int fewest = slip(wanted);
        for (String name : names) {
            int distance = Spelling.distance(name, wanted);
            if (distance < fewest) {
                closest.clear();
            }
            if (distance <= fewest) {
                fewest = distance;
                closest.add(name);
            }
        }
        if (closest.isEmpty() && wanted.length() >= ABBREVIATION) {
            for (String name : names) {
                if (name.startsWith(wanted)) {
                    closest.add(name);
                }
            }
        }
        return closest.size() > MOST ? List.of() : closest;
    }

    /** Returns names that differ in few characters, or only in their extension, in alphabetical order. */
    static List<String> near(String wanted, String... names) {
        Arrays.sort(names);
        List<String> near = new ArrayList<>();
        for (String name : names) {
            if (name.equals(wanted)) {
                continue; // a dangling link
            }
            boolean sameStem = stem(name).equalsIgnoreCase(stem(wanted));
            if (near.size() < MOST && (sameStem || Spelling.distance(name, wanted) <= slip(wanted))) {
                near.add(name);
            }
        }
        return near;
    }

    /** Returns the number of edits that make a slip: one in three characters. */
    private static int slip(String wanted) {
        return Math.min(Spelling.MAX_EDITS, wanted.length() / 3);
    }

    private static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}

package dev.microgpt.cli.failure;

import dev.microgpt.train.internal.Spelling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Suggestions for a misspelled file name: similar names in the same folder. */
final class Suggestions {
    private static final int MOST = 3;

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
        List<String> near = near(String.valueOf(file.getFileName()), names);
        return near.isEmpty() ? "" : ", did you mean " + String.join(" or ", near) + "?";
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
            if (near.size() < MOST && (sameStem || isSlip(name, wanted))) {
                near.add(name);
            }
        }
        return near;
    }

    private static boolean isSlip(String name, String wanted) {
        return Spelling.distance(name, wanted) <= Math.min(Spelling.MAX_EDITS, wanted.length() / 3);
    }

    private static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}

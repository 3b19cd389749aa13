package dev.microgpt.cli.failure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Suggestions for a misspelled file name: similar names in the same folder. */
final class Suggestions {
    private static final int MOST = 3;

    /** The largest edit distance of a similar name. */
    private static final int MISTAKES = 2;

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
            if (near.size() < MOST && (sameStem || distance(name, wanted) <= Math.min(MISTAKES, wanted.length() / 3))) {
                near.add(name);
            }
        }
        return near;
    }

    private static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    /** The Levenshtein distance: the number of characters to change, insert or delete. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}

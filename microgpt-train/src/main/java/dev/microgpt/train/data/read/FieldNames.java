package dev.microgpt.train.data.read;

import dev.microgpt.train.internal.Quoted;
import java.util.Collection;
import java.util.StringJoiner;

/** The message that a record does not have the wanted field. */
final class FieldNames {
    private static final int LISTED = 20;

    private FieldNames() {}

    /** Returns the message; {@code kind} is what the format calls a field. */
    static String missing(String kind, String wanted, Collection<String> found) {
        StringJoiner names = new StringJoiner(", ");
        int listed = 0;
        for (String name : found) {
            if (listed++ == LISTED) {
                names.add("and " + (found.size() - LISTED) + " more");
                break;
            }
            names.add(Quoted.of(name));
        }
        return "there is no " + kind + " " + Quoted.of(wanted)
                + (found.isEmpty() ? ", nor any other" : "; the " + kind + "s are " + names);
    }
}

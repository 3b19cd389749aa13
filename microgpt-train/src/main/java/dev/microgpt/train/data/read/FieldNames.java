package dev.microgpt.train.data.read;

import dev.microgpt.train.internal.Quoted;
import java.util.Collection;
import java.util.StringJoiner;

/** Names of fields in messages. */
final class FieldNames {
    private static final int LISTED = 12;

    private FieldNames() {}

    /** Lists the first of some names. */
    static String list(Collection<String> names) {
        StringJoiner list = new StringJoiner(", ");
        int listed = 0;
        for (String name : names) {
            if (listed++ == LISTED) {
                list.add("and " + (names.size() - LISTED) + " more");
                break;
            }
            list.add(Quoted.of(name));
        }
        return list.toString();
    }
}

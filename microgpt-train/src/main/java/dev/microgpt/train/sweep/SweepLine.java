package dev.microgpt.train.sweep;

import dev.microgpt.train.internal.Quoted;

/** A setting and one of its values in a line of a sweep file. */
record SweepLine(int number, String name, String value) {
    /** Returns the refusal of this value. */
    SweepException refused(String file, String reason) {
        return new SweepException(
                file + ", line " + number + ", " + name + " = " + Quoted.plain(value) + ": " + reason);
    }
}

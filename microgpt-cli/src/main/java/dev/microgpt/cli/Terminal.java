package dev.microgpt.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Standard output for results and standard error for talk, both in UTF-8 whatever the locale says.
 *
 * <p>A result that cannot be written is an error, unlike with {@link System#out}.
 */
final class Terminal {
    private final OutputStream out;
    private final OutputStream err;
    private final boolean standard;
    private boolean quiet;

    /** The streams of the process. */
    Terminal() {
        this(new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err), true);
    }

    /** Other streams. */
    Terminal(OutputStream out, OutputStream err) {
        this(out, err, false);
    }

    private Terminal(OutputStream out, OutputStream err, boolean standard) {
        this.out = out;
        this.err = err;
        this.standard = standard;
    }

    /** Returns whether it writes to the streams of the process. */
    boolean isStandard() {
        return standard;
    }

    /** Drops what {@link #say} is given from here on. */
    void beQuiet() {
        quiet = true;
    }

    /** Writes a line of results. */
    void print(String line) {
        try {
            write(out, line);
        } catch (IOException e) {
            throw new UncheckedIOException("standard output: " + e.getMessage(), e);
        }
    }

    /** Writes a line of talk, which nobody needs. */
    void say(String line) {
        if (!quiet) {
            complain("microgpt: " + line);
        }
    }

    /** Writes a line to standard error; where that fails, there is nobody to tell. */
    void complain(String line) {
        try {
            write(err, line);
        } catch (IOException nobodyListens) {
            quiet = true;
        }
    }

    private static void write(OutputStream stream, String line) throws IOException {
        stream.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}

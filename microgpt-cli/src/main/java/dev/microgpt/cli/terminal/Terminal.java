package dev.microgpt.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Standard output for results and standard error for talk, both in UTF-8 whatever the locale says.
 *
 * <p>A result that cannot be written is an error, unlike with {@link System#out}. Lines may come from any thread.
 */
public final class Terminal {
    /** Back to the first column, and erase the line: "carriage return" and "erase in line" of ECMA-48. */
    private static final String CLEAR = "\r\u001B[K";

    private static final String TO_FIRST_COLUMN = "\r";
    private static final String CLEAR_REST = "\u001B[K";

    // a terminal that was made narrower cuts the line instead of going on in the next, which nobody would clear
    private static final String WRAP_OFF = "\u001B[?7l";
    private static final String WRAP_ON = "\u001B[?7h";

    private final OutputStream out;
    private final OutputStream err;
    private final boolean standard;
    private boolean quiet;
    private boolean pins = true;
    private String pinned = "";

    /** Whether a line of results is begun and not complete. */
    private boolean inLine;

    /** The streams of the process. */
    public Terminal() {
        this(new FileOutputStream(FileDescriptor.out), standardError(), true);
    }

    /** Other streams. */
    public Terminal(OutputStream out, OutputStream err) {
        this(out, err, false);
    }

    private Terminal(OutputStream out, OutputStream err, boolean standard) {
        this.out = out;
        this.err = err;
        this.standard = standard;
    }

    /**
     * In a second JVM, standard error is a pipe to the first, and what is written there comes later than the results
     * that are written to the same terminal. So it is given the terminal itself, if there is one.
     */
    private static OutputStream standardError() {
        String device = System.getProperty(TerminalDevice.PROPERTY);
        if (device != null) {
            try {
                return new FileOutputStream(device, true);
            } catch (IOException notOurs) {
                // the pipe leads there as well
            }
        }
        return new FileOutputStream(FileDescriptor.err);
    }

    /** Returns whether it writes to the streams of the process. */
    public boolean isStandard() {
        return standard;
    }

    /** Drops what {@link #say}, {@link #note} and {@link #pin} are given from here on. */
    public synchronized void beQuiet() {
        quiet = true;
    }

    /** Returns whether talk is dropped. */
    synchronized boolean isQuiet() {
        return quiet;
    }

    /** Writes a line of results. */
    public synchronized void print(String line) {
        // results may go to the same terminal
        boolean covered = !pinned.isEmpty();
        if (covered) {
            talk(CLEAR);
        }
        printPart(line + "\n");
        if (covered) {
            talk(pinnedLine());
        }
    }

    /** Writes a part of a line of results at once. Not to be used while a line is pinned, which would cover it. */
    public synchronized void printPart(String part) {
        if (part.isEmpty()) {
            return;
        }
        try {
            write(out, part);
            inLine = !part.endsWith("\n");
        } catch (IOException e) {
            throw new UncheckedIOException("standard output: " + e.getMessage(), e);
        }
    }

    /** Writes a line of talk, which nobody needs. */
    public void say(String line) {
        note("microgpt: " + line);
    }

    /** Writes a line of talk that does not begin with the program's name. */
    public synchronized void note(String line) {
        if (!quiet) {
            complain(line);
        }
    }

    /** Writes a line to standard error; where that fails, there is nobody to tell. */
    public synchronized void complain(String line) {
        endLine();
        talk(pinned.isEmpty() ? line + "\n" : CLEAR + line + "\n" + pinnedLine());
    }

    /**
     * Keeps a line below all others, in place of the one before. To be used only where standard error is a terminal.
     *
     * @param line the line, narrower than the terminal; empty if there is to be none
     */
    synchronized void pin(String line) {
        if (quiet || !pins || line.isEmpty() && pinned.isEmpty()) {
            return;
        }
        pinned = line;
        talk(line.isEmpty() ? CLEAR : pinnedLine());
    }

    /** Takes the line away that is kept below all others, and keeps none from here on, as the end may come any time. */
    public synchronized void unpin() {
        pin("");
        pins = false;
    }

    /** What goes to standard error is not to follow half a line of results on the same terminal. */
    private void endLine() {
        if (!inLine) {
            return;
        }
        inLine = false;
        try {
            write(out, "\n");
        } catch (IOException nobodyReads) {
            // which may be what is complained of
        }
    }

    private String pinnedLine() {
        return TO_FIRST_COLUMN + WRAP_OFF + pinned + CLEAR_REST + WRAP_ON;
    }

    private void talk(String text) {
        try {
            write(err, text);
        } catch (IOException nobodyListens) {
            quiet = true;
            pinned = "";
        }
    }

    private static void write(OutputStream stream, String text) throws IOException {
        stream.write(text.getBytes(StandardCharsets.UTF_8));
    }
}

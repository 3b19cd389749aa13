package dev.microgpt.cli.terminal;

import dev.microgpt.train.internal.disk.SystemReason;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes results to standard output and messages to standard error, both in UTF-8 in every locale.
 *
 * <p>Unlike with {@link System#out}, a result that cannot be written is an error. Thread-safe.
 */
public final class Terminal {
    /** Moves to the first column and erases the line: "carriage return" and "erase in line" of ECMA-48. */
    private static final String CLEAR = "\r\u001B[K";

    private static final String TO_FIRST_COLUMN = "\r";
    private static final String CLEAR_REST = "\u001B[K";

    // a terminal that becomes narrower cuts the line instead of wrapping it into the next, which is never erased
    private static final String WRAP_OFF = "\u001B[?7l";
    private static final String WRAP_ON = "\u001B[?7h";

    private final OutputStream out;
    private final OutputStream err;
    private final boolean standard;
    private boolean quiet;
    private boolean pins = true;
    private String pinned = "";

    /** Whether an incomplete line of results has been written. */
    private boolean inLine;

    /** Whether that line is to be rewritten or ended. */
    private boolean rewrites;

    /** A terminal with the standard streams of the process. */
    public Terminal() {
        this(new FileOutputStream(FileDescriptor.out), standardError(), true);
    }

    /** A terminal with other streams. */
    public Terminal(OutputStream out, OutputStream err) {
        this(out, err, false);
    }

    private Terminal(OutputStream out, OutputStream err, boolean standard) {
        this.out = out;
        this.err = err;
        this.standard = standard;
    }

    /**
     * In a second JVM, standard error is a pipe to the first, so messages would reach a terminal later than results
     * written to it directly. Messages of a second JVM therefore go to the terminal itself if there is one.
     */
    private static OutputStream standardError() {
        String device = System.getProperty(TerminalDevice.PROPERTY);
        if (device != null) {
            try {
                return new FileOutputStream(device, true);
            } catch (IOException notOurs) {
                // the pipe leads there, too
            }
        }
        return new FileOutputStream(FileDescriptor.err);
    }

    /** Returns whether this terminal writes to the streams of the process. */
    public boolean isStandard() {
        return standard;
    }

    /** Drops all messages of {@link #say}, {@link #note} and {@link #pin} from now on. */
    public synchronized void beQuiet() {
        quiet = true;
    }

    /** Returns whether messages are dropped. */
    synchronized boolean isQuiet() {
        return quiet;
    }

    /** Writes a line of results. */
    public synchronized void print(String line) {
        // standard output may be the same terminal
        boolean covered = !pinned.isEmpty();
        if (covered) {
            writeError(CLEAR);
        }
        if (rewrites) {
            endLine();
        }
        printPart(line + "\n");
        if (covered) {
            writeError(inPlace(pinned));
        }
    }

    /**
     * Writes a line of results over the former one, if no other line was written in between. For use only if standard
     * output is a terminal, and while no line is pinned.
     */
    synchronized void rewrite(String line) {
        printPart(inPlace(line));
        rewrites = true;
    }

    /**
     * Writes part of a line of results without delay; must not be used while a line is pinned, which would cover it.
     */
    public synchronized void printPart(String part) {
        if (part.isEmpty()) {
            return;
        }
        try {
            write(out, part);
            inLine = !part.endsWith("\n");
        } catch (IOException e) {
            String message = SystemReason.after("standard output", SystemReason.ofStream(e));
            throw new UncheckedIOException(message, e);
        }
    }

    /** Writes a message that begins with the name of the program, unless quiet. */
    public void say(String line) {
        note("microgpt: " + line);
    }

    /** Writes notes, each as a message of its own. */
    public void sayNotes(List<String> notes) {
        for (String note : notes) {
            say("note: " + note);
        }
    }

    /** Writes a message without the name of the program, unless quiet. */
    public synchronized void note(String line) {
        if (!quiet) {
            complain(line);
        }
    }

    /** Writes a warning or error to standard error; a failure is ignored. */
    public synchronized void complain(String line) {
        endLine();
        writeError(pinned.isEmpty() ? line + "\n" : CLEAR + line + "\n" + inPlace(pinned));
    }

    /**
     * Pins a line below all others, in place of the former one. For use only if standard error is a terminal.
     *
     * @param line the line, narrower than the terminal; empty for none
     */
    synchronized void pin(String line) {
        if (quiet || !pins || line.isEmpty() && pinned.isEmpty()) {
            return;
        }
        pinned = line;
        writeError(line.isEmpty() ? CLEAR : inPlace(pinned));
    }

    /** Removes the pinned line and ignores {@link #pin} from now on, because the process may end at any time. */
    public synchronized void unpin() {
        pin("");
        pins = false;
    }

    /** Ends an incomplete line of results, which may be on the same terminal as the message that follows. */
    public synchronized void endLine() {
        if (!inLine) {
            return;
        }
        inLine = false;
        rewrites = false;
        try {
            write(out, "\n");
        } catch (IOException ignored) {
            // this failure may be the very subject of the message
        }
    }

    private static String inPlace(String line) {
        return TO_FIRST_COLUMN + WRAP_OFF + line + CLEAR_REST + WRAP_ON;
    }

    private void writeError(String text) {
        try {
            write(err, text);
        } catch (IOException ignored) {
            quiet = true;
            pinned = "";
        }
    }

    private static void write(OutputStream stream, String text) throws IOException {
        stream.write(text.getBytes(StandardCharsets.UTF_8));
    }
}

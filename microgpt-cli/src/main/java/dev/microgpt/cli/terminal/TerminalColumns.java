package dev.microgpt.cli.terminal;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** How wide a terminal is, as {@code stty} says; looked up again now and then, beside the caller, who never waits. */
public final class TerminalColumns implements IntSupplier {
    /** The width of a terminal of which nothing is known. */
    static final int USUAL = 80;

    private static final int MOST = 10_000;
    private static final int UNKNOWN = 0;
    private static final long NANOS_BETWEEN_LOOKS = 3_000_000_000L;

    private final Path device;
    private volatile int columns = USUAL;
    private volatile boolean worthAsking = true;
    private boolean asked;
    private long askedAt;

    TerminalColumns(Path device) {
        this.device = device;
    }

    /** Returns the width as last seen, and has another look if that is some time ago. */
    @Override
    public int getAsInt() {
        long now = System.nanoTime();
        if (worthAsking && (!asked || now - askedAt >= NANOS_BETWEEN_LOOKS)) {
            asked = true;
            askedAt = now;
            Thread look = new Thread(this::look, "width of the terminal");
            look.setDaemon(true);
            look.start();
        }
        return columns;
    }

    private void look() {
        int found = ask(device);
        if (found == UNKNOWN) {
            worthAsking = false;
        } else {
            columns = found;
        }
    }

    /** Returns the width of a terminal now; 0 if nothing tells. */
    public static int ask(Path device) {
        return columnsIn(ProgramOutput.of(new ProcessBuilder("stty", "size")
                .redirectInput(device.toFile())
                .redirectError(Redirect.DISCARD)));
    }

    /** Returns the second of two numbers, rows and columns; 0 if it is not there or cannot be. */
    static int columnsIn(@Nullable String size) {
        return size == null ? UNKNOWN : parsed(size.substring(size.indexOf(' ') + 1));
    }

    /** Returns a number of columns; 0 if the text is none, or one that no terminal has. */
    static int parsed(String text) {
        try {
            int number = Integer.parseInt(text.strip());
            return number > 0 && number <= MOST ? number : UNKNOWN;
        } catch (NumberFormatException none) {
            return UNKNOWN;
        }
    }
}

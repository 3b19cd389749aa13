package dev.microgpt.cli.terminal;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The width of a terminal according to {@code stty}, which runs every few seconds in a thread of its own. */
public final class TerminalColumns implements IntSupplier {
    /** The width assumed for a terminal of unknown width. */
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

    /** Returns the last known width without waiting, and starts a new look if that is some time ago. */
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

    /** Returns the present width of a terminal, 0 if unknown. */
    public static int ask(Path device) {
        return columnsIn(ProgramOutput.firstLine(new ProcessBuilder("stty", "size")
                .redirectInput(device.toFile())
                .redirectError(Redirect.DISCARD)));
    }

    /** Returns the second of two numbers, rows and columns; 0 if missing or not valid. */
    static int columnsIn(@Nullable String size) {
        return size == null ? UNKNOWN : parsed(size.substring(size.indexOf(' ') + 1));
    }

    /** Parses a number of columns; returns 0 for any other text or a number that no terminal has. */
    static int parsed(String text) {
        try {
            int number = Integer.parseInt(text.strip());
            return number > 0 && number <= MOST ? number : UNKNOWN;
        } catch (NumberFormatException none) {
            return UNKNOWN;
        }
    }
}

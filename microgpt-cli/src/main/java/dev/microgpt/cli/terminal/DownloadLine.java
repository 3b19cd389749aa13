package dev.microgpt.cli.terminal;

import java.io.Closeable;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Tells on a terminal, in a line that is rewritten, how much of a file has come; says nothing elsewhere. */
public final class DownloadLine implements Closeable {
    /** The length of a file of which the server does not say it. */
    public static final long UNKNOWN = -1;

    private static final long NANOS_BETWEEN_DRAWINGS = 100_000_000;

    private final Terminal terminal;
    private final String name;
    private final @Nullable StatusArea screen;
    private final LongSupplier nanoTime;

    private boolean drawn;
    private long drawnAt;

    /** A line that appears with the first bytes. */
    public DownloadLine(Terminal terminal, String name) {
        this(terminal, name, terminal.isStandard() && !terminal.isQuiet() ? StatusArea.find() : null, System::nanoTime);
    }

    /** The same on a given screen, or on none, and with another clock. */
    public DownloadLine(Terminal terminal, String name, @Nullable StatusArea screen, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.name = name;
        this.screen = screen;
        this.nanoTime = nanoTime;
    }

    /**
     * Shows it, unless it was shown just now.
     *
     * @param bytes how many there are
     * @param total how many there will be, or {@link #UNKNOWN}
     */
    public void show(long bytes, long total) {
        if (screen == null) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (!drawn || now - drawnAt >= NANOS_BETWEEN_DRAWINGS) {
            drawn = true;
            drawnAt = now;
            terminal.pin(fitted(bytes, total, screen.columns().getAsInt() - 1));
        }
    }

    private String fitted(long bytes, long total, int room) {
        String part = total > 0 ? 100 * bytes / total + "%" : Format.grouped(bytes) + " bytes";
        String amount = total > 0
                ? part + Progress.SEPARATOR + Format.grouped(bytes) + " / " + Format.grouped(total) + " bytes"
                : part;
        String whole = name + Progress.SEPARATOR + amount;
        if (whole.length() <= room) {
            return whole;
        }
        if (amount.length() <= room) {
            return amount;
        }
        return part.length() <= room ? part : "";
    }

    /** Takes the line away. */
    @Override
    public void close() {
        terminal.pin("");
    }
}

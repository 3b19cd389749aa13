package dev.microgpt.cli.terminal;

import java.io.Closeable;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Shows the progress of a download in a status line on a terminal; shows nothing elsewhere. */
public final class DownloadLine implements Closeable {
    /** The length of a file if the server does not send it. */
    public static final long UNKNOWN = -1;

    private static final long NANOS_BETWEEN_DRAWINGS = 100_000_000;

    private final Terminal terminal;
    private final String name;
    private final @Nullable StatusArea area;
    private final LongSupplier nanoTime;

    private boolean drawn;
    private long drawnAt;

    /** A status line on standard error, if that is a terminal. */
    public DownloadLine(Terminal terminal, String name) {
        this(terminal, name, StatusArea.find(terminal), System::nanoTime);
    }

    /**
     * A status line with another clock, for tests.
     *
     * @param area where to show it, or null for nowhere
     */
    public DownloadLine(Terminal terminal, String name, @Nullable StatusArea area, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.name = name;
        this.area = area;
        this.nanoTime = nanoTime;
    }

    /**
     * Updates the line, at most ten times per second.
     *
     * @param bytes the number of bytes so far
     * @param total the length of the file, or {@link #UNKNOWN}
     */
    public void show(long bytes, long total) {
        if (area == null) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (!drawn || now - drawnAt >= NANOS_BETWEEN_DRAWINGS) {
            drawn = true;
            drawnAt = now;
            terminal.pin(fitted(bytes, total, area.columns().getAsInt() - 1));
        }
    }

    private String fitted(long bytes, long total, int room) {
        String progress = total > 0 ? 100 * bytes / total + "%" : Format.grouped(bytes) + " bytes";
        String amount = total > 0
                ? progress + Progress.SEPARATOR + Format.grouped(bytes) + " / " + Format.grouped(total) + " bytes"
                : progress;
        String whole = name + Progress.SEPARATOR + amount;
        if (whole.length() <= room) {
            return whole;
        }
        if (amount.length() <= room) {
            return amount;
        }
        return progress.length() <= room ? progress : "";
    }

    /** Removes the line. */
    @Override
    public void close() {
        terminal.pin("");
    }
}

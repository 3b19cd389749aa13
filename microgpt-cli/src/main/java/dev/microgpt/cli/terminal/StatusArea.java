package dev.microgpt.cli.terminal;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A terminal on which a status line can be rewritten in place.
 *
 * @param columns its present width, which changes when its window is resized
 * @param colours whether to use colours
 * @param blocks  whether to draw with block characters
 */
record StatusArea(IntSupplier columns, boolean colours, boolean blocks) {
    /** Returns the terminal of standard error, or null if messages go elsewhere or a status line is not possible. */
    static @Nullable StatusArea find(Terminal terminal) {
        if (terminal.isQuiet() || !canRewrite(terminal)) {
            return null;
        }
        Path device = TerminalDevice.find();
        return device == null ? null : of(device, System.getenv());
    }

    /** Returns whether standard output is a terminal on which a line can be rewritten. */
    static boolean isStandardOutput(Terminal terminal) {
        return canRewrite(terminal) && TerminalDevice.isStandardOutput();
    }

    private static boolean canRewrite(Terminal terminal) {
        // the log of the libraries goes to standard error, too, and would be written into the line
        boolean logs = System.getProperty(Logging.LEVEL) != null;
        return terminal.isStandard() && !logs && canRewrite(System.getenv());
    }

    /** Returns whether the environment describes a terminal that can rewrite a line. */
    static boolean canRewrite(Map<String, String> environment) {
        String kind = environment.get("TERM");
        return kind != null && !kind.isEmpty() && !kind.equals("dumb");
    }

    /**
     * Returns a terminal as the environment configures it: {@code NO_COLOR} disables colours, {@code COLUMNS} sets the
     * width.
     *
     * @see <a href="https://no-color.org">no-color.org</a>
     */
    static StatusArea of(Path device, Map<String, String> environment) {
        boolean colours = environment.getOrDefault("NO_COLOR", "").isEmpty();
        int wanted = TerminalColumns.parsed(environment.getOrDefault("COLUMNS", ""));
        boolean blocks = Sparkline.canShowBlocks(System.getProperty("sun.jnu.encoding", ""), environment);
        return new StatusArea(wanted > 0 ? () -> wanted : new TerminalColumns(device), colours, blocks);
    }
}

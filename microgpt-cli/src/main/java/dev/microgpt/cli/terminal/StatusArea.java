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
 */
record StatusArea(IntSupplier columns, boolean colours) {
    /** Returns the terminal of standard error, or null if messages go elsewhere or a status line is not possible. */
    static @Nullable StatusArea find(Terminal terminal) {
        // the log of the libraries goes to standard error, too, and would be written into the status line
        boolean logs = System.getProperty(Logging.LEVEL) != null;
        if (!terminal.isStandard() || terminal.isQuiet() || logs || !canRewrite(System.getenv())) {
            return null;
        }
        Path device = TerminalDevice.find();
        return device == null ? null : of(device, System.getenv());
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
        return new StatusArea(wanted > 0 ? () -> wanted : new TerminalColumns(device), colours);
    }
}

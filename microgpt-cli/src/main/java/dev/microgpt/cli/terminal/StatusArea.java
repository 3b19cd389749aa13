package dev.microgpt.cli.terminal;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A terminal on which a line can be rewritten.
 *
 * @param columns its width, which changes when somebody pulls at its window
 * @param colours whether colours are wanted
 */
record StatusArea(IntSupplier columns, boolean colours) {
    /** Returns the one that standard error leads to, or null if it leads elsewhere or should be spared. */
    static @Nullable StatusArea find() {
        // the libraries' log goes the same way, and would end up in the middle of a line
        if (System.getProperty(Logging.LEVEL) != null || !canRewrite(System.getenv())) {
            return null;
        }
        Path device = TerminalDevice.find();
        return device == null ? null : of(device, System.getenv());
    }

    /** Returns whether the environment speaks of a terminal that knows more than lines. */
    static boolean canRewrite(Map<String, String> environment) {
        String kind = environment.get("TERM");
        return kind != null && !kind.isEmpty() && !kind.equals("dumb");
    }

    /**
     * Returns a terminal as the user wants it: {@code NO_COLOR} forbids colours, {@code COLUMNS} sets the width.
     *
     * @see <a href="https://no-color.org">no-color.org</a>
     */
    static StatusArea of(Path device, Map<String, String> environment) {
        boolean colours = environment.getOrDefault("NO_COLOR", "").isEmpty();
        int wanted = TerminalColumns.parsed(environment.getOrDefault("COLUMNS", ""));
        return new StatusArea(wanted > 0 ? () -> wanted : new TerminalColumns(device), colours);
    }
}

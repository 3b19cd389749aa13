package dev.microgpt.benchmarks.report;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The list of the JVM flags of each fork, and of the methods that ran with them. */
final class Flags {
    private static final String NONE = "none";
    private static final Pattern LINE = Pattern.compile("(?m)^- (none|`[^`]*`): (.*)$");

    private Flags() {}

    /**
     * Returns the list.
     *
     * @param before the list for figures that stay in the document, empty if none do
     */
    static String markdown(List<Results> runs, String before) {
        Map<String, Set<String>> methods = new TreeMap<>();
        for (Matcher line = LINE.matcher(before); line.find(); ) {
            String flags = line.group(1).equals(NONE) ? "" : line.group(1).replace("`", "");
            methods.put(flags, new TreeSet<>(List.of(line.group(2).split(", "))));
        }
        for (Results run : runs) {
            for (Result result : run.jmh()) {
                methods.computeIfAbsent(String.join(" ", result.flags()), flags -> new TreeSet<>())
                        .add(result.method().replace("Benchmark.", "."));
            }
        }
        StringBuilder text = new StringBuilder("The flags of each fork, and the methods that ran with them:\n\n");
        methods.forEach((flags, names) -> text.append("- ")
                .append(flags.isEmpty() ? NONE : "`" + flags + "`")
                .append(": ")
                .append(String.join(", ", names))
                .append('\n'));
        return text.toString();
    }
}

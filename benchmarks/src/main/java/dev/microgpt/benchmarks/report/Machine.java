package dev.microgpt.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The head of the report: where, when, on what and with which flags was measured. */
final class Machine {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Machine() {}

    static String markdown(List<Results> runs, String date, String commit) {
        StringBuilder text = new StringBuilder();
        text.append("On ").append(date).append(", at commit `").append(commit).append("`: ");
        text.append(processor()).append(", ").append(Runtime.getRuntime().availableProcessors());
        text.append(" cores, ").append(System.getProperty("os.name")).append(' ');
        text.append(System.getProperty("os.version")).append("; ");
        List<String> vms = new ArrayList<>();
        for (Results run : runs) {
            vms.add(run.all().get(0).vm());
        }
        text.append(String.join(" and ", vms)).append(".\n\n");
        text.append("The flags of each fork, and the methods that ran with them:\n\n");
        flags(runs)
                .forEach((flags, methods) -> text.append("- ")
                        .append(flags.isEmpty() ? "none" : "`" + flags + "`")
                        .append(": ")
                        .append(String.join(", ", methods))
                        .append('\n'));
        return text.toString();
    }

    private static Map<String, Set<String>> flags(List<Results> runs) {
        Map<String, Set<String>> methods = new TreeMap<>();
        for (Results run : runs) {
            for (Result result : run.all()) {
                methods.computeIfAbsent(String.join(" ", result.flags()), flags -> new TreeSet<>())
                        .add(result.benchmark().replace("Benchmark", "") + "." + result.method());
            }
        }
        return methods;
    }

    /** Such as {@code AMD EPYC (family 25, model 17)}: the name alone often says little. */
    private static String processor() {
        Map<String, String> fields = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(CPU_INFO)) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    fields.putIfAbsent(
                            line.substring(0, colon).strip(),
                            line.substring(colon + 1).strip());
                }
            }
        } catch (IOException notLinux) {
            return System.getProperty("os.arch");
        }
        return fields.getOrDefault("model name", System.getProperty("os.arch")) + " (family "
                + fields.getOrDefault("cpu family", "?") + ", model " + fields.getOrDefault("model", "?") + ")";
    }
}

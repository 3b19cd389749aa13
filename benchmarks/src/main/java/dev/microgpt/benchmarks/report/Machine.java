package dev.microgpt.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The head of the report: date, commit, machine, JDKs, and the JVM flags of each benchmark. */
final class Machine {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Machine() {}

    static String markdown(List<Results> runs, String date, String commit) {
        String vms = runs.stream().map(run -> run.jmh().get(0).vm()).collect(Collectors.joining(" and "));
        StringBuilder text = new StringBuilder("On " + date + ", at commit `" + commit + "`: " + processor() + ", "
                + Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + "; " + vms + ".\n\n");
        text.append("The flags of each fork, and the methods that ran with them:\n\n");
        methodsByFlags(runs)
                .forEach((flags, methods) -> text.append("- ")
                        .append(flags.isEmpty() ? "none" : "`" + flags + "`")
                        .append(": ")
                        .append(String.join(", ", methods))
                        .append('\n'));
        return text.toString();
    }

    private static Map<String, Set<String>> methodsByFlags(List<Results> runs) {
        Map<String, Set<String>> methods = new TreeMap<>();
        for (Results run : runs) {
            for (Result result : run.jmh()) {
                methods.computeIfAbsent(String.join(" ", result.flags()), flags -> new TreeSet<>())
                        .add(result.method().replace("Benchmark.", "."));
            }
        }
        return methods;
    }

    /** Such as {@code AMD EPYC (family 25, model 17)}: many names say little alone. */
    private static String processor() {
        String architecture = System.getProperty("os.arch");
        Map<String, String> fields = new HashMap<>();
        try {
            for (String line : Files.readAllLines(CPU_INFO)) {
                String[] field = line.split("\\s*:\\s*", 2);
                if (field.length == 2) {
                    fields.putIfAbsent(field[0], field[1]);
                }
            }
        } catch (IOException notLinux) {
            return architecture;
        }
        return fields.getOrDefault("model name", architecture) + " (family " + fields.getOrDefault("cpu family", "?")
                + ", model " + fields.getOrDefault("model", "?") + ")";
    }
}

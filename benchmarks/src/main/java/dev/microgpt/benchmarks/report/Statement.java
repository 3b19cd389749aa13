package dev.microgpt.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the report states about all its figures; figures of another day, commit, machine or JDK must not appear below
 * it.
 *
 * @param date    the day of measuring, or the first and the last
 * @param commit  the commit that was measured
 * @param machine processor, cores and operating system
 * @param vms     the JVMs
 */
record Statement(String date, String commit, String machine, String vms) {
    /** The section of the document that begins with a statement. */
    static final String SECTION = "machine";

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Pattern FORM =
            Pattern.compile("On ([^\n]*?), at commit `([^`]*)`: ([^;\n]*); ([^\n]*)\\.(?s:.*)");

    /** Describes results of this machine. */
    static Statement of(List<Results> runs, String date, String commit) {
        String machine = processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores, "
                + System.getProperty("os.name") + " " + System.getProperty("os.version");
        String vms = runs.stream().map(run -> run.jmh().get(0).vm()).collect(Collectors.joining(" and "));
        return new Statement(date, commit, machine, vms);
    }

    @Override
    public String toString() {
        return "On " + date + ", at commit `" + commit + "`: " + machine + "; " + vms + ".";
    }

    /**
     * Refuses to put this above figures that stay in a document.
     *
     * @param section the section of the document that states where its figures come from
     * @param kept    the sections whose figures stay
     * @throws IllegalArgumentException if they are of another day, commit, machine or JDK
     */
    void checkSameAs(String section, List<String> kept) {
        Matcher stated = FORM.matcher(section);
        List<String> differences = new ArrayList<>();
        if (!stated.matches()) {
            differences.add("the document does not state theirs");
        } else {
            addDifference("date", stated.group(1), date, differences);
            addDifference("commit", stated.group(2), commit, differences);
            addDifference("machine", stated.group(3), machine, differences);
            addDifference("JVMs", stated.group(4), vms, differences);
        }
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException("the results lack the sections " + String.join(", ", kept)
                    + ", whose documented figures must not be mixed with these (" + String.join("; ", differences)
                    + "); measure everything with benchmarks/run.sh, or use --compare, which writes nothing");
        }
    }

    private static void addDifference(String what, String theirs, String mine, List<String> differences) {
        if (!theirs.equals(mine)) {
            differences.add(what + " " + theirs + " there, " + mine + " here");
        }
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

package dev.microgpt.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Benchmark;

/** Every benchmark that a document, {@code run.sh} or the description of the report's tables names exists. */
class DocumentedBenchmarksTest {
    private static final Path PROJECT = Path.of("..");
    private static final String PACKAGE = "dev.microgpt.benchmarks.";
    private static final Path SOURCES = Path.of("src/main/java/dev/microgpt/benchmarks");
    private static final Path TABLES = Path.of("src/main/resources/dev/microgpt/benchmarks/report/tables.md");

    /** A class with or without a method. */
    private static final Pattern LONG_NAME = Pattern.compile("\\b([A-Z]\\w*Benchmark)\\b(?:\\.(\\w+))?");

    /** The methods after the flags of their forks, such as {@code TrainStep.tapeScalar, Row.scalar}. */
    private static final Pattern SHORT_NAMES =
            Pattern.compile("(?m)^- (?:none|`-[^`]*`): ((?:[A-Z]\\w*\\.\\w+(?:, )?)+)$");

    /** What JMH is asked to run, on its command line or in {@code run.sh}. */
    private static final Pattern SELECTION = Pattern.compile(
            "(?:-jar \\S*benchmarks\\.jar |(?m:^ *part) [a-z-]+ |(?m:^[a-z]+=))(?:'([^']+)'|([A-Z]\\w+))");

    /** The results of other programs that tables may name. */
    private static final Set<String> PEERS = Set.of(
            "OpenBlas.peak",
            "OpenBlas.product",
            "PyTorch.stepOneThread",
            "PyTorch.stepTwoThreads",
            "PyTorch.attentionOneThread",
            "PyTorch.attentionTwoThreads");

    private static final Pattern ALTERNATIVES = Pattern.compile("\\(([^)]*)\\)");

    private static final Map<String, Set<String>> METHODS = new TreeMap<>();

    @BeforeAll
    static void findBenchmarks() throws Exception {
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.filter(file -> file.toString().endsWith("Benchmark.java"))
                    .toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                Set<String> methods = new TreeSet<>();
                for (Method method : Class.forName(PACKAGE + name).getMethods()) {
                    if (method.isAnnotationPresent(Benchmark.class)) {
                        methods.add(method.getName());
                    }
                }
                METHODS.put(name, methods);
            }
        }
        assertTrue(METHODS.size() > 10, METHODS::toString);
    }

    static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        documents.add(PROJECT.resolve("README.md"));
        documents.add(PROJECT.resolve("CONTRIBUTING.md"));
        documents.add(Path.of("run.sh"));
        try (Stream<Path> docs = Files.list(PROJECT.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
        }
        return documents;
    }

    @ParameterizedTest
    @MethodSource("documents")
    void benchmarksOfDocumentExist(Path document) throws IOException {
        assertEquals(List.of(), wrongNames(Files.readString(document)), document.toString());
    }

    @Test
    void benchmarksOfTheTablesExist() throws IOException {
        assertEquals(List.of(), wrongNamesOfTables(Files.readString(TABLES)));
    }

    /** A benchmark that no table shows would be run and then dropped. */
    @Test
    void everyBenchmarkIsInATable() throws IOException {
        String tables = Files.readString(TABLES);
        assertEquals(
                List.of(),
                METHODS.keySet().stream().filter(name -> !tables.contains(name)).toList());
    }

    /** A benchmark that {@code run.sh} does not run would be missing from a complete report. */
    @Test
    void everyBenchmarkIsRun() throws IOException {
        List<Pattern> selections = new ArrayList<>();
        Matcher selection = SELECTION.matcher(Files.readString(Path.of("run.sh")));
        while (selection.find()) {
            selections.add(Pattern.compile(selection.group(1) == null ? selection.group(2) : selection.group(1)));
        }
        for (Map.Entry<String, Set<String>> type : METHODS.entrySet()) {
            for (String method : type.getValue()) {
                String name = PACKAGE + type.getKey() + "." + method;
                assertTrue(
                        selections.stream()
                                .anyMatch(regex -> regex.matcher(name).find()),
                        name + " is in no part of run.sh");
            }
        }
    }

    @Test
    void wrongNamesAreNoticed() {
        String text = "`RowBenchmark.scalar`, RowsBenchmark and `RowBenchmark.scalars`\n"
                + "- none: Matmul.ejml, Matmul.eigen, Gone.naive\n"
                + "- `-Xmx3g`: MemoryRead.oneThread, MemoryRead.threeThreads\n"
                + "java -jar benchmarks/target/benchmarks.jar TrainStep -prof gc\n"
                + "java -jar benchmarks/target/benchmarks.jar TrainStop -prof gc\n"
                + "java -jar benchmarks/target/benchmarks.jar 'Matmul.*scalar$|Matmul.*eigen$'\n"
                + "    part rows 'RowBenchmark' -f 2\n"
                + "part rows 'RowsBench' -f 2\n"
                + "fast='Matmul.*\\.(vector|tensor)$'\n";
        assertEquals(
                List.of(
                        "RowsBenchmark",
                        "RowBenchmark.scalars",
                        "MatmulBenchmark.eigen",
                        "GoneBenchmark.naive",
                        "MemoryReadBenchmark.threeThreads",
                        "TrainStop",
                        "Matmul.*eigen$",
                        "RowsBench",
                        "Matmul.*\\.tensor$"),
                wrongNames(text));
        assertEquals(
                List.of("RowBenchmark.matrix", "PeakBenchmark.none", "OpenBlas.peaks", "GoneBenchmark"),
                wrongNamesOfTables(
                        "for RowBenchmark operation:\n| {operation name} | {scalar ns} | {matrix µs} |\n"
                                + "| {vector rate of PeakBenchmark.none rate} | {OpenBlas.peak rate} | {OpenBlas.peaks rate} |\nfor GoneBenchmark:\n"));
    }

    private static List<String> wrongNames(String text) {
        List<String> wrong = new ArrayList<>();
        for (Matcher name = LONG_NAME.matcher(text); name.find(); ) {
            check(name.group(1), name.group(2), wrong);
        }
        for (Matcher names = SHORT_NAMES.matcher(text); names.find(); ) {
            for (String name : names.group(1).split(", ")) {
                String[] parts = name.split("\\.");
                check(parts[0] + "Benchmark", parts[1], wrong);
            }
        }
        for (Matcher selection = SELECTION.matcher(text); selection.find(); ) {
            String all = selection.group(1) == null ? selection.group(2) : selection.group(1);
            for (String regex : alternatives(all)) {
                if (!selectsAny(regex)) {
                    wrong.add(regex);
                }
            }
        }
        return wrong;
    }

    /** Multiplies out {@code a(b|c)|d}. */
    private static List<String> alternatives(String regex) {
        Matcher inner = ALTERNATIVES.matcher(regex);
        if (!inner.find()) {
            return List.of(regex.split("\\|"));
        }
        List<String> alternatives = new ArrayList<>();
        for (String alternative : inner.group(1).split("\\|")) {
            alternatives.addAll(alternatives(inner.replaceFirst(Matcher.quoteReplacement(alternative))));
        }
        return alternatives;
    }

    private static List<String> wrongNamesOfTables(String text) {
        List<String> wrong = new ArrayList<>();
        String benchmark = "";
        Set<String> params = Set.of();
        Matcher word =
                Pattern.compile("(?m)^for (\\S+?)((?: \\w+)*):$|\\{([^}]+)}").matcher(text);
        while (word.find()) {
            if (word.group(1) != null) {
                benchmark = word.group(1).replaceFirst(",.*", "");
                params = Set.of(word.group(2).strip().split(" "));
                for (String name : word.group(1).split(",")) {
                    check(name, null, wrong);
                }
                continue;
            }
            for (String operand : word.group(3).split(" / | of ")) {
                String name = operand.replaceFirst(" .*", "");
                if (!params.contains(name) && !PEERS.contains(name)) {
                    String[] parts = (name.contains(".") ? name : benchmark + "." + name).split("\\.");
                    check(parts[0], parts[1], wrong);
                }
            }
        }
        return wrong;
    }

    private static void check(String type, @Nullable String method, List<String> wrong) {
        Set<String> methods = METHODS.get(type);
        if (methods == null || method != null && !methods.contains(method)) {
            wrong.add(method == null ? type : type + "." + method);
        }
    }

    /** As JMH does: by a part of the full name. */
    private static boolean selectsAny(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return METHODS.entrySet().stream()
                .anyMatch(type -> type.getValue().stream()
                        .anyMatch(method -> pattern.matcher(PACKAGE + type.getKey() + "." + method)
                                .find()));
    }
}

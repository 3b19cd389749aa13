package dev.microgpt.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The arguments of {@code run.sh}, before anything is measured. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "run.sh needs a POSIX shell")
class RunScriptTest {
    @TempDir
    private Path folder;

    @Test
    void wrongArgumentsAreAnsweredInASentence() throws Exception {
        assertRefused("there is no folder for the results");
        assertRefused("there is no option --comare", "--comare", "../docs");
        assertRefused("there is no mode fast", "results", "fast");
        assertRefused("there are more than two arguments", "results", "quick", "more");
        assertRefused("--compare needs the folder of the documents, such as docs", "--compare");
        assertRefused("there is no gone/benchmarks.md to compare with", "--compare", "gone");
        assertRefused("there is no folder gone with results", "--compare", "../docs", "gone");
        assertRefused("there are more than three arguments", "--compare", "../docs", "results", "more");
    }

    /** The jar is not built yet when tests run, so an empty one stands in its place, and a script in that of Java. */
    @Test
    void comparisonReadsTheResultsOfAFolderAndMeasuresNothing() throws Exception {
        Path script = Files.copy(Path.of("run.sh"), folder.resolve("run.sh"));
        Files.createFile(Files.createDirectory(folder.resolve("target")).resolve("benchmarks.jar"));
        Path results = Files.createDirectory(folder.resolve("my results"));
        for (String name : new String[] {"peak.json", "rows.json", "openblas.jsonl", "peak.log"}) {
            Files.createFile(results.resolve(name));
        }
        Path java = Files.writeString(folder.resolve("java"), "#!/bin/sh\nshift 2\nfor a; do echo \"$a\"; done\n");
        assertTrue(java.toFile().setExecutable(true));
        Ended ended = run(script, java.toString(), "python3", "--compare", "../docs", results.toString());
        assertEquals(
                List.of(
                        "dev.microgpt.benchmarks.report.Report",
                        "--compare",
                        "../docs",
                        results + "/peak.json",
                        results + "/rows.json",
                        results + "/openblas.jsonl"),
                ended.output.lines().toList());
        assertEquals(0, ended.code);
    }

    /** With scripts in place of Java, Python and the compiler, which write down how they were called. */
    @Test
    void ourBenchmarksAlternateWithTheirPeersInThreeRounds() throws Exception {
        Path script = Files.copy(Path.of("run.sh"), folder.resolve("run.sh"));
        Files.createFile(Files.createDirectory(folder.resolve("target")).resolve("benchmarks.jar"));
        Path calls = folder.resolve("calls");
        Path java = executable("java", "echo java \"$@\" >> '" + calls + "'");
        Path python = executable("python", "[ \"$1\" = -c ] || echo python \"$@\" >> '" + calls + "'; echo '{}'");
        executable("gcc", "exit 1");
        Path results = folder.resolve("results");
        Ended ended = run(script, java.toString(), python.toString(), results.toString());
        assertEquals(0, ended.code, ended.output);
        assertTrue(ended.output.contains("skipped: OpenBLAS from C"), ended.output);

        List<String> lines = Files.readAllLines(calls);
        String main = folder + "/src/main/python/";
        for (int threads = 1; threads <= 2; threads++) {
            String options = " --threads " + threads + " --seconds 3";
            assertEquals(
                    3, Collections.frequency(lines, "python " + main + "nano_gpt_step.py" + options), ended.output);
            assertEquals(3, Collections.frequency(lines, "python " + main + "causal_attention.py" + options));
        }
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).contains("nano_gpt_step.py --threads 1")) {
                assertTrue(lines.get(i - 1).contains(" NanoGptStepBenchmark"), lines.get(i - 1));
            }
        }
        assertEquals(12, Files.readAllLines(results.resolve("pytorch.jsonl")).size());
        List<String> files = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("java ")) {
                List<String> words = List.of(line.split(" "));
                for (String option : new String[] {"-f", "-wi", "-i", "-w", "-r"}) {
                    assertTrue(Collections.frequency(words, option) <= 1, "JMH refuses " + line);
                }
                files.add(words.get(words.indexOf("-rff") + 1));
            }
        }
        assertEquals(files.size(), new TreeSet<>(files).size(), "a part overwrites another in " + files);
    }

    @Test
    void pyTorchIsSkippedWithAMessageWhereItIsMissing() throws Exception {
        Path script = Files.copy(Path.of("run.sh"), folder.resolve("run.sh"));
        Files.createFile(Files.createDirectory(folder.resolve("target")).resolve("benchmarks.jar"));
        Path java = executable("java", "exit 0");
        Path python = executable("python", "exit 1");
        executable("gcc", "exit 1");
        Ended ended = run(
                script,
                java.toString(),
                python.toString(),
                folder.resolve("results").toString(),
                "quick");
        assertEquals(0, ended.code, ended.output);
        String skipped = "skipped: PyTorch, which " + python + " does not have; PYTHON names one that has it";
        assertEquals(1, ended.output.lines().filter(skipped::equals).count(), ended.output);
    }

    private Path executable(String name, String commands) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + commands + "\n");
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }

    private static void assertRefused(String message, String... arguments) throws Exception {
        Ended ended = run(Path.of("run.sh"), "java", "python3", arguments);
        assertEquals(2, ended.code, ended.output);
        assertEquals(
                "run.sh: " + message + "; usage: run.sh OUT_DIR [quick], or run.sh --compare DOCS [OUT_DIR]\n",
                ended.output);
    }

    private record Ended(int code, String output) {}

    private static Ended run(Path script, String java, String python, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA", java);
        builder.environment().put("PYTHON", python);
        // the folder of the script may hold a gcc
        builder.environment().merge("PATH", script.toAbsolutePath().getParent() + ":", (path, first) -> first + path);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}

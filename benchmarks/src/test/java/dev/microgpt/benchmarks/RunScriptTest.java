package dev.microgpt.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        Ended ended = run(script, java.toString(), "--compare", "../docs", results.toString());
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

    private static void assertRefused(String message, String... arguments) throws Exception {
        Ended ended = run(Path.of("run.sh"), "java", arguments);
        assertEquals(2, ended.code, ended.output);
        assertEquals(
                "run.sh: " + message + "; usage: run.sh OUT_DIR [quick], or run.sh --compare DOCS [OUT_DIR]\n",
                ended.output);
    }

    private record Ended(int code, String output) {}

    private static Ended run(Path script, String java, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA", java);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}

package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.cli.jvm.Launcher;
import dev.microgpt.cli.jvm.SecondJvm;
import dev.microgpt.cli.run.WorkEstimate;
import dev.microgpt.cli.terminal.FakeTerminal;
import dev.microgpt.cli.terminal.Logging;
import dev.microgpt.cli.terminal.ProgramOutput;
import dev.microgpt.cli.terminal.TerminalDevice;
import java.io.File;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes on a pseudo terminal, which {@code script} of util-linux creates. */
class TerminalIT {
    private static final String JAR = System.getProperty("microgpt.jar");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String TRAINING =
            "-cp " + JAR + File.pathSeparator + testClasses() + " dev.microgpt.cli.ShortTraining";
    private static final String LAST_LINE =
            "step 3 / 3 | mean training loss 2.5000 | lr 1.00e-3 | 5,120 tokens/s | took ";

    @TempDir
    Path folder;

    @BeforeEach
    void needsScript() {
        String version = ProgramOutput.firstLine(new ProcessBuilder("script", "--version"));
        assumeTrue(
                version != null && version.contains("util-linux"), "skipped: this system has no script of util-linux");
    }

    @Test
    void aTerminalGetsALineThatIsRewritten() throws Exception {
        FakeTerminal shown = onTerminal(JAVA + " " + TRAINING);
        assertTrue(shown.received().contains("\u001B[2m"), shown.toString());
        List<String> rows = shown.rows();
        assertEquals(List.of("columns: 100", "result of 1", "result of 2", "result of 3"), rows.subList(0, 4));
        assertTrue(rows.get(4).startsWith("step 3 | validation loss 1.8812 |"), rows.get(4));
        assertTrue(rows.get(5).startsWith(LAST_LINE), rows.get(5));
        assertEquals("", rows.get(6));
        assertEquals(7, rows.size(), shown.toString());
    }

    /** As microgpt.py writes it: the lines of the steps replace each other. */
    @ParameterizedTest
    @ValueSource(strings = {"", " --quiet"})
    void eachStepOfTheDefaultRunReplacesTheFormerOne(String option) throws Exception {
        String command = JAVA + " -jar " + JAR + " train --steps 3 --num-samples 1" + option;
        List<String> rows = onTerminal(command).rows();
        List<String> results = rows.subList(option.isEmpty() ? 1 : 0, rows.size());
        assertEquals(List.of("num docs: 29800", "vocab size: 27", "num params: 4192"), results.subList(0, 3));
        assertEquals("step    3 /    3 | loss 3.1867", results.get(3).replaceAll("loss .*", "loss 3.1867"));
        assertEquals(List.of("", "--- inference (new, hallucinated names) ---"), results.subList(4, 6));
        assertTrue(results.get(6).startsWith("sample  1: "), results.toString());
    }

    @Test
    void theDefaultRunElsewhereKeepsALineForEachStep() throws Exception {
        FakeTerminal shown = onTerminal(JAVA + " -jar " + JAR + " train --steps 3 --num-samples 0 2>&1 | cat");
        assertFalse(shown.received().contains("\u001B"), shown.toString());
        assertTrue(shown.rows().get(4).startsWith("step    1 /    3 | loss "), shown.toString());
        assertTrue(shown.rows().get(6).startsWith("step    3 /    3 | loss "), shown.toString());
        assertTrue(shown.rows().contains("microgpt: trained 3 steps; the model is out/checkpoint.safetensors"));
    }

    @Test
    void standardErrorElsewhereGetsPlainLines() throws Exception {
        FakeTerminal shown = onTerminal(JAVA + " " + TRAINING + " 2>err");
        assertEquals(List.of("columns: none", "result of 1", "result of 2", "result of 3", ""), shown.rows());
        String err = Files.readString(folder.resolve("err"));
        assertEquals(4, err.lines().count(), err);
        assertFalse(err.contains("\r") || err.contains("\u001B"), err);
    }

    @Test
    void aDumbTerminalGetsPlainLines() throws Exception {
        FakeTerminal shown = onTerminal("TERM=dumb " + JAVA + " " + TRAINING);
        assertFalse(shown.received().contains("\u001B"), shown.toString());
        assertEquals(9, shown.rows().size(), shown.toString());
    }

    @Test
    void aSecondJvmIsToldTheTerminalOfTheFirst() throws Exception {
        assumeTrue(
                ModuleFinder.ofSystem().find(SecondJvm.VECTOR_API).isPresent(),
                "skipped: this JDK comes without the module " + SecondJvm.VECTOR_API);
        FakeTerminal shown = onTerminal(JAVA + " -D" + WorkEstimate.LONG_FROM + "=0 -D" + Logging.LEVEL + "=debug -jar "
                + JAR + " train --steps 1 --num-samples 0");
        assertTrue(shown.received().contains("-D" + TerminalDevice.PROPERTY + "=/dev/"), shown.toString());
    }

    @Test
    void aSecondJvmWritesToTheTerminalAndNotToItsPipe() throws Exception {
        FakeTerminal shown = onTerminal(JAVA + " -D" + TerminalDevice.PROPERTY + "=$(tty) " + TRAINING + " 2>err");
        assertEquals("", Files.readString(folder.resolve("err")));
        assertEquals("columns: 100", shown.rows().get(0));
        assertTrue(shown.rows().get(5).startsWith(LAST_LINE), shown.toString());
    }

    @Test
    void aTerminalIsNoData() throws Exception {
        FakeTerminal shown = onTerminal(JAVA + " -jar " + JAR + " train --data - || echo it ended with $?");
        assertEquals(
                "microgpt: --data -: standard input is a terminal, but must be a file or a pipe",
                shown.rows().get(0));
        assertTrue(shown.rows().get(1).startsWith("hint: add < FILE"), shown.toString());
        assertEquals("it ended with 2", shown.rows().get(2));
    }

    private FakeTerminal onTerminal(String command) throws Exception {
        Path out = folder.resolve("shown");
        ProcessBuilder script = new ProcessBuilder("script", "-qec", "stty cols 100; " + command, "/dev/null")
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectErrorStream(true);
        script.environment().put("TERM", "xterm");
        script.environment().keySet().removeAll(List.of("NO_COLOR", "COLUMNS", Launcher.VARIABLE));
        Process process = script.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "ends in time");
        FakeTerminal shown = new FakeTerminal(100);
        shown.write(Files.readAllBytes(out));
        assertEquals(0, process.exitValue(), shown.toString());
        return shown;
    }

    private static String testClasses() {
        return new File(TerminalIT.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .getPath();
    }
}

package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.explain.Explained;
import dev.microgpt.cli.failure.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code train --optimizer}, with the optimizer of docs/optimizers.md compiled from there. */
class OwnOptimizerTest {
    private static final Path GUIDE = Path.of("..", "docs", "optimizers.md");
    private static final String LION = "example.lion";

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @TempDir
    Path folder;

    private Path text;
    private Path out;

    @BeforeEach
    void putTheOptimizerOnTheClassPath() throws IOException {
        text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        out = folder.resolve("out");
        Path classes = Files.createDirectories(folder.resolve("classes"));
        Path source = Files.writeString(folder.resolve("Lion.java"), block("java"));
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        List<String> args = List.of(
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                source.toString());
        int exitCode = ToolProvider.getSystemJavaCompiler().run(null, messages, messages, args.toArray(new String[0]));
        assertEquals(0, exitCode, messages::toString);
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve("dev.microgpt.train.OptimizerType"), block("text"));
        Thread.currentThread()
                .setContextClassLoader(
                        new URLClassLoader(new URL[] {classes.toUri().toURL()}, before));
    }

    @AfterEach
    void takeItAway() {
        Thread.currentThread().setContextClassLoader(before);
    }

    private static String block(String language) throws IOException {
        Matcher block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));
        assertTrue(block.find(), language);
        return block.group(1);
    }

    private Run train(String... more) {
        return SmallTraining.run(text, out, more);
    }

    private static Run done(Run run) {
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return run;
    }

    private static void assertRefused(int exitCode, String message, Run run) {
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().contains("microgpt: " + message), run.err());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRunWithItIsStoppedAndResumedBitForBit(boolean named) throws IOException {
        String[] options = {"--optimizer", LION, "--dropout", "0.2", "--checkpoint-interval", "3", "--keep", "9"};
        done(train(options));
        Path last = out.resolve("checkpoint.safetensors");
        byte[] straight = Files.readAllBytes(last);
        Files.delete(last);
        Files.delete(out.resolve("checkpoint-00000006.safetensors"));
        done(named ? SmallTraining.resume(text, out, "--optimizer", LION) : SmallTraining.resume(text, out));
        assertArrayEquals(straight, Files.readAllBytes(last));
        assertEquals("example.lion, version 1", SmallTraining.info(last).get("optimizer"));
        assertTrue(Files.readString(out.resolve("report.html")).contains(LION), "the report names it");
    }

    /** It has no second moments. */
    @Test
    void aStepWithItIsExplained() throws IOException {
        done(train("--optimizer", LION));
        Path page = folder.resolve("explain.html");
        done(Run.of("explain", out.toString(), "--text=the", "--step=3", "--data=" + text, "--out=" + page));
        Map<String, Object> step = Explained.read(page).at("step");
        assertEquals(SmallTraining.metrics(out, "loss").get(2), step.get("batchLoss"));
        assertNull(step.get("adamStep"));
        for (Map<String, Object> weight : Explained.maps(step.get("weights"))) {
            assertNull(weight.get("v"));
            assertTrue(weight.get("update") != null && weight.get("gradient") != null);
        }
    }

    @Test
    void anotherOptimizerThanTheOneOfTheRunIsRefused() throws IOException {
        done(train("--optimizer", LION));
        Path last = out.resolve("checkpoint.safetensors");
        String differs = " is adam, but " + last + " was trained with example.lion";
        assertRefused(ExitCode.USAGE, "--optimizer" + differs, SmallTraining.resume(text, out, "--optimizer", "adam"));
        assertRefused(ExitCode.FOLDER_IN_USE, "--out ", train()); // another run, as its optimizer says
        done(train("--optimizer", LION));

        Path adam = folder.resolve("adam");
        done(SmallTraining.run(text, adam));
        assertNull(SmallTraining.info(adam).get("optimizer"));
        assertRefused(
                ExitCode.USAGE,
                "--optimizer is example.lion, but ",
                SmallTraining.resume(text, adam, "--optimizer", LION));
        done(SmallTraining.resume(text, adam, "--optimizer", "adam"));
    }

    @Test
    void anUnknownOptimizerIsRefusedBeforeAnythingIsWritten() {
        Run run = train("--optimizer", "example.tiger");
        assertRefused(ExitCode.USAGE, "--optimizer \"example.tiger\" is unknown: no OptimizerType on the class", run);
        assertTrue(run.err().contains("found only example.lion"), run.err());
        assertTrue(run.err().contains("hint: start the program with your jar on its class path: java -cp"), run.err());
        assertRefused(
                ExitCode.USAGE, "--optimizer \"lion\" is unknown; it must be adam, or", train("--optimizer=lion"));
        assertFalse(Files.exists(out));
    }

    @Test
    void withoutItsJarARunIsNotResumedButItsModelIsUsed() throws IOException {
        done(train("--optimizer", LION));
        takeItAway();
        Path last = out.resolve("checkpoint.safetensors");
        String missing = "checkpoint checkpoint.safetensors: the run cannot be resumed without version 1 of its"
                + " optimizer: optimizer \"example.lion\" is unknown: ";
        assertRefused(ExitCode.CONTENT, missing, SmallTraining.resume(text, out));
        assertRefused(ExitCode.CONTENT, missing, Run.of("info", last.toString()));
        done(Run.of("sample", "--checkpoint", last.toString(), "--num-samples", "1"));
        done(Run.of("eval", "--checkpoint", last.toString(), "--data", text.toString()));
        Path tuned = folder.resolve("tuned");
        done(Run.of(
                "train",
                "--init-from",
                out.toString(),
                "--data",
                text.toString(),
                "--out",
                tuned.toString(),
                "--warmup-steps",
                "1",
                "--num-samples",
                "0"));
        assertNull(SmallTraining.info(tuned).get("optimizer"), "a new run begins with Adam");
    }
}

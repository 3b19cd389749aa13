package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.explain.Explained;
import dev.microgpt.cli.failure.ExitCode;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options that name the parts and the model of a jar. */
class OwnPartsTest {
    private static final String DAMPED = "--attention=com.example.damped(by=0.25)";
    private static final String[] BIGRAM = {"--model", "com.example.bigram", "--set", "width=3"};

    private static Path jar;

    @TempDir
    Path folder;

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private Path text;
    private Path out;

    @BeforeAll
    static void compile(@TempDir Path jars) throws IOException {
        jar = PartsJar.write(jars, 1);
    }

    @BeforeEach
    void putItOnTheClassPath() throws IOException {
        text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        out = folder.resolve("out");
        Thread.currentThread()
                .setContextClassLoader(new URLClassLoader(new URL[] {jar.toUri().toURL()}, before));
    }

    @AfterEach
    void takeItAway() throws IOException {
        if (Thread.currentThread().getContextClassLoader() instanceof URLClassLoader loader && loader != before) {
            loader.close();
        }
        Thread.currentThread().setContextClassLoader(before);
    }

    private static Run done(Run run) {
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return run;
    }

    private static void assertRefused(int exitCode, String message, Run run) {
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().contains("microgpt: " + message), run.err());
    }

    /** A short run of a model that has none of the sizes of a GPT. */
    private Run bigram(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "train",
                "--preset=nano",
                "--data=" + text,
                "--out=" + out,
                "--steps=6",
                "--batch-size=2",
                "--block-size=8",
                "--num-samples=0"));
        args.addAll(List.of(BIGRAM));
        args.addAll(List.of(more));
        return Run.of(args.toArray(new String[0]));
    }

    // ---- runs ----

    @Test
    void aRunWithAPartIsStoppedAndResumedBitForBit() throws IOException {
        done(SmallTraining.run(text, out, DAMPED, "--checkpoint-interval", "3", "--keep", "9"));
        Path last = out.resolve("checkpoint.safetensors");
        byte[] straight = Files.readAllBytes(last);
        Files.delete(last);
        Files.delete(out.resolve("checkpoint-00000006.safetensors"));
        done(SmallTraining.resume(text, out, DAMPED));
        assertArrayEquals(straight, Files.readAllBytes(last));
        assertEquals("com.example.damped(by=0.25)", SmallTraining.info(last).get("attention"));
        assertTrue(Files.readString(out.resolve("report.html")).contains("com.example.damped"), "the report names it");
        assertRefused(
                ExitCode.USAGE,
                "--attention is com.example.damped(by=0.5), but " + last
                        + " was trained with com.example.damped(by=0.25)",
                SmallTraining.resume(text, out, "--attention=com.example.damped"));
    }

    @Test
    void aRunWithAModelIsStoppedAndResumedBitForBit() throws IOException {
        done(bigram("--checkpoint-interval", "3", "--keep", "9"));
        Path last = out.resolve("checkpoint.safetensors");
        byte[] straight = Files.readAllBytes(last);
        Files.delete(last);
        Files.delete(out.resolve("checkpoint-00000006.safetensors"));
        done(SmallTraining.resume(text, out, BIGRAM));
        assertArrayEquals(straight, Files.readAllBytes(last));
        assertEquals("com.example.bigram, version 1", SmallTraining.info(last).get("model"));
        assertEquals("3", SmallTraining.info(last).get("width"));
        done(Run.of("sample", "--checkpoint", last.toString(), "--num-samples", "1"));
        done(Run.of("eval", "--checkpoint", last.toString(), "--data", text.toString()));
        assertRefused(
                ExitCode.USAGE,
                "--set width is 4, but " + last + " was trained with 3",
                SmallTraining.resume(text, out, "--set", "width=4"));
        assertRefused(
                ExitCode.USAGE,
                "--model is gpt, but " + last + " was trained with com.example.bigram",
                SmallTraining.resume(text, out, "--model", "gpt"));
        assertRefused(
                ExitCode.USAGE,
                "--n-layer is an option of the model gpt, but the model is com.example.bigram\nhint: give the"
                        + " settings of that model with --set; they are [vocab_size, block_size, width]",
                SmallTraining.resume(text, out, "--n-layer", "2"));
        assertRefused(
                ExitCode.CONTENT,
                "",
                Run.of("export", "gpt2", last.toString(), folder.resolve("gpt2").toString()));
    }

    @Test
    void aRunStartsFromTheModelOfAnother() throws IOException {
        done(bigram());
        Path tuned = folder.resolve("tuned");
        String[] args = {
            "train",
            "--init-from=" + out,
            "--data=" + text,
            "--out=" + tuned,
            "--steps=2",
            "--warmup-steps=1",
            "--num-samples=0"
        };
        done(Run.of(args));
        assertEquals("3", SmallTraining.info(tuned).get("width"));
        String[] withDropout = List.of(args).toArray(new String[args.length + 1]);
        withDropout[args.length] = "--dropout=0.1";
        assertRefused(
                ExitCode.USAGE,
                "--dropout is an option of the model gpt, but the model is com.example.bigram",
                Run.of(withDropout));
    }

    // ---- pages ----

    private Explained explain(String... more) throws IOException {
        Path page = folder.resolve("explain.html");
        List<String> args =
                new ArrayList<>(List.of("explain", out.toString(), "--text=the", "--out=" + page, "--data=" + text));
        args.addAll(List.of(more));
        done(Run.of(args.toArray(new String[0])));
        return Explained.read(page);
    }

    /** It has no attention, no residual stream and no parts to switch off, only operations. */
    @Test
    void aModelWithoutNamedPointsIsExplained() throws IOException {
        done(bigram());
        Explained page = explain("--step=3");
        for (String parts : List.of("attention", "stream", "lens", "ablations")) {
            assertEquals(List.of(), page.get(parts), parts);
        }
        List<Map<String, Object>> operations = page.all("operations");
        assertEquals(
                List.of("embedding", "linear"),
                operations.stream().map(operation -> operation.get("op")).toList());
        page.assertLinked(operations);
        assertEquals(3 * (3 + 29), page.checkAll(operations));
        assertEquals(SmallTraining.metrics(out, "loss").get(2), page.at("step").get("batchLoss"));
        Path other = folder.resolve("explain.html");
        assertRefused(
                ExitCode.USAGE,
                "--layer is 1, but must be below 1, the number of layers\n",
                Run.of("explain", out.toString(), "--text=the", "--layer=1", "--out=" + other));
    }

    @Test
    void aPartOfAnotherProjectIsExplained() throws IOException {
        done(SmallTraining.run(text, out, DAMPED));
        Explained page = explain();
        assertEquals(1, page.all("attention").size());
        assertEquals(5, page.all("ablations").size());
        List<Map<String, Object>> operations = page.all("operations");
        page.assertLinked(operations);
        page.checkAll(operations);
        assertTrue(operations.stream()
                .anyMatch(operation ->
                        operation.get("op").equals("scale") && "layer0.attn_out".equals(operation.get("name"))));
    }

    // ---- what is refused before anything is written ----

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --attention=com.example.none | --attention "com.example.none" is unknown: no Attention on the class path or module path has this name; add the jar that has it, with a file META-INF/services/dev.microgpt.model.Attention; found only com.example.damped
                    --attention=com.example.damped(by=0.5 | --attention is com.example.damped(by=0.5, but the settings of a part must be given once each
                    --attention=com.example.damped(bi=1) | --attention is com.example.damped(bi=1): there is no setting "bi"; the settings are by
                    --attention=com.example.damped(by=11) | --attention is com.example.damped(by=11): by is "11", but must be a number of at least 0 and below 10
                    --attention=damped | --attention must be multi-head, or the dotted name of a part on the class path, but is "damped"
                    --norm=com.example.damped | --norm "com.example.damped" is unknown: no Norm on the class path
                    --model=com.example.none | --model "com.example.none" is unknown: no ModelType on the class path or module path has this name; add the jar that has it, with a file META-INF/services/dev.microgpt.model.ModelType; found only com.example.bigram
                    --model=bigram | --model "bigram" is unknown; it must be gpt, or the dotted name of one of your own, such as com.example.gru
                    --model=com.example.bigram --n-layer=2 | --n-layer is an option of the model gpt, but the model is com.example.bigram
                    --model=com.example.bigram --bias | --bias is an option of the model gpt, but the model is com.example.bigram
                    --model=com.example.bigram --set=widht=8 | --set widht=8: there is no setting "widht"; the settings are vocab_size, block_size, width
                    --model=com.example.bigram --set=width=0 | --set width=0: width is "0", but must be an integer of at least 1
                    --model=com.example.bigram --set=width | --set must be NAME=VALUE, but is "width"
                    --model=com.example.bigram --set=width=2 --set=width=2 | --set width must be given only once, but is given twice
                    --model=com.example.bigram --set=vocab_size=2 | --set cannot be used for vocab_size, which the data determines
                    """)
    void anOptionThatCannotBeMetIsRefused(String options, String message) {
        List<String> args = new ArrayList<>(List.of("train", "--data=" + text, "--out=" + out));
        args.addAll(List.of(options.split(" ")));
        assertRefused(ExitCode.USAGE, message, Run.of(args.toArray(new String[0])));
        assertFalse(Files.exists(out));
    }

    @Test
    void aModelLargerThanTheMemoryIsRefused() {
        Run run = Run.of(
                "train", "--data=" + text, "--out=" + out, "--model=com.example.bigram", "--set=width=2000000000");
        assertRefused(ExitCode.USAGE, "shape (28, 2000000000): has 56000000000 elements, but an array holds", run);
        run = Run.of("train", "--data=" + text, "--out=" + out, "--model=com.example.bigram", "--set=width=70000000");
        assertRefused(ExitCode.MEMORY, "", run);
        assertFalse(Files.exists(out));
    }

    /** Before the training, not when its first checkpoint is due. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    com.example.failing | a part of the model failed with java.lang.ArithmeticException: no such row
                    com.example.moody | the model could not be saved: checkpoint: created again from its names and settings, the model computes other logits; all that determines what a part computes must be in its settings, and it must compute the same bits each time: com.example.moody
                    """)
    void anUnfitPartIsRefused(String name, String message) {
        assertRefused(ExitCode.USAGE, message, SmallTraining.run(text, out, "--attention=" + name));
        assertFalse(Files.exists(out.resolve("checkpoint.safetensors")));
    }

    /** The default width of an MLP follows the channels; one that is given does not, in any order of options. */
    @Test
    void aGivenWidthDoesNotFollowALaterOption() throws IOException {
        done(SmallTraining.run(text, out, "--n-inner", "512", "--n-embd", "8")); // 4 times the channels of the preset
        assertEquals("512", SmallTraining.info(out).get("n_inner"));
    }

    // ---- without the jar ----

    @Test
    void withoutItsJarNothingIsReadAndThePartIsNamed() throws IOException {
        done(SmallTraining.run(text, out, DAMPED));
        takeItAway();
        Path last = out.resolve("checkpoint.safetensors");
        String missing =
                "checkpoint checkpoint.safetensors: attention \"com.example.damped\" is unknown: no Attention on"
                        + " the class path or module path has this name; add the jar that has it, with a file"
                        + " META-INF/services/dev.microgpt.model.Attention; the file was written with"
                        + " com.example.damped version 1\n";
        assertRefused(ExitCode.CONTENT, missing, SmallTraining.resume(text, out));
        assertRefused(ExitCode.CONTENT, missing, Run.of("info", last.toString()));
        assertRefused(ExitCode.CONTENT, missing, Run.of("sample", "--checkpoint", last.toString()));
        assertRefused(
                ExitCode.CONTENT, missing, Run.of("eval", "--checkpoint", last.toString(), "--data", text.toString()));
        assertRefused(
                ExitCode.CONTENT,
                missing,
                Run.of("train", "--init-from", last.toString(), "--data", text.toString(), "--out", out + "2"));
        Run unknown = SmallTraining.run(text, folder.resolve("new"), DAMPED);
        assertRefused(ExitCode.USAGE, "--attention \"com.example.damped\" is unknown: ", unknown);
        assertTrue(unknown.err().contains("hint: start the program with your jar on its class path: "), unknown.err());
    }
}

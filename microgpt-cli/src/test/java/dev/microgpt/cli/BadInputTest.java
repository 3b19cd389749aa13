package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every refusal names the offending thing, shows what was found and expected, prints no result and writes no file. */
class BadInputTest {
    @TempDir
    Path folder;

    static Stream<Arguments> commandLines() {
        return Stream.of(
                Arguments.of("trian", 2, "unknown command or argument trian, did you mean train?"),
                Arguments.of("train --lerning-rate 0.1", 2, "--lerning-rate, did you mean --learning-rate?"),
                Arguments.of("train --steps", 2, "--steps: found no value, expected N"),
                Arguments.of("train --steps=", 2, "--steps: found \"\", expected a whole number from 1"),
                Arguments.of("train --steps abc", 2, "--steps: found \"abc\", expected a whole number from 1"),
                Arguments.of("train --steps 1e3", 2, "found \"1e3\""),
                Arguments.of("train --steps 1_000", 2, "found \"1_000\""),
                Arguments.of("train --steps 10.5", 2, "found \"10.5\""),
                Arguments.of("train --steps \u0661\u0662", 2, "--steps: found"),
                Arguments.of("train --steps 99999999999", 2, "from 1 to 2147483647"),
                Arguments.of("train --steps 0", 2, "found \"0\""),
                Arguments.of("train --steps -5", 2, "found \"-5\""),
                Arguments.of("train --steps 1 --steps 2", 2, "--steps: found twice"),
                Arguments.of("train --learning-rate NaN", 2, "found \"NaN\", expected a finite number above 0"),
                Arguments.of("train --learning_rate Infinity", 2, "--learning-rate: found \"Infinity\""),
                Arguments.of("train --learning-rate 1e400", 2, "found \"1e400\""),
                Arguments.of("train --learning-rate 0x1p-3", 2, "found \"0x1p-3\""),
                Arguments.of("train --learning-rate 1e-3f", 2, "found \"1e-3f\""),
                Arguments.of("train --learning-rate -0.1", 2, "found \"-0.1\""),
                Arguments.of("train --learning-rate 0", 2, "found \"0\""),
                Arguments.of("train --beta1 1.0", 2, "--beta1: found \"1.0\", expected a number from 0 to below 1"),
                Arguments.of("train --beta2 1", 2, "--beta2"),
                Arguments.of("train --beta1 -0.1", 2, "--beta1"),
                Arguments.of("train --adam-eps 0", 2, "--adam-eps"),
                Arguments.of("train --temperature -1", 2, "--temperature"),
                Arguments.of("train --temperature NaN", 2, "--temperature"),
                Arguments.of("train --n-embd 10 --n-head 3", 2, "n-embd 10 is not divisible by n-head 3; the nearest"),
                Arguments.of("train --n-head 0", 2, "--n-head"),
                Arguments.of("train --n-layer -1", 2, "--n-layer"),
                Arguments.of("train --block-size 0", 2, "--block-size"),
                Arguments.of("train --block-size 2147483647", 3, "the heap is limited to"),
                Arguments.of("train --n-embd 2147483644", 3, "the heap is limited to"),
                Arguments.of("train --batch-size 0", 2, "--batch-size"),
                Arguments.of("train --batch-size 2147483647", 3, "the heap is limited to"),
                Arguments.of("train --threads 0", 2, "--threads: found \"0\", expected a whole number from 1 to 99999"),
                Arguments.of("train --threads 100000", 2, "--threads: found \"100000\""),
                Arguments.of("train --threads -1", 2, "--threads: found \"-1\""),
                Arguments.of("sample --threads abc", 2, "--threads: found \"abc\""),
                Arguments.of("train --data=", 2, "--data: found \"\", expected a path"),
                Arguments.of("train --seed abc", 2, "from 0 to 18446744073709551615"),
                Arguments.of("train --seed 18446744073709551616", 2, "from 0 to 18446744073709551615"),
                Arguments.of("train --data no-such-file", 5, "no-such-file: no such file or folder"),
                Arguments.of("train --data src", 4, "data src: found no file NAME.txt in this folder"),
                Arguments.of("train --format text --data src", 4, "data src: found no file NAME.txt in this folder"),
                Arguments.of("train --format text", 2, "--format text: found no --data, expected a text"),
                Arguments.of("train --preset big", 2, "--preset: found \"big\", expected one of microgpt, nano, gpt2"),
                Arguments.of("train --norm batchnorm", 2, "--norm: found \"batchnorm\", expected one of rmsnorm"),
                Arguments.of("train --activation swish", 2, "expected one of relu, gelu, gelu-tanh"),
                Arguments.of("train --initialization xavier", 2, "expected one of microgpt, gpt2, scaled"),
                Arguments.of("train --schedule step", 2, "expected one of constant, linear, cosine"),
                Arguments.of("train --min-lr 0.1", 2, "min-lr is 0.1, but must be at most the learning-rate"),
                Arguments.of("train --dropout 1", 2, "--dropout: found \"1\", expected a number from 0 to below 1"),
                Arguments.of("train --val-fraction 1", 2, "--val-fraction"),
                Arguments.of(
                        "train --val-fraction 0.99999999", 4, "found 29800 documents, of which 0 would be trained"),
                Arguments.of("train --grad-clip -1", 2, "--grad-clip"),
                Arguments.of("train --init-from none", 5, "--init-from "),
                Arguments.of("train --init-from none --n-layer 2", 2, "found options that say what the model is"),
                Arguments.of("sample --checkpoint no-such-file", 5, "no-such-file: no such file or folder"),
                Arguments.of("sample --max-new-tokens 0", 2, "--max-new-tokens"),
                Arguments.of("sample --num-samples 0", 2, "--num-samples"),
                Arguments.of("sample --top-k 0", 2, "--top-k: found \"0\", expected a whole number from 1"),
                Arguments.of("sample --top-k -1", 2, "--top-k: found \"-1\""),
                Arguments.of("sample --top-k 2.5", 2, "--top-k: found \"2.5\""),
                Arguments.of("sample --top-p 0", 2, "--top-p: found \"0\", expected a number above 0, at most 1"),
                Arguments.of("sample --top-p 1.5", 2, "--top-p: found \"1.5\""),
                Arguments.of("sample --top-p -0.5", 2, "--top-p: found \"-0.5\""),
                Arguments.of("sample --top-p NaN", 2, "--top-p: found \"NaN\""),
                Arguments.of("sample --top-p 1e-400", 2, "--top-p: found \"1e-400\""),
                Arguments.of("sample --stop=", 2, "--stop: found \"\", expected at least one character"),
                Arguments.of("sample --stop \\d", 2, "--stop: found \"\\d\", expected \\n, \\r, \\t or \\\\ where"),
                Arguments.of("sample --stop a\\", 2, "--stop: found \"a\\\", expected"),
                Arguments.of("sample --stop a\uD83D", 2, "--stop: found \"a?\", expected whole characters"),
                Arguments.of("train --top-k 0", 2, "--top-k: found \"0\""),
                Arguments.of("train --top-p 2", 2, "--top-p: found \"2\""),
                Arguments.of("info extra", 2, "extra"));
    }

    @ParameterizedTest
    @MethodSource("commandLines")
    void commandLineIsRefused(String line, int exitCode, String message) throws IOException {
        Path out = folder.resolve("out");
        String[] words = line.split(" ");
        String[] args = words[0].equals("train") ? append(words, "--out", out.toString()) : words;
        if (line.equals("train --steps")) {
            args = words;
        }
        assertRefused(exitCode, message, args);
        assertFalse(Files.exists(out), "nothing is created");
    }

    @Test
    void noCommandPrintsTheUsage() {
        Run run = Run.of();
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertEquals("", run.out());
        assertTrue(run.err().contains("Usage: microgpt"), run.err());
        assertTrue(run.err().contains("sample"), run.err());
    }

    @Test
    void emptyDataIsRefused() throws IOException {
        Path data = Files.writeString(folder.resolve("blank.txt"), " \n\t\n\n");
        assertRefused(ExitCode.CONTENT, "found 3 lines, all of them blank", "train", "--data", data.toString());
    }

    @Test
    void latin1IsRefusedWithLineAndOffset() throws IOException {
        Path data = folder.resolve("latin1.txt");
        Files.write(data, "anna\nren\u00E9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(
                ExitCode.CONTENT, "latin1.txt:2: found byte 0xE9 at offset 8", "train", "--data", data.toString());
    }

    @Test
    void outThatIsAFileIsRefused() throws IOException {
        Path out = Files.writeString(folder.resolve("file"), "mine");
        assertRefused(ExitCode.IO, "found a file, expected a folder", "train", "--out", out.toString());
        assertEquals("mine", Files.readString(out));
    }

    @Test
    void folderWithoutACheckpointIsRefused() {
        assertRefused(ExitCode.CONTENT, "found no checkpoint.safetensors", "info", "--checkpoint", folder.toString());
    }

    @Test
    void foreignFileIsNoCheckpoint() throws IOException {
        Path file = Files.writeString(folder.resolve("x.safetensors"), "<html>not found</html>");
        assertRefused(ExitCode.CONTENT, "x.safetensors", "info", "--checkpoint", file.toString());
    }

    private static void assertRefused(int exitCode, String message, String... args) {
        Run run = Run.of(args);
        assertAll(
                () -> assertEquals(exitCode, run.exitCode(), run.err()),
                () -> assertTrue(run.err().contains(message), run.err()),
                () -> assertTrue(run.err().startsWith("microgpt: "), run.err()),
                () -> assertTrue(run.err().lines().count() <= 3, run.err()),
                () -> assertFalse(run.err().contains("Exception"), run.err()),
                () -> assertEquals("", run.out()));
    }

    private static String[] append(String[] words, String... more) {
        String[] all = Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return all;
    }
}

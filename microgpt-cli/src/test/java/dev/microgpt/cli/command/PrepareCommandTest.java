package dev.microgpt.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.Run;
import dev.microgpt.cli.failure.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrepareCommandTest {
    @TempDir
    private Path folder;

    private Path text;
    private Path out;

    @BeforeEach
    void writeText() throws IOException {
        text = Files.writeString(folder.resolve("text.txt"), "hello, world\n".repeat(10));
        out = folder.resolve("corpus");
    }

    private Run prepare(String data, String... more) {
        List<String> args = new ArrayList<>(List.of("data", "prepare", "--data", data, "--out", out.toString()));
        args.addAll(List.of(more));
        return Run.of(args.toArray(new String[0]));
    }

    @Test
    void theSizesArePrinted() {
        Run run = prepare(text.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals("vocab size: 11\ntraining tokens: 117\nvalidation tokens: 13\n", run.out());
        assertEquals("microgpt: wrote " + out + "\n", run.err());
        assertTrue(Files.exists(out.resolve("val.bin")));
    }

    @Test
    void whatWasSetRightIsNoted() throws IOException {
        Files.writeString(text, "\uFEFFhello,\r\nworld\r\n".repeat(10));
        Run run = prepare(text.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals(
                "microgpt: note: --data: read 20 lines that end in CR or CRLF as if in LF, dropped a byte order mark\n"
                        + "microgpt: wrote " + out + "\n",
                run.err());
    }

    @Test
    void quietLeavesOnlyResults() {
        Run run = prepare(text.toString(), "--quiet", "--val_fraction=0");
        assertEquals("", run.err());
        assertEquals("vocab size: 11\ntraining tokens: 130\nvalidation tokens: 0\n", run.out());
        assertFalse(Files.exists(out.resolve("val.bin")));
    }

    @Test
    void standardInputIsRead() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("hello, world".getBytes(StandardCharsets.UTF_8)));
        try {
            Run run = prepare("-", "--val-fraction", "0.5");
            assertEquals("vocab size: 10\ntraining tokens: 6\nvalidation tokens: 6\n", run.out());
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void anotherCorpusIsNotOverwrittenUnasked() throws IOException {
        prepare(text.toString());
        byte[] first = Files.readAllBytes(out.resolve("train.bin"));
        Files.writeString(text, "something else");
        Run refused = prepare(text.toString());
        assertRefused(ExitCode.FOLDER_IN_USE, "--out " + out + "/train.bin already exists\n", refused);
        assertTrue(refused.err().contains("--overwrite"), refused.err());
        assertEquals(first.length, Files.size(out.resolve("train.bin")));
        assertEquals(ExitCode.DONE, prepare(text.toString(), "--overwrite").exitCode());
        assertEquals(2 * 12, Files.size(out.resolve("train.bin")));
    }

    @Test
    void tokenizerOfAModelIsNotReplaced() throws IOException {
        Files.createDirectory(out);
        Path tokenizer = out.resolve("tokenizer.json");
        String content = "{\"type\":\"char\",\"alphabet\":\"ab\"}";
        Files.writeString(tokenizer, content);
        Run refused = prepare(text.toString(), "--overwrite");
        assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode());
        assertEquals(
                "microgpt: --out " + tokenizer + " exists without train.bin, so it is not part of a prepared corpus\n"
                        + "hint: choose another --out\n",
                refused.err());
        assertEquals(content, Files.readString(tokenizer));
    }

    @Test
    void theTextItselfIsNotReplaced() throws IOException {
        Files.createDirectory(out);
        Path data = Files.copy(text, out.resolve("train.bin"));
        Run refused = prepare(data.toString(), "--overwrite");
        assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode());
        assertEquals(
                "microgpt: --data " + data + " is a file that --out " + out + " would replace\n"
                        + "hint: choose another --out\n",
                refused.err());
        assertEquals(Files.readString(text), Files.readString(data));
    }

    @Test
    void aMissingTextIsRefused() {
        assertRefused(ExitCode.IO, "none.txt: no such file or folder", prepare(folder + "/none.txt"));
        assertFalse(Files.exists(out));
    }

    @Test
    void wrongContentIsRefused() throws IOException {
        Files.write(text, new byte[] {'a', 'b', (byte) 0xFF});
        assertRefused(ExitCode.CONTENT, "text.txt:1: byte 0xFF at offset 2", prepare(text.toString()));
        Files.writeString(text, "");
        assertRefused(ExitCode.CONTENT, "text.txt: the text is empty", prepare(text.toString()));
        Files.writeString(text, "abc");
        assertRefused(
                ExitCode.CONTENT,
                "the text has 3 characters, 2 for training and 1 for validation at a fraction of 0.1",
                prepare(text.toString()));
        assertFalse(Files.exists(out));
    }

    @Test
    void anOutThatIsNoFolderIsRefused() throws IOException {
        Files.writeString(out, "mine");
        assertRefused(ExitCode.IO, "corpus is not a folder\n", prepare(text.toString()));
        out = out.resolve("inside");
        assertRefused(ExitCode.IO, "corpus", prepare(text.toString()));
        assertEquals("mine", Files.readString(folder.resolve("corpus")));
    }

    @Test
    void wrongOptionsAreRefused() {
        for (String wrong : List.of("1", "NaN")) {
            assertRefused(
                    ExitCode.USAGE,
                    "--val-fraction must be a number of at least 0 and below 1, but is \"" + wrong + "\"\n",
                    prepare(text.toString(), "--val-fraction", wrong));
        }
        assertRefused(
                ExitCode.USAGE,
                "--data is missing, but must be given as --data FILE|DIR|-\n",
                Run.of("data", "prepare"));
        assertRefused(ExitCode.USAGE, "did you mean prepare?", Run.of("data", "prepar"));
    }

    @Test
    void dataAloneSaysWhatThereIs() {
        Run run = Run.of("data");
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertEquals("", run.out());
        assertTrue(run.err().contains("prepare"), run.err());
        assertTrue(Run.of("data", "prepare", "--help").out().contains("--val-fraction=X"));
    }

    private static void assertRefused(int exitCode, String message, Run run) {
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
        assertTrue(run.err().startsWith("microgpt: "), run.err());
        assertTrue(run.err().lines().count() <= 3, run.err());
        assertFalse(run.err().contains("Exception"), run.err());
        assertEquals("", run.out());
    }
}

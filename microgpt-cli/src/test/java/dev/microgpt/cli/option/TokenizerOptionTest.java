package dev.microgpt.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.Run;
import dev.microgpt.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerOptionTest {
    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void writeTheData() throws IOException {
        data = Files.writeString(folder.resolve("data.txt"), "안녕\nनमस्ते\nسلام\n😀👩‍👧\n".repeat(20));
    }

    @Test
    void bytesAreTokensForEveryLanguage() {
        Run run = train("--format", "text", "--tokenizer", "byte", "--out", out());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().contains("vocab size: 257"), run.out());
        Run info = Run.of("info", "--checkpoint", out());
        assertTrue(info.out().contains("tokenizer: bytes"), info.out());
        Run sample = Run.of("sample", "--checkpoint", out(), "--num-samples", "1", "--prompt", "안");
        assertTrue(sample.out().startsWith("안"), sample.out());
    }

    @Test
    void documentsHaveBytesAsWell() {
        Run run = train("--tokenizer", "byte", "--out", out());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().contains("vocab size: 257"), run.out());
    }

    @Test
    void aFileNamesTheTokensOfAnotherRun() throws IOException {
        Path tokenizer = Files.writeString(folder.resolve("tokenizer.json"), "{\"type\":\"char\",\"alphabet\":\"ab\"}");
        data = Files.writeString(folder.resolve("data.txt"), "a\naa\n");
        Run run = train("--tokenizer", tokenizer.toString(), "--out", out());
        assertTrue(run.out().contains("vocab size: 3"), run.out() + run.err());
        data = Files.writeString(folder.resolve("data.txt"), "a\nac\n");
        Run unknown = train("--tokenizer", tokenizer.toString(), "--out", out());
        assertEquals(ExitCode.CONTENT, unknown.exitCode());
        assertTrue(
                unknown.err().contains("data.txt:2: \"ac\" has a character that the tokenizer does not know: "),
                unknown.err());
    }

    @Test
    void theSameDataWithOtherTokensIsAnotherRun() {
        train("--tokenizer", "byte", "--out", out());
        assertEquals(ExitCode.DONE, train("--tokenizer", "byte", "--out", out()).exitCode());
        assertEquals(ExitCode.FOLDER_IN_USE, train("--out", out()).exitCode());
    }

    @Test
    void aCorpusIsPreparedWithTheTokensThatWereAskedFor() {
        String corpus = folder.resolve("corpus").toString();
        Run prepared = Run.of("data", "prepare", "--data", data.toString(), "--tokenizer", "byte", "--out", corpus);
        assertEquals(ExitCode.DONE, prepared.exitCode(), prepared.err());
        assertTrue(prepared.out().contains("vocab size: 257"), prepared.out());
        data = Path.of(corpus);
        Run twice = train("--format", "text", "--tokenizer", "byte", "--out", out());
        assertEquals(ExitCode.USAGE, twice.exitCode());
        assertTrue(
                twice.err().contains("--tokenizer cannot be used together with data that is already prepared\n"),
                twice.err());
        assertEquals(ExitCode.DONE, train("--format", "text", "--out", out()).exitCode());
    }

    @Test
    void aModelHasItsOwnTokenizer() {
        train("--tokenizer", "byte", "--out", out());
        String next = folder.resolve("next").toString();
        Run both = train("--init-from", out(), "--tokenizer", "byte", "--out", next);
        assertEquals(ExitCode.USAGE, both.exitCode());
        assertTrue(
                both.err()
                        .contains("--tokenizer and --init-from cannot be used together: the model has its own"
                                + " tokenizer\n"),
                both.err());
        assertFalse(Files.exists(Path.of(next)));
        assertEquals(ExitCode.DONE, train("--init-from", out(), "--out", next).exitCode());
    }

    @Test
    void aFileThatIsNoTokenizerIsRefused() throws IOException {
        Path wrong = Files.writeString(folder.resolve("tokenizer.json"), "{\"type\":\"words\"}");
        Run run = train("--tokenizer", wrong.toString(), "--out", out());
        assertEquals(ExitCode.CONTENT, run.exitCode());
        assertEquals(
                "microgpt: tokenizer " + wrong + ": found type \"words\", expected \"char\" or \"byte\", or a"
                        + " tokenizer.json of BPE\n",
                run.err());
        Run missing = train("--tokenizer", folder.resolve("none.json").toString(), "--out", out());
        assertEquals(ExitCode.IO, missing.exitCode());
        assertTrue(missing.err().contains("none.json: no such file or folder"), missing.err());
    }

    private String out() {
        return folder.resolve("out").toString();
    }

    private Run train(String... options) {
        List<String> args = new ArrayList<>(List.of("train", "--data", data.toString()));
        args.addAll(List.of("--steps", "3", "--num-samples", "1", "--n-embd", "4", "--n-head", "2"));
        boolean continues = List.of(options).contains("--init-from");
        if (continues) {
            args.subList(args.size() - 4, args.size()).clear();
        }
        args.addAll(List.of(options));
        return Run.of(args.toArray(new String[0]));
    }
}

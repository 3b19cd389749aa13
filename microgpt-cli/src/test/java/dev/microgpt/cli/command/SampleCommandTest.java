package dev.microgpt.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.Main;
import dev.microgpt.cli.Run;
import dev.microgpt.cli.SmallTraining;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples of two small models, one of a text with line ends and one of names. */
class SampleCommandTest {
    /** Enough of it that the text goes on: a token that ends it is hardly ever drawn. */
    private static final String[] TRAINING = {
        "--steps", "60", "--learning-rate", "0.05", "--warmup-steps", "0", "--batch-size", "8"
    };

    @TempDir
    static Path folder;

    @BeforeAll
    static void train() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        Run nano = SmallTraining.run(text, folder.resolve("text"), TRAINING);
        assertEquals(ExitCode.DONE, nano.exitCode(), nano.err());
        Files.writeString(names(), "karen\nanna\nemma\nolivia\n");
        Run names = Run.of(trainOnNames("names"));
        assertEquals(ExitCode.DONE, names.exitCode(), names.err());
    }

    private static Path names() {
        return folder.resolve("names.txt");
    }

    private static String[] trainOnNames(String out, String... options) {
        List<String> args = new ArrayList<>(List.of("train", "--steps", "5", "--data", names().toString()));
        args.addAll(List.of(
                "--num-samples",
                "3",
                "--overwrite",
                "--out",
                folder.resolve(out).toString()));
        args.addAll(List.of(options));
        return args.toArray(new String[0]);
    }

    private static Run sample(String model, String... options) {
        Run run = Run.of(args(model, options));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return run;
    }

    private static String[] args(String model, String... options) {
        List<String> args = new ArrayList<>(
                List.of("sample", "--checkpoint", folder.resolve(model).toString()));
        args.addAll(List.of(options));
        return args.toArray(new String[0]);
    }

    /** One text without its end of line. */
    private static String text(String... options) {
        String[] all = new String[options.length + 4];
        System.arraycopy(options, 0, all, 4, options.length);
        System.arraycopy(new String[] {"--num-samples", "1", "--temperature", "1"}, 0, all, 0, 4);
        String out = sample("text", all).out();
        assertTrue(out.endsWith("\n"), out);
        return out.substring(0, out.length() - 1);
    }

    @Test
    void aTextEndsWhereAStopStringWouldBegin() {
        String all = text("--max-new-tokens", "150");
        assertEquals(150, all.length());
        String stop = all.substring(100, 103);
        assertEquals(all.substring(0, all.indexOf(stop)), text("--max-new-tokens", "150", "--stop", stop));
    }

    @Test
    void theFirstOfSeveralStopStringsCounts() {
        String all = text("--max-new-tokens", "150");
        String early = all.substring(50, 54);
        String late = all.substring(120, 124);
        String cut = all.substring(0, all.indexOf(early));
        assertEquals(cut, text("--max-new-tokens", "150", "--stop", early, "--stop", late));
        assertEquals(cut, text("--max-new-tokens", "150", "--stop", late, "--stop", early));
    }

    @Test
    void aStopStringMayBeALineEnd() {
        String all = text("--max-new-tokens", "150");
        int end = all.indexOf('\n');
        assertTrue(end > 0, all);
        assertEquals(all.substring(0, end), text("--max-new-tokens", "150", "--stop", "\\n"));
        assertEquals(all.substring(0, end), text("--max-new-tokens", "150", "--stop", "\n"));
    }

    @Test
    void aPromptMayHaveALineEnd() {
        String withLineEnd = text("--prompt", "the\n");
        assertTrue(withLineEnd.startsWith("the\n"), withLineEnd);
        assertEquals(withLineEnd, text("--prompt", "the\\n"));
        Run backslash = Run.of(args("text", "--prompt", "the\\\\n"));
        assertEquals(ExitCode.CONTENT, backslash.exitCode(), backslash.err());
        assertTrue(backslash.err().contains("--prompt: tokenizer: '\\' (U+005C) at index 3"), backslash.err());
    }

    @Test
    void thePromptIsNotLookedAtForStopStrings() {
        assertTrue(text("--prompt", "the", "--stop", "the").startsWith("the"));
    }

    @Test
    void moreTokensBeginAsFewerDo() {
        String few = text("--max-new-tokens", "5");
        String block = text();
        String many = text("--max-new-tokens", "60");
        assertEquals(5, few.length());
        assertEquals(8, block.length(), "up to the last of 8 positions");
        assertEquals(60, many.length());
        assertTrue(many.startsWith(block) && block.startsWith(few), many);
    }

    @Test
    void topKOfOneIsTheMostLikelyText() {
        String likeliest =
                sample("text", "--temperature", "0", "--max-new-tokens", "40").out();
        assertEquals(
                likeliest,
                sample("text", "--top-k", "1", "--max-new-tokens", "40").out());
        assertEquals(
                likeliest,
                sample("text", "--top-p", "1e-9", "--max-new-tokens", "40").out());
    }

    @Test
    void topKAndTopPChangeTheSamples() {
        String[] all = {"--temperature", "1", "--max-new-tokens", "40"};
        String plain = sample("text", all).out();
        assertNotEquals(
                plain,
                sample("text", "--temperature", "1", "--max-new-tokens", "40", "--top-k", "3")
                        .out());
        assertNotEquals(
                plain,
                sample("text", "--temperature", "1", "--max-new-tokens", "40", "--top-p", "0.5")
                        .out());
        assertEquals(
                plain,
                sample("text", "--temperature", "1", "--max-new-tokens", "40", "--top-p", "1", "--top-k", "29")
                        .out());
    }

    @Test
    void aSampleDoesNotDependOnHowManyAreAskedFor() {
        List<String[]> settings = List.of(
                new String[] {},
                new String[] {"--max-new-tokens", "40"},
                new String[] {"--stop", "an", "--stop", "e"},
                new String[] {"--top-k", "5", "--top-p", "0.9", "--prompt", "k", "--max-new-tokens", "20"});
        for (String[] options : settings) {
            String[] few = new String[options.length + 2];
            System.arraycopy(options, 0, few, 2, options.length);
            few[0] = "--num-samples";
            few[1] = "3";
            String[] many = few.clone();
            many[1] = "30";
            String first = sample("names", few).out();
            assertEquals(3, first.lines().count());
            assertTrue(sample("names", many).out().startsWith(first), String.join(" ", options));
        }
    }

    @Test
    void aModelOfDocumentsGoesOnBeyondItsBlock() {
        Run run = sample("names", "--num-samples", "40", "--max-new-tokens", "200", "--temperature", "2");
        assertTrue(run.out().lines().anyMatch(line -> line.length() > 16), run.out());
    }

    @Test
    void aPromptThatHidesTheBeginningOfADocumentIsRefused() {
        assertEquals(
                17,
                sample("names", "--prompt", "a".repeat(15), "--max-new-tokens", "2", "--num-samples", "1")
                        .out()
                        .strip()
                        .length());
        Run refused = Run.of(args("names", "--prompt", "a".repeat(16)));
        assertEquals(ExitCode.CONTENT, refused.exitCode());
        assertEquals(
                "microgpt: --prompt must have at most 15 tokens, but has 16: the block size is 16, and one position"
                        + " marks the beginning\n",
                refused.err());
        assertEquals("", refused.out());
    }

    @Test
    void theSamplesAfterATrainingMayBeNarrowedToo() {
        String likeliest = Run.of(trainOnNames("x", "--temperature", "0")).out();
        assertEquals(likeliest, Run.of(trainOnNames("x", "--top-k", "1")).out());
        assertEquals(likeliest, Run.of(trainOnNames("x", "--top-p", "0.001")).out());
        assertNotEquals(likeliest, Run.of(trainOnNames("x")).out());
    }

    @Test
    void eachTokenIsWrittenAtOnce() {
        List<String> writes = new ArrayList<>();
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("single bytes");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                writes.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
            }
        };
        Terminal terminal = new Terminal(out, OutputStream.nullOutputStream());
        Main.run(terminal, args("text", "--num-samples", "2", "--max-new-tokens", "10", "--prompt", "the "));
        assertEquals(2 * (1 + 10 + 1), writes.size(), writes.toString());
        assertEquals("the ", writes.get(0));
        assertEquals("\n", writes.get(11));
    }

    @Test
    void aReaderThatIsGoneEndsTheCommandWithOneLine() {
        OutputStream gone = new OutputStream() {
            private int left = 5;

            @Override
            public void write(int b) throws IOException {
                if (--left < 0) {
                    throw new IOException("closed");
                }
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.run(new Terminal(gone, err), args("text", "--max-new-tokens", "1000000000"));
        assertEquals(ExitCode.IO, exitCode);
        assertEquals(
                "microgpt: standard output: the system reports \"closed\"\n", err.toString(StandardCharsets.UTF_8));
        assertFalse(err.toString(StandardCharsets.UTF_8).contains("Exception"));
    }
}

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
import dev.microgpt.train.internal.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

    private static final List<String> NAMES = List.of("karen", "anna", "emma", "olivia");

    @TempDir
    static Path folder;

    /** A run that learned its names by heart. */
    private static Run learned;

    @BeforeAll
    static void train() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        Run nano = SmallTraining.run(text, folder.resolve("text"), TRAINING);
        assertEquals(ExitCode.DONE, nano.exitCode(), nano.err());
        Files.write(names(), NAMES);
        Run names = Run.of(trainOnNames("names"));
        assertEquals(ExitCode.DONE, names.exitCode(), names.err());
        learned = Run.of(trainOnNames("learned", "--steps", "40", "--temperature", "0.01"));
        assertEquals(ExitCode.DONE, learned.exitCode(), learned.err());
    }

    private static Path names() {
        return folder.resolve("names.txt");
    }

    private static String[] trainOnNames(String out, String... options) {
        List<String> args = new ArrayList<>(List.of("train"));
        if (!List.of(options).contains("--data")) {
            args.addAll(List.of("--data", names().toString()));
        }
        if (!List.of(options).contains("--steps")) {
            args.addAll(List.of("--steps", "5"));
        }
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
        System.arraycopy(new String[] {"--num-samples", "1", "--temperature", "0.5"}, 0, all, 0, 4);
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
        String block = text("--max-new-tokens", "8");
        String many = text("--max-new-tokens", "60");
        assertEquals(5, few.length());
        assertEquals(8, block.length());
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
                        + " marks the beginning\nhint: shorten it, or continue from its last tokens as if a document"
                        + " began there, with --beyond-block half\n",
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
        int exitCode = Main.run(
                new Terminal(gone, err), args("text", "--max-new-tokens", "1000000000", "--beyond-block", "slide"));
        assertEquals(ExitCode.IO, exitCode);
        assertEquals(
                "microgpt: note: beyond the block size of 8, each token costs as much as a whole block; with"
                        + " --beyond-block half it costs two tokens, and the model sees at least 4\n"
                        + "microgpt: standard output: the system reports \"closed\"\n",
                err.toString(StandardCharsets.UTF_8));
        assertFalse(err.toString(StandardCharsets.UTF_8).contains("Exception"));
    }

    @Test
    void aTextHas300CharactersUnlessItEnds() {
        assertEquals(
                301,
                sample("text", "--num-samples", "1", "--temperature", "0").out().length());
    }

    @Test
    void aPromptMayBeAFile() throws IOException {
        String prompted = text("--prompt", "the\nq", "--max-new-tokens", "9");
        Path file = Files.writeString(folder.resolve("prompt.txt"), "\uFEFFthe\r\nq\r\n");
        assertEquals(prompted, text("--prompt-file", file.toString(), "--max-new-tokens", "9"));
        Files.writeString(file, "the\nq"); // without a line end
        assertEquals(prompted, text("--prompt-file", file.toString(), "--max-new-tokens", "9"));
        Files.writeString(file, "the\nq\n\n");
        assertTrue(text("--prompt-file", file.toString()).startsWith("the\nq\n"), "only the last line end is left out");
        assertRefused(
                ExitCode.USAGE,
                "--prompt and --prompt-file cannot be used together",
                "text",
                "--prompt-file",
                file.toString(),
                "--prompt",
                "the");
        assertRefused(
                ExitCode.USAGE,
                "--prompt-file and --data cannot both be -, standard input",
                "names",
                "--prompt-file",
                "-",
                "--data",
                "-");
        Files.write(file, new byte[] {'t', 'h', (byte) 0xE9, 'q'});
        assertRefused(
                ExitCode.CONTENT,
                "--prompt-file: data " + file + ":1: byte 0xE9 at offset 2 is not UTF-8; the file must be UTF-8 text",
                "text",
                "--prompt-file",
                file.toString());
        Files.writeString(file, "th\0");
        assertRefused(
                ExitCode.CONTENT,
                "--prompt-file: data " + file + ":1: byte 0x00 at offset 2 is not text",
                "text",
                "--prompt-file",
                file.toString());
        Files.writeString(file, "THE");
        assertRefused(ExitCode.CONTENT, "--prompt-file: tokenizer: 'T'", "text", "--prompt-file", file.toString());
    }

    @Test
    void aSpecialTokenInAPromptIsOneOnlyIfAskedFor() {
        String[] few = {"--num-samples", "3", "--temperature", "1", "--max-new-tokens", "8"};
        String free = sample("names", few).out();
        String[] marked = Arrays.copyOf(few, few.length + 3);
        System.arraycopy(new String[] {"--special-tokens", "--prompt", "<|endoftext|>"}, 0, marked, few.length, 3);
        Run run = sample("names", marked);
        assertEquals(
                free.lines().map(line -> "<|endoftext|>" + line).toList(),
                run.out().lines().toList(),
                "a document begins with it once");
        assertEquals("", run.err());
        Run plain = Run.of(args("names", "--prompt", "<|endoftext|>"));
        assertEquals(ExitCode.CONTENT, plain.exitCode());
        assertTrue(
                plain.err()
                        .startsWith("microgpt: note: --prompt has <|endoftext|> as plain characters; --special-tokens"
                                + " makes it the token\nmicrogpt: --prompt: tokenizer: '<'"),
                plain.err());
    }

    @Test
    void halfABlockGoesOnAsTheGeneratorDoes() {
        String slide = text("--max-new-tokens", "60", "--beyond-block", "slide");
        String half = text("--max-new-tokens", "60", "--beyond-block", "half");
        assertEquals(slide.substring(0, 9), half.substring(0, 9), "the ninth token sees the same block");
        assertNotEquals(slide, half);
        assertEquals(half, text("--max-new-tokens", "60"));
        Run run = sample(
                "names",
                "--prompt",
                "a".repeat(16),
                "--max-new-tokens",
                "2",
                "--num-samples",
                "1",
                "--beyond-block",
                "half");
        assertTrue(run.out().startsWith("a".repeat(16)), run.out());
        assertEquals("microgpt: note: --prompt has 17 tokens, but the model sees only the last 16\n", run.err());
    }

    @Test
    void aModelOfDocumentsWithoutABlockReadsAllOfALongPrompt() {
        Run trained = Run.of(trainOnNames("window", "--positions", "none", "--window", "3"));
        assertEquals(ExitCode.DONE, trained.exitCode(), trained.err());
        assertEquals(
                "microgpt: note: --prompt has 17 tokens, more than the block of 16; without --max-new-tokens, one token"
                        + " is added\n",
                sample("window", "--prompt", "a".repeat(16)).err());
        assertEquals(
                "",
                sample("window", "--prompt", "a".repeat(16), "--max-new-tokens", "9")
                        .err());
    }

    @Test
    void jsonHasEachSampleOnALineOfItsOwn() {
        String all = text("--max-new-tokens", "20", "--prompt", "the ");
        assertEquals(
                "{\"number\":1,\"prompt\":\"the \",\"text\":" + JsonWriter.text(all.substring(4))
                        + ",\"tokens\":20,\"ended\":\"length\",\"seed\":42}\n",
                sample(
                                "text",
                                "--json",
                                "--temperature",
                                "0.5",
                                "--num-samples",
                                "1",
                                "--max-new-tokens",
                                "20",
                                "--prompt",
                                "the ")
                        .out());
        assertTrue(sample("text", "--json", "--stop", "e", "--num-samples", "1")
                .out()
                .contains("\"ended\":\"stop\""));
        List<String> names = sample("learned", "--seed", "18446744073709551615")
                .out()
                .lines()
                .toList();
        List<String> lines = sample("learned", "--seed", "18446744073709551615", "--json", "--data", names().toString())
                .out()
                .lines()
                .toList();
        for (int i = 0; i < 20; i++) {
            String name = names.get(i);
            boolean isCopy = NAMES.contains(name);
            assertEquals(
                    "{\"number\":" + (i + 1) + ",\"prompt\":\"\",\"text\":\"" + name + "\",\"tokens\":"
                            + name.length() + ",\"ended\":\"bos\",\"seed\":18446744073709551615,\"copy\":" + isCopy
                            + "}",
                    lines.get(i));
        }
    }

    @Test
    void copiesOfTrainingDocumentsAreCounted() {
        assertTrue(learned.err().contains("3 of 3 samples are copies of training documents: 1 "), learned.err());
        Run run = sample("learned", "--data", names().toString(), "--temperature", "1");
        long copies = run.out().lines().filter(NAMES::contains).count();
        assertTrue(copies > 1 && copies < 20, run.out());
        assertTrue(
                run.err().startsWith("microgpt: " + copies + " of 20 samples are copies of training documents: "),
                run.err());
        assertEquals("", sample("learned").err(), "the names are not the bundled ones");
    }

    @Test
    void specialTokensOfThePromptAndOfTheDataAreTwoThings() throws IOException {
        String[] options = {"--data", names().toString(), "--json", "--num-samples", "3", "--prompt", "ann"};
        String plain = sample("learned", options).out();
        assertTrue(plain.contains("\"text\":\"a\",") && plain.contains("\"copy\":true"), plain);
        options[6] = "<|endoftext|>ann";
        String[] marked = Arrays.copyOf(options, 8);
        marked[7] = "--special-tokens";
        assertEquals(
                plain.replace("\"ann\"", "\"<|endoftext|>ann\""),
                sample("learned", marked).out());

        Path data = Files.writeString(folder.resolve("marked.txt"), "karen\nanna<|endoftext|>emma\n");
        Run trained = Run.of(trainOnNames("marked", "--data", data.toString(), "--special-tokens"));
        assertEquals(ExitCode.DONE, trained.exitCode(), trained.err());
        String[] known = {"--data", data.toString(), "--json", "--num-samples", "1"};
        assertTrue(sample("marked", known).out().contains("\"copy\":false"));
        Path others = Files.writeString(folder.resolve("others.txt"), "anna\n");
        known[1] = others.toString();
        assertRefused(ExitCode.CONTENT, "--data has SHA-256 ", "marked", known);
        assertTrue(
                Run.of(args("marked", known))
                        .err()
                        .endsWith("\nhint: give the same --data, read with the same --field, --separator and --glob\n"),
                "special tokens are not asked for");
    }

    @Test
    void otherSamplesAreDrawnInPlaceOfCopies() throws IOException {
        String[] options = {"--data", names().toString(), "--temperature", "1", "--new-only"};
        Run run = sample("learned", options);
        assertEquals(20, run.out().lines().count());
        assertTrue(run.out().lines().noneMatch(NAMES::contains), run.out());
        assertTrue(run.err().matches("microgpt: left out \\d+ copies of training documents\\n"), run.err());
        options[3] = "0.01";
        Run none = sample("learned", options);
        assertEquals("", none.out());
        assertEquals(
                "microgpt: left out 400 copies of training documents; only 0 of 400 samples are new, so no more are"
                        + " drawn\n",
                none.err());
        assertRefused(ExitCode.USAGE, "--new-only needs a model of documents", "text", "--new-only");
        assertRefused(ExitCode.USAGE, "--new-only needs the documents", "learned", "--new-only");
        Path others = Files.writeString(folder.resolve("others.txt"), "anna\n");
        assertRefused(ExitCode.CONTENT, "--data has SHA-256 ", "learned", "--data", others.toString());
        assertRefused(ExitCode.USAGE, "--data finds copies of documents", "text", "--data", others.toString());
    }

    @Test
    void aTrainingLeavesOutCopiesToo() {
        Run run = Run.of(trainOnNames("y", "--steps", "40", "--temperature", "0.4", "--new-only"));
        List<String> shown = run.out()
                .lines()
                .filter(line -> line.startsWith("sample "))
                .map(line -> line.substring("sample  1: ".length()))
                .toList();
        assertEquals(3, shown.size(), run.out());
        assertTrue(shown.stream().noneMatch(NAMES::contains), run.out());
        assertTrue(run.err().contains("left out "), run.err());
        Run text = SmallTraining.run(folder.resolve("text.txt"), folder.resolve("z"), "--new-only");
        assertEquals(ExitCode.USAGE, text.exitCode());
        assertFalse(Files.exists(folder.resolve("z")), "refused before anything is written");
    }

    private static void assertRefused(int exitCode, String message, String model, String... options) {
        Run run = Run.of(args(model, options));
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().startsWith("microgpt: " + message), run.err());
        assertEquals("", run.out());
    }
}

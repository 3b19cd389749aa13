package dev.microgpt.cli.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.Run;
import dev.microgpt.cli.SmallTraining;
import dev.microgpt.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --separator}, {@code --field}, {@code --glob} and {@code --special-tokens} in all commands with data. */
class RecordedDataTest {
    private static final String SAME_DATA =
            "hint: give the same --data, read with the same --field, --separator, --glob" + " and --special-tokens";

    @TempDir
    private Path folder;

    private Path out;
    private Path stories;

    @BeforeEach
    void write() throws IOException {
        out = folder.resolve("out");
        StringBuilder json = new StringBuilder();
        for (String name : List.of("anna", "emma", "olivia", "ava", "mia", "zoe", "mila", "nora", "lea", "ida")) {
            json.append("{\"n\": 1, \"text\": \"").append(name).append("\\nthe end\"}\n");
        }
        stories = write("stories.jsonl", json.toString());
    }

    @Test
    void aFieldIsTheDocuments() {
        Run run = done(SmallTraining.run(stories, out, "--format", "documents", "--field", "text"));
        assertTrue(run.out().startsWith("num docs: 9\nnum validation docs: 1\nvocab size: 16\n"), run.out());
        Run resumed = SmallTraining.resume(stories, out, "--field", "text");
        assertEquals(ExitCode.DONE, resumed.exitCode(), resumed.err());
        Run forgotten = SmallTraining.resume(stories, out);
        assertEquals(ExitCode.CONTENT, forgotten.exitCode(), forgotten.err());
        assertTrue(forgotten.err().contains("--data has SHA-256"), forgotten.err());
        assertTrue(forgotten.err().contains(SAME_DATA), forgotten.err());
    }

    @Test
    void documentsOfSeveralLinesAreSeparated() throws IOException {
        Path parted = write("parted.txt", "anna\nthe end\n\nemma\nthe end\n\n".repeat(3));
        Run run = done(SmallTraining.run(parted, out, "--format", "documents", "--separator", "\\n\\n"));
        assertTrue(run.out().startsWith("num docs: 5\nnum validation docs: 1\n"), run.out());
    }

    @Test
    void recordsAreOneTextWithEndsThatCountAsTokens() throws IOException {
        Run run = done(SmallTraining.run(stories, out, "--field", "text"));
        assertTrue(run.out().startsWith("num tokens: 113\nnum validation tokens: 13\nvocab size: 16\n"), run.out());
        Path prepared = folder.resolve("prepared");
        Run preparing = done(Run.of(
                "data", "prepare", "--data", stories.toString(), "--out", prepared.toString(), "--field", "text"));
        assertEquals("vocab size: 16\ntraining tokens: 113\nvalidation tokens: 13\n", preparing.out());
        List<Double> losses = SmallTraining.metrics(out, "loss");
        out = folder.resolve("of-prepared");
        done(SmallTraining.run(prepared, out));
        assertEquals(losses, SmallTraining.metrics(out, "loss"));
    }

    @Test
    void evalReadsTheSameRecords() throws IOException {
        done(SmallTraining.run(stories, out, "--format", "documents", "--field", "text"));
        Path lines = write("lines.txt", "anna\nthe end|emma\nthe end");
        Path json = write("two.jsonl", "{\"text\":\"anna\\nthe end\"}\n{\"text\":\"emma\\nthe end\"}\n");
        String expected =
                done(eval("--data", lines.toString(), "--separator", "|")).out();
        assertTrue(expected.startsWith("tokens: 26\n"), expected);
        assertEquals(
                expected,
                done(eval("--data", json.toString(), "--field", "text")).out());
        assertRefused(
                ExitCode.USAGE,
                "--field and --text cannot be used together",
                eval("--text", "anna", "--field", "text"));
    }

    @Test
    void filesOfAFolderAreChosenByAPatternAndCounted() throws IOException {
        write("parts/a.md", SmallTraining.TEXT.substring(100));
        write("parts/deep/b.md", SmallTraining.TEXT.substring(0, 100));
        write("parts/c.txt", "left out");
        write("parts/.git/d.md", "left out");
        Run run = done(SmallTraining.run(folder.resolve("parts"), out, "--glob", "*.md"));
        assertTrue(run.out().startsWith("num tokens: 396\nnum validation tokens: 45\n"), run.out());
        String note = "note: --data: read 2 files of " + folder.resolve("parts")
                + "; passed over 1 file that *.md does not match, 1 hidden folder\n";
        assertTrue(run.err().contains(note), run.err());
    }

    @Test
    void specialTokensAreReadOnRequest() throws IOException {
        Path text = write("text.txt", SmallTraining.TEXT.replace("\n", "<|endoftext|>"));
        Run plain = done(SmallTraining.run(text, out, "--val-fraction", "0"));
        assertTrue(plain.out().startsWith("num tokens: 560\nvocab size: 31\n"), plain.out());
        out = folder.resolve("special");
        Run special = done(SmallTraining.run(text, out, "--val-fraction", "0", "--special-tokens"));
        assertTrue(special.out().startsWith("num tokens: 440\nvocab size: 28\n"), special.out());
        Run forgotten = SmallTraining.resume(text, out);
        assertRefused(ExitCode.CONTENT, "--data has SHA-256", forgotten);
        assertTrue(
                done(eval("--data", text.toString(), "--special-tokens")).out().startsWith("tokens: 439\n"));
        Path prepared = folder.resolve("prepared");
        String[] prepare = {"data", "prepare", "--data", text.toString(), "--out", prepared.toString()};
        assertTrue(done(Run.of(with(prepare, "--special-tokens"))).out().startsWith("vocab size: 28\n"));
    }

    @Test
    void aTokenizerLearnsFromRecords() {
        Run run = done(Run.of(
                "tokenizer",
                "train",
                "--data",
                stories.toString(),
                "--field",
                "text",
                "--vocab-size",
                "260",
                "--out",
                folder.resolve("t.json").toString()));
        assertEquals("vocab size: 260\n", run.out());
        assertFalse(run.err().contains("note"), run.err());
    }

    /** Both read the data that the run was trained on. */
    @Test
    void explainAndWhyReadTheSameRecords() throws IOException {
        String[] documents = {"--format", "documents", "--field", "text", "--block-size", "16", "--val-fraction", "0"};
        done(SmallTraining.run(stories, out, documents));
        String[] why = {"why", out.toString(), "--text", "anna", "--data", stories.toString(), "--exact", "1"};
        assertTrue(done(Run.of(with(why, "--field", "text"))).out().contains("does not have this text"));
        assertRefused(ExitCode.CONTENT, "--data has SHA-256", Run.of(why));
        Path page = folder.resolve("page.html");
        String[] explain = {"explain", out.toString(), "--text", "anna", "--data", stories.toString()};
        done(Run.of(with(explain, "--field", "text", "--out", page.toString())));
        assertRefused(ExitCode.CONTENT, "--data has SHA-256", Run.of(with(explain, "--out", page + "2")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stories.jsonl", "words.CSV"})
    void aTableReadAsTextIsNoted(String name) throws IOException {
        Path table = write(name, SmallTraining.TEXT);
        Run run = done(SmallTraining.run(table, out));
        String note = "note: --data " + table + " is read as plain text, with the names and marks of its records;"
                + " --field NAME reads one field of each\n";
        assertTrue(run.err().contains(note), run.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--field text --separator x | --separator and --field cannot be used together",
                "--glob *.md                | --glob names files of a folder, but --data",
            })
    void contradictionsAreRefused(String options, String message) {
        assertRefused(ExitCode.USAGE, message, SmallTraining.run(stories, out, options.split(" ")));
    }

    @ParameterizedTest
    @CsvSource({"--field,text", "--separator,x", "--glob,*.md"})
    void theBundledNamesAndPreparedDataHaveNoRecords(String option, String value) throws IOException {
        assertRefused(
                ExitCode.USAGE,
                option + " needs --data, but it is not given",
                Run.of("train", option, value, "--out", out.toString()));
        Path prepared = folder.resolve("prepared");
        Path text = write("text.txt", SmallTraining.TEXT);
        done(Run.of("data", "prepare", "--data", text.toString(), "--out", prepared.toString()));
        String message = " cannot be used together with data that is already prepared";
        assertRefused(ExitCode.USAGE, option + message, SmallTraining.run(prepared, out, option, value));
        assertRefused(
                ExitCode.USAGE, "--special-tokens" + message, SmallTraining.run(prepared, out, "--special-tokens"));
    }

    @Test
    void aTextInASubfolderLeavesAPreparedCorpusWhatItIs() throws IOException {
        Path text = write("text.txt", SmallTraining.TEXT);
        Path prepared = folder.resolve("prepared");
        done(Run.of("data", "prepare", "--data", text.toString(), "--out", prepared.toString()));
        done(SmallTraining.run(prepared, out));
        String loss = done(eval("--data", prepared.toString())).out();
        write("prepared/notes/readme.txt", "HELLO THERE");
        assertEquals(loss, done(eval("--data", prepared.toString())).out());
        Run documents = SmallTraining.run(prepared, folder.resolve("other"), "--format", "documents");
        assertRefused(ExitCode.USAGE, "is a folder written by data prepare, which holds one text", documents);
    }

    @Test
    void anOptionWithAMalformedValueIsRefused() {
        assertRefused(
                ExitCode.USAGE,
                "--separator: records: the separator has a carriage return",
                SmallTraining.run(stories, out, "--separator", "\\r\\n"));
        assertRefused(ExitCode.USAGE, "--glob: pattern \"{\"", SmallTraining.run(folder, out, "--glob", "{"));
        assertRefused(
                ExitCode.USAGE,
                "--glob: pattern \"\": it is empty, but must have at least one character",
                SmallTraining.run(folder, out, "--glob", ""));
    }

    /** Pickles of nanoGPT are named for what they are, and nothing in them is read. */
    @Test
    void picklesAreRefusedWithTheCommandToUseInstead() throws IOException {
        byte[] pickle = {(byte) 0x80, 4, (byte) 0x95, 20, 0, 0, 0, 0, 0, 0, 0, '}', (byte) 0x94, '.'};
        Path nano = Files.createDirectory(folder.resolve("shakespeare_char"));
        Path meta = Files.write(nano.resolve("meta.pkl"), pickle);
        Files.write(nano.resolve("train.bin"), new byte[] {1, 0, 2, 0});
        Path text = write("text.txt", SmallTraining.TEXT);
        for (Run run : List.of(
                SmallTraining.run(nano, out),
                SmallTraining.run(meta, out),
                SmallTraining.run(meta, out, "--format", "documents"),
                SmallTraining.run(text, out, "--tokenizer", meta.toString()))) {
            assertRefused(ExitCode.CONTENT, "pickle", run);
            assertTrue(run.err().contains("reading one can run code in it"), run.err());
            assertTrue(run.err().contains("microgpt data prepare --data input.txt --out DIR"), run.err());
        }
    }

    private Run eval(String... more) {
        return Run.of(with(new String[] {"eval", "--checkpoint", out.toString()}, more));
    }

    private static String[] with(String[] args, String... more) {
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return all;
    }

    private static Run done(Run run) {
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return run;
    }

    private static void assertRefused(int exitCode, String message, Run run) {
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
    }

    private Path write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }
}

package dev.microgpt.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.Main;
import dev.microgpt.cli.Run;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.score.Calibration;
import dev.microgpt.train.score.LineScore;
import dev.microgpt.train.score.LineScorer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreCommandTest {
    private static final String TRAINED_ON = "anna\nemma\nava\nmia\n";

    @TempDir
    private static Path models;

    private static LineScorer scorer;

    @TempDir
    private Path folder;

    private Path data;

    @BeforeAll
    static void train() throws IOException {
        Path names = Files.writeString(models.resolve("names.txt"), TRAINED_ON);
        train("own", "--data", names.toString());
        scorer = new LineScorer(TrainedModel.load(models.resolve("own/checkpoint.safetensors")));
    }

    private static void train(String name, String... more) {
        List<String> args =
                new ArrayList<>(List.of("train", "--out", models.resolve(name).toString()));
        args.addAll(List.of("--steps", "3", "--num-samples", "0", "--n-embd", "8", "--block-size", "7"));
        args.addAll(List.of(more));
        Run trained = Run.of(args.toArray(new String[0]));
        assertEquals(ExitCode.DONE, trained.exitCode(), trained.err());
    }

    @BeforeEach
    void write() throws IOException {
        data = Files.writeString(folder.resolve("data.txt"), "anna\n\nmmm\nannaemmaavaannaemmaava\nanna\n");
    }

    private Run score(String... more) {
        return scoreWith("own", more);
    }

    private Run scoreWith(String model, String... more) {
        List<String> args =
                new ArrayList<>(List.of("score", models.resolve(model).toString()));
        args.addAll(List.of(more));
        if (!args.contains("--data")) {
            args.addAll(List.of("--data", data.toString()));
        }
        return Run.of(args.toArray(new String[0]));
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static String row(int number, String line) {
        LineScore score = scorer.score(line);
        return number + "\t" + fixed(score.bitsPerCharacter()) + "\t" + score.worstText() + "\t" + score.worst() + "\t"
                + fixed(score.worstBits()) + "\t" + line + "\n";
    }

    private static String fixed(double number) {
        return String.format(Locale.ROOT, "%.4f", number);
    }

    private static void assertRefused(int exitCode, String message, String hint, Run run) {
        assertEquals(exitCode, run.exitCode(), run.err());
        assertEquals("microgpt: " + message + "\n" + (hint.isEmpty() ? "" : "hint: " + hint + "\n"), run.err());
        assertEquals("", run.out());
    }

    /** Also of a line longer than the block; the same line twice has the same score, for any number of threads. */
    @Test
    void eachLineHasARow() {
        Run run = score();
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        String header = "number\tscore\tworst\tat\tbits\ttext\n";
        String expected = header + row(1, "anna") + row(3, "mmm") + row(4, "annaemmaavaannaemmaava") + row(5, "anna");
        assertEquals(expected, run.out());
        assertEquals(
                "microgpt: note: --data " + data + ": skipped 1 blank line\nmicrogpt: note: 1 line,"
                        + " with its end, is longer than the block size of 7, so the first tokens of each further"
                        + " window have no context\n",
                run.err());
        assertEquals(expected, score("--threads", "1").out());
        assertEquals(expected, score("--threads", "2").out());
    }

    /** The end of a line is a token, too. */
    @Test
    void linesLongerThanTheBlockAreCounted() throws IOException {
        data = file("data.txt", "annaem\nannaemm\nannaemmaannaemma\n");
        assertTrue(score().err().startsWith("microgpt: note: 2 lines, with their ends, are longer than "));
        data = file("data.txt", "annaem\n");
        assertEquals("", score().err());
    }

    @Test
    void whatIsNoTextInACellIsEscaped() throws IOException {
        Path odd = file("odd.csv", "id,name\n1,\"a\tn\\n\nö\"\n2,anna\n");
        Run run = score("--data", odd.toString(), "--field", "name");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        List<String> rows = run.out().lines().toList();
        assertEquals(3, rows.size());
        assertEquals("a\\tn\\\\n\\nö", rows.get(1).split("\t")[5]);
        assertEquals("\\t", rows.get(1).split("\t")[2], "the first unknown character");
        assertEquals("2", rows.get(1).split("\t")[3]);
        assertEquals("20.0875", rows.get(1).split("\t")[4]);
        assertEquals(row(2, "anna"), rows.get(2) + "\n");
    }

    /** A terminal would obey them. */
    @Test
    void controlCharactersAreEscaped() throws IOException {
        Path odd = file("odd.log", "mm\u001b[31m\u007f\u009b\\u0007\u0007\na\u001ba\n");
        Run run = score("--data", odd.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        List<String> rows = run.out().lines().toList();
        assertEquals("mm\\u001b[31m\\u007f\\u009b\\\\u0007\\u0007", rows.get(1).split("\t")[5]);
        assertEquals("\\u001b", rows.get(2).split("\t")[2]);
        assertTrue(score("--data", odd.toString(), "--json").out().contains("\"text\":\"a\\u001Ba\""));
    }

    @Test
    void theLinesBeforeAMalformedByteHaveRows() throws IOException {
        byte[] malformed = "anna\nmmm\nav\u00ffa\nmia\n".getBytes(StandardCharsets.ISO_8859_1);
        Path file = Files.write(folder.resolve("malformed.log"), malformed);
        Run run = score("--data", file.toString());
        assertEquals(ExitCode.CONTENT, run.exitCode(), run.err());
        assertEquals("number\tscore\tworst\tat\tbits\ttext\n" + row(1, "anna") + row(2, "mmm"), run.out());
        assertTrue(run.err().contains("data " + file + ":3: byte 0xFF at offset 11 is not UTF-8"), run.err());
    }

    @Test
    void rowsAreJsonInFullPrecision() throws IOException {
        Path lines = file("lines.jsonl", "{\"t\":\"a\\tn\"}\n{\"t\":\"mmm\"}\n");
        Path usual = file("usual.jsonl", "{\"t\":\"ana\"}\n{\"t\":\"eva\"}\n{\"t\":\"mm\"}\n");
        Run run = score("--data", lines.toString(), "--field", "t", "--json");
        LineScore score = scorer.score("a\tn");
        String first = "{\"number\":1,\"text\":\"a\\tn\",\"score\":" + score.bitsPerCharacter() + ",\"bits\":"
                + score.bits() + ",\"characters\":3,\"worst\":{\"text\":\"\\t\",\"at\":2,\"bits\":" + score.worstBits()
                + "}";
        assertEquals(first + "}", run.out().lines().toList().get(0));
        Run judged = score(
                "--data",
                lines.toString(),
                "--field",
                "t",
                "--json",
                "--calibrate",
                usual.toString(),
                "--alpha",
                "0.25");
        assertEquals(ExitCode.DONE, judged.exitCode(), judged.err());
        assertEquals(
                first + ",\"p\":0.25,\"flagged\":true}",
                judged.out().lines().toList().get(0));
    }

    @Test
    void linesAreJudgedByTheCalibration() throws IOException {
        Path usual = file("usual.txt", "ana\neva\nmm\n\nnina\n");
        Path names = models.resolve("names.txt");
        String[] options = {"--calibrate", usual.toString(), "--alpha", "0.2", "--trained-on", names.toString()};
        data = file("data.txt", "ana\nöö\n");
        Run run = score(options);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        Calibration calibration = new Calibration(List.of("ana", "eva", "mm", "nina").stream()
                .mapToDouble(line -> scorer.score(line).bitsPerCharacter())
                .toArray());
        List<String> rows = run.out().lines().toList();
        assertEquals("number\tscore\tworst\tat\tbits\tp\tflag\ttext", rows.get(0));
        double p = calibration.pValue(scorer.score("ana").bitsPerCharacter());
        assertTrue(rows.get(1).endsWith("\t" + fixed(p) + "00\t\tana"), rows.get(1));
        assertTrue(rows.get(2).endsWith("\t0.200000\t1\töö"), rows.get(2));
        assertEquals(
                "microgpt: note: --calibrate " + usual + ": skipped 1 blank line\nmicrogpt: flagged 1 of 2 lines\n",
                run.err());
    }

    @Test
    void tooSmallACalibrationIsRefusedBeforeAnythingIsScored() throws IOException {
        String usual = file("usual.txt", "ana\neva\n".repeat(25)).toString();
        assertRefused(
                ExitCode.CONTENT,
                "--calibrate " + usual + " has 50 lines, but --alpha 0.01 needs at least 99",
                "give more lines, or --alpha 0.0197, the smallest for so many",
                score("--calibrate", usual));
        Run least = score("--calibrate", usual, "--alpha", "0.0197");
        assertEquals(ExitCode.DONE, least.exitCode(), least.err());
        assertRefused(
                ExitCode.CONTENT,
                "--calibrate " + usual + " has 50 lines, but --alpha 0.0195 needs at least 51",
                "give more lines, or --alpha 0.0197, the smallest for so many",
                score("--calibrate", usual, "--alpha", "0.0195"));
    }

    @Test
    void anUnusableCalibrationIsNamedWithItsOption() throws IOException {
        Path empty = file("empty.log", "");
        Run none = score("--calibrate", empty.toString());
        assertEquals(ExitCode.CONTENT, none.exitCode());
        assertTrue(none.err().startsWith("microgpt: --calibrate " + empty + ": the "), none.err());
        Path plain = file("plain.log", "ana\neva\n");
        Path lines = file("lines.csv", "id,name\n1,anna\n");
        Run field = score("--data", lines.toString(), "--field", "name", "--calibrate", plain.toString());
        assertEquals(ExitCode.CONTENT, field.exitCode());
        assertTrue(field.err().startsWith("microgpt: --calibrate " + plain + ":1: "), field.err());
        assertTrue(field.err().endsWith("\nhint: --calibrate is read as --data is, with --field\n"), field.err());
    }

    @Test
    void calibrationLinesOfTheTrainingDataAreReported() throws IOException {
        Path usual = file("usual.txt", "mia\nanna\nnina\nava\nemma\nmia\n");
        String names = models.resolve("names.txt").toString();
        Run run = score("--calibrate", usual.toString(), "--alpha", "0.5", "--trained-on", names);
        assertTrue(
                run.err()
                        .contains("microgpt: note: 5 of the 6 lines of --calibrate " + usual + " are in the training"
                                + " data; unless the source repeats itself, that raises the share of false"
                                + " alarms, so leave them out: mia, anna, ava, …\n"),
                run.err());
        Run unknown = score("--calibrate", usual.toString(), "--alpha", "0.5");
        assertTrue(unknown.err().contains("is not known; name that data with --trained-on\n"), unknown.err());
        assertEquals(run.out(), unknown.out());
        Run other = score("--calibrate", usual.toString(), "--alpha", "0.5", "--trained-on", usual.toString());
        assertEquals(ExitCode.CONTENT, other.exitCode());
        assertTrue(other.err().startsWith("microgpt: --trained-on has SHA-256 "), other.err());
        assertTrue(other.err().contains("hint: give the same --trained-on, read with"), other.err());
        train("bundled");
        Run bundled = scoreWith("bundled", "--calibrate", usual.toString(), "--alpha", "0.5");
        assertTrue(bundled.err().contains(" of the 6 lines of --calibrate "), bundled.err());
    }

    @Test
    void aModelOfTextHasNoDocumentsToFindLinesIn() throws IOException {
        String names = models.resolve("names.txt").toString();
        train("text", "--data", names, "--format", "text", "--n-head", "2");
        String usual = file("usual.txt", "ana\neva\n").toString();
        Run run = scoreWith("text", "--calibrate", usual, "--alpha", "0.5");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.err().contains(" false alarms, is not known\n"), run.err());
        Run named = scoreWith("text", "--calibrate", usual, "--alpha", "0.5", "--trained-on", names);
        assertEquals(ExitCode.USAGE, named.exitCode());
        assertTrue(named.err().startsWith("microgpt: --trained-on finds copies of documents, but "), named.err());
        Path one = file("one.txt", "anna emma ava mia");
        train("one", "--data", one.toString(), "--format", "text", "--val-fraction", "0");
        Run without = scoreWith("one");
        assertEquals(ExitCode.CONTENT, without.exitCode());
        assertTrue(without.err().contains("whose vocabulary has no line feed"), without.err());
    }

    @Test
    void standardInputMayBeEmpty() throws IOException {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream(new byte[0]));
            Run empty = score("--data", "-");
            assertEquals(ExitCode.DONE, empty.exitCode(), empty.err());
            assertEquals("number\tscore\tworst\tat\tbits\ttext\n", empty.out());
            assertEquals("microgpt: note: --data - has no line to score\n", empty.err());
            System.setIn(new ByteArrayInputStream("mmm\r\nanna".getBytes(StandardCharsets.UTF_8)));
            Run run = score("--data", "-", "--quiet");
            assertEquals("number\tscore\tworst\tat\tbits\ttext\n" + row(1, "mmm") + row(2, "anna"), run.out());
            assertEquals("", run.err());
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void aFileIsWrittenOnceItIsCompleteAndReplacedOnlyOnRequest() throws IOException {
        Path out = folder.resolve("scores.tsv");
        Run run = score("--out", out.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals("", run.out());
        assertTrue(run.err().endsWith("microgpt: wrote " + out + "\n"), run.err());
        String scores = score().out();
        assertEquals(scores, Files.readString(out));
        String wrong = file("wrong.jsonl", "{\"t\":\"a\"}\n{}\n").toString();
        assertRefused(
                ExitCode.FOLDER_IN_USE,
                "--out " + out + " already exists",
                "choose another --out, or give --overwrite to replace it",
                score("--out", out.toString(), "--data", wrong));
        assertRefused(
                ExitCode.FOLDER_IN_USE,
                "--data " + data + " is the file that --out would replace",
                "choose another --out",
                score("--out", data.toString(), "--overwrite"));
        String usual = file("usual.txt", "ana\neva\n").toString();
        assertRefused(
                ExitCode.FOLDER_IN_USE,
                "--calibrate " + usual + " is the file that --out would replace",
                "choose another --out",
                score("--out", usual, "--overwrite", "--calibrate", usual, "--alpha", "0.5"));
        Run failed = score("--out", out.toString(), "--overwrite", "--data", wrong, "--field", "t");
        assertEquals(ExitCode.CONTENT, failed.exitCode());
        assertEquals(scores, Files.readString(out), "the file stays as it was");
        Run json = score("--out", out.toString(), "--overwrite", "--json");
        assertEquals(ExitCode.DONE, json.exitCode(), json.err());
        assertTrue(Files.readString(out).startsWith("{\"number\":1,"));
    }

    @Test
    void optionsThatNeedACalibrationAreRefusedWithoutOne() {
        String hint = "name usual lines that the model was not trained on with --calibrate";
        String rule = " needs --calibrate, but it is not given";
        assertRefused(ExitCode.USAGE, "--alpha" + rule, hint, score("--alpha", "0.1"));
        assertRefused(ExitCode.USAGE, "--trained-on" + rule, hint, score("--trained-on", data.toString()));
        assertRefused(
                ExitCode.USAGE,
                "--alpha is 1.0E-12, for which no file has enough lines",
                "give a larger --alpha; a share of X needs about 1/X lines",
                score("--calibrate", data.toString(), "--alpha", "1e-12"));
        Run one = score("--alpha", "1");
        assertEquals(ExitCode.USAGE, one.exitCode());
        assertTrue(one.err().contains("--alpha must be a number above 0 and below 1, but is "), one.err());
    }

    /** {@code | head} ends the command, however long its text is. */
    @Test
    void aReaderThatHasEndedEndsTheCommand() {
        InputStream before = System.in;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OutputStream head = new OutputStream() {
            private int writes;

            @Override
            public void write(int b) throws IOException {
                if (++writes > 1000) {
                    throw new IOException("Broken pipe");
                }
            }
        };
        System.setIn(
                new InputStream() { // endless
                    private int at;

                    @Override
                    public int read() {
                        return "anna\n".charAt(at++ % 5);
                    }
                });
        try {
            String[] args = {"score", models.resolve("own").toString(), "--data", "-"};
            assertEquals(ExitCode.IO, Main.run(new Terminal(head, err), args));
        } finally {
            System.setIn(before);
        }
        assertEquals(
                "microgpt: standard output: the program that read it has ended\n",
                err.toString(StandardCharsets.UTF_8));
    }
}

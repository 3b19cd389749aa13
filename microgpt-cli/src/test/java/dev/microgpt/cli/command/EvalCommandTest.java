package dev.microgpt.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.Run;
import dev.microgpt.cli.SmallTraining;
import dev.microgpt.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalCommandTest {
    private static final Pattern LINE = Pattern.compile(
            "\\{\"position\":(\\d+),\"id\":(\\d+),\"token\":\"(.*)\",\"log_probability\":(-[^,]+),\"rank\":(\\d+)}");

    @TempDir
    private Path folder;

    @Test
    void aTextIsMeasuredAsTheTrainingMeasuresIt() throws IOException {
        String text = SmallTraining.TEXT;
        Run trained =
                train(text, "text", "--val-fraction", "0.25", "--eval-interval", "3", "--metrics", file("m.jsonl"));
        assertEquals(ExitCode.DONE, trained.exitCode(), trained.err());
        String metrics = Files.readString(Path.of(file("m.jsonl")));
        Matcher last = Pattern.compile("\"validation_loss\":([0-9.]+),\"perplexity\":([0-9.]+)")
                .matcher(metrics);
        assertTrue(last.find(), metrics);
        int kept = (int) (text.length() * 0.75);
        Files.writeString(folder.resolve("held.txt"), text.substring(kept));

        Run run = eval("--data", file("held.txt"));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals(text.length() - kept - 1, Integer.parseInt(value(run, "tokens")));
        assertEquals(Double.parseDouble(last.group(1)), Double.parseDouble(value(run, "loss")), 1e-6);
        assertEquals(Double.parseDouble(last.group(2)), Double.parseDouble(value(run, "perplexity")), 1e-5);
    }

    @Test
    void theTokensOfATextAreNumberedThroughAllWindows() throws IOException {
        train(SmallTraining.TEXT, "text");
        String text = SmallTraining.TEXT.substring(0, 41);
        Run run = eval("--text", text, "--per-token", file("tokens.jsonl"));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        List<Matcher> lines = lines();
        assertEquals(40, lines.size());
        double sum = 0;
        for (int i = 0; i < lines.size(); i++) {
            assertEquals(i + 1, Integer.parseInt(lines.get(i).group(1)));
            assertEquals(
                    text.substring(i + 1, i + 2).replace("\n", "\\n"),
                    lines.get(i).group(3));
            sum -= Double.parseDouble(lines.get(i).group(4));
        }
        assertEquals(sum / 40, Double.parseDouble(value(run, "loss")), 1e-6);
        assertEquals(sum / 40 / Math.log(2), Double.parseDouble(value(run, "bits per byte")), 1e-6);
    }

    @Test
    void documentsBeginAnewAndEndInBos() throws IOException {
        train("anna\nemma\nava\n", "documents");
        Run run = eval("--text", "anna\nem", "--per-token", file("tokens.jsonl"));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        StringBuilder tokens = new StringBuilder();
        for (Matcher line : lines()) {
            tokens.append(line.group(1)).append(line.group(3)).append(' ');
        }
        assertEquals("1a 2n 3n 4a 5 1e 2m 3 ", tokens.toString());
        assertEquals("8", value(run, "tokens"));
        assertEquals("6", value(run, "bytes"));
    }

    @Test
    void aDocumentLongerThanTheBlockIsEvaluatedToItsEnd() throws IOException {
        train("anna\nemma\nava\n", "documents");
        String letters = "annaemmaavaannaemmaavaannaem";
        List<String> losses = new ArrayList<>();
        for (String stride : List.of("7", "3", "1")) {
            Run run = eval("--text", letters + "\nem", "--stride", stride, "--per-token", file("tokens.jsonl"));
            assertEquals(ExitCode.DONE, run.exitCode(), run.err());
            assertEquals("32", value(run, "tokens"));
            assertEquals("30", value(run, "bytes"));
            int distance = Integer.parseInt(stride);
            assertEquals(1 + (29 - 7 + distance - 1) / distance + 1, Integer.parseInt(value(run, "windows")));
            List<Matcher> lines = lines();
            assertEquals(32, lines.size());
            double sum = 0;
            for (int i = 0; i < lines.size(); i++) {
                int position = i < 29 ? i + 1 : i - 28;
                assertEquals(position, Integer.parseInt(lines.get(i).group(1)));
                assertEquals(
                        (letters + " em ").substring(i, i + 1).strip(),
                        lines.get(i).group(3));
                sum -= Double.parseDouble(lines.get(i).group(4));
            }
            assertEquals(sum / 32, Double.parseDouble(value(run, "loss")), 1e-6);
            losses.add(value(run, "loss"));
        }
        assertEquals(3, losses.stream().distinct().count(), "other context: " + losses);
        assertEquals(losses.get(0), value(eval("--text", letters + "\nem"), "loss"), "the stride is the block size");
        assertFalse(eval("--text", "anna\nem").out().contains("windows"), "a window for each document");
    }

    @Test
    void aTextIsEvaluatedInOverlappingWindows() throws IOException {
        train(SmallTraining.TEXT, "text");
        String text = SmallTraining.TEXT.substring(0, 41);
        Run apart = eval("--text", text);
        assertEquals("6", value(apart, "windows"));
        Run overlapping = eval("--text", text, "--stride", "2", "--per-token", file("tokens.jsonl"));
        assertEquals(ExitCode.DONE, overlapping.exitCode(), overlapping.err());
        assertEquals("40", value(overlapping, "tokens"));
        assertEquals("18", value(overlapping, "windows"));
        List<Matcher> lines = lines();
        for (int i = 0; i < 40; i++) {
            assertEquals(i + 1, Integer.parseInt(lines.get(i).group(1)));
        }
        assertEquals(40, lines.size());
        assertFalse(value(apart, "loss").equals(value(overlapping, "loss")), "other context");
        assertFalse(eval("--text", text.substring(0, 8)).out().contains("windows"), "a single one");
    }

    @Test
    void aPreparedFolderIsEvaluatedOnItsValidationSplit() throws IOException {
        train(SmallTraining.TEXT, "text");
        String[] prepare = {"data", "prepare", "--data", file("data.txt"), "--out", file("corpus")};
        assertEquals(ExitCode.DONE, Run.of(prepare).exitCode());
        Files.writeString(folder.resolve("held.txt"), SmallTraining.TEXT.substring(396));
        Run run = eval("--data", file("corpus"), "--stride", "5");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals("43", value(run, "tokens"));
        assertEquals(eval("--data", file("held.txt"), "--stride", "5").out(), run.out());
        Files.delete(folder.resolve("corpus/val.bin"));
        assertEquals("395", value(eval("--data", file("corpus")), "tokens"));
    }

    @Test
    void whatWasSetRightIsNoted() throws IOException {
        train("anna\nemma\nava\n", "documents");
        Run run = eval("--text", "anna\r\n\nem");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals(
                "microgpt: note: --text: read 1 line that ends in CR or CRLF as if in LF, skipped 1 blank line\n",
                run.err());
        Files.writeString(folder.resolve("mac.txt"), "anna\rava\r");
        Run mac = eval("--data", file("mac.txt"));
        assertTrue(mac.err().startsWith("microgpt: note: --data "), mac.err());
        assertTrue(mac.err().endsWith("mac.txt: read 2 lines that end in CR or CRLF as if in LF\n"), mac.err());
    }

    @Test
    void aTextMayHaveLineEnds() throws IOException {
        train("anna\nemma\nava\n", "text");
        Run run = eval("--text", "an\nem\\na");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals(eval("--text", "an\nem\na"), run);
        assertRefused(ExitCode.CONTENT, "(U+005C) is not in the vocabulary", eval("--text", "an\\\\na"));
    }

    @Test
    void thePartsOfACharacterAreReplaced() throws IOException {
        train("한국\n한국\n", "text", "--tokenizer", "byte");
        eval("--text", "a한", "--per-token", file("tokens.jsonl"));
        assertEquals(
                List.of("\uFFFD", "\uFFFD", "\uFFFD"),
                lines().stream().map(line -> line.group(3)).toList());
    }

    @Test
    void oneCharacterOfSeveralTokensIsMeasured() throws IOException {
        train("한국\n한국\n", "text", "--tokenizer", "byte");
        Run run = eval("--text", "한");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals("2", value(run, "tokens"));
    }

    @Test
    void aFileThatHoldsSomethingElseIsNotReplaced() throws IOException {
        train("anna\nemma\n", "documents");
        Path mine = Files.writeString(folder.resolve("mine.txt"), "mine");
        Run run = eval("--text", "an", "--per-token", mine.toString());
        assertEquals(ExitCode.FOLDER_IN_USE, run.exitCode(), run.err());
        assertEquals("mine", Files.readString(mine));
    }

    @Test
    void whatCannotBeMeasuredIsRefused() throws IOException {
        train("anna\nemma\n", "documents");
        assertRefused(ExitCode.USAGE, "neither --data nor --text is given, but one of them must be\n", eval());
        assertRefused(
                ExitCode.USAGE,
                "--data and --text cannot be used together\n",
                eval("--text", "a", "--data", file("data.txt")));
        assertRefused(ExitCode.CONTENT, "--text: tokenizer: 'x' (U+0078) at index 1", eval("--text", "ax"));
        assertRefused(ExitCode.CONTENT, "data --text: ", eval("--text", " "));
        assertRefused(
                ExitCode.CONTENT,
                "data --text:1: \"x\" (U+0078) is not in the vocabulary",
                eval("--text", "ax", "--format", "text"));
        assertRefused(
                ExitCode.CONTENT,
                "--text must be at least 2 tokens long, but is 1: the first token has no context to be predicted"
                        + " from\n",
                eval("--text", "a", "--format", "text"));
        assertRefused(ExitCode.IO, "no such file or folder", eval("--data", file("none.txt")));
    }

    private static void assertRefused(int exitCode, String message, Run run) {
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
        assertTrue(run.err().lines().count() <= 3, run.err());
        assertFalse(run.err().contains("Exception"), run.err());
        assertEquals("", run.out());
    }

    private Run train(String text, String format, String... more) throws IOException {
        Path data = Files.writeString(folder.resolve("data.txt"), text);
        List<String> args = new ArrayList<>(List.of("train", "--data", data.toString(), "--format", format));
        args.addAll(List.of("--steps", "3", "--num-samples", "0", "--n-embd", "8", "--block-size", "7"));
        args.addAll(List.of("--n-head", "2", "--out", file("out")));
        args.addAll(List.of(more));
        return Run.of(args.toArray(new String[0]));
    }

    private Run eval(String... more) {
        List<String> args = new ArrayList<>(List.of("eval", "--checkpoint", file("out")));
        args.addAll(List.of(more));
        return Run.of(args.toArray(new String[0]));
    }

    private List<Matcher> lines() throws IOException {
        List<Matcher> lines = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("tokens.jsonl"))) {
            Matcher matcher = LINE.matcher(line);
            assertTrue(matcher.matches(), line);
            lines.add(matcher);
        }
        return lines;
    }

    private static String value(Run run, String name) {
        return run.out()
                .lines()
                .filter(line -> line.startsWith(name + ": "))
                .findFirst()
                .orElseThrow()
                .substring(name.length() + 2);
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }
}

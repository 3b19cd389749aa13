package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.cli.folder.RunCheckpoints;
import dev.microgpt.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A training run of the preset nano on a short text, which takes milliseconds. */
public final class SmallTraining {
    /** 440 characters, 28 of them distinct. */
    public static final String TEXT = "the quick brown fox jumps over the lazy dog\n".repeat(10);

    private static final String[][] SIZE = {
        {"--preset", "nano"},
        {"--n-layer", "1"},
        {"--n-head", "2"},
        {"--n-embd", "8"},
        {"--block-size", "8"},
        {"--batch-size", "2"},
        {"--steps", "6"},
        {"--num-samples", "0"}
    };

    private SmallTraining() {}

    /** Trains with these options, each of which replaces the one of the same name above. */
    public static Run run(Path data, Path out, String... more) {
        return Run.of(args(data, out, more));
    }

    /** The arguments of such a run. */
    static String[] args(Path data, Path out, String... more) {
        List<String> args = new ArrayList<>(List.of("train", "--data", data.toString(), "--out", out.toString()));
        for (String[] option : SIZE) {
            if (!Arrays.asList(more).contains(option[0])) {
                args.addAll(List.of(option));
            }
        }
        args.addAll(List.of(more));
        return args.toArray(new String[0]);
    }

    /** Resumes the run in a folder. */
    public static Run resume(Path data, Path out, String... more) {
        List<String> args = new ArrayList<>(
                List.of("train", "--resume", "--data", data.toString(), "--out", out.toString(), "--num-samples", "0"));
        args.addAll(List.of(more));
        return Run.of(args.toArray(new String[0]));
    }

    /** Makes the last checkpoint of a finished run that of one stopped before its last step. */
    static void unfinish(Path last) throws IOException {
        Checkpoint saved = Checkpoint.load(last);
        new Checkpoint(
                        saved.training().withSteps(saved.step() + 1),
                        saved.tokenizer(),
                        saved.model(),
                        saved.optimizer(),
                        saved.step(),
                        saved.random(),
                        saved.data(),
                        saved.bestLoss())
                .save(last);
    }

    /** What {@code info} says of a checkpoint, by name. */
    public static Map<String, String> info(Path checkpoint) {
        Run run = Run.of("info", "--checkpoint", checkpoint.toString());
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : run.out().lines().toList()) {
            int colon = line.indexOf(": ");
            values.put(line.substring(0, colon), line.substring(colon + 2));
        }
        return values;
    }

    /** The numbers of this name in the metrics of a run, in their order. */
    public static List<Double> metrics(Path out, String name) throws IOException {
        Matcher number =
                Pattern.compile("\"" + name + "\":([-\\d.E]+)").matcher(Files.readString(out.resolve("metrics.jsonl")));
        List<Double> numbers = new ArrayList<>();
        while (number.find()) {
            numbers.add(Double.valueOf(number.group(1)));
        }
        return numbers;
    }

    /** Leaves in {@code broken} what a run leaves that is killed between the checkpoint of a step and the next one. */
    static void breakOff(Path straight, Path broken, int step) throws IOException {
        Files.createDirectories(broken);
        for (Path file : new RunCheckpoints(broken).all()) {
            Files.delete(file);
        }
        String name = new RunCheckpoints(straight).after(step).getFileName().toString();
        for (String file : List.of(name, "metrics.jsonl", "report.html")) {
            Files.write(broken.resolve(file), Files.readAllBytes(straight.resolve(file)));
        }
        Path best = straight.resolve("best.safetensors");
        if (Checkpoint.stepIn(best) <= step) { // a later one was not there
            Files.write(broken.resolve("best.safetensors"), Files.readAllBytes(best));
        }
    }

    /** Checks that two runs have the same checkpoints and metrics. */
    static void assertSameEnd(Path expected, Path found, String when) throws IOException {
        for (String file : List.of("checkpoint.safetensors", "best.safetensors")) {
            assertArrayEquals(
                    Files.readAllBytes(expected.resolve(file)),
                    Files.readAllBytes(found.resolve(file)),
                    file + " " + when);
        }
        assertEquals(metricsWithoutTimes(expected), metricsWithoutTimes(found), when);
    }

    /** The metrics of a run, without how long its steps took. */
    static String metricsWithoutTimes(Path run) throws IOException {
        return Files.readString(run.resolve("metrics.jsonl")).replaceAll(",\"tokens_per_second\":[^}]*", "");
    }
}

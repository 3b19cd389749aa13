package dev.microgpt.cli;

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
}

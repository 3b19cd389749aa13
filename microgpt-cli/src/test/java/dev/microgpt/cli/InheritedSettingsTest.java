package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.internal.disk.Disk;
import dev.microgpt.train.internal.disk.OtherDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that starts from a model has the settings and the split of the run that trained it. */
class InheritedSettingsTest {
    private static final String NAMES = "anna\nemma\nolivia\nava\nmia\nzoe\nlily\nella\nnora\nluna\n";

    /** All different from the defaults of the presets. */
    private static final String SETTINGS = "--steps 7 --batch-size 2 --gradient-accumulation-steps 2 --schedule cosine"
            + " --learning-rate 0.03 --min-lr 0.002 --warmup-steps 2 --beta1 0.8 --beta2 0.95 --adam-eps 1.0E-7"
            + " --weight-decay 0.2 --grad-clip 0.5 --seed 7 --dropout 0.1 --val-fraction 0.3";

    @TempDir
    Path folder;

    private Path names;
    private Path first;
    private Path second;

    @BeforeEach
    void trainTheFirst() throws IOException {
        names = Files.writeString(folder.resolve("names.txt"), NAMES);
        first = folder.resolve("first");
        second = folder.resolve("second");
        done(run("--n-embd 4 --n-head 1 --block-size 8 --num-samples 0 " + SETTINGS, names, first));
    }

    private static Run run(String options, Path data, Path out) {
        List<String> args = new ArrayList<>(List.of("train", "--data", data.toString(), "--out", out.toString()));
        args.addAll(List.of(options.split(" +")));
        return Run.of(args.toArray(new String[0]));
    }

    private Run from(Path start, String options) {
        return run("--num-samples 0 --report " + options + " --init-from " + start, names, second);
    }

    private static Run done(Run run) {
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return run;
    }

    /** What {@code info} says of both, except for what the weights decide. */
    private static Map<String, String> settings(Path run) {
        Map<String, String> settings = SmallTraining.info(run);
        settings.remove("checkpoint");
        return settings;
    }

    @Test
    void everySettingIsInheritedAndNamedInOneLine() {
        Run run = done(from(first, ""));
        assertEquals(settings(first), settings(second));
        Path file = first.resolve("checkpoint.safetensors");
        assertTrue(run.err().contains("microgpt: inherited from " + file + ": " + SETTINGS + "\n"), run.err());
    }

    @ParameterizedTest
    @CsvSource({
        "--steps 3, steps, 3",
        "--learning-rate 0.004, learning_rate, 0.004",
        "--batch-size 3, batch_size, 3",
        "--val-fraction 0.4, val_fraction, 0.4",
        "--dropout 0, dropout, 0.0",
        "--seed 9, seed, 9"
    })
    void anOptionOverridesItsOwnSettingAlone(String option, String name, String value) {
        Run run = done(from(first, option));
        Map<String, String> expected = settings(first);
        expected.put(name, value);
        expected.put("step", name.equals("steps") ? "3 of 3" : "7 of 7");
        assertEquals(expected, settings(second));
        String line = run.err()
                .lines()
                .filter(each -> each.contains("inherited"))
                .findFirst()
                .orElse("");
        assertFalse(line.contains(option.substring(0, option.indexOf(' '))), line);
    }

    @Test
    void aPresetOverridesTheTrainingSettingsButNotTheSplit() {
        Run run = done(from(first, "--preset microgpt --steps 3"));
        Map<String, String> after = settings(second);
        assertEquals("0.01", after.get("learning_rate"));
        assertEquals("1", after.get("batch_size"));
        assertEquals("linear", after.get("schedule"));
        assertEquals("7", after.get("seed"), "it determines the split of documents");
        assertEquals("0.3", after.get("val_fraction"));
        assertTrue(run.err().contains(": --seed 7 --dropout 0.1 --val-fraction 0.3\n"), run.err());
    }

    /** The first evaluation is the last one of the first run: of the same model on the same documents. */
    @Test
    void theStartIsEvaluatedOnTheDocumentsThatWereHeldOut() throws IOException {
        String again = "--n-embd 4 --n-head 1 --block-size 8 --num-samples 0 --report --overwrite ";
        done(run(again + SETTINGS, names, first));
        List<Double> before = SmallTraining.metrics(first, "validation_loss");
        Run run = done(from(first, "--learning-rate 1e-9 --min-lr 0 --warmup-steps 0 --steps 1"));
        List<Double> after = SmallTraining.metrics(second, "validation_loss");
        assertEquals(before.get(before.size() - 1), after.get(0));
        String metrics = Files.readString(second.resolve("metrics.jsonl"));
        assertTrue(metrics.startsWith("{\"step\":0,\"validation_loss\":"), metrics);
        assertTrue(run.err().contains("step 0 | validation loss "), run.err());
        assertFalse(run.err().contains("note: "), run.err());
    }

    @ParameterizedTest
    @CsvSource({
        "--val-fraction 0.2, '--val-fraction is 0.2 instead of 0.3'",
        "--seed 8, '--seed, which shuffles the documents, is 8 instead of 7'"
    })
    void anOptionThatTrainsOnHeldOutDocumentsIsNoted(String option, String note) throws IOException {
        String end = ", so this run trains on data that is in the validation split of "
                + first.resolve("checkpoint.safetensors");
        Run run = done(from(first, option));
        assertTrue(run.err().contains("microgpt: note: " + note + end + "\n"), run.err());
        second = folder.resolve("third");
        names = Files.writeString(folder.resolve("other.txt"), NAMES.repeat(2));
        assertFalse(done(from(first, option)).err().contains("note: --"), "other data");
    }

    @Test
    void aModelWithoutSettingsIsFineTunedCarefully() throws IOException {
        Path alone = folder.resolve("model.safetensors");
        TrainedModel.load(first.resolve("checkpoint.safetensors")).save(alone);
        Run run = done(from(alone, ""));
        assertTrue(
                run.err()
                        .contains("microgpt: " + alone + " records no training settings; of the defaults for"
                                + " fine-tuning, this run uses --steps 20 --batch-size 1"
                                + " --gradient-accumulation-steps 32 --schedule constant --learning-rate 3.0E-5"),
                run.err());
        assertEquals("3.0E-5", settings(second).get("learning_rate"));
        assertEquals("20 of 20", settings(second).get("step"));
    }

    /** Also before the first checkpoint but the best one, which is that of the model that the run starts from. */
    @Test
    void aRunThatCrashesAnywhereIsResumedToTheSameBytes() throws IOException {
        String options = "--steps 2 --eval-interval 1 --eval-steps 1 --checkpoint-interval 1";
        Path straight = second;
        done(from(first, options));
        int resumed = 0;
        boolean failed = true;
        for (int operation = 0; failed; operation++) {
            second = folder.resolve("crashed" + operation);
            OtherDisk dying = OtherDisk.use(new DyingDisk(Disk.operations(), operation));
            try {
                failed = from(first, options).exitCode() != ExitCode.DONE;
            } finally {
                dying.close();
            }
            Run again = run("--num-samples 0 --report --resume " + options, names, second);
            if (again.exitCode() == ExitCode.CONTENT) { // nothing was saved
                continue;
            }
            done(again);
            for (String file : List.of("checkpoint.safetensors", "best.safetensors")) {
                assertArrayEquals(
                        Files.readAllBytes(straight.resolve(file)),
                        Files.readAllBytes(second.resolve(file)),
                        file + " at operation " + operation);
            }
            assertEquals(
                    SmallTraining.metrics(straight, "validation_loss"),
                    SmallTraining.metrics(second, "validation_loss"),
                    "operation " + operation);
            resumed++;
        }
        assertTrue(resumed > 10, resumed + " resumed");
        assertTrue(Checkpoint.load(straight.resolve("checkpoint.safetensors")).bestLoss() < 100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--preset nano"})
    void aModelOfTextNeedsAText(String preset) throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        SmallTraining.run(text, folder.resolve("text-run"));
        String[] args = ("train --init-from " + folder.resolve("text-run") + " " + preset).split(" +");
        Run refused = Run.of(args);
        assertEquals(ExitCode.USAGE, refused.exitCode(), refused.err());
        assertTrue(
                refused.err()
                        .startsWith("microgpt: --init-from with a model of text needs --data, but it is not given\n"),
                refused.err());
    }

    @Test
    void theBundledNamesAreNotedIfTheModelWasTrainedOnOthers() throws IOException {
        String[] args = {
            "train", "--init-from", first.toString(), "--out", second.toString(), "--steps", "1", "--num-samples", "0"
        };
        Run run = Run.of(args); // the model does not know all letters
        assertEquals(ExitCode.CONTENT, run.exitCode(), run.err());
        Path letters = Files.writeString(folder.resolve("letters.txt"), "abcdefghijklm\nnopqrstuvwxyz\n");
        done(run("--n-embd 4 --n-head 1 --steps 1 --num-samples 0 --overwrite", letters, first));
        Run noted = done(Run.of(args));
        assertTrue(noted.err().contains("note: --data is not given, so this run uses the bundled names"), noted.err());
    }
}

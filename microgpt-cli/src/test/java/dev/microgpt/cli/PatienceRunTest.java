package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --patience}: a run whose validation loss rises, because what is held out has another character. */
class PatienceRunTest {
    private static final String OPTIONS = "--preset nano --no-tie-head --n-layer 1 --n-head 1 --n-embd 8 --block-size 8"
            + " --batch-size 2 --learning-rate 0.05 --warmup-steps 0 --eval-interval 2 --eval-steps 1"
            + " --num-samples 2";

    /** Evaluations after steps 2, 4 and 6, of which the first is the best. */
    private static final int END = 6;

    @TempDir
    Path folder;

    private Path text;
    private Path straight;
    private Path broken;

    @BeforeEach
    void writeText() throws IOException {
        text = Files.writeString(folder.resolve("text.txt"), "ab".repeat(45) + "acbcaccbcc");
        straight = folder.resolve("straight");
        broken = folder.resolve("broken");
    }

    private Run train(Path out, String... more) {
        return run(out, "--steps 12 --checkpoint-interval 1 --keep 99", more);
    }

    private Run run(Path out, String options, String... more) {
        List<String> args = new ArrayList<>(List.of("train", "--data", text.toString(), "--out", out.toString()));
        args.addAll(List.of((OPTIONS + " " + options).split(" ")));
        args.addAll(List.of(more));
        return Run.of(args.toArray(new String[0]));
    }

    private static Run done(Run run) {
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return run;
    }

    private static Checkpoint last(Path out) throws IOException {
        return Checkpoint.load(out.resolve("checkpoint.safetensors"));
    }

    @Test
    void aRunThatIsStoppedAndResumedAtAnyStepEndsAtTheSameStepWithTheSameBytes() throws IOException {
        Run whole = done(train(straight, "--patience", "2"));
        assertEquals(END, last(straight).step());
        assertTrue(
                whole.err()
                        .contains("microgpt: ended early after step 6 of 12; the model is "
                                + straight.resolve("checkpoint.safetensors") + ", the best one "
                                + straight.resolve("best.safetensors") + "\n"),
                whole.err());
        assertTrue(
                whole.err().matches("(?s).*\nto train on without --patience:\n    microgpt train --[^\n]* --resume\n"),
                whole.err());
        assertFalse(whole.err().contains("--patience 2"), whole.err());
        Run again = done(train(folder.resolve("again"), "--patience", "2"));
        assertEquals(whole.out(), again.out());
        SmallTraining.assertSameEnd(straight, folder.resolve("again"), "repeated");
        for (int step = 1; step <= END; step++) {
            SmallTraining.breakOff(straight, broken, step);
            Run resumed = done(train(broken, "--patience", "2", "--resume"));
            SmallTraining.assertSameEnd(straight, broken, "resumed after step " + step);
            assertEquals(samples(whole), samples(resumed), "resumed after step " + step);
            assertEquals(losses(whole), losses(resumed), "resumed after step " + step);
        }
        String last = straight.resolve("checkpoint.safetensors").toString();
        Run ended = done(train(straight, "--patience", "2", "--resume", last));
        assertTrue(
                ended.err().contains("resuming the run that --patience ended after step 6 of 12, from "), ended.err());
        SmallTraining.assertSameEnd(straight, broken, "resumed after its end");
        assertEquals("6 of 12, ended early", SmallTraining.info(straight).get("step"));
    }

    /** What the end of a run says about the losses of the whole run. */
    private static String losses(Run run) {
        return run.err()
                .substring(run.err().indexOf("\ntraining loss "), run.err().indexOf("\nnext:"));
    }

    private static String samples(Run run) {
        return run.out().substring(run.out().indexOf("\n--- "));
    }

    @Test
    void aRunThatHasEndedGoesOnWithoutPatienceAsIfItHadHadNone() throws IOException {
        done(train(straight));
        assertEquals(12, last(straight).step());
        done(train(broken, "--patience", "2"));
        done(train(broken, "--resume"));
        SmallTraining.assertSameEnd(straight, broken, "resumed without patience");
        assertFalse(last(broken).endedEarly());
    }

    @Test
    void withMorePatienceItGoesOnFromItsCount() throws IOException {
        done(train(straight, "--patience", "3"));
        assertEquals(8, last(straight).step());
        done(train(broken, "--patience", "2"));
        done(train(broken, "--patience", "3", "--resume"));
        SmallTraining.assertSameEnd(straight, broken, "resumed with more patience");
    }

    @Test
    void aRunThatHasEndedCanBeExtendedAndCountsAsFinished() throws IOException {
        done(train(straight, "--patience", "2"));
        assertTrue(Checkpoint.isFinishedIn(straight.resolve("checkpoint.safetensors")));
        Run extended = Run.of(
                "train",
                "--data",
                text.toString(),
                "--resume",
                straight.toString(),
                "--steps",
                "14",
                "--extend",
                "--num-samples",
                "0");
        done(extended);
        assertEquals(14, last(straight).step());
        assertEquals(1, last(straight).extensions().size());
    }

    @Test
    void anExtensionWhoseFirstEvaluationEndsItsPatienceDoesNoStep() throws IOException {
        String brief = "--schedule constant --steps 4";
        String longer = "--schedule constant --steps 12 --resume";
        done(run(straight, brief)); // the best evaluation is that after step 2
        for (String when : List.of("extended", "repeated")) {
            Run run = done(run(straight, longer, "--extend", "--patience", "1"));
            assertTrue(run.err().contains("microgpt: ended early after step 4 of 12; the model is "), run.err());
            assertEquals("4 of 12, ended early", SmallTraining.info(straight).get("step"), when);
        }
        done(run(straight, longer));
        done(run(broken, brief));
        done(run(broken, longer, "--extend"));
        SmallTraining.assertSameEnd(broken, straight, "resumed without patience");
    }

    @Test
    void patienceWithoutAValidationSplitIsRefusedBeforeAnythingIsWritten() {
        Run refused = train(straight, "--patience", "2", "--val-fraction", "0");
        assertEquals(ExitCode.USAGE, refused.exitCode());
        assertEquals("""
                microgpt: --patience 2 needs a validation split, but this run has none
                hint: hold out a tenth of the data with --val-fraction 0.1, or leave out --patience
                """, refused.err().substring(refused.err().indexOf("microgpt: --patience")));
        assertEquals("", refused.out());
        assertFalse(Files.exists(straight));
    }
}

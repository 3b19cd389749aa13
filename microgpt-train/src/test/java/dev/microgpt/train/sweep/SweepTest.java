package dev.microgpt.train.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which runs of a sweep are trained, and the table of their results. */
class SweepTest {
    @TempDir
    Path folder;

    private final FakeTrainer trainer = new FakeTrainer();
    private final List<String> told = new ArrayList<>();
    private final SweepListener listener = new SweepListener() {
        @Override
        public void onBegin(SweptRun run) {
            told.add("begin " + run.name());
        }

        @Override
        public void onEnd(SweptRun run, RunEnd end) {
            told.add(end.state() + " " + run.name());
        }
    };

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 9})
    void aFailureStopsNoOtherRunAndWhatIsDoneIsNotRepeated(int jobs) throws IOException {
        Sweep sweep = Sweep.parse("s.txt", "seed = 1, 13, 14, 2");
        sweep.check(trainer, folder, jobs);
        List<RunEnd> ends = sweep.train(trainer, folder, jobs, () -> false, listener);
        assertEquals(
                List.of(RunEnd.State.DONE, RunEnd.State.DIVERGED, RunEnd.State.FAILED, RunEnd.State.DONE),
                ends.stream().map(RunEnd::state).toList());
        assertEquals("a bug", ends.get(2).message());
        assertEquals(4, trainer.trained.size());
        assertEquals(8, told.size());
        told.clear();
        assertEquals(ends, sweep.train(trainer, folder, jobs, () -> false, listener));
        assertEquals(5, trainer.trained.size()); // only what failed
        assertEquals(Map.of("seed", "14"), trainer.trained.get(4));
        assertEquals(5, told.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anErrorIsTheFailureOfItsRun(int jobs) throws IOException {
        Sweep sweep = Sweep.parse("s.txt", "seed = 1, 16, 2");
        List<RunEnd> ends = sweep.train(trainer, folder, jobs, () -> false, listener);
        assertEquals(new RunEnd(RunEnd.State.FAILED, 1, "java.lang.AssertionError: of a broken part"), ends.get(1));
        assertEquals(
                List.of(RunEnd.State.DONE, RunEnd.State.DONE),
                List.of(ends.get(0).state(), ends.get(2).state()));
        assertTrue(told.contains("failed seed-16"), told::toString);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whatAListenerThrowsReachesTheCallerWhenNoRunIsInTraining(int jobs) throws IOException {
        Sweep sweep = Sweep.parse("s.txt", "seed = 1, 2, 3, 4, 5, 6, 7, 8, 9");
        Error thrown = new AssertionError("of the listener");
        SweepListener throwing = new SweepListener() {
            @Override
            public void onBegin(SweptRun run) {}

            @Override
            public void onEnd(SweptRun run, RunEnd end) {
                throw thrown;
            }
        };
        assertSame(
                thrown,
                assertThrows(AssertionError.class, () -> sweep.train(trainer, folder, jobs, () -> false, throwing)));
        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("sweep ")));
        assertTrue(trainer.trained.size() <= jobs, trainer.trained::toString);
    }

    @Test
    void aStoppedRunContinuesAndOthersDoNotBegin() throws IOException {
        Sweep sweep = Sweep.parse("s.txt", "seed = 1, 2, 3");
        AtomicInteger questions = new AtomicInteger();
        List<RunEnd> ends = sweep.train(trainer, folder, 1, () -> questions.incrementAndGet() > 5, listener);
        assertEquals(
                List.of(RunEnd.State.DONE, RunEnd.State.STOPPED, RunEnd.State.STOPPED),
                ends.stream().map(RunEnd::state).toList());
        assertEquals(List.of("begin seed-1", "done seed-1", "begin seed-2", "stopped seed-2", "stopped seed-3"), told);
        sweep.train(trainer, folder, 1, () -> false, listener);
        assertEquals(
                List.of("1", "2", "2", "3"),
                trainer.trained.stream().map(run -> run.get("seed")).toList());
    }

    @Test
    void moreValuesTrainOnlyTheNewRuns() throws IOException {
        Sweep.parse("s.txt", "seed = 1, 2").train(trainer, folder, 1, () -> false, listener);
        Sweep.parse("s.txt", "seed = 3, 2, 1").train(trainer, folder, 1, () -> false, listener);
        assertEquals(3, trainer.trained.size());
    }

    @Test
    void aFolderWithOtherSettingsIsRefusedBeforeTheFirstRun() throws IOException {
        Sweep.parse("s.txt", "steps = 5\nseed = 2, 3").train(trainer, folder, 1, () -> false, listener);
        Sweep other = Sweep.parse("s.txt", "steps = 6\nseed = 1, 2");
        String message = assertThrows(SweepException.class, () -> other.check(trainer, folder, 1))
                .getMessage();
        assertEquals(
                folder.resolve("seed-2") + " has a run with the settings {steps=5, seed=2}, but this sweep has a run of"
                        + " that name with {steps=6, seed=2}; choose another --out, or move the folder",
                message);
        Files.writeString(folder.resolve("seed-2/run.json"), "{\"given\":3}");
        message = assertThrows(SweepException.class, () -> other.check(trainer, folder, 1))
                .getMessage();
        assertTrue(
                String.valueOf(message).startsWith(folder.resolve("seed-2/run.json") + " must be the file of a run"),
                message);
    }

    @Test
    void everyValueAndEveryRunIsCheckedAndAnErrorNamesItsLine() throws IOException {
        Sweep value = Sweep.parse("s.txt", "seed = 1\nsteps = 5, x");
        assertEquals(
                "s.txt, line 2, steps = x: --steps must be a number",
                assertThrows(SweepException.class, () -> value.check(trainer, folder, 1))
                        .getMessage());
        assertEquals(List.of(), trainer.checked);
        Sweep run = Sweep.parse("s.txt", "n-head = 4, 3\nseed = 1, 2");
        assertEquals(
                "s.txt: the run n-head-3_seed-1 with n-head = 3, seed = 1 is refused: n-embd must be a multiple of"
                        + " n-head; change one",
                assertThrows(SweepException.class, () -> run.check(trainer, folder, 1))
                        .getMessage());
        assertEquals(2, trainer.checked.size()); // one of each seed is enough
    }

    @Test
    void theTableHasWhatDiffersAndTheSpreadOfSeeds() throws IOException {
        Sweep sweep = Sweep.parse("s.txt", "n-layer = 1, 2\nseed = 1, 2");
        sweep.train(trainer, folder, 1, () -> false, listener);
        List<Path> folders =
                sweep.runs().stream().map(run -> folder.resolve(run.name())).toList();
        Comparison comparison = Comparison.of(folders);
        assertEquals(List.of("n_layer", "seed"), comparison.differing());
        assertEquals(2, comparison.groups().size());
        assertEquals("""
                run               n_layer  seed  steps    loss  val loss    best  bits/byte  seconds  tokens/s
                n-layer-1_seed-1        1     1      2  2.1000    2.5000  2.5000     3.5000      2.0        20
                n-layer-1_seed-2        1     2      2  2.2000    2.5000  2.5000     3.5000      2.0        20
                n-layer-2_seed-1        2     1      2  2.1000    2.5000  2.5000     3.5000      2.0        20
                n-layer-2_seed-2        2     2      2  2.2000    2.5000  2.5000     3.5000      2.0        20

                means of the seeds, with the lowest and the highest:
                seeds  n_layer  steps                       loss  val loss    best  bits/byte  seconds  tokens/s
                2            1      2  2.1500 (2.1000 to 2.2000)    2.5000  2.5000     3.5000      2.0        20
                2            2      2  2.1500 (2.1000 to 2.2000)    2.5000  2.5000     3.5000      2.0        20
                """, comparison.text());
    }

    @Test
    void aRunWithoutMetricsIsInTheTableWithItsReason() throws IOException {
        Sweep sweep = Sweep.parse("s.txt", "seed = 1, 13");
        sweep.train(trainer, folder, 1, () -> false, listener);
        String text = Comparison.of(List.of(folder.resolve("seed-1"), folder.resolve("seed-13")))
                .text();
        assertTrue(
                text.contains(
                        "seed-13    13      0       –         –       –          –      0.0         –  diverged\n"),
                text);
        assertTrue(text.endsWith("\nseed-13: the loss is NaN\n"), text);
    }

    @Test
    void runsOfOtherDataAreNoSeedsOfOneSetting() throws IOException {
        Sweep sweep = Sweep.parse("s.txt", "data = n.txt\nseed = 1, 2");
        sweep.train(trainer, folder.resolve("a"), 1, () -> false, listener);
        trainer.dataHash = "fedcba9876543210";
        sweep.train(trainer, folder.resolve("b"), 1, () -> false, listener);
        Comparison comparison = Comparison.of(List.of(
                folder.resolve("a/seed-1"),
                folder.resolve("a/seed-2"),
                folder.resolve("b/seed-1"),
                folder.resolve("b/seed-2")));
        assertEquals(List.of("data_sha256", "seed"), comparison.differing());
        assertEquals(2, comparison.groups().size());
        assertEquals("fedcba98", Comparison.value(comparison.runs().get(2), "data_sha256"));
        assertEquals(
                folder.resolve("b/seed-1").toString(), comparison.runs().get(2).name());
    }

    @Test
    void theStepsOfTheSettingsAreNotThoseDone() throws IOException {
        Sweep.parse("s.txt", "steps = 2, 9").train(trainer, folder, 1, () -> false, listener);
        String text = Comparison.of(List.of(folder.resolve("steps-2"), folder.resolve("steps-9")))
                .text();
        assertTrue(text.startsWith("run      steps  steps done    loss  "), text);
    }

    @Test
    void aRunIsComparedOnce() throws IOException {
        Sweep.parse("s.txt", "seed = 1, 2").train(trainer, folder, 1, () -> false, listener);
        Path again = folder.resolve("x/../seed-1");
        assertEquals(
                again + " must be given once, but is given twice; leave out one",
                assertThrows(SweepException.class, () -> Comparison.of(List.of(folder.resolve("seed-1"), again)))
                        .getMessage());
    }

    @Test
    void aRunThatFailedHasNotFailedWhileItIsTrainedAgain() throws IOException {
        Sweep sweep = Sweep.parse("s.txt", "seed = 15, 1");
        sweep.train(trainer, folder, 1, () -> false, listener);
        assertEquals("the disk is full", sweep.runs().get(0).endIn(folder).message());
        sweep.train(trainer, folder, 1, () -> false, listener);
        String stopped = new RunEnd(RunEnd.State.STOPPED, 0, "").toString();
        assertEquals(List.of(stopped, stopped), trainer.begun);
    }

    @Test
    void theEndOfARunThatAnotherProcessTrainsIsNotRecorded() throws IOException {
        Sweep sweep = Sweep.parse("s.txt", "seed = 17, 1");
        RunEnd inUse = sweep.train(trainer, folder, 1, () -> false, listener).get(0);
        assertTrue(inUse.isInUse(), inUse::toString);
        assertEquals(RunEnd.State.STOPPED, sweep.runs().get(0).endIn(folder).state());
        assertFalse(sweep.runs().get(1).endIn(folder).isInUse());
    }

    @Test
    void aFileInPlaceOfARunIsRefusedBeforeTheFirstRun() throws IOException {
        Path file = Files.writeString(folder.resolve("seed-2"), "notes");
        Sweep sweep = Sweep.parse("s.txt", "seed = 1, 2");
        assertEquals(
                file + " must be the folder of a run, but is a file; move it, or choose another --out",
                assertThrows(SweepException.class, () -> sweep.check(trainer, folder, 1))
                        .getMessage());
    }

    @Test
    void aStateThatIsNoneIsNamed() throws IOException {
        Sweep sweep = Sweep.parse("s.txt", "seed = 1, 2");
        Path file = Files.createDirectories(folder.resolve("seed-1")).resolve("run.json");
        Files.writeString(file, "{\"state\":\"over\"}");
        assertEquals(
                file
                        + " must be the file of a run of a sweep, but is not: state must be one of [done, diverged,"
                        + " failed, stopped], but is \"over\"; move it to train the run again, or choose another --out",
                assertThrows(SweepException.class, () -> sweep.check(trainer, folder, 1))
                        .getMessage());
    }

    @Test
    void otherFoldersAreRefused() {
        assertEquals(
                folder + " must be the folder of a run with metrics.jsonl, but there is no such file in it; microgpt"
                        + " sweep and microgpt train --report write it",
                assertThrows(SweepException.class, () -> Comparison.of(List.of(folder)))
                        .getMessage());
    }

    @Test
    void aRunCanBeSentToAnotherProcess() throws IOException, ClassNotFoundException {
        SweptRun run = Sweep.parse("s.txt", "seed = 1, 2").runs().get(1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(run);
            out.writeObject(new RunEnd(RunEnd.State.DONE, 0, ""));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertEquals(run, in.readObject());
            assertEquals(new RunEnd(RunEnd.State.DONE, 0, ""), in.readObject());
        }
    }

    @Test
    void withoutTheProgramThereIsNobodyToTrain() {
        assertEquals(
                "a sweep needs the program that trains its runs, but no dev.microgpt.train.sweep.RunTrainer is on the"
                        + " class path; add microgpt.jar, or the library microgpt-cli of this version",
                assertThrows(IllegalStateException.class, RunTrainer::find).getMessage());
    }
}

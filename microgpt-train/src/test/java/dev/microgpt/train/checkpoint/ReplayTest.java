package dev.microgpt.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.AdamConfig;
import dev.microgpt.train.MicrogptRun;
import dev.microgpt.train.Schedule;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.data.Batcher;
import dev.microgpt.train.data.DataFormat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static final List<String> NAMES = List.of("emma", "olivia", "ava", "mia", "isabella", "zoe", "lily");
    private static final GptConfig SHAPE =
            GptConfig.microgpt(2).withSizes(1, 2, 8, 8).with(GptConfig.DROPOUT, 0.2);
    private static final TrainingConfig TRAINING = training(Schedule.Kind.COSINE, 20);
    private static final DataConfig DATA = new DataConfig(DataFormat.DOCUMENTS, 0, "0123456789abcdef".repeat(4));

    @Test
    void aRunIsRepeatedBitForBitFromAnyOfItsCheckpoints() {
        MicrogptRun run = new MicrogptRun(NAMES, SHAPE, TRAINING);
        for (int step : new int[] {0, 7, 20}) {
            run.trainer.run(step);
            Replay replay = Replay.of(saved(run, List.of()), batches(run), shuffled(NAMES));
            Replay.Run repeated = replay.newRun();
            assertEquals(0, repeated.trainer().step());
            repeated.trainer().run(step);
            replay.checkEnd(repeated);
            assertSame(run, repeated);
        }
    }

    @Test
    void aRunContinuesFromAnother() {
        MicrogptRun run = new MicrogptRun(NAMES, SHAPE, TRAINING);
        run.trainer.run(20);
        Replay replay = Replay.of(saved(run, List.of()), batches(run), shuffled(NAMES));
        Replay.Run base = replay.newRun();
        base.trainer().run(7);
        Replay.Run fork = replay.newRun();
        fork.trainer().run(3);
        fork.continueFrom(base);
        assertEquals(7, fork.trainer().step());
        fork.trainer().run(20);
        replay.checkEnd(fork);
        assertSame(run, fork);
        assertEquals(7, base.optimizer().updates());
    }

    @Test
    void aRunThatBeganWithOtherWeightsIsRefused() {
        MicrogptRun run = new MicrogptRun(NAMES, SHAPE, TRAINING);
        Checkpoint begunFromAModel = new Checkpoint(
                TRAINING, run.tokenizer, run.gpt, run.adam, 0, shuffled(NAMES).state(), DATA, Double.POSITIVE_INFINITY);
        String message = refusal(() -> Replay.of(begunFromAModel, batches(run), shuffled(NAMES)));
        assertTrue(
                message.startsWith("replay: the random state in the checkpoint is not the one after seed 5"), message);
    }

    @Test
    void aRunThatWasExtendedIsRepeatedOnlyIfItsRatesAreTheSame() {
        MicrogptRun run = new MicrogptRun(NAMES, SHAPE, TRAINING);
        run.trainer.run(8);
        Checkpoint extended = saved(run, List.of(new Extension(6, 10, 20)));
        assertEquals(
                "replay: the run was extended after step 6 from 10 to 20 steps, so step 5 had the learning rate "
                        + TRAINING.schedule().over(10).at(4) + " and not "
                        + TRAINING.schedule().over(20).at(4)
                        + "; only a run that was not extended, or has a constant learning rate, can be repeated",
                refusal(() -> Replay.of(extended, batches(run), shuffled(NAMES))));

        MicrogptRun constant = new MicrogptRun(NAMES, SHAPE, training(Schedule.Kind.CONSTANT, 20));
        constant.trainer.run(8);
        Checkpoint same = new Checkpoint(
                training(Schedule.Kind.CONSTANT, 20),
                constant.tokenizer,
                constant.gpt,
                constant.adam,
                8,
                constant.random.state(),
                DATA,
                Double.POSITIVE_INFINITY,
                List.of(new Extension(6, 10, 20)),
                0,
                false);
        Replay replay = Replay.of(same, batches(constant), shuffled(NAMES));
        Replay.Run repeated = replay.newRun();
        repeated.trainer().run(8);
        replay.checkEnd(repeated);
    }

    @Test
    void otherDataShowsInTheWeights() {
        MicrogptRun run = new MicrogptRun(NAMES, SHAPE, TRAINING);
        run.trainer.run(2);
        List<String> others = new ArrayList<>(run.documents);
        others.set(3, run.documents.get(0));
        Batcher batches = new Batcher(others, run.tokenizer, TRAINING.batchSize(), SHAPE.blockSize());
        Replay replay = Replay.of(saved(run, List.of()), batches, shuffled(NAMES));
        Replay.Run repeated = replay.newRun();
        assertEquals(
                "replay: the run has done 0 steps, but must be compared after step 2, that of the checkpoint",
                refusal(() -> replay.checkEnd(repeated)));
        repeated.trainer().run(2);
        String message = refusal(() -> replay.checkEnd(repeated));
        assertTrue(message.startsWith("replay: after step 2, the number at index "), message);
    }

    private static TrainingConfig training(Schedule.Kind kind, int steps) {
        return new TrainingConfig(
                steps, 2, 2, new Schedule(kind, 0.02, 0.001, 3), new AdamConfig(0.9, 0.95, 1e-8, 0.1), 0.5, 5);
    }

    private static Checkpoint saved(MicrogptRun run, List<Extension> extensions) {
        return new Checkpoint(
                TRAINING,
                run.tokenizer,
                run.gpt,
                run.adam,
                run.trainer.step(),
                run.random.state(),
                DATA,
                Double.POSITIVE_INFINITY,
                extensions,
                0,
                false);
    }

    private static Batcher batches(MicrogptRun run) {
        return new Batcher(run.documents, run.tokenizer, TRAINING.batchSize(), SHAPE.blockSize());
    }

    private static PythonRandom shuffled(List<String> names) {
        PythonRandom random = new PythonRandom(TRAINING.seed());
        random.shuffle(new ArrayList<>(names));
        return random;
    }

    private static void assertSame(MicrogptRun expected, Replay.Run actual) {
        List<Parameter> parameters = actual.model().parameters().all();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            assertArrayEquals(expected.gpt.parameters().all().get(i).data(), parameter.data(), parameter.name());
            for (String state : List.of("m", "v")) {
                assertArrayEquals(
                        expected.adam.state().get(state).get(i),
                        actual.optimizer().state().get(state).get(i));
            }
        }
    }

    private static String refusal(Runnable refused) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, refused::run);
        return String.valueOf(e.getMessage());
    }
}

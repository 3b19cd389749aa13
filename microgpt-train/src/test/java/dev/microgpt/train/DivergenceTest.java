package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.TapeListener;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Initialization;
import dev.microgpt.model.Norm;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.DataConfig;
import dev.microgpt.train.data.DataFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A number that is not finite, wherever it comes up, stops the training in that very step, is named, and is not saved.
 */
class DivergenceTest {
    private static final List<String> NAMES = List.of("emma", "olivia", "ava", "mia", "isabella", "zoe", "lily");
    private static final double[] NOT_FINITE = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};

    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");

    /** What is as good as minus infinity to a maximum and to an exponential. */
    private static final double VERY_NEGATIVE = -1e300;

    private static int injected;
    private static int named;
    private static int absorbed;

    @TempDir
    Path folder;

    private static final TrainingConfig TRAINING = new TrainingConfig(
            20, 2, 2, new Schedule(Schedule.Kind.CONSTANT, 0.01, 0, 0), new AdamConfig(0.9, 0.99, 1e-8, 0.1), 1.0, 42);

    /** All operations that models have, with and without biases, gains and dropout. */
    enum Model {
        MICROGPT(GptConfig.microgpt(2)),
        NANO(GptConfig.nano(2).with(GptConfig.DROPOUT, 0.2)),
        GPT2(GptConfig.gpt2(2).with(GptConfig.DROPOUT, 0.0));

        final GptConfig variant;

        Model(GptConfig variant) {
            this.variant = variant;
        }

        /** A run that is about to make its second step, in two parts. */
        MicrogptRun run() {
            MicrogptRun run = new MicrogptRun(NAMES, variant.withVocabSize(2).withSizes(2, 2, 8, 8), TRAINING);
            run.trainer.run(1);
            return run;
        }
    }

    @AfterAll
    static void publish(TestReporter reporter) {
        String figure =
                injected + " NaNs and infinities injected, " + named + " named in that very step and not saved, "
                        + absorbed + " without effect, with the bits of a large negative number or of none";
        assertEquals(injected, named + absorbed, figure);
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    @ParameterizedTest
    @EnumSource
    void inEveryParameter(Model model) {
        injectInto(model, (run, i) -> run.gpt.parameters().all().get(i).data(), "parameter ");
    }

    @ParameterizedTest
    @EnumSource
    void inEveryMoment(Model model) {
        injectInto(model, (run, i) -> run.adam.firstMoments().get(i), "Adam's mean of the gradient of ");
        injectInto(model, (run, i) -> run.adam.secondMoments().get(i), "Adam's mean of the squared gradient of ");
    }

    private void injectInto(Model model, BiFunction<MicrogptRun, Integer, double[]> arrays, String what) {
        int parameters = model.run().gpt.parameters().all().size();
        for (int i = 0; i < parameters; i++) {
            for (double bad : NOT_FINITE) {
                for (int place : places()) {
                    MicrogptRun run = model.run();
                    double[] array = arrays.apply(run, i);
                    array[at(place, array.length)] = bad;
                    String name = run.gpt.parameters().all().get(i).name();
                    assertNamed(run, what + name + " is " + bad + " at [");
                    assertNotSaved(run);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void inTheOutputOfEveryOperation(Model model) {
        List<Op> ops = operations(model);
        for (int op = 0; op < ops.size(); op++) {
            String maker =
                    "the output of operation " + (op + 1) + ", " + ops.get(op).name();
            for (double bad : NOT_FINITE) {
                for (int place : places()) {
                    Injector injector = Injector.intoOutput(op, place, bad);
                    inject(model, injector, bad, maker, " is " + bad + " at [");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void inEveryGradientOfEveryOperation(Model model) {
        List<Op> ops = operations(model);
        for (int op = 0; op < ops.size(); op++) {
            String backward = ", first in the backward of operation " + (op + 1) + ", "
                    + ops.get(op).name();
            for (int input = 0; input < ops.get(op).inputs().size(); input++) {
                for (double bad : NOT_FINITE) {
                    for (int place : places()) {
                        Injector injector = Injector.intoGradient(op, input, place, bad);
                        inject(model, injector, 0, "the gradient of ", " is " + bad + " at [", backward);
                    }
                }
            }
        }
    }

    /**
     * What a ReLU or a softmax makes of it may be as finite as what it makes of a harmless number; then it must be
     * that.
     */
    private void inject(Model model, Injector injector, double bad, String... told) {
        MicrogptRun run = model.run();
        Map<String, double[]> before = state(run);
        run.trainer.addListener(injector);
        injected++;
        try {
            run.trainer.run(2);
        } catch (TrainingDivergedException e) {
            assertTold(e, told);
            assertSameBits(before, state(run));
            named++;
            return;
        }
        MicrogptRun harmless = model.run();
        if (bad == Double.NEGATIVE_INFINITY) {
            harmless.trainer.addListener(injector.with(VERY_NEGATIVE));
        }
        harmless.trainer.run(2);
        assertTrue(bad == Double.NEGATIVE_INFINITY || bad == 0, "no trace of " + String.join("", told));
        assertSameBits(state(harmless), state(run));
        absorbed++;
    }

    @Test
    void aGradientThatComesFromOutsideIsNamedToo() {
        MicrogptRun run = Model.MICROGPT.run();
        Map<String, double[]> before = state(run);
        run.trainer.addListener(new TapeListener() {
            private boolean done;

            @Override
            public void onForward(Op op, Tensor y) {
                if (!done) {
                    run.gpt.parameters().get("wpe").grad()[9] = Double.NaN;
                    done = true;
                }
            }
        });
        assertNamed(run, "the gradient of wpe is NaN at [1, 1], and no operation made it;");
        assertSameBits(before, state(run));
    }

    /** In a row of a table that no batch reads it would wait until it is read. */
    @Test
    void inAWeightThatIsNotUsed() {
        MicrogptRun run = Model.NANO.run();
        run.gpt.parameters().get("wte").data()[run.tokenizer.encode("z")[0] * 8] = Double.NaN;
        assertNamed(run, "parameter wte is NaN at [");
    }

    @Test
    void anUpdateThatOverflowsStopsInItsOwnStep() {
        MicrogptRun run = Model.NANO.run();
        for (double[] means : run.adam.firstMoments()) {
            Arrays.fill(means, 1e10);
        }
        TrainingDivergedException e = assertThrows(TrainingDivergedException.class, () -> run.adam.step(1e308));
        assertEquals(
                "training diverged in step 2: parameter wte is -Infinity at [0, 0] after an update with rate 1.0E308;"
                        + " the parameters can no longer be used, resume from a checkpoint before this step",
                e.getMessage());
        assertNotSaved(run);
    }

    /** Scores near −1600, whose exponentials are 0 unless the largest is taken away first. */
    @Test
    void veryNegativeScoresAreNoReasonToStop() {
        GptConfig variant = GptConfig.microgpt(2)
                .withNorm(Norm.LAYER_BIAS)
                .with(GptConfig.EMBEDDING_NORM, false)
                .with(GptConfig.FINAL_NORM, true)
                .with(GptConfig.INITIALIZATION, Initialization.SCALED);
        TrainingConfig training = new TrainingConfig(20, 2, 0.01, 0.85, 0.99, 1e-8, 42);
        MicrogptRun run = new MicrogptRun(NAMES, variant.withVocabSize(2).withSizes(1, 2, 8, 8), training);
        Arrays.fill(run.gpt.parameters().get("final_norm.gain").data(), 0);
        Arrays.fill(run.gpt.parameters().get("final_norm.bias").data(), 1);
        Arrays.fill(run.gpt.parameters().get("lm_head").data(), -200);
        run.trainer.run(3);
        assertEquals(Math.log(run.tokenizer.vocabSize()), run.losses.get(0), 1e-9);
    }

    private void assertNamed(MicrogptRun run, String... told) {
        injected++;
        assertTold(assertThrows(TrainingDivergedException.class, () -> run.trainer.run(2)), told);
        named++;
    }

    private static void assertTold(TrainingDivergedException e, String... told) {
        assertTrue(e.getMessage().startsWith("training diverged in step 2: "), e.getMessage());
        for (String part : told) {
            assertTrue(e.getMessage().contains(part), () -> e.getMessage() + " instead of " + part);
        }
    }

    private void assertNotSaved(MicrogptRun run) {
        Path file = folder.resolve("checkpoint.safetensors");
        assertThrows(IllegalStateException.class, () -> checkpoint(run).save(file));
        assertFalse(Files.exists(file));
    }

    private static Checkpoint checkpoint(MicrogptRun run) throws IOException {
        DataConfig data = new DataConfig(DataFormat.DOCUMENTS, 0, "0".repeat(64));
        return new Checkpoint(
                TRAINING,
                run.tokenizer,
                run.gpt,
                run.adam,
                run.trainer.step(),
                run.random.state(),
                data,
                Double.POSITIVE_INFINITY);
    }

    /** The operations of one part of a step. */
    private static List<Op> operations(Model model) {
        List<Op> ops = new ArrayList<>();
        MicrogptRun run = model.run();
        run.trainer.addListener(new TapeListener() {
            @Override
            public void onForward(Op op, Tensor y) {
                ops.add(op);
            }
        });
        run.trainer.run(2);
        return ops.subList(0, ops.size() / 2);
    }

    private static Map<String, double[]> state(MicrogptRun run) {
        Map<String, double[]> state = new LinkedHashMap<>(run.parameters());
        for (int i = 0; i < run.gpt.parameters().all().size(); i++) {
            state.put("m" + i, run.adam.firstMoments().get(i).clone());
            state.put("v" + i, run.adam.secondMoments().get(i).clone());
        }
        return state;
    }

    private static void assertSameBits(Map<String, double[]> expected, Map<String, double[]> actual) {
        expected.forEach((name, numbers) -> assertArrayEquals(numbers, actual.get(name), name));
    }

    /** All three in a nightly build, one of them in turn in others. */
    private static int[] places() {
        return NIGHTLY ? new int[] {0, 1, 2} : new int[] {injected % 3};
    }

    /** First, middle, last. */
    private static int at(int place, int length) {
        return place * (length - 1) / 2;
    }

    /**
     * Writes a number into the output of an operation, or into the gradient of one of its inputs, in every recording.
     */
    private record Injector(int[] count, int op, @Nullable Integer input, int place, double bad)
            implements TapeListener {
        static Injector intoOutput(int op, int place, double bad) {
            return new Injector(new int[2], op, null, place, bad);
        }

        static Injector intoGradient(int op, int input, int place, double bad) {
            return new Injector(new int[2], op, input, place, bad);
        }

        Injector with(double other) {
            return new Injector(new int[2], op, input, place, other);
        }

        @Override
        public void onForward(Op applied, Tensor y) {
            if (count[0]++ == op && input == null) {
                y.data()[at(place, y.shape().size())] = bad;
            }
        }

        @Override
        public void onBackward(Op applied, Tensor y) {
            if (--count[0] == op && input != null) {
                Tensor x = applied.inputs().get(input);
                x.grad()[at(place, x.shape().size())] = bad;
            }
        }

        @Override
        public void onReset() {
            count[0] = 0;
        }
    }
}

package dev.microgpt.cli.run;

import dev.microgpt.autograd.Tape;
import dev.microgpt.model.Activation;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Decoder;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Initialization;
import dev.microgpt.model.Layer;
import dev.microgpt.model.Mlp;
import dev.microgpt.model.Norm;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.Positions;
import dev.microgpt.model.Projection;
import dev.microgpt.model.Scope;
import dev.microgpt.model.SelfAttention;
import dev.microgpt.model.SequenceLayer;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.Adam;
import dev.microgpt.train.AdamConfig;
import dev.microgpt.train.Evaluator;
import dev.microgpt.train.Schedule;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.data.BatchSource;
import dev.microgpt.train.data.ValidationSet;
import java.util.Arrays;
import java.util.List;

/** A program that measures the memory of small training runs and prints name, bytes and estimate of each. */
enum MemoryShape {
    MICROGPT(GptConfig.microgpt(27), 1, 1, false),
    MICROGPT_IN_BATCHES(GptConfig.microgpt(27), 512, 1, true),
    NANO(GptConfig.nano(65), 12, 1, true),
    NANO_32(GptConfig.nano(65), 32, 1, true),
    NANO_IN_ONE_SEQUENCE(GptConfig.nano(65), 1, 1, false),
    NANO_WITH_DROPOUT(GptConfig.nano(65).with(GptConfig.DROPOUT, 0.2), 8, 1, false),
    NANO_IN_PARTS(GptConfig.nano(65), 8, 4, true),
    GPT2_VARIANT(GptConfig.gpt2(2000).withSizes(3, 6, 192, 128), 4, 1, true),
    WIDE(GptConfig.nano(256).withSizes(1, 8, 768, 32), 4, 1, false),
    DEEP(GptConfig.nano(64).withSizes(24, 2, 64, 32), 8, 1, true),
    LONG_AND_KEPT(GptConfig.nano(64).withSizes(2, 4, 64, 256), 4, 1, true),
    LONG(GptConfig.nano(64).withSizes(2, 4, 64, 1024), 1, 1, true),
    GAINS(
            GptConfig.microgpt(64)
                    .withNorm(Norm.RMS_GAIN)
                    .with(GptConfig.BIAS, true)
                    .with(GptConfig.FINAL_NORM, true)
                    .with(GptConfig.DROPOUT, 0.1)
                    .with(GptConfig.INITIALIZATION, Initialization.SCALED)
                    .withSizes(4, 4, 128, 64),
            16,
            1,
            false),
    LLAMA(GptConfig.llama(65), 12, 1, true),
    NANOCHAT(GptConfig.nanochat(65), 12, 1, true),
    CAPPED(GptConfig.nanochat(5000).withSizes(1, 2, 64, 32), 8, 1, true),
    GEGLU(GptConfig.nano(65).withMlp(Mlp.GEGLU).withPositions(Positions.NONE), 12, 1, true),
    SILU(GptConfig.nano(65).withActivation(Activation.SILU).withNorm(Norm.RMS), 12, 1, true),
    GROUPED(GptConfig.llama(65).with(GptConfig.HEAD_DIM, 48).with(GptConfig.QK_NORM, Norm.RMS_GAIN), 12, 1, true),
    WINDOW(GptConfig.llama(65).with(GptConfig.WINDOW, 20).with(GptConfig.QK_NORM, Norm.LAYER), 12, 1, true),
    LONG_WINDOW(GptConfig.nano(64).withSizes(2, 4, 64, 1024).with(GptConfig.WINDOW, 400), 1, 1, true),
    OWN_MLP(GptConfig.nano(65).withMlp(MemoryShape::gated), 12, 1, true),
    OWN_ATTENTION(GptConfig.nano(65).withAttention(MemoryShape::twice), 12, 1, true),
    OWN_LONG(GptConfig.nano(65).withBlockSize(1024).withAttention(MemoryShape::twice), 1, 1, true);

    private static Layer gated(Scope scope, GptConfig config) {
        Projection gate = Projection.of(scope, config, "gate", null, config.nInner(), config.nEmbd());
        Projection up = Projection.of(scope, config, "up", null, config.nInner(), config.nEmbd());
        Projection down = Projection.toResidual(scope, config, "down", null, config.nEmbd(), config.nInner());
        return (tape, x, batch) -> down.forward(
                tape, tape.multiply(tape.relu(gate.forward(tape, x, batch)), up.forward(tape, x, batch)), batch);
    }

    private static SequenceLayer twice(Scope scope, GptConfig config, int layer, Positions.Encoding positions) {
        SequenceLayer one = new SelfAttention(scope.scope("one"), config, layer, positions);
        SequenceLayer two = new SelfAttention(scope.scope("two"), config, layer, positions);
        return (tape, x, batch) -> tape.add(one.forward(tape, x, batch), two.forward(tape, x, batch));
    }

    /** Returns whether its memory is measured, as that of all parts of other projects, and may be less. */
    boolean isOwn() {
        return !config.outside().isEmpty();
    }

    private final GptConfig config;
    private final int batchSize;
    private final int parts;
    private final boolean evaluates;

    MemoryShape(GptConfig config, int batchSize, int parts, boolean evaluates) {
        this.config = config;
        this.batchSize = batchSize;
        this.parts = parts;
        this.evaluates = evaluates;
    }

    /** Measures the shapes of these names. */
    public static void main(String[] names) {
        MICROGPT.live(); // loads the classes
        for (String name : names) {
            MemoryShape shape = valueOf(name);
            long before = used();
            long live = shape.live() - before;
            System.out.println("shape " + shape + " " + live);
        }
    }

    /** What the training alone takes in a heap whose arrays take what they need. */
    double estimate() {
        return bytes(0) - MemoryNeed.PROGRAM;
    }

    double bytes(double region) {
        return MemoryNeed.of(config, MemoryNeed.ADAM, (double) batchSize * config.blockSize(), evaluates, 0, region)
                .bytes();
    }

    /** What is used when all tapes are as large as they become. */
    private long live() {
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(1)));
        TrainingConfig training = new TrainingConfig(
                2,
                batchSize,
                parts,
                new Schedule(Schedule.Kind.CONSTANT, 1e-3, 0, 0),
                new AdamConfig(0.9, 0.99, 1e-8, 0.1),
                1.0,
                1);
        Adam adam = new Adam(gpt.parameters().all(), training.adam());
        BatchSource source = (step, part, parts) -> batch();
        Trainer trainer = new Trainer(gpt, source, adam, training);
        trainer.run(1);
        Evaluator evaluator = new Evaluator(gpt, new OneBatch());
        if (evaluates) {
            evaluator.evaluate(1);
        }
        Decoder decoder = gpt.decoder();
        decoder.last(Tape.inference(), Batch.ofPrompt(1));
        Object[] samples = {decoder};
        long used = used();
        if (trainer.step() + adam.updates() + samples.length != 3 || evaluator.bestLoss() < 0) {
            throw new AssertionError("all of it is still alive here");
        }
        return used;
    }

    private Batch batch() {
        int[] sequence = new int[config.blockSize() + 1];
        Arrays.setAll(sequence, i -> i % config.vocabSize());
        int[][] all = new int[batchSize][];
        Arrays.fill(all, sequence);
        return Batch.forTraining(List.of(all));
    }

    private static long used() {
        for (int i = 0; i < 2; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private final class OneBatch implements ValidationSet {
        @Override
        public int batches() {
            return 1;
        }

        @Override
        public Batch batch(int index) {
            return MemoryShape.this.batch();
        }

        @Override
        public long tokens() {
            return (long) batchSize * config.blockSize();
        }

        @Override
        public long bytes() {
            return tokens();
        }
    }
}

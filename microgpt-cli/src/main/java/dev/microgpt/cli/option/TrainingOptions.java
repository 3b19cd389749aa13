package dev.microgpt.cli.option;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.AdamConfig;
import dev.microgpt.train.Schedule;
import dev.microgpt.train.TrainingConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how a model is trained; without one, it is as in the preset. */
public final class TrainingOptions {
    @Range(atLeast = 1)
    @Option(names = "--steps", paramLabel = "N", description = "Updates of the whole run (microgpt 1000, nano 2000).")
    private @Nullable Integer steps;

    @Range(atLeast = 1)
    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Documents, or crops of a text, in a batch (1, 12).")
    private @Nullable Integer batchSize;

    @Range(atLeast = 1)
    @Option(
            names = "--gradient-accumulation-steps",
            paramLabel = "N",
            description = "Batches a step, whose gradients are added up (1, 1).")
    private @Nullable Integer accumulation;

    @Range(above = 0)
    @Option(names = "--learning-rate", paramLabel = "X", description = "The highest rate (0.01, 0.001).")
    private @Nullable Double learningRate;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description =
                    "How the rate falls to --min-lr: linear, cosine, or constant for not at all (linear, cosine).")
    private Schedule.@Nullable Kind schedule;

    @Range(atLeast = 0)
    @Option(names = "--min-lr", paramLabel = "X", description = "The rate at the end (0, 0.0001).")
    private @Nullable Double minLr;

    @Range(atLeast = 0)
    @Option(names = "--warmup-steps", paramLabel = "N", description = "Steps in which the rate rises (0, 100).")
    private @Nullable Integer warmupSteps;

    @Range(atLeast = 0, below = 1)
    @Option(
            names = "--beta1",
            paramLabel = "X",
            description = "How slowly Adam's mean of the gradients forgets (0.85, 0.9).")
    private @Nullable Double beta1;

    @Range(atLeast = 0, below = 1)
    @Option(
            names = "--beta2",
            paramLabel = "X",
            description = "How slowly Adam's mean of their squares forgets (0.99, 0.99).")
    private @Nullable Double beta2;

    @Range(above = 0)
    @Option(names = "--adam-eps", paramLabel = "X", description = "What Adam adds to the root (1e-8, 1e-8).")
    private @Nullable Double adamEps;

    @Range(atLeast = 0)
    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            description = "How fast matrices shrink, times the rate (0, 0.1).")
    private @Nullable Double weightDecay;

    @Range(atLeast = 0)
    @Option(
            names = "--grad-clip",
            paramLabel = "X",
            description = "The largest norm of all gradients together, 0 for any (0, 1).")
    private @Nullable Double gradClip;

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Converters.Seed.class,
            description = "What shuffle, first weights, crops, dropout and samples are drawn with (42, 42).")
    private @Nullable Long seed;

    public boolean saysSteps() {
        return steps != null;
    }

    /** Returns a configuration with all that the options say in place of what it says. */
    public TrainingConfig config(TrainingConfig base) {
        try {
            return new TrainingConfig(
                    steps == null ? base.steps() : steps,
                    batchSize == null ? base.batchSize() : batchSize,
                    accumulation == null ? base.gradientAccumulationSteps() : accumulation,
                    schedule(base.schedule()),
                    adam(base.adam()),
                    gradClip == null ? base.gradClip() : gradClip,
                    seed == null ? base.seed() : seed);
        } catch (IllegalArgumentException contradiction) {
            throw new CliException(ExitCode.USAGE, String.valueOf(contradiction.getMessage()), null);
        }
    }

    private Schedule schedule(Schedule base) {
        double rate = learningRate == null ? base.learningRate() : learningRate;
        return new Schedule(
                schedule == null ? base.kind() : schedule,
                rate,
                // a preset's last rate must not forbid a lower first one
                minLr == null ? Math.min(base.minLr(), rate) : minLr,
                warmupSteps == null ? base.warmupSteps() : warmupSteps);
    }

    private AdamConfig adam(AdamConfig base) {
        return new AdamConfig(
                beta1 == null ? base.beta1() : beta1,
                beta2 == null ? base.beta2() : beta2,
                adamEps == null ? base.eps() : adamEps,
                weightDecay == null ? base.weightDecay() : weightDecay);
    }
}

package dev.microgpt.cli.option;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.AdamConfig;
import dev.microgpt.train.OptimizerType;
import dev.microgpt.train.Schedule;
import dev.microgpt.train.TrainingConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of training; those not given have the values of the preset. */
public final class TrainingOptions {
    @Range(atLeast = 1)
    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Training steps of the whole run (microgpt 1000, nano 2000).")
    private @Nullable Integer steps;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description = "Time of the whole run, such as 90s, 30m or 1h30m, instead of --steps: measure how fast this"
                    + " machine is, choose the sizes, batch, steps and learning rate that are not given, and"
                    + " print them as the options of a command that repeats the run.")
    private @Nullable Duration budget;

    @Range(atLeast = 1)
    @Option(names = "--batch-size", paramLabel = "N", description = "Documents, or crops of a text, per batch (1, 12).")
    private @Nullable Integer batchSize;

    @Range(atLeast = 1)
    @Option(
            names = "--gradient-accumulation-steps",
            paramLabel = "N",
            description = "Batches per step, whose gradients are accumulated (1, 1).")
    private @Nullable Integer accumulation;

    @Option(
            names = "--separate-gradients",
            negatable = true,
            description = "Compute the gradient of each batch of a step alone, and add these in order, as several"
                    + " machines do; the results differ by rounding errors (no, no).")
    private @Nullable Boolean separateGradients;

    @Range(above = 0)
    @Option(names = "--learning-rate", paramLabel = "X", description = "Peak learning rate (0.01, 0.001).")
    private @Nullable Double learningRate;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "How the learning rate decays to --min-lr: linear, cosine, or constant for no decay (linear,"
                    + " cosine).")
    private Schedule.@Nullable Kind schedule;

    @Range(atLeast = 0)
    @Option(names = "--min-lr", paramLabel = "X", description = "Final learning rate (0, 0.0001).")
    private @Nullable Double minLr;

    @Range(atLeast = 0)
    @Option(
            names = "--warmup-steps",
            paramLabel = "N",
            description = "Steps during which the learning rate rises to its peak (0, 100).")
    private @Nullable Integer warmupSteps;

    @Option(
            names = "--optimizer",
            paramLabel = "NAME",
            description = "The optimizer: adam, or the name of one of your own on the class path (adam, adam).")
    private @Nullable String optimizer;

    @Range(atLeast = 0, below = 1)
    @Option(
            names = "--beta1",
            paramLabel = "X",
            description = "Adam's beta1, the decay rate of the gradient average (0.85, 0.9).")
    private @Nullable Double beta1;

    @Range(atLeast = 0, below = 1)
    @Option(
            names = "--beta2",
            paramLabel = "X",
            description = "Adam's beta2, the decay rate of the average of squared gradients (0.99, 0.99).")
    private @Nullable Double beta2;

    @Range(above = 0)
    @Option(
            names = "--adam-eps",
            paramLabel = "X",
            description = "Adam's epsilon, added to the denominator (1e-8, 1e-8).")
    private @Nullable Double adamEps;

    @Range(atLeast = 0)
    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            description = "Decoupled weight decay of matrices, multiplied by the learning rate (0, 0.1).")
    private @Nullable Double weightDecay;

    @Range(atLeast = 0)
    @Option(
            names = "--grad-clip",
            paramLabel = "X",
            description = "Clip gradients to this global norm; 0 disables clipping (0, 1).")
    private @Nullable Double gradClip;

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Converters.Seed.class,
            description = "Random seed of shuffling, initialization, crops, dropout and samples (42, 42).")
    private @Nullable Long seed;

    public boolean isStepsGiven() {
        return steps != null;
    }

    /** Returns the time that the run may take, or null if it has a number of steps. */
    public @Nullable Duration budget() {
        return budget;
    }

    public boolean isOptimizerGiven() {
        return optimizer != null;
    }

    /** Returns the optimizer of a new run, Adam unless another is given. */
    public OptimizerType optimizer() {
        try {
            return OptimizerType.named(optimizer == null ? OptimizerType.ADAM : optimizer);
        } catch (IllegalArgumentException unknown) {
            throw Converters.refused(unknown);
        }
    }

    /** Returns a configuration with the values of all given options in place of its own. */
    public TrainingConfig config(TrainingConfig base) {
        try {
            return new TrainingConfig(
                    steps == null ? base.steps() : steps,
                    batchSize == null ? base.batchSize() : batchSize,
                    accumulation == null ? base.gradientAccumulationSteps() : accumulation,
                    schedule(base.schedule()),
                    adam(base.adam()),
                    gradClip == null ? base.gradClip() : gradClip,
                    seed == null ? base.seed() : seed,
                    separateGradients == null ? base.separateGradients() : separateGradients);
        } catch (IllegalArgumentException contradiction) {
            // each option is in its range: only the two learning rates can contradict each other
            throw new CliException(ExitCode.USAGE, "--min-lr: " + contradiction.getMessage(), null);
        }
    }

    private Schedule schedule(Schedule base) {
        double rate = learningRate == null ? base.learningRate() : learningRate;
        return new Schedule(
                schedule == null ? base.kind() : schedule,
                rate,
                // the final rate of a preset must not rule out a lower peak
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

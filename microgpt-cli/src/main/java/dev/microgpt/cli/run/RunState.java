package dev.microgpt.cli.run;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.Adam;
import dev.microgpt.train.Optimizer;
import dev.microgpt.train.OptimizerType;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.Extension;
import dev.microgpt.train.checkpoint.TrainedModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state that training changes.
 *
 * @param step     the number of steps done
 * @param bestLoss the lowest loss of all evaluations after earlier steps; infinite if there was none
 * @param random   draws the samples at the end of the run
 * @param extensions the extensions of the run so far
 * @param stalled the evaluations in a row, up to earlier steps, without a lower loss; 0 without {@code --patience}
 * @param evaluatesFirst whether the run evaluates its model before the first step: one that starts from a trained
 *     model, or that extends a finished run, whose last evaluation no checkpoint holds
 */
public record RunState(
        LanguageModel model,
        Optimizer optimizer,
        int step,
        double bestLoss,
        PythonRandom random,
        List<Extension> extensions,
        int stalled,
        boolean evaluatesFirst) {
    /** Returns the state of a run with a newly initialized model. */
    public static RunState begun(
            ModelConfig shape, OptimizerType optimizer, TrainingConfig config, PythonRandom random) {
        return begun(shape.create(Parameters.drawnFrom(random)), optimizer, config, random, false);
    }

    /** Returns the state of a run that starts with the weights of a trained model of the same shape. */
    public static RunState begunFrom(
            TrainedModel start,
            ModelConfig shape,
            OptimizerType optimizer,
            TrainingConfig config,
            PythonRandom random) {
        Map<String, Tensor> weights = new HashMap<>();
        for (Parameter parameter : start.model().parameters().all()) {
            weights.put(parameter.name(), parameter);
        }
        return begun(shape.create(Parameters.from(weights)), optimizer, config, random, true);
    }

    private static RunState begun(
            LanguageModel model,
            OptimizerType type,
            TrainingConfig config,
            PythonRandom random,
            boolean evaluatesFirst) {
        if (!model.config().outside().isEmpty()) {
            try {
                Checkpoint.checkStorable(model); // now, not when the first checkpoint is due
            } catch (IllegalArgumentException unfit) {
                throw new CliException(ExitCode.USAGE, "the model could not be saved: " + unfit.getMessage(), null);
            }
        }
        Optimizer optimizer;
        try {
            optimizer = OptimizerType.create(type, model.parameters().all(), config);
            if (!(optimizer instanceof Adam)) {
                Checkpoint.checkStorable(model, optimizer); // now as well
            }
        } catch (IllegalArgumentException unfit) {
            throw new CliException(
                    ExitCode.USAGE, "--optimizer " + type.name() + " cannot train: " + unfit.getMessage(), null);
        }
        return new RunState(model, optimizer, 0, Double.POSITIVE_INFINITY, random, List.of(), 0, evaluatesFirst);
    }

    /**
     * Returns the state that a checkpoint holds. A best loss before the first step is that of the trained model which
     * the run started from; its evaluation is repeated.
     */
    static RunState resumed(Checkpoint saved) {
        boolean fromModel = saved.step() == 0 && saved.bestLoss() < Double.POSITIVE_INFINITY;
        Extension extension = extensionHere(saved);
        return new RunState(
                saved.model(),
                saved.optimizer(),
                saved.step(),
                fromModel ? Double.POSITIVE_INFINITY : saved.bestLoss(),
                new PythonRandom(saved.random()),
                saved.extensions(),
                saved.stalled(),
                fromModel || extension != null && extension.ofFinishedRun());
    }

    /** Returns the extension of the run after the very step of a checkpoint, or null if there is none. */
    static @Nullable Extension extensionHere(Checkpoint saved) {
        List<Extension> all = saved.extensions();
        Extension last = all.isEmpty() ? null : all.get(all.size() - 1);
        return last != null && last.step() == saved.step() ? last : null;
    }
}

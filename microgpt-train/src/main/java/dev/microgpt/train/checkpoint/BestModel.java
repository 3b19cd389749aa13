package dev.microgpt.train.checkpoint;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.train.Evaluation;
import dev.microgpt.train.Evaluator;
import dev.microgpt.train.TrainingDivergedException;
import dev.microgpt.train.safetensors.SafetensorsException;
import dev.microgpt.train.safetensors.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides which model of a training run is the best one, which the caller saves in a file of its own.
 *
 * <p>During the run, each model is evaluated on the same sample of the validation split. The lowest of many noisy
 * losses is lower than it should be, so at the end the best model and the last one are evaluated on more batches, all
 * if possible, and the better one is the best.
 *
 * <p>The saved model is evaluated in the arrays of the model in training, whose weights are kept in those of its
 * gradients meanwhile, so it takes no memory. Confined to one thread; use it between two steps, when all gradients are
 * zero.
 */
public final class BestModel {
    private final LanguageModel model;
    private final Evaluator evaluator;
    private final Path file;
    private final int batches;
    private final long seed;
    private @Nullable Evaluation former;
    private @Nullable IOException damage;

    /**
     * Creates the choice of a run that has not been evaluated.
     *
     * @param model     the model in training
     * @param evaluator evaluates that model; notifies its listeners of the evaluations of this model
     * @param file      the path of the best model so far, a {@link Checkpoint}; need not exist
     * @param batches   the size of the sample, at least 1; a set with no more batches is evaluated as a whole
     * @param seed      the seed of the run, which determines the sample
     */
    public BestModel(LanguageModel model, Evaluator evaluator, Path file, int batches, long seed) {
        this.model = Objects.requireNonNull(model, "best model: model is null");
        this.evaluator = Objects.requireNonNull(evaluator, "best model: evaluator is null");
        this.file = Objects.requireNonNull(file, "best model: file is null");
        this.batches = batches;
        this.seed = seed;
    }

    /**
     * Resumes a run. The loss of the saved model is computed again, because the stored one may be of another sample;
     * if it is of this one, the two are equal, bit for bit.
     *
     * @param step     the number of steps done
     * @param bestLoss the lowest loss of all evaluations after earlier steps, in nats; positive infinity if there was
     *     none. It is used if the file has no model of an earlier step
     * @throws IOException if the file cannot be read; a damaged one is ignored, see {@link #damage}
     */
    public void resumeAt(int step, double bestLoss) throws IOException {
        Evaluation saved = bestLoss < Double.POSITIVE_INFINITY ? saved(step, batches) : null;
        evaluator.resumeAt(saved == null ? bestLoss : saved.loss());
    }

    /**
     * Evaluates the model in training on the sample.
     *
     * @param step the number of steps done
     * @return the result; if it is the best, the model is to be saved in the file
     * @throws TrainingDivergedException if a loss is NaN or infinite
     */
    public Evaluation evaluate(int step) {
        return evaluator.evaluate(step, batches, seed);
    }

    /**
     * Evaluates the model in training after its last step, and compares it with the saved one on the same batches. If
     * these are not those of the sample, the saved model is evaluated again, see {@link #former}.
     *
     * @param step the number of steps done
     * @param most the number of batches, at least 1; a set with no more batches is evaluated as a whole
     * @return the result; if it is the best, the model is to be saved in the file
     * @throws TrainingDivergedException if a loss is NaN or infinite
     * @throws IOException               if the file cannot be read; a damaged one is ignored, see {@link #damage}
     */
    public Evaluation evaluateLast(int step, int most) throws IOException {
        boolean sameBatches = Math.min(most, evaluator.batches()) == Math.min(batches, evaluator.batches());
        former = null;
        if (!Files.exists(file)) {
            evaluator.resumeAt(Double.POSITIVE_INFINITY);
        } else if (!sameBatches) {
            former = saved(step, most);
            evaluator.resumeAt(former == null ? Double.POSITIVE_INFINITY : former.loss());
        }
        return evaluator.evaluate(step, most, seed);
    }

    /**
     * Returns the result of the saved model on the batches of {@link #evaluateLast}.
     *
     * @return the result, marked as the best; null if the saved model was not evaluated again
     */
    public @Nullable Evaluation former() {
        return former;
    }

    /**
     * Returns why the file could not be used.
     *
     * @return a {@link CheckpointException} or {@link SafetensorsException} of the last attempt; null if there was none
     */
    public @Nullable IOException damage() {
        return damage;
    }

    /** Evaluates the saved model if it is of an earlier step; returns null otherwise. */
    private @Nullable Evaluation saved(int before, int most) throws IOException {
        damage = null;
        if (!Files.exists(file)) {
            return null;
        }
        try (TensorFile saved = TensorFile.open(file)) {
            int step = step(saved.metadata());
            return step < before ? inPlace(saved, step, most) : null;
        } catch (SafetensorsException | CheckpointException damaged) {
            damage = damaged;
            return null;
        }
    }

    private int step(Map<String, String> metadata) throws CheckpointException {
        try {
            int step = CheckpointMetadata.step(metadata);
            if (!ModelMetadata.config(metadata).equals(model.config())) {
                throw new CheckpointException(file, "its model has other settings than that of this run");
            }
            return step;
        } catch (IllegalArgumentException contradiction) {
            throw new CheckpointException(file, String.valueOf(contradiction.getMessage()));
        }
    }

    private Evaluation inPlace(TensorFile saved, int step, int most) throws IOException {
        List<Parameter> parameters = model.parameters().all();
        for (Parameter parameter : parameters) {
            copy(parameter.data(), parameter.grad(), parameter);
        }
        try {
            for (Parameter parameter : parameters) {
                saved.read(parameter.name(), parameter.data());
            }
            Evaluation evaluation = evaluator.preview(step, most, seed);
            return new Evaluation(step, evaluation.loss(), evaluation.tokens(), evaluation.bytes(), true);
        } catch (IllegalArgumentException otherTensors) {
            throw new CheckpointException(file, String.valueOf(otherTensors.getMessage()));
        } finally {
            for (Parameter parameter : parameters) {
                copy(parameter.grad(), parameter.data(), parameter);
            }
            model.parameters().zeroGrad();
        }
    }

    private static void copy(double[] from, double[] to, Parameter parameter) {
        System.arraycopy(from, 0, to, 0, parameter.shape().size());
    }
}

package dev.microgpt.train.checkpoint;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.ParameterUpdates;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.LearningRate;
import dev.microgpt.train.Optimizer;
import dev.microgpt.train.OptimizerType;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.data.BatchSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Repeats a training run from its beginning, bit for bit, given a checkpoint of it and its data.
 *
 * <pre>{@code
 * Checkpoint saved = Checkpoint.load(file);
 * PythonRandom random = new PythonRandom(saved.training().seed());
 * random.shuffle(documents);
 * int blockSize = saved.model().config().blockSize();
 * Batcher batches = new Batcher(documents, saved.tokenizer(), saved.training().batchSize(), blockSize);
 * Replay replay = Replay.of(saved, batches, random);
 * Replay.Run run = replay.newRun();
 * run.trainer().run(99);                // run.model() is the one that step 100 of the run began with
 * }</pre>
 *
 * <p>A checkpoint does not contain the initial weights, but all that they follow from. Whether they are those of the
 * run, and the data that of the run, shows at the end: {@link #checkEnd}.
 *
 * <p>Any number of threads may create runs. A run is confined to one thread at a time.
 */
public final class Replay {
    private final Checkpoint saved;
    private final BatchSource batches;
    private final PythonRandom.State beforeWeights;

    private Replay(Checkpoint saved, BatchSource batches, PythonRandom.State beforeWeights) {
        this.saved = saved;
        this.batches = Objects.requireNonNull(batches, "replay: batches is null");
        this.beforeWeights = beforeWeights;
    }

    /**
     * Finds out how a run began.
     *
     * @param saved   a checkpoint of the run, after any of its steps
     * @param batches the batches of the run
     * @param random  the generator of the run, created from its seed, after it shuffled the documents and before it
     *     draws the initial weights; not modified
     * @return what repeats the run
     * @throws IllegalArgumentException if the run did not begin with the weights that this generator draws, or was
     *     extended so that its learning rates are not those of its settings
     */
    public static Replay of(Checkpoint saved, BatchSource batches, PythonRandom random) {
        for (Extension extension : saved.extensions()) {
            checkRates(saved, extension);
        }
        PythonRandom copy = new PythonRandom(random.state());
        saved.model().config().create(Parameters.drawnFrom(copy));
        if (!copy.state().equals(saved.random())) {
            throw new IllegalArgumentException("replay: the random state in the checkpoint is not the one after seed "
                    + Long.toUnsignedString(saved.training().seed())
                    + " shuffled the data and drew the initial weights;"
                    + " only a run that began with a new model can be repeated, not one that began with the weights of"
                    + " another");
        }
        return new Replay(saved, batches, random.state());
    }

    private static void checkRates(Checkpoint saved, Extension extension) {
        LearningRate before = saved.training().schedule().over(extension.from());
        LearningRate now = saved.training().schedule().over(saved.training().steps());
        for (int step = 0; step < extension.step(); step++) {
            if (before.at(step) != now.at(step)) {
                throw new IllegalArgumentException("replay: the run was extended after step " + extension.step()
                        + " from " + extension.from() + " to " + extension.to() + " steps, so step " + (step + 1)
                        + " had the learning rate " + before.at(step) + " and not " + now.at(step)
                        + "; only a run that was not extended, or has a constant learning rate, can be repeated");
            }
        }
    }

    /**
     * Begins the run anew.
     *
     * @return a run before its first step
     */
    public Run newRun() {
        return newRun(batches);
    }

    /**
     * Begins a run that differs in its batches alone.
     *
     * @param other the batches
     * @return a run before its first step
     */
    public Run newRun(BatchSource other) {
        LanguageModel model = saved.model().config().create(Parameters.drawnFrom(new PythonRandom(beforeWeights)));
        OptimizerType type = saved.optimizer().type();
        Optimizer optimizer = OptimizerType.create(
                type == null ? OptimizerType.named(OptimizerType.ADAM) : type, // null is not stored
                model.parameters().all(),
                saved.training());
        return new Run(model, optimizer, new Trainer(model, other, optimizer, saved.training()));
    }

    /**
     * Checks that a run that was repeated up to the step of the checkpoint has its weights, bit for bit.
     *
     * @param run the run, after {@code run.trainer().run(saved.step())}
     * @throws IllegalArgumentException if it has done another number of steps, or a weight differs
     */
    public void checkEnd(Run run) {
        if (run.trainer.step() != saved.step()) {
            throw new IllegalArgumentException("replay: the run has done " + run.trainer.step()
                    + " steps, but must be compared after step " + saved.step() + ", that of the checkpoint");
        }
        List<Parameter> expected = saved.model().parameters().all();
        List<Parameter> actual = run.model.parameters().all();
        for (int i = 0; i < expected.size(); i++) {
            int at = Arrays.mismatch(actual.get(i).data(), expected.get(i).data());
            if (at >= 0) {
                throw new IllegalArgumentException("replay: after step " + saved.step() + ", the number at index " + at
                        + " of " + expected.get(i).name() + " is "
                        + actual.get(i).data()[at]
                        + ", but in the checkpoint " + expected.get(i).data()[at]
                        + "; the run had other data, or was trained by another version or with another loss");
            }
        }
    }

    /**
     * A run that is repeated.
     *
     * @param model     its model
     * @param optimizer its optimizer
     * @param trainer   does its steps
     */
    public record Run(LanguageModel model, Optimizer optimizer, Trainer trainer) {
        /**
         * Takes over weights, state of the optimizer and number of steps of another run, which is not modified.
         *
         * @param other a run of the same {@link Replay}
         */
        public void continueFrom(Run other) {
            List<Parameter> parameters = model.parameters().all();
            ParameterUpdates.begin(parameters);
            try {
                List<Parameter> from = other.model.parameters().all();
                for (int i = 0; i < parameters.size(); i++) {
                    copy(from.get(i).data(), parameters.get(i).data());
                }
                Map<String, List<double[]>> state = optimizer.state();
                for (Map.Entry<String, List<double[]>> entry :
                        other.optimizer.state().entrySet()) {
                    List<double[]> to = Objects.requireNonNull(state.get(entry.getKey()));
                    for (int i = 0; i < to.size(); i++) {
                        copy(entry.getValue().get(i), to.get(i));
                    }
                }
                optimizer.resumeAt(other.optimizer.updates());
                trainer.resumeAt(other.trainer.step());
            } finally {
                ParameterUpdates.end(parameters);
            }
        }

        private static void copy(double[] from, double... to) {
            System.arraycopy(from, 0, to, 0, to.length);
        }
    }
}

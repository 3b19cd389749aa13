package dev.microgpt.cli.run;

import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.FolderCheck;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.metrics.Settings;
import dev.microgpt.cli.option.DataOptions;
import dev.microgpt.cli.option.ModelOptions;
import dev.microgpt.cli.option.RunOptions;
import dev.microgpt.cli.option.TrainingOptions;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.OptimizerType;
import dev.microgpt.train.Schedule;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.DataConfig;
import dev.microgpt.train.checkpoint.Extension;
import dev.microgpt.train.data.DataFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Resumes a run from a checkpoint as if it had never stopped: with the settings stored there and on the same data. An
 * option that contradicts them is refused.
 */
public final class Resumption {
    /** In bytes: a model with a larger checkpoint trains for more than a few seconds. */
    public static final long LARGE = 1 << 22;

    private static final String OMIT_IT = "omit the option, or start a new run with another --out";

    private final Path file;
    private final Checkpoint saved;

    private Resumption(Path file, Checkpoint saved) {
        this.file = file;
        this.saved = saved;
    }

    /** Reads the checkpoint that {@code --resume} names, or the latest one in the folder that is not damaged. */
    public static Resumption of(RunOptions options, RunFolder folder, Terminal terminal) throws IOException {
        Path file = options.resumedFile();
        if (file == null) {
            file = folder.checkpoints().latest(terminal);
        }
        if (file == null) {
            throw FolderCheck.nothingToResume(folder.path(), "no undamaged checkpoint");
        }
        SavedRun run = SavedRun.load(file, "begin a new training run from the model with --init-from " + file);
        return new Resumption(file, run.checkpoint());
    }

    /**
     * Estimates the remaining seconds of arithmetic with the scalar kernels.
     *
     * @return 0 if there is nothing to resume, which {@link #of} reports
     */
    public static double plainSeconds(RunOptions run, TrainingOptions options) throws IOException {
        Path named = run.resumedFile();
        List<Path> files = named == null ? run.folder().checkpoints().all() : List.of(named);
        if (files.isEmpty() || !Files.isRegularFile(files.get(0))) {
            return 0;
        }
        if (Files.size(files.get(0)) > LARGE) {
            return Double.POSITIVE_INFINITY; // too large to read twice
        }
        try {
            Checkpoint saved = Checkpoint.load(files.get(0));
            TrainingConfig config = options.config(saved.training());
            ModelConfig model = saved.model().config();
            double sequences =
                    ((double) config.steps() - saved.step()) * config.gradientAccumulationSteps() * config.batchSize();
            return WorkEstimate.ofTraining(model, sequences, model.blockSize());
        } catch (IOException damaged) {
            return 0;
        }
    }

    /**
     * Returns this run, extended to the number of steps that the options give. A run that was extended to that number
     * before is only resumed, so the command that extends a run can be repeated after an interruption.
     */
    public Resumption extended(TrainingOptions options, RunFolder folder, Terminal terminal) throws IOException {
        TrainingConfig stored = saved.training();
        int steps = options.config(stored).steps();
        if (steps == stored.steps() && !saved.extensions().isEmpty()) {
            return this;
        }
        if (steps <= stored.steps()) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--steps is " + steps + ", but must be above " + stored.steps() + ", the steps of " + file
                            + ", to extend that run",
                    "give the steps of the whole run, including the " + saved.step() + " steps done");
        }
        new FolderCheck(folder).isExtendable(file, saved.step(), terminal);
        return new Resumption(file, saved.extendedTo(steps));
    }

    /**
     * Describes how the run continues, and from where.
     *
     * @param steps the number of steps of the whole run
     */
    public String description(int steps) {
        String from = ", from " + file;
        Extension extension = RunState.extensionHere(saved);
        if (extension != null) {
            return "extending the run "
                    + Settings.describe(extension, saved.training().schedule()) + from;
        }
        if (saved.endedEarly()) {
            return "resuming the run that --patience ended after step " + saved.step() + " of " + steps + from;
        }
        return saved.step() < steps
                ? "resuming after step " + saved.step() + " of " + steps + from
                : "this run is finished: all " + steps
                        + " steps are done; repeating the last evaluation and the samples" + from
                        + " (to train longer, add --extend with a larger --steps)";
    }

    public Path file() {
        return file;
    }

    public RunState state() {
        return RunState.resumed(saved);
    }

    public OptimizerType optimizer() {
        OptimizerType type = saved.optimizer().type();
        return type == null ? OptimizerType.named(OptimizerType.ADAM) : type; // null is not stored
    }

    public ModelConfig model() {
        return saved.model().config();
    }

    public DataFormat format() {
        return saved.data().format();
    }

    /**
     * Returns the settings of the training run. With a constant learning rate the number of steps may change; with any
     * other schedule the learning rates of the finished steps depend on it.
     */
    public TrainingConfig training(TrainingOptions options, ModelOptions model) {
        TrainingConfig stored = saved.training();
        TrainingConfig wanted =
                options.config(model.isPresetGiven() ? model.preset().training() : stored);
        boolean constant = stored.schedule().kind() == Schedule.Kind.CONSTANT;
        boolean extended = !saved.extensions().isEmpty(); // up to the present number of steps
        if (constant && !extended && options.isStepsGiven() && wanted.steps() >= saved.step()) {
            stored = stored.withSteps(wanted.steps());
        }
        String hint = wanted.steps() == stored.steps()
                ? OMIT_IT
                : "omit --steps, on which the learning rates of the steps so far depend"
                        + (wanted.steps() > stored.steps() ? "; or add --extend, to train longer" : "");
        checkSame(Settings.of(stored), Settings.of(wanted), hint);
        OptimizerType type = Objects.requireNonNull(saved.optimizer().type());
        if (options.isOptimizerGiven() && !options.optimizer().name().equals(type.name())) {
            throw differs("--optimizer", options.optimizer().name(), type.name(), OMIT_IT);
        }
        return stored;
    }

    /** Refuses options for another model; a preset sets the training options only, as with {@code --init-from}. */
    public void checkModel(ModelOptions options) {
        ModelOptions.Difference difference = options.difference(saved.model().config());
        if (difference != null) {
            throw differs(difference.option(), difference.given(), difference.stored(), OMIT_IT);
        }
    }

    private void checkSame(Map<String, String> stored, Map<String, String> wanted, String hint) {
        for (Map.Entry<String, String> setting : stored.entrySet()) {
            String found = wanted.get(setting.getKey());
            if (!setting.getValue().equals(found)) {
                throw differs("--" + setting.getKey().replace('_', '-'), found, setting.getValue(), hint);
            }
        }
    }

    private CliException differs(String option, Object given, Object stored, String hint) {
        return new CliException(
                ExitCode.USAGE, option + " is " + given + ", but " + file + " was trained with " + stored, hint);
    }

    /** Reads the data, and refuses any other than the run was trained on so far. */
    public TrainingData data(DataOptions options) throws IOException {
        DataConfig stored = saved.data();
        if (options.isFormatGiven() && options.format(stored.format()) != stored.format()) {
            throw differs("--format", options.format(stored.format()), stored.format(), OMIT_IT);
        }
        double valFraction = options.valFraction(stored.valFraction());
        if (valFraction != stored.valFraction()) {
            throw differs("--val-fraction", valFraction, stored.valFraction(), OMIT_IT);
        }
        if (!options.agreesWith(saved.tokenizer())) {
            throw differs("--tokenizer", "another tokenizer", "the tokenizer in it", OMIT_IT);
        }
        PythonRandom shuffle = new PythonRandom(saved.training().seed());
        return new SavedRun(file, saved)
                .data(
                        options,
                        shuffle,
                        SavedRun.SAME_DATA + "; to train on other data, start a new run with --init-from");
    }
}

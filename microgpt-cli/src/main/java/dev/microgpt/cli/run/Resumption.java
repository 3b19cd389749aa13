package dev.microgpt.cli.run;

import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.metrics.Settings;
import dev.microgpt.cli.option.DataOptions;
import dev.microgpt.cli.option.ModelOptions;
import dev.microgpt.cli.option.RunOptions;
import dev.microgpt.cli.option.TrainingOptions;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.Schedule;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.DataConfig;
import dev.microgpt.train.data.DataException;
import dev.microgpt.train.data.DataFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A run that goes on from a checkpoint, as if it had never stopped: with the settings in it, and on the same data.
 * Whatever an option says otherwise is refused.
 */
public final class Resumption {
    // bytes of a checkpoint of a model that nobody trains for a few seconds only
    private static final long LARGE = 1 << 22;

    private final Path file;
    private final Checkpoint saved;

    private Resumption(Path file, Checkpoint saved) {
        this.file = file;
        this.saved = saved;
    }

    /** Reads the checkpoint that {@code --resume} names, or the latest in the folder that verifies. */
    public static Resumption of(RunOptions run, RunFolder folder, Terminal terminal) throws IOException {
        Path file = run.resumedFile();
        if (file == null) {
            file = folder.checkpoints().latest(terminal);
        }
        if (file == null) {
            throw RunFolder.nothingToResume(folder.path(), "no whole checkpoint");
        }
        return new Resumption(file, Checkpoint.load(file));
    }

    /** Returns about how many seconds of arithmetic are left with the plain kernels; 0 if {@link #of} will refuse. */
    public static double plainSeconds(RunOptions run) throws IOException {
        Path named = run.resumedFile();
        List<Path> files = named == null ? run.folder().checkpoints().all() : List.of(named);
        if (files.isEmpty() || !Files.isRegularFile(files.get(0))) {
            return 0;
        }
        if (Files.size(files.get(0)) > LARGE) {
            return Double.POSITIVE_INFINITY; // not worth the time to read it twice
        }
        try {
            Checkpoint saved = Checkpoint.load(files.get(0));
            TrainingConfig config = saved.training();
            GptConfig model = saved.gpt().config();
            double sequences =
                    ((double) config.steps() - saved.step()) * config.gradientAccumulationSteps() * config.batchSize();
            return WorkEstimate.ofTraining(model, sequences, model.blockSize());
        } catch (IOException damaged) {
            return 0;
        }
    }

    public Path file() {
        return file;
    }

    public RunState state() {
        return RunState.resumed(saved);
    }

    public GptConfig model() {
        return saved.gpt().config();
    }

    public DataFormat format() {
        return saved.data().format();
    }

    /**
     * Returns how the run is trained. With a constant rate it may get more steps than it was begun with, for no step then
     * depends on their number; any other schedule would have given the steps that are done other rates.
     */
    public TrainingConfig training(TrainingOptions options, ModelOptions model) {
        TrainingConfig stored = saved.training();
        TrainingConfig wanted =
                options.config(model.isPresetGiven() ? model.preset().training() : stored);
        boolean constant = stored.schedule().kind() == Schedule.Kind.CONSTANT;
        if (constant && options.isStepsGiven() && wanted.steps() >= saved.step()) {
            stored = stored.withSteps(wanted.steps());
        }
        String hint = wanted.steps() == stored.steps()
                ? "leave out what differs, or begin another run with another --out"
                : "leave out --steps, of which the rates depend that the steps until now had; to train longer, begin a"
                        + " new run with --init-from";
        checkSame(Settings.of(stored), Settings.of(wanted), hint);
        return stored;
    }

    /** Refuses options that say that the model is another; a preset is for the training alone, as with --init-from. */
    public void checkModel(ModelOptions options) {
        GptConfig stored = saved.gpt().config();
        checkSame(
                Settings.of(stored),
                Settings.of(options.config(stored)),
                "leave out what differs, or begin another run with another --out");
    }

    private void checkSame(Map<String, String> stored, Map<String, String> wanted, String hint) {
        for (Map.Entry<String, String> setting : stored.entrySet()) {
            String found = wanted.get(setting.getKey());
            if (!setting.getValue().equals(found)) {
                throw differs("--" + setting.getKey().replace('_', '-'), found, setting.getValue(), hint);
            }
        }
    }

    private CliException differs(String option, Object found, Object expected, String hint) {
        return new CliException(
                ExitCode.USAGE, option + ": found " + found + ", expected " + expected + " as in " + file, hint);
    }

    /** Reads the data, and refuses any but that on which the run was trained until now. */
    public TrainingData data(DataOptions options) throws IOException {
        DataConfig stored = saved.data();
        String hint = "leave it out, or begin another run with another --out";
        if (options.isFormatGiven() && options.format(stored.format()) != stored.format()) {
            throw differs("--format", options.format(stored.format()), stored.format(), hint);
        }
        double valFraction = options.valFraction(stored.valFraction());
        if (valFraction != stored.valFraction()) {
            throw differs("--val-fraction", valFraction, stored.valFraction(), hint);
        }
        if (!options.agreesWith(saved.tokenizer())) {
            throw differs("--tokenizer", "another one", "the tokenizer", hint);
        }
        TrainingData texts;
        try {
            texts = read(options, true);
        } catch (CliException | DataException unfit) {
            checkData(options, unfit);
            throw unfit;
        }
        checkData(texts.sha256());
        return texts;
    }

    private TrainingData read(DataOptions options, boolean withTokenizer) throws IOException {
        DataConfig stored = saved.data();
        PythonRandom shuffle = new PythonRandom(saved.training().seed());
        return options.readAgain(
                stored.format(), stored.valFraction(), shuffle, withTokenizer ? saved.tokenizer() : null);
    }

    /** Other data may have characters that the model does not know, which is not the first thing to say of it. */
    private void checkData(DataOptions options, Exception unfit) throws IOException {
        String sha256;
        try {
            sha256 = read(options, false).sha256();
        } catch (CliException | DataException unfitForAnyModel) {
            unfit.addSuppressed(unfitForAnyModel);
            return;
        }
        checkData(sha256);
    }

    private void checkData(String sha256) {
        if (!sha256.equals(saved.data().sha256())) {
            throw new CliException(
                    ExitCode.CONTENT,
                    "--data: found data with SHA-256 " + sha256 + ", expected "
                            + saved.data().sha256() + ", on which " + file + " was trained",
                    "name the same data with --data; for other data begin a new run with --init-from");
        }
    }
}

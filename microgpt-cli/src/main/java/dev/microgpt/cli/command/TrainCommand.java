package dev.microgpt.cli.command;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.FolderCheck;
import dev.microgpt.cli.folder.FolderLock;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.jvm.Interruption;
import dev.microgpt.cli.option.DataOptions;
import dev.microgpt.cli.option.ModelOptions;
import dev.microgpt.cli.option.Preset;
import dev.microgpt.cli.option.RunOptions;
import dev.microgpt.cli.option.SampleOptions;
import dev.microgpt.cli.option.Threads;
import dev.microgpt.cli.option.TrainingOptions;
import dev.microgpt.cli.run.InitialModel;
import dev.microgpt.cli.run.MemoryNeed;
import dev.microgpt.cli.run.ResumeCommand;
import dev.microgpt.cli.run.Resumption;
import dev.microgpt.cli.run.RunBudget;
import dev.microgpt.cli.run.RunState;
import dev.microgpt.cli.run.Stop;
import dev.microgpt.cli.run.TrainingRun;
import dev.microgpt.cli.run.WorkEstimate;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.train.GradientWorkers;
import dev.microgpt.train.OptimizerType;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.DataConfig;
import dev.microgpt.train.checkpoint.RunSettings;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code microgpt train}: trains a model; without options, repeats the run of microgpt.py. */
@CommandLine.Command(
        description = "Train a model, save it, and print samples. Without options, repeat the run of microgpt.py on the"
                + " bundled names. Two values in parentheses are the defaults of the presets microgpt and"
                + " nano.")
public final class TrainCommand implements Command {
    // an estimate, before the data is read
    private static final int USUAL_VOCABULARY = 128;

    // an estimate, before the checkpoint is read: between microgpt's 16 and GPT-2's 1024
    private static final int USUAL_LENGTH = 64;

    @Spec
    private @Nullable CommandSpec spec;

    private final ModelOptions model = new ModelOptions();

    @Mixin
    private @Nullable CommandSpec modelOptions;

    @Mixin
    private final DataOptions data = new DataOptions();

    @Mixin
    private final TrainingOptions training = new TrainingOptions();

    @Mixin
    private final RunOptions run = new RunOptions();

    @Mixin
    private final SampleOptions samples = new SampleOptions();

    @Mixin
    private final Threads threads = new Threads();

    /** The command line without {@code --budget}, but with what it chose; null before it did. */
    private @Nullable List<String> chosen;

    private int heapShare = 1;
    private @Nullable BooleanSupplier stopped;
    private @Nullable GradientWorkers workers;
    private boolean finished;

    @Override
    public void describeOptions() {
        modelOptions = model.spec();
    }

    @Override
    public double plainSeconds() throws IOException {
        check();
        Duration budget = training.budget();
        if (budget != null) {
            return budget.toSeconds();
        }
        if (run.resumes()) {
            return Resumption.plainSeconds(run, training);
        }
        if (run.initFrom != null) {
            double parameters = readStart(RunFolder::parameters);
            return WorkEstimate.ofTraining(parameters, sequences(inherited()) * USUAL_LENGTH);
        }
        double sequences = sequences(training.config(model.preset().training()));
        DataFormat usual = model.preset().format();
        ModelConfig config = model.config(USUAL_VOCABULARY);
        double most = WorkEstimate.ofTraining(config, sequences, config.blockSize());
        // the data is looked at only if training may take long
        return WorkEstimate.isLong(most)
                ? WorkEstimate.ofTraining(config, sequences, data.sequenceLength(usual, config.blockSize()))
                : most;
    }

    private void check() throws IOException {
        run.check();
        run.checkExtension(training.isStepsGiven());
        if (training.budget() != null) {
            run.checkBudget(training.isStepsGiven(), model.isOfAnotherType());
        }
    }

    private static double sequences(TrainingConfig config) {
        return (double) config.steps() * config.gradientAccumulationSteps() * config.batchSize();
    }

    /** The settings of the run, estimated from those of the preset if the checkpoint is too large to read twice. */
    private TrainingConfig inherited() {
        TrainingConfig usual = training.config(model.preset().training());
        try {
            return readStart(file -> Files.size(file) > Resumption.LARGE
                    ? usual
                    : InitialModel.read(file).training(training, model));
        } catch (IOException unreadable) {
            return usual;
        }
    }

    @Override
    public void run(Terminal terminal) throws IOException {
        threads.use(terminal);
        check();
        if (run.resumes()) {
            resume(terminal, run.folder());
        } else {
            begin(terminal, run.folder());
        }
    }

    private void begin(Terminal terminal, RunFolder folder) throws IOException {
        Beginning run = prepare(terminal, folder);
        InitialModel start = run.start();
        TrainingConfig wanted = run.plan().training();
        ModelConfig config = run.plan().config();
        TrainingData texts = run.plan().texts();
        OptimizerType optimizer = run.plan().optimizer();
        FolderLock lock = folder.take(terminal);
        try (lock) {
            FolderCheck check = new FolderCheck(folder);
            check.hasOnlyFiles();
            check.hasOnlyCheckpoints(false);
            checkFree(check, run.plan());
            folder.keepFinished();
            terminal.say(Kernels.active().description() + " kernels, writing "
                    + folder.checkpoints().last());
            noteFinished(terminal, folder);
            if (start != null) {
                start.describe(terminal, wanted, config, texts, data.isGiven());
            }
            noteEndlessWarmup(terminal, wanted);
            RunState state = start == null
                    ? RunState.begun(config, optimizer, wanted, run.random())
                    : RunState.begunFrom(start.model(), config, optimizer, wanted, run.random());
            train(terminal, folder, run.preset(), wanted, texts, state);
        }
    }

    /** Reads the data of a new run and checks that it can be trained; changes nothing. */
    private Beginning prepare(Terminal terminal, RunFolder folder) throws IOException {
        InitialModel start = run.initFrom == null ? null : readStart(InitialModel::read);
        TrainedModel known = start == null ? null : start.model();
        Preset preset = preset(known);
        TrainingConfig wanted = start == null ? training.config(preset.training()) : start.training(training, model);
        DataFormat usual = known == null ? preset.format() : known.format();
        double valFraction = data.valFraction(start == null ? preset.valFraction() : start.valFraction());
        OptimizerType optimizer = training.optimizer();
        PythonRandom random = new PythonRandom(wanted.seed());
        TrainingData texts = data.read(usual, valFraction, random, known == null ? null : known.tokenizer());
        ModelConfig config;
        if (known != null) {
            config = model.continued(known.model().config());
        } else if (training.budget() == null) {
            config = model.config(texts.tokenizer().vocabSize());
        } else {
            RunBudget.Choice choice = choose(terminal, folder, preset, texts, training.budget());
            config = choice.model();
            wanted = choice.training();
        }
        checkFits(config, optimizer, wanted, texts);
        samples.newOnly.check(texts.format());
        return new Beginning(start, preset, random, new Plan(wanted, optimizer, config, texts, start != null));
    }

    /** Checks a new run, of which several share the heap, as it is checked before it begins; changes nothing. */
    public void checkNew(Terminal terminal, int runs) throws IOException {
        check();
        heapShare = runs;
        prepare(terminal, run.folder());
    }

    /** Returns all settings of a new run as texts. */
    public Map<String, String> settings(Terminal terminal) throws IOException {
        Plan plan = prepare(terminal, run.folder()).plan();
        TrainingData texts = plan.texts();
        return RunSettings.texts(
                plan.config(),
                plan.optimizer(),
                plan.training(),
                new DataConfig(texts.format(), texts.valFraction(), texts.sha256()));
    }

    /**
     * Runs as part of another command, which notices signals.
     *
     * @param others compute the gradients; null if the run does
     * @return false if the run was stopped and can be resumed
     */
    public boolean run(Terminal terminal, BooleanSupplier stop, @Nullable GradientWorkers others) throws IOException {
        stopped = stop;
        workers = others;
        run(terminal);
        return finished;
    }

    private void checkFree(FolderCheck check, FolderCheck.Plan planned) {
        if (!run.overwrite) {
            check.isFree(planned);
        }
    }

    private Preset preset(@Nullable TrainedModel known) {
        if (model.isPresetGiven()) {
            return model.preset();
        }
        if (training.budget() != null) {
            return Preset.NANO; // microgpt's settings are for a model of its size
        }
        return known == null ? model.preset() : Preset.usualFor(known.format());
    }

    /** Chooses sizes by {@code --budget}, and says which command repeats the run. */
    private RunBudget.Choice choose(
            Terminal terminal, RunFolder folder, Preset preset, TrainingData texts, Duration budget) {
        checkFree(new FolderCheck(folder), finished -> false); // before minutes of measurements
        RunBudget.Choice choice = new RunBudget(terminal, preset, model, training, texts).choose(budget);
        chosen = explicit(choice.options());
        terminal.say("without --budget, this command starts the same run:");
        terminal.note("    " + ResumeCommand.start(chosen));
        return choice;
    }

    /** Returns the command line with the options that {@code --budget} stands for in its place. */
    private List<String> explicit(Map<String, String> options) {
        List<String> explicit = new ArrayList<>(args());
        for (int i = explicit.size() - 1; i >= 0; i--) {
            if (explicit.get(i).equals("--budget")) {
                explicit.subList(i, i + 2).clear();
            } else if (explicit.get(i).startsWith("--budget=")) {
                explicit.remove(i);
            }
        }
        for (Map.Entry<String, String> option : options.entrySet()) {
            if (spec == null || !spec.commandLine().getParseResult().hasMatchedOption(option.getKey())) {
                explicit.add(option.getKey());
                explicit.add(option.getValue());
            }
        }
        return explicit;
    }

    private static void noteFinished(Terminal terminal, RunFolder folder) {
        if (folder.isNextToFinished()) {
            terminal.say("the finished run in " + folder.path() + " stays until this one ends and replaces it");
        }
    }

    private static void noteEndlessWarmup(Terminal terminal, TrainingConfig wanted) {
        int steps = wanted.steps();
        int warmup = wanted.schedule().warmupSteps();
        if (steps <= warmup) {
            terminal.say("note: --steps is " + steps + " and --warmup-steps is " + warmup
                    + ", so the learning rate never leaves its warm-up; give for example --warmup-steps " + steps / 10);
        }
    }

    private void resume(Terminal terminal, RunFolder folder) throws IOException {
        if (run.resumedFile() == null) {
            new FolderCheck(folder).hasCheckpoint(); // before the lock creates the folder
        }
        FolderLock lock = folder.take(terminal);
        try (lock) {
            FolderCheck check = new FolderCheck(folder);
            check.hasOnlyFiles();
            Resumption resumption = Resumption.of(run, folder, terminal);
            if (run.extend) {
                resumption = resumption.extended(training, folder, terminal);
            }
            check.hasOnlyCheckpoints(true);
            TrainingConfig wanted = resumption.training(training, model);
            resumption.checkModel(model);
            TrainingData texts = resumption.data(data);
            checkFits(resumption.model(), resumption.optimizer(), wanted, texts);
            samples.newOnly.check(texts.format());
            RunState state = resumption.state();
            folder.keepFinished(resumption.file(), state.step(), wanted.steps());
            terminal.say(Kernels.active().description() + " kernels, " + resumption.description(wanted.steps()));
            noteFinished(terminal, folder);
            Preset preset = model.isPresetGiven() ? model.preset() : Preset.usualFor(resumption.format());
            train(terminal, folder, preset, wanted, texts, state);
        }
    }

    private void checkFits(ModelConfig config, OptimizerType optimizer, TrainingConfig wanted, TrainingData texts) {
        MemoryNeed.check(config, optimizer, wanted, texts, heapShare);
        texts.check(config.blockSize());
        if (texts.tokenizer() instanceof BpeTokenizer) { // any other is small
            try {
                Checkpoint.checkStorable(texts.tokenizer());
            } catch (IllegalArgumentException tooLarge) {
                throw new CliException(
                        ExitCode.CONTENT,
                        "the tokenizer must fit in a checkpoint, but does not: " + tooLarge.getMessage(),
                        "train one with a smaller --vocab-size");
            }
        }
    }

    private void train(
            Terminal terminal,
            RunFolder folder,
            Preset preset,
            TrainingConfig wanted,
            TrainingData texts,
            RunState state)
            throws IOException {
        terminal.sayNotes(data.notes());
        terminal.sayNotes(texts.notes(state.model().config().blockSize()));
        Interruption interruption = stopped == null
                ? Interruption.await(
                        terminal, "stopping after this step to save it; press Ctrl-C again to stop immediately")
                : Interruption.by(terminal, stopped);
        String resume = ResumeCommand.of(args(), folder);
        String trainOn = ResumeCommand.toTrainOn(args(), folder);
        try (interruption;
                TrainingRun prepared = new TrainingRun(
                        terminal, folder, preset, wanted, texts, state, new Stop(interruption, resume, trainOn))) {
            if (workers != null) {
                prepared.delegateTo(workers);
            }
            finished = prepared.train(run);
            if (finished) {
                interruption.close(); // everything is saved: a signal may end the process immediately
                prepared.printSamples(samples);
            }
            prepared.finish();
        }
    }

    /** The whole command line; just the name of the command if it ran without a parser. */
    private List<String> args() {
        if (chosen != null) {
            return chosen;
        }
        return spec == null
                ? List.of("train")
                : spec.root().commandLine().getParseResult().originalArgs();
    }

    private <T> T readStart(RunFolder.Reading<T> reading) throws IOException {
        if (!model.shaping().isEmpty()) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--init-from cannot be used together with options of the model, which the checkpoint determines",
                    "leave out " + String.join(", ", model.shaping()));
        }
        return RunFolder.read("--init-from", run.initFrom, reading);
    }

    /** A new run: what it starts from, and all that is known of it before the first step. */
    private record Beginning(@Nullable InitialModel start, Preset preset, PythonRandom random, Plan plan) {}

    /** The settings and data that determine every bit of the last checkpoint. */
    private record Plan(
            TrainingConfig training, OptimizerType optimizer, ModelConfig config, TrainingData texts, boolean continues)
            implements FolderCheck.Plan {
        @Override
        public boolean endsIn(Checkpoint checkpoint) throws IOException {
            return !continues // from weights that the checkpoint does not record
                    && checkpoint.step() == training.steps()
                    && checkpoint.extensions().isEmpty() // other learning rates
                    && checkpoint.training().equals(training)
                    && isSame(checkpoint.optimizer().type())
                    && checkpoint.model().config().equals(config)
                    && checkpoint.tokenizer().equals(texts.tokenizer())
                    && checkpoint.data().format() == texts.format()
                    && checkpoint.data().valFraction() == texts.valFraction()
                    && checkpoint.data().sha256().equals(texts.sha256());
        }

        private boolean isSame(@Nullable OptimizerType saved) {
            return saved != null && saved.name().equals(optimizer.name()) && saved.version() == optimizer.version();
        }
    }
}

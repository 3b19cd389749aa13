package dev.microgpt.cli.run;

import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.DiskNeed;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.metrics.EventFile;
import dev.microgpt.cli.metrics.Metrics;
import dev.microgpt.cli.metrics.Settings;
import dev.microgpt.cli.option.Preset;
import dev.microgpt.cli.option.RunOptions;
import dev.microgpt.cli.option.SampleOptions;
import dev.microgpt.cli.report.RunReport;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.ProgressLine;
import dev.microgpt.cli.terminal.StepLines;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.Evaluator;
import dev.microgpt.train.GradientWorkers;
import dev.microgpt.train.LossHistory;
import dev.microgpt.train.Patience;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.data.BatchSource;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.ValidationSet;
import dev.microgpt.train.data.read.DataException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** A training run from its first step to its last checkpoint: trains, evaluates, saves and shows samples. */
public final class TrainingRun implements Closeable {
    /** The line that microgpt.py prints before its samples. */
    private static final String SAMPLES_HEADING = "--- inference (new, hallucinated names) ---";

    private final Terminal terminal;
    private final RunFolder folder;
    private final Preset preset;
    private final TrainingConfig config;
    private final TrainingData data;
    private final Stop stop;
    private final PythonRandom random;
    private final LanguageModel model;
    private final Trainer trainer;
    private final @Nullable Evaluator evaluator;
    private final RunSetup setup;
    private final CheckpointSaver saver;
    private final RunState start;
    private final RunListeners listeners;
    private final RunSamples samples;
    private final LossWarning lossWarning;
    private final LossHistory losses = new LossHistory();
    private final RunEnd end;
    private final @Nullable ValidationSet validation;
    private @Nullable RunEvaluations evaluations;
    private @Nullable Patience patience;
    private double bestLoss;
    private int stalled;
    private boolean endedEarly;
    private int samplesShownAt = -1;
    private boolean finished;

    public TrainingRun(
            Terminal terminal,
            RunFolder folder,
            Preset preset,
            TrainingConfig config,
            TrainingData data,
            RunState state,
            Stop stop) {
        this.terminal = terminal;
        this.folder = folder;
        this.preset = preset;
        this.config = config;
        this.data = data;
        this.stop = stop;
        random = state.random();
        model = state.model();
        bestLoss = state.bestLoss();
        stalled = state.stalled();
        int blockSize = model.config().blockSize();
        BatchSource batches = data.batches(blockSize, config.batchSize(), config.seed());
        trainer = new Trainer(model, batches, state.optimizer(), config);
        trainer.resumeAt(state.step());
        validation = data.validation(config.batchSize(), blockSize);
        evaluator = validation == null
                ? null
                : new Evaluator(model, new InterruptibleValidationSet(validation, stop.interruption()));
        if (evaluator != null) {
            // an evaluation after this step is not part of its checkpoint
            trainer.addListener(step -> {
                bestLoss = evaluator.bestLoss();
                stalled = patience == null ? 0 : patience.stalled();
            });
        }
        setup = new RunSetup(data, folder, terminal);
        saver = new CheckpointSaver(folder, config, data, state, stop.resumeCommand());
        start = state;
        listeners = new RunListeners(terminal, folder);
        samples = new RunSamples(model, data);
        lossWarning = new LossWarning(terminal, data.tokenizer().vocabSize(), state.step() > 0);
        end = new RunEnd(terminal, folder, losses, stop.trainOnCommand());
    }

    /** Lets others compute the gradients of all steps. */
    public void delegateTo(GradientWorkers workers) {
        trainer.delegateTo(workers);
    }

    /**
     * Trains to the last step. Saves periodic checkpoints, the last one and, with a validation split, the best one.
     *
     * @return false if a signal stopped the run; its state is saved, and the run can be resumed
     */
    public boolean train(RunOptions options) throws IOException {
        setPatience(options);
        Path metrics = options.metrics(preset, folder);
        if (metrics != null && options.report(preset, folder)) {
            int vocabSize = data.tokenizer().vocabSize();
            listeners.prepareReport(metrics, Settings.of(model.config(), config, start.optimizer()), vocabSize);
        }
        if (options.tensorboard) {
            EventFile.checkReplaceable(folder.events());
        }
        if (folder.deletes(options.overwrite)) {
            EventFile.checkReplaceable(folder.finalPath(folder.events()));
            Metrics.checkReplaceable("--out", folder.finalPath(folder.metrics()));
            RunReport.checkReplaceable(folder.finalPath(folder.report()));
        }
        folder.start(options.overwrite); // last: whatever can be refused has been
        listen(options, metrics);
        describe();
        diskNeed(options).warn(folder, terminal);
        setup.start();
        try {
            finished = steps(options);
            if (!finished && !isAsBefore()) {
                save(folder.checkpoints().last());
            }
        } catch (UncheckedIOException lost) {
            throw saved(lost);
        } finally {
            setup.finish();
        }
        listeners.endProgress();
        if (!finished && isAsBefore()) {
            terminal.say("stopped before the first step, so nothing was saved; give the same command again to start");
        } else if (!finished) {
            end.printLosses(listeners.curve());
            terminal.say("stopped after step " + trainer.step() + " of " + config.steps() + " and saved "
                    + folder.checkpoints().last() + "; resume with:");
            terminal.note("    " + stop.resumeCommand());
        }
        return finished;
    }

    /**
     * Returns whether a checkpoint would hold nothing new: a finished run is extended, but has done no step more, and
     * its checkpoint stays; or the model that the run starts from has not been evaluated yet.
     */
    private boolean isAsBefore() {
        boolean evaluated = evaluator == null || evaluator.bestLoss() < Double.POSITIVE_INFINITY;
        return start.evaluatesFirst() && trainer.step() == start.step() && (trainer.step() > 0 || !evaluated);
    }

    /** Results that cannot be written, for example to a closed pipe, stop the run, but its state is saved first. */
    private RuntimeException saved(UncheckedIOException lost) {
        boolean saves = !isAsBefore();
        try {
            if (saves) {
                save(folder.checkpoints().last());
            }
        } catch (CliException second) {
            second.addSuppressed(lost);
            return new CliException(
                    second.exitCode(), lost.getMessage() + "; and " + second.getMessage(), second.hint());
        } catch (IOException | RuntimeException second) {
            lost.addSuppressed(second);
            return lost;
        }
        if (lost.getCause() instanceof DataException) {
            return lost;
        }
        CliException explained = new CliException(
                ExitCode.IO,
                String.valueOf(lost.getMessage()),
                saves
                        ? "step " + trainer.step() + " of " + config.steps() + " is saved; resume with: "
                                + stop.resumeCommand()
                        : "no step was done, so nothing was saved; give the same command again to start");
        explained.initCause(lost);
        return explained;
    }

    /**
     * Completes metrics and report.
     *
     * @throws CliException if the run has ended and its model is worse than guessing and than it was at the beginning
     */
    public void finish() throws IOException {
        listeners.finish();
        if (finished) {
            if (lossWarning.isFarOff()) {
                end.printLosses(listeners.curve());
            } else {
                end.print(trainer.step(), config.steps(), patience != null, listeners.curve(), listeners.hasReport());
            }
            lossWarning.checkEnd();
        }
    }

    private void setPatience(RunOptions options) {
        if (options.patience == null) {
            return;
        }
        if (evaluator == null) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--patience " + options.patience + " needs a validation split, but this run has none",
                    "hold out a tenth of the data with --val-fraction 0.1, or leave out --patience");
        }
        patience = new Patience(options.patience);
        patience.resumeAt(stalled);
        evaluator.addListener(patience);
    }

    private void describe() {
        terminal.sayNotes(DataNotes.of(data, config, model, validation));
        for (String line : data.description()) {
            terminal.print(line);
        }
        terminal.print("vocab size: " + data.tokenizer().vocabSize());
        terminal.print("num params: " + model.parameters().count());
    }

    private void listen(RunOptions options, @Nullable Path metrics) throws IOException {
        if (metrics != null) { // first: a step whose results cannot be printed has its metrics all the same
            listeners.addMetrics(metrics, trainer.step());
        }
        if (options.tensorboard) {
            listeners.addEvents(folder.events(), trainer.step(), metrics);
        }
        listeners.add(end);
        trainer.addListener(losses);
        if (metrics != null && trainer.step() > 0 && Files.isRegularFile(metrics)) {
            RunReport.replay(metrics, trainer.step(), losses, end);
        }
        if (preset == Preset.MICROGPT) {
            listeners.add(new StepLines(terminal, config.steps()));
        } else {
            listeners.addProgressLine(losses, course(options));
        }
        listeners.addReport();
        trainer.addListener(listeners);
        trainer.addListener(lossWarning);
        if (evaluator != null) {
            evaluations = new RunEvaluations(terminal, folder, config, options, model, evaluator, listeners, losses);
        }
    }

    /** A forward pass takes about a third of the time that a step takes for the same batch. */
    private ProgressLine.Course course(RunOptions options) {
        int sample = options.evalSteps == 0 ? Integer.MAX_VALUE : options.evalSteps;
        int batches = evaluator == null ? 0 : Math.min(sample, evaluator.batches());
        double stepsPerEvaluation = batches / (3.0 * config.gradientAccumulationSteps());
        return new ProgressLine.Course(config.steps(), options.logInterval, options.evalInterval, stepsPerEvaluation);
    }

    private DiskNeed diskNeed(RunOptions options) {
        int stepsLeft = config.steps() - trainer.step();
        int interval = options.checkpointInterval(preset);
        return DiskNeed.of(model.parameters().count(), stepsLeft, interval, options.keep, evaluator != null);
    }

    /** Returns false if a signal stopped the run before its last step was complete. */
    private boolean steps(RunOptions options) throws IOException {
        int interval = options.checkpointInterval(preset);
        try {
            if (evaluations != null && trainer.step() > 0) {
                // an extension begins after an evaluation of this very step, others repeat it
                evaluations.resumeAt(trainer.step() + (start.evaluatesFirst() ? 1 : 0), bestLoss);
            }
            if (start.evaluatesFirst()) {
                evaluateAndShow(options);
                endIfPatienceIsOver();
            } else if (trainer.step() > 0) {
                endStep(options); // the checkpoint that the run resumes from was saved before this
            }
            while (trainer.step() < config.steps() && !endedEarly) {
                if (stop.requested()) {
                    return false;
                }
                trainer.run(trainer.step() + 1);
                if (stop.requested()) {
                    return false;
                }
                if (trainer.step() % interval == 0) {
                    Path file = folder.checkpoints().after(trainer.step());
                    save(file);
                    folder.checkpoints().rotate(file, options.keep, terminal);
                }
                endStep(options);
            }
            return true;
        } catch (CancellationException duringEvaluation) {
            return false;
        }
    }

    /** Saves the last checkpoint, evaluates and shows samples when due; changes nothing that a checkpoint holds. */
    private void endStep(RunOptions options) throws IOException {
        boolean last = trainer.step() == config.steps();
        if (last) {
            save(folder.checkpoints().last());
        }
        if (last || trainer.step() % options.evalInterval == 0) {
            evaluateAndShow(options);
        }
        endIfPatienceIsOver();
    }

    private void endIfPatienceIsOver() throws IOException {
        boolean last = trainer.step() == config.steps();
        if (!last && patience != null && patience.isOver() && evaluations != null) {
            endedEarly = true;
            save(folder.checkpoints().last());
            if (evaluations.isBestAtEnd(trainer.step())) {
                save(folder.checkpoints().best());
            }
        }
    }

    private void evaluateAndShow(RunOptions options) throws IOException {
        if (evaluations != null) {
            boolean best = evaluations.isBest(trainer.step());
            if (trainer.step() == 0) {
                bestLoss = evaluator.bestLoss(); // in a checkpoint before the first step, the mark of this evaluation
            }
            if (best) {
                save(folder.checkpoints().best());
            }
        }
        if (options.samples > 0) {
            showSamples(options.samples);
        }
    }

    private void showSamples(int count) {
        List<String> texts = samples.duringTraining(trainer.step(), count, config.seed());
        notifyOfSamples(texts);
        for (String text : texts) {
            terminal.note("sample: " + text.replace("\n", "\n        "));
        }
    }

    private void notifyOfSamples(List<String> texts) {
        samplesShownAt = trainer.step();
        listeners.onSamples(trainer.step(), texts);
    }

    /** Prints samples as microgpt.py does; a report shows them, too. */
    public void printSamples(SampleOptions options) {
        if (options.count == 0) {
            return;
        }
        terminal.print("");
        terminal.print(data.format() == DataFormat.DOCUMENTS ? SAMPLES_HEADING : "--- samples ---");
        Copies copies = samples.copies(options.newOnly.isGiven(), options.count);
        List<String> texts = samples.generate(options.sampling.config(), random, copies);
        if (listeners.hasReport() && samplesShownAt != trainer.step()) {
            notifyOfSamples(texts);
        }
        int number = 0;
        for (String text : texts) {
            terminal.print("sample " + Format.padded(++number, 2) + ": " + text);
        }
        copies.say(terminal);
    }

    private void save(Path file) throws IOException {
        setup.finish();
        saver.save(file, trainer.step(), bestLoss, stalled, endedEarly);
    }

    /** A run that has ended replaces a finished one in its folder. */
    @Override
    public void close() throws IOException {
        listeners.close();
        if (finished && folder.isNextToFinished()) {
            folder.replaceFinished();
        } else {
            folder.deleteEmptySubfolder();
        }
    }
}

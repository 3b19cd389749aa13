package dev.microgpt.cli.run;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.DiskNeed;
import dev.microgpt.cli.folder.RunFolder;
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
import dev.microgpt.model.Gpt;
import dev.microgpt.model.generate.Generator;
import dev.microgpt.model.generate.Sampler;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.Evaluation;
import dev.microgpt.train.Evaluator;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.data.BatchSource;
import dev.microgpt.train.data.DataException;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.ValidationSet;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** One training from the first step to the last checkpoint, with all that listens to it. */
public final class TrainingRun implements Closeable {
    /** What microgpt.py prints before its samples. */
    private static final String SAMPLES_HEADING = "--- inference (new, hallucinated names) ---";

    /** How samples shown during a training are chosen. */
    private static final SamplingConfig SHOWN = SamplingConfig.ofTemperature(0.8);

    /** "show" in ASCII: tells samples shown during a training from other uses of a seed. */
    private static final long SHOWN_SAMPLES = 0x73686f77L;

    private final Terminal terminal;
    private final RunFolder folder;
    private final Preset preset;
    private final TrainingConfig config;
    private final TrainingData data;
    private final Stop stop;
    private final PythonRandom random;
    private final Gpt gpt;
    private final Trainer trainer;
    private final @Nullable Evaluator evaluator;
    private final RunSetup preparation;
    private final CheckpointSaver saver;
    private final List<Closeable> open = new ArrayList<>();
    private @Nullable ProgressLine progress;
    private @Nullable Metrics metrics;
    private @Nullable RunReport report;
    private double bestLoss;
    private int samplesShownAt = -1;

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
        gpt = state.gpt();
        bestLoss = state.bestLoss();
        int blockSize = gpt.config().blockSize();
        BatchSource batches = data.batches(blockSize, config.batchSize(), config.seed());
        trainer = new Trainer(gpt, batches, state.adam(), config);
        trainer.resumeAt(state.step());
        ValidationSet held = data.validation(config.batchSize(), blockSize);
        evaluator = held == null ? null : new Evaluator(gpt, new StoppableSet(held, stop.interruption()));
        if (evaluator != null) {
            evaluator.resumeAt(bestLoss);
            // what is measured after this step is no part of its checkpoint
            trainer.addListener(step -> bestLoss = evaluator.bestLoss());
        }
        preparation = new RunSetup(data, folder, terminal);
        saver = new CheckpointSaver(folder, config, data, state, stop.goOn());
    }

    /**
     * Trains to the last step, and saves on the way, at the end, and the best if something is held back.
     *
     * @return false if a signal broke it off; the state is saved then, from which the run can go on
     */
    public boolean train(RunOptions options) throws IOException {
        listen(options);
        describe();
        need(options).warn(folder, terminal);
        preparation.start();
        boolean finished;
        try {
            finished = steps(options);
            if (!finished) {
                save(folder.checkpoints().last());
            }
        } catch (UncheckedIOException lost) {
            throw saved(lost);
        } finally {
            preparation.finish();
        }
        if (progress != null) {
            progress.close(); // what comes now belongs below it
        }
        if (!finished) {
            terminal.say("stopped after step " + trainer.step() + " of " + config.steps() + " and saved as "
                    + folder.checkpoints().last() + "; to go on:");
            terminal.note("    " + stop.goOn());
        }
        return finished;
    }

    /** Where results cannot be written any more, as behind a reader that has seen enough, the training is not lost. */
    private RuntimeException saved(UncheckedIOException lost) {
        try {
            save(folder.checkpoints().last());
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
        CliException told = new CliException(
                ExitCode.IO,
                String.valueOf(lost.getMessage()),
                "step " + trainer.step() + " of " + config.steps() + " is saved; to go on: " + stop.goOn());
        told.initCause(lost);
        return told;
    }

    /** Completes the files that tell of the run. */
    public void finish() throws IOException {
        closeListeners();
        if (report != null) {
            report.write();
            terminal.say("wrote " + folder.report());
        }
    }

    private void describe() {
        for (String line : data.description()) {
            terminal.print(line);
        }
        terminal.print("vocab size: " + data.tokenizer().vocabSize());
        terminal.print("num params: " + gpt.parameters().count());
    }

    private void listen(RunOptions options) throws IOException {
        Path file = options.metrics(preset, folder);
        if (file != null) { // first: where the results of a step cannot be printed, it has its line all the same
            metrics = new Metrics(file, trainer.step());
            if (metrics.lastStep() != trainer.step()) {
                terminal.complain("microgpt: warning: " + file + " ends with step " + metrics.lastStep()
                        + ", the run goes on after step " + trainer.step());
            }
            addListener(metrics);
            open.add(metrics);
        }
        if (preset == Preset.MICROGPT) {
            addListener(new StepLines(terminal, config.steps()));
        } else {
            progress = new ProgressLine(terminal, config.steps(), options.logInterval);
            addListener(progress);
            open.add(progress);
        }
        if (file != null && options.report(preset, folder)) { // after the metrics, which it reads
            int vocabSize = data.tokenizer().vocabSize();
            report = new RunReport(file, Settings.of(gpt.config(), config), vocabSize, folder.report());
            addListener(report);
        }
    }

    private void addListener(TrainingListener listener) {
        trainer.addListener(listener);
        if (evaluator != null) {
            evaluator.addListener(listener);
        }
    }

    private DiskNeed need(RunOptions options) {
        int stepsLeft = config.steps() - trainer.step();
        int interval = options.checkpointInterval(preset);
        return DiskNeed.of(gpt.parameters().count(), stepsLeft, interval, options.keep, evaluator != null);
    }

    /** Returns false if a signal came before all was done. */
    private boolean steps(RunOptions options) throws IOException {
        int interval = options.checkpointInterval(preset);
        try {
            if (trainer.step() > 0) {
                endStep(options); // the checkpoint that the run goes on from was saved before this
            }
            while (trainer.step() < config.steps()) {
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
        } catch (CancellationException whileMeasuring) {
            return false;
        }
    }

    /** Does what is due after a step; it changes nothing of what a checkpoint of this step holds. */
    private void endStep(RunOptions options) throws IOException {
        boolean last = trainer.step() == config.steps();
        if (last) {
            save(folder.checkpoints().last());
        }
        if (last || trainer.step() % options.evalInterval == 0) {
            pause(options);
        }
    }

    /** Measures the model and shows samples, if wanted. */
    private void pause(RunOptions options) throws IOException {
        if (evaluator != null) {
            Evaluation evaluation = evaluator.evaluate(trainer.step(), evaluationBatches(options), config.seed());
            if (evaluation.best()) {
                save(folder.checkpoints().best());
            }
        }
        if (options.samples > 0) {
            showSamples(options.samples);
        }
    }

    /** The last measurement takes as many batches as the training took, which is all of them unless they are many. */
    private int evaluationBatches(RunOptions options) {
        if (options.evalSteps == 0) {
            return Integer.MAX_VALUE;
        }
        long trained = (long) config.steps() * config.gradientAccumulationSteps();
        boolean last = trainer.step() == config.steps();
        return last ? (int) Math.max(options.evalSteps, Math.min(trained, Integer.MAX_VALUE)) : options.evalSteps;
    }

    private void showSamples(int count) {
        long seed = new CounterRandom(config.seed()).child(SHOWN_SAMPLES).bits(trainer.step());
        List<String> texts = samples(count, SHOWN, new PythonRandom(seed));
        tellOfSamples(texts);
        for (String text : texts) {
            terminal.note("sample: " + text.replace("\n", "\n        "));
        }
    }

    private void tellOfSamples(List<String> texts) {
        samplesShownAt = trainer.step();
        if (metrics != null) {
            metrics.onSamples(trainer.step(), texts);
        }
        if (report != null) {
            report.onSamples();
        }
    }

    /** Prints samples as microgpt.py does; a report shows them too. */
    public void printSamples(SampleOptions options) {
        if (options.count == 0) {
            return;
        }
        terminal.print("");
        terminal.print(data.format() == DataFormat.DOCUMENTS ? SAMPLES_HEADING : "--- samples ---");
        List<String> texts = samples(options.count, options.sampling.config(), random);
        if (report != null && samplesShownAt != trainer.step()) {
            tellOfSamples(texts);
        }
        int number = 0;
        for (String text : texts) {
            terminal.print("sample " + Format.padded(++number, 2) + ": " + text);
        }
    }

    private List<String> samples(int count, SamplingConfig sampling, PythonRandom draws) {
        Tokenizer tokenizer = data.tokenizer();
        Generator generator = new Generator(gpt, new Sampler(sampling), tokenizer.vocabSize());
        int[] start = data.format().promptTokens(tokenizer, "");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            try {
                int[] ids = generator.generate(start, gpt.config().blockSize(), tokenizer.bos(), draws);
                texts.add(tokenizer.decode(ids));
            } catch (IllegalArgumentException broken) {
                throw CheckpointSaver.diverged(broken);
            }
        }
        return texts;
    }

    private void save(Path file) throws IOException {
        preparation.finish();
        saver.save(file, trainer.step(), bestLoss);
    }

    private void closeListeners() throws IOException {
        while (!open.isEmpty()) {
            open.remove(open.size() - 1).close();
        }
    }

    @Override
    public void close() throws IOException {
        closeListeners();
    }
}

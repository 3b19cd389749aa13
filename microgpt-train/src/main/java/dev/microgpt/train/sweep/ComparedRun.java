package dev.microgpt.train.sweep;

import dev.microgpt.train.checkpoint.RunSettings;
import dev.microgpt.train.internal.metrics.EvaluationLine;
import dev.microgpt.train.internal.metrics.History;
import dev.microgpt.train.internal.metrics.MetricsReader;
import dev.microgpt.train.internal.metrics.StepLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A run as its folder shows it: settings from {@code run.json} or a checkpoint, results from {@code metrics.jsonl}.
 * Numbers that the metrics do not have are NaN.
 *
 * @param name            the name of the folder
 * @param metrics         the file of the metrics
 * @param settings        all settings as texts by their names, see {@link RunSettings#texts}; of a run of a sweep also
 *     options that are no settings of a checkpoint, such as {@code preset}
 * @param given           the names of the settings that a sweep gives; all of a run that is not part of one
 * @param end             how the run ended
 * @param steps           the number of steps done
 * @param loss            the training loss of the last step, in nats
 * @param validationLoss  the last validation loss, in nats
 * @param bestLoss        the validation loss of the best model, in nats
 * @param bitsPerByte     the bits per byte of the last evaluation
 * @param seconds         the time of the steps in the metrics
 * @param tokensPerSecond the tokens of these steps, divided by that time
 */
public record ComparedRun(
        String name,
        Path metrics,
        Map<String, String> settings,
        Set<String> given,
        RunEnd end,
        int steps,
        double loss,
        double validationLoss,
        double bestLoss,
        double bitsPerByte,
        double seconds,
        double tokensPerSecond) {
    private static final String METRICS = "metrics.jsonl";

    /**
     * Copies the settings.
     *
     * @param name            the name of the folder
     * @param metrics         the file of the metrics
     * @param settings        texts by names
     * @param given           names
     * @param end             how the run ended
     * @param steps           the number of steps done
     * @param loss            the training loss of the last step
     * @param validationLoss  the last validation loss
     * @param bestLoss        the validation loss of the best model
     * @param bitsPerByte     the bits per byte of the last evaluation
     * @param seconds         the time of the steps
     * @param tokensPerSecond the tokens in a second
     */
    public ComparedRun {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        given = Collections.unmodifiableSet(new LinkedHashSet<>(given));
    }

    /**
     * Reads the folder of a run, which may still be training.
     *
     * @param folder the folder of a run of a sweep, or of {@code microgpt train --report}
     * @return the run
     * @throws SweepException if the folder has no metrics and no settings, or none that can be read
     * @throws IOException    if a file cannot be read
     */
    public static ComparedRun read(Path folder) throws IOException {
        return read(folder, name(folder));
    }

    static String name(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? folder.toString() : name.toString();
    }

    static ComparedRun read(Path folder, String name) throws IOException {
        RunFile swept = RunFile.in(folder);
        Path metrics = folder.resolve(METRICS);
        if (swept == null && !Files.exists(metrics)) {
            throw new SweepException(folder + " must be the folder of a run with " + METRICS + ", but "
                    + (Files.isDirectory(folder) ? "there is no such file in it" : "is no folder")
                    + "; microgpt sweep and microgpt train --report write it");
        }
        Map<String, String> settings = new LinkedHashMap<>(swept == null ? settings(folder) : swept.settings());
        Set<String> given = new LinkedHashSet<>(swept == null ? settings.keySet() : Set.of());
        if (swept != null) {
            swept.given().forEach((option, value) -> {
                String setting = option.replace('-', '_');
                settings.putIfAbsent(setting, value); // as the option has it, unless the run knows better
                given.add(setting);
            });
        }
        RunEnd end = swept == null ? new RunEnd(RunEnd.State.DONE, 0, "") : swept.end();
        History history = history(metrics);
        double seconds = 0;
        double tokens = 0;
        for (StepLine step : history.steps) {
            seconds += step.tokens() / step.tokensPerSecond();
            tokens += step.tokens();
        }
        int steps = history.steps.size();
        int evaluations = history.evaluations.size();
        EvaluationLine last = evaluations == 0 ? null : history.evaluations.get(evaluations - 1);
        EvaluationLine best = history.best();
        return new ComparedRun(
                name,
                metrics,
                settings,
                given,
                end,
                history.lastStep(),
                steps == 0 ? Double.NaN : history.steps.get(steps - 1).loss(),
                last == null ? Double.NaN : last.loss(),
                best == null ? Double.NaN : best.loss(),
                last == null ? Double.NaN : last.bitsPerByte(),
                seconds,
                tokens / seconds);
    }

    /** Returns the settings in a checkpoint of a run, of which any has them. */
    private static Map<String, String> settings(Path folder) throws IOException {
        IOException damage = null;
        String[] names = folder.toFile().list();
        for (String name : names == null ? new String[0] : names) {
            boolean isOurs = name.startsWith("checkpoint") || name.equals("best.safetensors");
            if (isOurs && name.endsWith(".safetensors")) {
                try {
                    return RunSettings.textsIn(folder.resolve(name));
                } catch (IOException damaged) {
                    damage = damaged;
                }
            }
        }
        String needed = folder + " must have a checkpoint, which has the settings of the run, but ";
        if (damage == null) {
            throw new SweepException(needed + "has none; compare it once it has saved one");
        }
        throw (IOException) new SweepException(needed + "none can be read: " + RunEnd.reason(damage)
                        + "; leave out the folder, or train the run again")
                .initCause(damage);
    }

    private static History history(Path metrics) throws IOException {
        History history = Files.exists(metrics) ? new MetricsReader(metrics).read() : new History();
        if (history.unreadableLines() > 0 && history.steps.isEmpty() && history.evaluations.isEmpty()) {
            throw new SweepException(metrics + " must have a step or an evaluation of the run in each line, but none of"
                    + " its " + history.unreadableLines() + " lines has; leave out the folder, or train the run again");
        }
        return history;
    }
}

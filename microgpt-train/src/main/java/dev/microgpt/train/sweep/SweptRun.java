package dev.microgpt.train.sweep;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a sweep: plain texts, which can be sent to another process.
 *
 * <p>{@link #train} keeps the file {@code run.json} in the folder of the run, with its settings and how it ended. By
 * it, a run that has ended is not repeated, and one that was interrupted continues.
 *
 * @param name     the name of its folder
 * @param settings the options of {@code microgpt train} without dashes in front, and their values, in the order of the
 *     sweep file
 */
public record SweptRun(String name, Map<String, String> settings) implements Serializable {
    /**
     * Copies the settings.
     *
     * @param name     the name of the folder
     * @param settings options and values
     */
    public SweptRun {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /**
     * Trains the run in a folder, unless it has ended there before; continues it if it was interrupted. How a run ends
     * that another process is training, that process records.
     *
     * @param trainer trains it
     * @param sweep   the folder of the sweep, in which the run has a folder of its own name
     * @param stop    asked after each step whether to save and return
     * @return how the run ended, now or before; {@link RunEnd#isInUse} if another process is training it
     * @throws SweepException if the folder has a run with other settings, or is a file
     * @throws IOException    if {@code run.json} cannot be read or written
     */
    public RunEnd train(RunTrainer trainer, Path sweep, BooleanSupplier stop) throws IOException {
        Path folder = sweep.resolve(name);
        RunFile before = foundIn(sweep);
        if (before != null && before.end().isFinal()) {
            return before.end();
        }
        RunEnd stopped = new RunEnd(RunEnd.State.STOPPED, 0, "");
        if (stop.getAsBoolean()) {
            return stopped;
        }
        RunFile begun =
                before != null ? before.endedWith(stopped) : new RunFile(settings, trainer.describe(settings), stopped);
        Files.createDirectories(folder);
        if (!begun.equals(before)) {
            begun.write(folder);
        }
        RunEnd end = trainer.train(settings, folder, stop);
        if (!end.isInUse()) {
            begun.endedWith(end).write(folder);
        }
        return end;
    }

    /**
     * Reads how the run ended before.
     *
     * @param sweep the folder of the sweep
     * @return the end; {@link RunEnd.State#STOPPED} if it has not begun
     * @throws SweepException if the folder has a run with other settings, or is a file
     * @throws IOException    if {@code run.json} cannot be read
     */
    public RunEnd endIn(Path sweep) throws IOException {
        RunFile before = foundIn(sweep);
        return before == null ? new RunEnd(RunEnd.State.STOPPED, 0, "") : before.end();
    }

    private @Nullable RunFile foundIn(Path sweep) throws IOException {
        Path folder = sweep.resolve(name);
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new SweepException(
                    folder + " must be the folder of a run, but is a file; move it, or choose another --out");
        }
        RunFile before = RunFile.in(folder);
        if (before != null && !before.given().equals(settings)) {
            throw new SweepException(folder + " has a run with the settings " + before.given()
                    + ", but this sweep has a run of that name with " + settings
                    + "; choose another --out, or move the folder");
        }
        return before;
    }
}

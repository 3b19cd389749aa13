package dev.microgpt.train.sweep;

import dev.microgpt.train.GradientWorkers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Trains a run of a sweep as the command {@code microgpt train} does, with the same options, files and bits.
 *
 * <p>The implementation is a service of the program: its jar, {@code microgpt.jar} or {@code microgpt-cli}, must be on
 * the class path. It is found by {@link #find} and may be used by several threads at once.
 */
public interface RunTrainer {
    /**
     * Returns the implementation on the class path: that of the thread's context class loader, or else of this
     * library's.
     *
     * @return a trainer
     * @throws IllegalStateException if there is none, or it cannot be loaded
     */
    static RunTrainer find() {
        String broken = "";
        for (ServiceLoader<RunTrainer> loader : List.of(
                ServiceLoader.load(RunTrainer.class),
                ServiceLoader.load(RunTrainer.class, RunTrainer.class.getClassLoader()))) {
            try {
                Iterator<RunTrainer> found = loader.iterator();
                if (found.hasNext()) {
                    return found.next();
                }
            } catch (ServiceConfigurationError | LinkageError unsound) {
                broken = "; one could not be loaded: " + unsound.getMessage();
            }
        }
        throw new IllegalStateException("a sweep needs the program that trains its runs, but no "
                + RunTrainer.class.getName() + " is on the class path" + broken
                + "; add microgpt.jar, or the library microgpt-cli of this version");
    }

    /**
     * Checks one line of a sweep file.
     *
     * @param name  the name of an option of {@code microgpt train}, without dashes in front, such as
     *     {@code learning-rate}
     * @param value its value; {@code true} or {@code false} for a flag
     * @throws IllegalArgumentException if there is no such option, a sweep sets it itself, or the value is refused
     */
    void check(String name, String value);

    /**
     * Checks a whole run without side effects: that its settings go together, that its data can be read, and that its
     * memory suffices.
     *
     * @param settings the names and values of options
     * @param jobs     the number of runs that share the heap, at least 1
     * @throws IOException if the run would be refused; the message says why, and how to repair it
     */
    void check(Map<String, String> settings, int jobs) throws IOException;

    /**
     * Returns all settings of a run, also those that no option gives, as its checkpoints have them.
     *
     * @param settings the names and values of options
     * @return texts by names, see {@link dev.microgpt.train.checkpoint.RunSettings#texts}
     * @throws IOException if the run would be refused, or its data cannot be read
     */
    Map<String, String> describe(Map<String, String> settings) throws IOException;

    /**
     * Begins or resumes a run, and returns when it has ended, failed, or was stopped and saved.
     *
     * @param settings the names and values of options
     * @param folder   the folder of the run; its files are those of {@code microgpt train --report}, and the file
     *     {@code log.txt} with what the command prints
     * @param stop     asked after each step whether to save and return
     * @return how it ended
     */
    default RunEnd train(Map<String, String> settings, Path folder, BooleanSupplier stop) {
        return train(settings, folder, stop, null);
    }

    /**
     * Begins or resumes a run whose gradients others compute.
     *
     * @param settings the names and values of options
     * @param folder   the folder of the run
     * @param stop     asked after each step whether to save and return
     * @param workers  compute the gradients of a run with {@code separate-gradients}; null for none
     * @return how it ended
     */
    RunEnd train(Map<String, String> settings, Path folder, BooleanSupplier stop, @Nullable GradientWorkers workers);
}

package dev.microgpt.autograd;

import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * Enforces that parameters have one writer or many readers: finds out that a thread changes values that another thread
 * needs to be of one moment.
 *
 * <p>An optimizer marks its updates:
 *
 * <pre>{@code
 * ParameterUpdates.begin(parameters);
 * try {
 *     … // change the values
 * } finally {
 *     ParameterUpdates.end(parameters);
 * }
 * }</pre>
 *
 * <p>A reader, such as a save, asks before and after:
 *
 * <pre>{@code
 * ParameterUpdates updates = ParameterUpdates.watch("save", parameters);
 * … // read the values
 * updates.checkNone();
 * }</pre>
 *
 * <p>Nobody waits: whoever comes second is refused. The static methods are thread-safe; a watch belongs to the thread
 * that created it.
 */
public final class ParameterUpdates {
    private static final String RULE = "; while a model is trained, only the training thread may use it: call this"
            + " between two steps on that thread, for example in a TrainingListener, or after training has ended";

    private final String reader;
    private final List<Parameter> parameters;
    private final int[] changes;

    private ParameterUpdates(String reader, List<Parameter> parameters) {
        this.reader = reader;
        this.parameters = parameters;
        this.changes = new int[parameters.size()];
    }

    /**
     * Begins a change of the values of some parameters. A thread may begin another change of the same parameters before
     * it ends the first.
     *
     * @param parameters the parameters that may change
     * @throws IllegalStateException if another thread has begun to change one of them, or has claimed it; then nothing
     *     has begun
     */
    public static void begin(List<Parameter> parameters) {
        claim(parameters);
        for (int i = 0; i < parameters.size(); i++) {
            parameters.get(i).mark.count();
        }
    }

    /**
     * Keeps other threads from changing or reading some parameters until {@link #end}, without changing them yet: for
     * gradients and everything else that leads to a change.
     *
     * @param parameters the parameters
     * @throws IllegalStateException under the conditions of {@link #begin}
     */
    public static void claim(List<Parameter> parameters) {
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            if (!parameter.mark.claim()) {
                end(parameters.subList(0, i));
                throw new IllegalStateException("train: " + parameter.mark.description() + " is training parameter \""
                        + parameter.name() + "\", so thread \""
                        + Thread.currentThread().getName()
                        + "\" cannot; only one thread at a time may train a model");
            }
        }
    }

    /**
     * Ends what the same thread has begun or claimed last.
     *
     * @param parameters the same parameters
     */
    public static void end(List<Parameter> parameters) {
        for (int i = 0; i < parameters.size(); i++) {
            parameters.get(i).mark.end();
        }
    }

    /**
     * Starts to watch for changes by other threads.
     *
     * @param reader     begins the message of the exception
     * @param parameters the parameters whose values will be read
     * @return the watch, to be asked when the values have been read
     * @throws IllegalStateException if another thread is changing the parameters or has claimed them
     */
    public static ParameterUpdates watch(String reader, List<Parameter> parameters) {
        ParameterUpdates updates = new ParameterUpdates(reader, parameters);
        for (int i = 0; i < updates.changes.length; i++) {
            updates.changes[i] = parameters.get(i).mark.changes();
        }
        VarHandle.acquireFence(); // a change that begins from here on has another count
        for (int i = 0; i < updates.changes.length; i++) {
            Parameter parameter = parameters.get(i);
            if (parameter.mark.isWrittenByAnother()) {
                throw new IllegalStateException(reader + ": " + parameter.mark.description()
                        + " is training parameter \"" + parameter.name() + "\"" + RULE);
            }
        }
        return updates;
    }

    /**
     * Checks that no change has begun since {@link #watch}, so that the values read are those of one moment.
     *
     * @throws IllegalStateException if a thread has begun to change the parameters
     */
    public void checkNone() {
        VarHandle.acquireFence(); // the values were read before
        for (int i = 0; i < changes.length; i++) {
            Parameter parameter = parameters.get(i);
            if (parameter.mark.changes() != changes[i]) {
                String who = parameter.mark.isWrittenByAnother() ? parameter.mark.description() : "a training step";
                throw new IllegalStateException(
                        reader + ": " + who + " updated parameter \"" + parameter.name() + "\" in the meantime" + RULE);
            }
        }
    }
}

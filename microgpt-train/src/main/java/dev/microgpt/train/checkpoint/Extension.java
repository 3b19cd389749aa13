package dev.microgpt.train.checkpoint;

import dev.microgpt.train.Schedule;
import java.util.List;

/**
 * An extension of a training run: after some steps, the number of steps of the whole run was raised. Unless the
 * learning rate is constant, it jumps there from the schedule of the shorter run to that of the longer one.
 *
 * @param step the number of steps done when the run was extended, at least 1
 * @param from the number of steps of the whole run until then, at least {@code step}
 * @param to   the number of steps since then, above {@code from}
 * @see Checkpoint#extendedTo
 */
public record Extension(int step, int from, int to) {
    /**
     * Checks the order of the numbers.
     *
     * @param step at least 1
     * @param from at least {@code step}
     * @param to   above {@code from}
     * @throws IllegalArgumentException if the numbers do not ascend like this
     */
    public Extension {
        if (step < 1 || step > from || from >= to) {
            throw new IllegalArgumentException("extension after step " + step + " of " + from + " to " + to
                    + " steps: the numbers must ascend from at least 1, and only the first two may be equal");
        }
    }

    /**
     * Returns whether a run was extended that had done all of its steps.
     *
     * @return false if it had not reached its last step
     */
    public boolean ofFinishedRun() {
        return step == from;
    }

    /**
     * Returns the learning rate of the last step before the extension.
     *
     * @param schedule the schedule of the run
     * @return the rate of a run of {@code from} steps at this step
     */
    public double rateBefore(Schedule schedule) {
        return schedule.over(from).at(step - 1);
    }

    /**
     * Returns the learning rate of the first step after the extension.
     *
     * @param schedule the schedule of the run
     * @return the rate of a run of {@code to} steps at this step
     */
    public double rateAfter(Schedule schedule) {
        return schedule.over(to).at(step);
    }

    /** Refuses extensions that do not follow each other up to the given step and number of steps. */
    static void check(List<Extension> extensions, int step, int steps) {
        for (int i = 0; i < extensions.size(); i++) {
            Extension extension = extensions.get(i);
            boolean last = i == extensions.size() - 1;
            int nextStep = last ? step : extensions.get(i + 1).step;
            int nextFrom = last ? steps : extensions.get(i + 1).from;
            if (extension.step > nextStep || extension.to != nextFrom) {
                throw new IllegalArgumentException("checkpoint: the run was extended after step " + extension.step
                        + " to " + extension.to + " steps, which must not be followed by step " + nextStep + " of "
                        + nextFrom);
            }
        }
    }
}

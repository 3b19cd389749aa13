package dev.microgpt.train.attribution;

import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Remembers the last step of a run, and how long its steps took. */
final class StepTimes implements TrainingListener {
    private final long[] nanos;
    private @Nullable TrainingStep last;

    StepTimes(int steps) {
        nanos = new long[steps];
    }

    @Override
    public void onStep(TrainingStep step) {
        nanos[step.number() - 1] = step.nanos();
        last = step;
    }

    TrainingStep last() {
        if (last == null) {
            throw new IllegalStateException("there was no step yet");
        }
        return last;
    }

    /** Returns the median duration of a step in the second half of the run, when the JVM has compiled it. */
    double seconds() {
        long[] late = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
        Arrays.sort(late);
        return late[late.length / 2] * 1e-9;
    }
}

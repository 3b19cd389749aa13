package dev.microgpt.train.attribution;

import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Remembers the last step of a run, and how large its steps were and how long they took. */
final class StepTimes implements TrainingListener {
    private final long[] nanos;
    private long tokens;
    private @Nullable TrainingStep last;

    StepTimes(int steps) {
        nanos = new long[steps];
    }

    @Override
    public void onStep(TrainingStep step) {
        nanos[step.number() - 1] = step.nanos();
        tokens += step.tokens();
        last = step;
    }

    TrainingStep last() {
        if (last == null) {
            throw new IllegalStateException("there was no step yet");
        }
        return last;
    }

    double tokensPerStep() {
        return (double) tokens / nanos.length;
    }

    /** Returns the median duration of a step in the second half of the run, when the JVM has compiled it. */
    double secondsPerStep() {
        long[] late = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
        Arrays.sort(late);
        return late[late.length / 2] * 1e-9;
    }
}

package dev.microgpt.train.budget;

import dev.microgpt.train.Trainer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Measures how long a training step takes, by doing some.
 *
 * <p>A JVM runs a step faster and faster until its compiler has seen it, which takes from less than a second to
 * several. So steps are done in rounds of half a second, until a round is no longer faster than the one before.
 */
public final class SpeedTest {
    private static final long ROUND_NANOS = 500_000_000;
    private static final int FEWEST_ROUNDS = 6;
    private static final int FEWEST_STEPS = 2; // the first allocates the buffers

    /** A round that takes more than this part of the time of the one before is no faster, but for noise. */
    private static final double NO_FASTER = 0.95;

    private static final double NANOS = 1e9;

    private SpeedTest() {}

    /**
     * Trains for a while, at least two steps. The model is of no use afterwards, since its weights have changed.
     *
     * @param trainer a new trainer of a model that nothing else uses
     * @param longest when to end, even if the steps are still becoming faster
     * @param most    the number of steps after which to end as well, such as all that a run will have
     * @return the duration of a step in seconds: the lower one of the medians of the last two rounds
     */
    public static double secondsPerStep(Trainer trainer, Duration longest, int most) {
        List<Long> nanos = new ArrayList<>();
        trainer.addListener(step -> nanos.add(step.nanos()));
        long start = System.nanoTime();
        trainer.run(trainer.step() + 1);
        double before = Double.POSITIVE_INFINITY;
        for (int rounds = 1; ; rounds++) {
            double median = round(trainer, nanos, most);
            boolean isOver = System.nanoTime() - start >= longest.toNanos() || trainer.step() >= most;
            if (isOver && trainer.step() >= FEWEST_STEPS || rounds >= FEWEST_ROUNDS && median > NO_FASTER * before) {
                return Math.min(median, before) / NANOS;
            }
            before = median;
        }
    }

    /** Does at least one step; returns the median of the steps. */
    private static double round(Trainer trainer, List<Long> nanos, int most) {
        nanos.clear();
        long start = System.nanoTime();
        do {
            trainer.run(trainer.step() + 1);
        } while (System.nanoTime() - start < ROUND_NANOS && trainer.step() < most);
        Collections.sort(nanos);
        return nanos.get(nanos.size() / 2);
    }
}

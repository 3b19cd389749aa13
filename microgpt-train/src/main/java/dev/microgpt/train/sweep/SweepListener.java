package dev.microgpt.train.sweep;

/** Learns of the runs of a sweep; the methods are called by several threads, but never two at once. */
public interface SweepListener {
    /**
     * Called when a run begins or continues.
     *
     * @param run the run
     */
    void onBegin(SweptRun run);

    /**
     * Called when a run has ended, failed or stopped; also at once for one that had ended before.
     *
     * @param run the run
     * @param end how it ended
     */
    void onEnd(SweptRun run, RunEnd end);
}

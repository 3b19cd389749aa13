package dev.microgpt.train;

/**
 * Notices a training run whose loss has grown instead of falling, which no single loss shows.
 *
 * <p>The {@linkplain RecentMean mean} of recent losses is compared with the loss of guessing, {@code ln V} for a
 * vocabulary of V tokens, and with the first loss of the run. If it is higher than both by more than a margin, the
 * model {@linkplain #isFarOff() is far off}. The margin is 1 nat, or {@code 20 / n} nats after n steps for fewer than
 * 20, so neither a batch of unusual text nor an initialization that is worse than guessing is taken for a failure. The
 * loss of a fine-tuned model may grow up to that of guessing.
 *
 * <p>Add it to a {@link Trainer} as a listener. Confined to one thread at a time.
 */
public final class LossWatch implements TrainingListener {
    private static final double MARGIN = 1;
    private static final double ENOUGH_LOSSES = RecentMean.NUMBERS;

    private final double guessing;
    private final RecentMean recent = new RecentMean();
    private double first = Double.NEGATIVE_INFINITY;
    private final boolean resumed;
    private long count;

    /**
     * Creates a watch for a run.
     *
     * @param vocabSize the number of tokens V, at least 1
     * @param resumed   whether the run has made steps before, so that its first loss is not known; recent losses are
     *     then compared with guessing alone
     * @throws IllegalArgumentException if the vocabulary is empty
     */
    public LossWatch(int vocabSize, boolean resumed) {
        if (vocabSize < 1) {
            throw new IllegalArgumentException(
                    "loss watch: the vocabulary has " + vocabSize + " tokens, but must have at least 1");
        }
        guessing = StrictMath.log(vocabSize);
        this.resumed = resumed;
    }

    @Override
    public void onStep(TrainingStep step) {
        if (count == 0 && !resumed) {
            first = step.loss();
        }
        recent.add(step.loss());
        count++;
    }

    /**
     * Returns whether the recent losses are higher than that of guessing and the first one by more than the margin.
     *
     * @return false before the second step
     */
    public boolean isFarOff() {
        double margin = Math.max(MARGIN, MARGIN * ENOUGH_LOSSES / count);
        return count > 1 && recentLoss() > Math.max(guessing, first) + margin;
    }

    /** {@return the mean of the recent losses, in nats; NaN before the first step} */
    public double recentLoss() {
        return recent.value();
    }

    /** {@return the loss of a model that predicts every token with the same probability, {@code ln V}, in nats} */
    public double guessingLoss() {
        return guessing;
    }

    /** {@return the loss of the first step, in nats; negative infinity if it is not known} */
    public double firstLoss() {
        return first;
    }
}

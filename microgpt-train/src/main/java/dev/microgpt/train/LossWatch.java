package dev.microgpt.train;

/**
 * Notices a training run whose loss has grown instead of falling, which no single loss shows.
 *
 * <p>The mean of recent losses is compared with the loss of guessing, {@code ln V} for a vocabulary of V tokens, and
 * with the first loss of the run. If it is higher than both by more than a margin, the model {@linkplain #isFarOff() is
 * far off}. The mean is that of the second half of the losses so far, of 50 at most. The margin is 1 nat, or {@code 10
 * / n} nats for a mean of fewer than 10 losses, so neither a batch of unusual text nor an initialization that is worse
 * than guessing is taken for a failure. The loss of a fine-tuned model may grow up to that of guessing.
 *
 * <p>Add it to a {@link Trainer} as a listener. Confined to one thread at a time.
 */
public final class LossWatch implements TrainingListener {
    private static final int MOST_LOSSES = 50;
    private static final double MARGIN = 1;
    private static final int ENOUGH_LOSSES = 10;

    private final double guessing;
    private final double[] recent = new double[MOST_LOSSES];
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
        recent[(int) (count % MOST_LOSSES)] = step.loss();
        count++;
    }

    /**
     * Returns whether the recent losses are higher than that of guessing and the first one by more than the margin.
     *
     * @return false before the second step
     */
    public boolean isFarOff() {
        int losses = losses();
        double margin = Math.max(MARGIN, MARGIN * ENOUGH_LOSSES / losses);
        return losses > 0 && recentLoss() > Math.max(guessing, first) + margin;
    }

    /** {@return the number of losses in the recent mean: half of the steps, at most 50} */
    public int losses() {
        return (int) Math.min(MOST_LOSSES, count / 2);
    }

    /** {@return the mean of the recent losses, in nats; NaN before the second step} */
    public double recentLoss() {
        int losses = losses();
        double sum = 0;
        for (int i = 1; i <= losses; i++) {
            sum += recent[(int) ((count - i) % MOST_LOSSES)];
        }
        return sum / losses;
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

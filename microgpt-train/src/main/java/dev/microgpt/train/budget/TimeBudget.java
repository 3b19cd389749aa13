package dev.microgpt.train.budget;

import dev.microgpt.train.internal.Checks;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the largest model that a training run within a given time can make good use of.
 *
 * <p>A model of N parameters is worth its size if it sees at least 20 · N tokens, which is where loss falls fastest per
 * operation (Hoffmann et al.). Tokens count only as long as they are not repeated too often: up to {@value
 * #MOST_PASSES} passes over the data. (Muennighoff et al. find that repeating is nearly as good as new data for 4
 * passes, and of little use after 16.) So a small text leads to a small model and to a run that ends before the time is
 * over.
 *
 * <p>Sizes are tried from the smallest up, each for a tenth of the time at most, and no size is tried that a
 * smaller one's speed rules out.
 *
 * @see <a href="https://arxiv.org/abs/2203.15556">Hoffmann et al., Training Compute-Optimal Large Language Models,
 *     2022</a>
 * @see <a href="https://arxiv.org/abs/2305.16264">Muennighoff et al., Scaling Data-Constrained Language Models,
 *     2023</a>
 */
public final class TimeBudget {
    /** The number of passes over the training data beyond which a run learns little more. */
    public static final int MOST_PASSES = 16;

    private static final double TOKENS_PER_PARAMETER = 20;

    /** The part of the time that is left over for checkpoints, evaluations during the run, samples and the report. */
    private static final double RESERVE = 0.07;

    /** An evaluation does the forward pass alone, a third of the arithmetic of a step. */
    private static final double FORWARD = 1.0 / 3;

    /** The last and the best model are evaluated at the end. */
    private static final int LAST_EVALUATIONS = 2;

    private static final int MEASURED_FRACTION = 10;
    private static final Duration LONGEST_MEASUREMENT = Duration.ofSeconds(20);

    /** By how much a larger model may do more operations a second than a smaller one, at most. */
    private static final double OPTIMISM = 4;

    private static final double NANOS = 1e9;

    private final Duration time;
    private final long trainingTokens;
    private final long validationTokens;
    private final LongSupplier nanoTime;
    private final long start;

    /** A model of the ladder that can be tried out. */
    public interface Candidate {
        /** {@return the number of parameters} */
        double parameters();

        /** {@return the mean number of tokens of a training step} */
        double tokensPerStep();

        /**
         * Trains the model for a while.
         *
         * @param longest how long to measure
         * @param most    the number of steps that the run can have, which need not be exceeded
         * @return the duration of a step in seconds
         */
        double secondsPerStep(Duration longest, int most);
    }

    /** Prepares the models of the ladder. */
    public interface Candidates {
        /**
         * Returns the model of a size.
         *
         * @param size the size
         * @return the model, or null if it does not fit in memory
         */
        @Nullable
        Candidate of(ModelSize size);
    }

    /**
     * Starts a budget; its time begins to run.
     *
     * @param time             the time of the whole run, measurements included
     * @param trainingTokens   the number of tokens to train on, at least 1
     * @param validationTokens the number of tokens of the validation split; 0 for none
     * @throws IllegalArgumentException if the time is not positive, or a number is too small
     */
    public TimeBudget(Duration time, long trainingTokens, long validationTokens) {
        this(time, trainingTokens, validationTokens, System::nanoTime);
    }

    TimeBudget(Duration time, long trainingTokens, long validationTokens, LongSupplier nanoTime) {
        Checks.positive("time", time.toMillis());
        Checks.positive("number of training tokens", trainingTokens);
        Checks.notNegative("number of validation tokens", validationTokens);
        this.time = time;
        this.trainingTokens = trainingTokens;
        this.validationTokens = validationTokens;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    /**
     * Chooses a size and a number of steps.
     *
     * @param ladder     the sizes, the smallest first, at least one
     * @param candidates prepares the model of a size
     * @return the plan; of the smallest size if the time or the data is too little even for that one
     * @throws IllegalArgumentException if the smallest size does not fit in memory, or if the time does not suffice for
     *     a step of it
     */
    public BudgetPlan choose(List<ModelSize> ladder, Candidates candidates) {
        ModelSize size = ladder.get(0);
        Candidate chosen = candidates.of(size);
        if (chosen == null) {
            throw new IllegalArgumentException("not even the smallest model fits in memory");
        }
        double secondsPerStep = measured(chosen);
        BudgetPlan.Limit limit = BudgetPlan.Limit.LADDER;
        for (ModelSize larger : ladder.subList(1, ladder.size())) {
            Candidate next = candidates.of(larger);
            if (next == null) {
                limit = BudgetPlan.Limit.MEMORY;
                break;
            }
            double needed = TOKENS_PER_PARAMETER * next.parameters();
            if (needed > (double) MOST_PASSES * trainingTokens) {
                limit = BudgetPlan.Limit.DATA;
                break;
            }
            double fastest = secondsPerStep
                    * (next.tokensPerStep() * next.parameters())
                    / (chosen.tokensPerStep() * chosen.parameters())
                    / OPTIMISM;
            if (affordable(next, fastest) < needed) {
                limit = BudgetPlan.Limit.TIME;
                break;
            }
            double seconds = measured(next);
            if (affordable(next, seconds) < needed) {
                limit = BudgetPlan.Limit.TIME;
                break;
            }
            size = larger;
            chosen = next;
            secondsPerStep = seconds;
        }
        return plan(size, chosen, secondsPerStep, limit);
    }

    private BudgetPlan plan(ModelSize size, Candidate chosen, double secondsPerStep, BudgetPlan.Limit limit) {
        double perStep = chosen.tokensPerStep();
        double tokens = Math.min(affordable(chosen, secondsPerStep), (double) MOST_PASSES * trainingTokens);
        double steps = Math.floor(Math.min(tokens / perStep, Integer.MAX_VALUE));
        if (steps < 1) {
            throw new IllegalArgumentException("a step of the smallest model takes " + (float) secondsPerStep
                    + " s on this machine, which is more than is left of " + time.toSeconds() + " s");
        }
        return new BudgetPlan(
                size, (int) steps, secondsPerStep, chosen.parameters(), steps * perStep / trainingTokens, limit);
    }

    private double measured(Candidate candidate) {
        Duration share = time.dividedBy(MEASURED_FRACTION);
        Duration longest = share.compareTo(LONGEST_MEASUREMENT) < 0 ? share : LONGEST_MEASUREMENT;
        double most = (double) MOST_PASSES * trainingTokens / candidate.tokensPerStep();
        return candidate.secondsPerStep(longest, (int) Math.min(Integer.MAX_VALUE, Math.ceil(most)));
    }

    /** Returns the number of tokens that training sees in the time left: n steps, and then evaluations. */
    private double affordable(Candidate candidate, double secondsPerStep) {
        double left = time.toNanos() / NANOS * (1 - RESERVE) - (nanoTime.getAsLong() - start) / NANOS;
        double tokens = candidate.tokensPerStep() * left / secondsPerStep;
        double evaluation = LAST_EVALUATIONS * FORWARD;
        // the last evaluations see at most as many tokens as training did
        return Math.max(tokens - evaluation * validationTokens, tokens / (1 + evaluation));
    }
}

package dev.microgpt.train.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.GptConfig;
import dev.microgpt.train.budget.BudgetPlan.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A simulated machine: a step takes time in proportion to its arithmetic, a measurement all the time it may take. */
class TimeBudgetTest {
    private static final double OPERATIONS_PER_SECOND = 1e10;
    private static final int VOCABULARY = 65;
    private static final long PLENTY = 1_000_000_000_000L;

    private final List<ModelSize> measured = new ArrayList<>();
    private long now;
    private int fitting = Integer.MAX_VALUE;

    private BudgetPlan plan(Duration time, long training, long validation) {
        TimeBudget budget = new TimeBudget(time, training, validation, () -> now);
        return budget.choose(ModelSize.ofText(), this::candidate);
    }

    private TimeBudget.Candidate candidate(ModelSize size) {
        double parameters = parameters(size);
        return parameters > fitting
                ? null
                : new TimeBudget.Candidate() {
                    @Override
                    public double parameters() {
                        return parameters;
                    }

                    @Override
                    public double tokensPerStep() {
                        return size.tokensPerStep();
                    }

                    @Override
                    public double secondsPerStep(Duration longest, int most) {
                        measured.add(size);
                        now += longest.toNanos();
                        return seconds(size);
                    }
                };
    }

    private static double parameters(ModelSize size) {
        return size.of(GptConfig.nano(VOCABULARY)).parameterCount();
    }

    private static double seconds(ModelSize size) {
        return 6 * parameters(size) * size.tokensPerStep() / OPERATIONS_PER_SECOND;
    }

    @Test
    void theModelGrowsWithTheTimeAndTheRunFillsIt() {
        double before = 0;
        for (int minutes : new int[] {1, 10, 60, 600, 6000, 60_000}) {
            now = 0;
            BudgetPlan plan = plan(Duration.ofMinutes(minutes), PLENTY, 0);
            assertEquals(Limit.TIME, plan.limit());
            assertTrue(plan.parameters() >= before, minutes + " minutes: " + plan);
            before = plan.parameters();
            double tokens = (double) plan.steps() * plan.size().tokensPerStep();
            assertTrue(tokens >= 20 * plan.parameters(), minutes + " minutes: " + plan);
            double used = (now / 1e9 + plan.seconds()) / (60.0 * minutes);
            assertTrue(used > 0.9 && used < 0.95, minutes + " minutes: " + used + " of the time");
        }
        assertTrue(before > parameters(ModelSize.ofText().get(4)), "the longest run has a model of " + before);
    }

    @Test
    void theModelHasEnoughTokensAndALargerOneWouldNot() {
        List<ModelSize> ladder = ModelSize.ofText();
        for (int minutes = 1; minutes < 1000; minutes *= 2) {
            now = 0;
            BudgetPlan plan = plan(Duration.ofMinutes(minutes), PLENTY, 0);
            double seen = (double) plan.steps() * plan.size().tokensPerStep();
            assertTrue(seen >= 20 * plan.parameters(), minutes + " minutes: " + plan);
            ModelSize larger = ladder.get(ladder.indexOf(plan.size()) + 1);
            double tokens = (60.0 * minutes * 0.93 - now / 1e9) / seconds(larger) * larger.tokensPerStep();
            assertTrue(tokens < 20 * parameters(larger), minutes + " minutes: " + plan);
        }
    }

    @Test
    void noSizeIsTriedThatASmallerOneRulesOut() {
        plan(Duration.ofMinutes(1), PLENTY, 0);
        assertTrue(measured.size() <= 3, measured.toString());
    }

    @Test
    void littleDataLimitsTheModelAndTheSteps() {
        BudgetPlan plan = plan(Duration.ofHours(10), 100_000, 0);
        assertEquals(Limit.DATA, plan.limit());
        assertTrue(20 * plan.parameters() <= 16 * 100_000, plan.toString());
        assertEquals(16 * 100_000 / plan.size().tokensPerStep(), plan.steps());
        assertEquals(16, plan.passes(), 0.01);
    }

    @Test
    void memoryAndTheLadderLimitTheModel() {
        fitting = 500_000;
        BudgetPlan plan = plan(Duration.ofDays(1), PLENTY, 0);
        assertEquals(Limit.MEMORY, plan.limit());
        assertEquals(ModelSize.ofText().get(2), plan.size());
        fitting = Integer.MAX_VALUE;
        now = 0;
        plan = plan(Duration.ofDays(9000), PLENTY, 0);
        assertEquals(Limit.LADDER, plan.limit());
        assertEquals(ModelSize.ofText().get(7), plan.size());
    }

    /** Two evaluations of the split at the end, each a third of the arithmetic of training on as many tokens. */
    @Test
    void theLastEvaluationsAreWithinTheTime() {
        for (long validation : new long[] {1_000_000, PLENTY}) {
            now = 0;
            BudgetPlan plan = plan(Duration.ofMinutes(1), PLENTY, validation);
            double trained = (double) plan.steps() * plan.size().tokensPerStep();
            double evaluated = 2 * Math.min(validation, trained) / 3;
            double used = now / 1e9 + plan.seconds() * (1 + evaluated / trained);
            assertTrue(trained > 1_000_000 && used > 0.9 * 60 && used < 0.931 * 60, used + " s: " + plan);
        }
    }

    @Test
    void aTimeTooShortForAStepIsRefused() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> plan(Duration.ofMillis(5), PLENTY, 0));
        assertTrue(refused.getMessage().contains("a step of the smallest model takes"), refused.getMessage());
        fitting = 1;
        assertThrows(IllegalArgumentException.class, () -> plan(Duration.ofMinutes(5), PLENTY, 0));
        assertThrows(IllegalArgumentException.class, () -> new TimeBudget(Duration.ZERO, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new TimeBudget(Duration.ofMinutes(1), 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new TimeBudget(Duration.ofMinutes(1), 1, -1));
    }
}

package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said about synthetic curves of the loss, whose course is known. */
class VerdictTest {
    private final LossHistory history = new LossHistory();

    private Verdict ofSteps(int steps, double noise, IntToDoubleFunction loss) {
        Random random = new Random(steps);
        for (int i = 1; i <= steps; i++) {
            history.onStep(new TrainingStep(i, loss.applyAsDouble(i) + noise * random.nextGaussian(), 1e-3, 1, 7, 1));
        }
        return Verdict.of(history);
    }

    /** Evaluations after each 100th step, below {@code steps}, of which the model falls to 2 in training. */
    private Verdict ofEvaluations(double... losses) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < losses.length; i++) {
            history.onEvaluation(new Evaluation(100 * (i + 1), losses[i], 100, 100, losses[i] < best));
            best = Math.min(best, losses[i]);
        }
        return ofSteps(100 * losses.length, 0.05, i -> 2 + Math.exp(-i / 200.0));
    }

    @Test
    void fewStepsTellNothing() {
        assertEquals(new Verdict(Verdict.Kind.UNKNOWN, 0), ofSteps(19, 0, i -> 3 - i / 100.0));
    }

    /** As a batch of one name has, and one of twelve crops. */
    @ParameterizedTest
    @CsvSource({"20, 0", "100, 0.05", "1000, 0.05", "1000, 0.5", "40000, 0.5"})
    void aLossThatFallsEvenlyFalls(int steps, double noise) {
        double last = noise == 0.5 ? 2 : 1; // in nats, by which it falls
        Verdict verdict = ofSteps(steps, noise, i -> 4 - 2 * last * i / steps);
        assertEquals(Verdict.Kind.FALLING, verdict.kind());
        assertEquals(0, verdict.since());
    }

    @ParameterizedTest
    @CsvSource({"200, 0", "1000, 0.05", "1000, 0.2", "40000, 0.5"})
    void aLossThatStaysTheSameIsFlatSinceItFell(int steps, double noise) {
        Verdict verdict = ofSteps(steps, noise, i -> Math.max(2, 4 - 4.0 * i / steps));
        assertEquals(Verdict.Kind.FLAT, verdict.kind());
        assertEquals(0.5, (double) verdict.since() / steps, 0.15);
    }

    /** As the names of the default run: 4.5 % would not show. */
    @Test
    void noiseIsNotTakenForFlat() {
        assertEquals(new Verdict(Verdict.Kind.NOISY, 0), ofSteps(1000, 0.5, i -> Math.max(2, 4 - i / 250.0)));
    }

    /** As with the schedule cosine: the last quarter of any such run is nearly flat, and yet more steps help. */
    @Test
    void aLossThatFallsWithTheLearningRateFalls() {
        Verdict verdict = ofSteps(60, 0.05, i -> 4.3 + 0.4 * (1 + Math.cos(Math.PI * i / 60)));
        assertEquals(new Verdict(Verdict.Kind.FALLING, 0), verdict);
    }

    @Test
    void aFallOfLessThanAHalfPercentIsFlat() {
        assertEquals(new Verdict(Verdict.Kind.FLAT, 1), ofSteps(1000, 0, i -> 2 - i * 1e-5));
    }

    @Test
    void aLossThatGrowsRisesSinceItWasLowest() {
        Verdict verdict = ofSteps(1000, 0.05, i -> 2 + Math.abs(i - 300) / 500.0);
        assertEquals(Verdict.Kind.RISING, verdict.kind());
        assertEquals(300, verdict.since(), 40);
    }

    @Test
    void aValidationLossThatRisesInTwoEvaluationsIsOverfitting() {
        assertEquals(new Verdict(Verdict.Kind.OVERFITTING, 300), ofEvaluations(2.5, 2.2, 2.0, 2.021, 2.03));
    }

    @Test
    void oneEvaluationThatIsWorseMustBeMuchWorse() {
        assertEquals(new Verdict(Verdict.Kind.OVERFITTING, 300), ofEvaluations(2.5, 2.2, 2.0, 2.061));
    }

    @Test
    void aLittleHigherIsNoise() {
        assertEquals(
                Verdict.Kind.FALLING, ofEvaluations(2.5, 2.2, 2.1, 2.0, 2.03).kind());
    }

    /** Both are rough because the learning rate is too high. */
    @Test
    void itIsNotOverfittingIfTheTrainingLossRisesToo() {
        for (int i = 1; i <= 5; i++) {
            history.onEvaluation(new Evaluation(100 * i, 2 + i / 10.0, 100, 100, i == 1));
        }
        assertEquals(Verdict.Kind.RISING, ofSteps(500, 0.05, i -> 2 + i / 500.0).kind());
    }

    @Test
    void fourEvaluationsDecideInsteadOfTheTrainingLoss() {
        assertEquals(new Verdict(Verdict.Kind.FALLING, 0), ofEvaluations(2.5, 2.4, 2.3, 2.2, 2.1, 2.0));
    }

    @Test
    void evaluationsThatStayTheSameAreFlatSinceTheFirstOfThem() {
        assertEquals(new Verdict(Verdict.Kind.FLAT, 300), ofEvaluations(2.5, 2.2, 2.003, 2.01, 2.0, 2.001));
    }

    /** Steps of one name: as noisy as can be, and nearly flat at the end. No such run may be called overfitting. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noiseIsNeitherRisingNorOverfittingAtAnyStep(long seed) {
        Random random = new Random(seed);
        for (int i = 1; i <= 1500; i++) {
            double loss = 2.3 + Math.exp(-i / 150.0) + 0.5 * random.nextGaussian();
            history.onStep(new TrainingStep(i, loss, 1e-3, 1, 7, 1));
            if (i % 100 == 0) {
                double validation = 2.3 + Math.exp(-i / 150.0) + 0.005 * random.nextGaussian();
                history.onEvaluation(new Evaluation(i, validation, 100, 100, false));
            }
            if (i >= 300) {
                Verdict verdict = Verdict.of(history);
                boolean calm = verdict.kind() != Verdict.Kind.RISING && verdict.kind() != Verdict.Kind.OVERFITTING;
                assertTrue(calm, verdict + " at step " + i);
            }
        }
    }
}

package dev.microgpt.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.Evaluation;
import dev.microgpt.train.TrainingStep;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {
    private static final long MILLI = 1_000_000;
    private static final Evaluation BEST = new Evaluation(250, 1.88124, 1000, 2000, true);

    /** What {@link System#nanoTime()} returns may be near its overflow. */
    private long now = Long.MAX_VALUE - 50 * MILLI;

    private int columns = 80;
    private final FakeTerminal shown = new FakeTerminal(80);
    private final Terminal terminal = new Terminal(shown, shown);
    private final StatusArea screen = new StatusArea(() -> columns, false);

    private ProgressLine onTerminal(int steps) {
        return new ProgressLine(terminal, steps, 100, screen, () -> now);
    }

    private ProgressLine plain(int steps, int logInterval) {
        return new ProgressLine(terminal, steps, logInterval, null, () -> now);
    }

    private void step(ProgressLine line, int number, double loss, long millis) {
        now += millis * MILLI;
        line.onStep(new TrainingStep(number, loss, 1e-3, 1, 512, millis * MILLI));
    }

    @Test
    void theLineIsRewrittenInPlace() {
        ProgressLine line = onTerminal(2000);
        step(line, 1, 2.5, 100);
        assertEquals(List.of("step    1 / 2000 |   0% | loss 2.5000 | 5,120 tokens/s | 3 min 20 s left"), shown.rows());
        step(line, 2, 2.5, 200);
        assertEquals(List.of("step    2 / 2000 |   0% | loss 2.5000 | 2,560 tokens/s | 6 min 40 s left"), shown.rows());
    }

    @Test
    void itIsDrawnAtMostTenTimesASecond() {
        ProgressLine line = onTerminal(100_000);
        int drawings = 0;
        for (int i = 1; i <= 1000; i++) {
            shown.reset();
            step(line, i, 2.5, 3);
            drawings += shown.received().isEmpty() ? 0 : 1;
        }
        // each 34 steps of 3 ms are 102 ms
        assertEquals(1 + 999 / 34, drawings);
    }

    @Test
    void itFollowsTheWidthOfTheTerminal() {
        ProgressLine line = onTerminal(2000);
        step(line, 1, 2.5, 100);
        columns = 40;
        step(line, 2, 2.5, 100);
        assertEquals(List.of("step    2 / 2000 |   0% | loss 2.5000"), shown.rows());
        columns = 20;
        step(line, 3, 2.5, 100);
        assertEquals(List.of("step    3 / 2000"), shown.rows());
    }

    @Test
    void otherLinesStandAboveIt() {
        ProgressLine line = onTerminal(2000);
        step(line, 250, 2.5, 100);
        terminal.print("result");
        terminal.complain("microgpt: warning");
        line.onEvaluation(BEST);
        assertEquals(
                List.of(
                        "result",
                        "microgpt: warning",
                        "step 250 | validation loss 1.8812 | perplexity 6.56 | 2.71 bits per token | best",
                        "step  250 / 2000 |  12% | loss 2.5000 | 5,120 tokens/s | 3 min left"),
                shown.rows());
        step(line, 251, 2.5, 100);
        assertEquals(
                "step  251 / 2000 |  12% | loss 2.5000 | val 1.8812 | 2 min 50 s left",
                shown.rows().get(3));
    }

    @Test
    void aPlainLineOfTheLastStepStays() {
        ProgressLine line = onTerminal(3);
        step(line, 1, 2.5, 100);
        step(line, 2, 2.5, 30);
        step(line, 3, 2.5, 50);
        line.close();
        terminal.print("result");
        assertEquals(
                List.of("step 3 / 3 | loss 2.5000 | lr 1.00e-3 | 12,784 tokens/s | took 0 s", "result", ""),
                shown.rows());
    }

    @Test
    void aRunThatEndsEarlyLeavesItsLastStep() {
        ProgressLine line = onTerminal(2000);
        step(line, 1, 2.5, 100);
        step(line, 2, 2.5, 10);
        line.close();
        line.close();
        assertEquals(
                List.of("step 2 / 2000 | loss 2.5000 | lr 1.00e-3 | 51,200 tokens/s | 20 s left", ""), shown.rows());
    }

    @Test
    void withoutAStepNothingIsWritten() {
        onTerminal(5).close();
        plain(5, 1).close();
        assertEquals("", shown.received());
    }

    @Test
    void aFileGetsOneLineForSoManyStepsAndOneOfTheLast() {
        ProgressLine line = plain(250, 100);
        for (int i = 1; i <= 250; i++) {
            step(line, i, 2.5, 100);
        }
        line.close();
        assertEquals("""
                step 100 / 250 | loss 2.5000 | lr 1.00e-3 | 5,120 tokens/s | 15 s left
                step 200 / 250 | loss 2.5000 | lr 1.00e-3 | 5,120 tokens/s | 5 s left
                step 250 / 250 | loss 2.5000 | lr 1.00e-3 | 5,120 tokens/s | took 25 s
                """, shown.received());
    }

    @Test
    void aFileGetsTheStepAtWhichARunEndedEarly() {
        ProgressLine line = plain(250, 2);
        step(line, 2, 2.5, 100);
        line.close();
        step(line, 3, 2.5, 100);
        line.close();
        assertEquals(
                List.of("step 2 / 250", "step 3 / 250"),
                shown.received().lines().map(text -> text.substring(0, 12)).toList());
    }

    @Test
    void anEvaluationIsALineThatSaysAll() {
        ProgressLine line = plain(250, 100);
        line.onEvaluation(BEST);
        line.onEvaluation(new Evaluation(500, 2, 1000, 2000, false));
        line.onEvaluation(new Evaluation(750, 20, 1000, 2000, false));
        line.onEvaluation(new Evaluation(999, Double.POSITIVE_INFINITY, 1000, 2000, false));
        assertEquals("""
                step 250 | validation loss 1.8812 | perplexity 6.56 | 2.71 bits per token | best
                step 500 | validation loss 2.0000 | perplexity 7.39 | 2.89 bits per token
                step 750 | validation loss 20.0000 | perplexity 4.85e8 | 28.85 bits per token
                step 999 | validation loss Infinity | perplexity Infinity | Infinity bits per token
                """, shown.received());
    }

    @Test
    void theLossIsSmoothed() {
        ProgressLine line = plain(2, 2);
        step(line, 1, 3, 100);
        step(line, 2, 2, 100);
        // (0.95 · 3 + 2) / 1.95
        assertTrue(shown.received().contains("loss 2.4872"), shown.received());
    }

    @Test
    void timeBetweenStepsIsPredictedToo() {
        ProgressLine line = plain(1000, 100);
        for (int i = 1; i < 100; i++) {
            step(line, i, 2.5, 100);
        }
        now += 110_000 * MILLI; // an evaluation, 1.1 s for each of 100 steps
        step(line, 100, 2.5, 100);
        // 900 steps of 0.1 s and 1.1 s
        assertTrue(shown.received().contains("5,120 tokens/s | 18 min left"), shown.received());
    }

    @Test
    void aResumedRunPredictsWhatIsLeftOfIt() {
        ProgressLine line = plain(2000, 100);
        step(line, 1900, 2.5, 100);
        assertTrue(shown.received().contains("10 s left"), shown.received());
    }

    @Test
    void quietShowsNothing() {
        terminal.beQuiet();
        for (ProgressLine line : List.of(onTerminal(2), plain(2, 1))) {
            step(line, 1, 2.5, 100);
            line.onEvaluation(BEST);
            step(line, 2, 2.5, 100);
            line.close();
        }
        assertEquals("", shown.received());
    }

    @Test
    void streamsThatAreNotThoseOfTheProcessAreNoTerminal() {
        ProgressLine line = new ProgressLine(terminal, 2, 2);
        step(line, 1, 2.5, 100);
        step(line, 2, 2.5, 100);
        line.close();
        assertFalse(shown.received().contains("\r"), shown.received());
        assertEquals(1, shown.received().lines().count());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void numbersThatMakeNoSenseAreRefused(int number) {
        assertThrows(IllegalArgumentException.class, () -> plain(number, 1));
        assertThrows(IllegalArgumentException.class, () -> plain(1, number));
    }
}

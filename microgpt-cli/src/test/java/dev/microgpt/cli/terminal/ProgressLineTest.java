package dev.microgpt.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.Evaluation;
import dev.microgpt.train.LossHistory;
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
    private final LossHistory losses = new LossHistory();
    private final FakeTerminal shown = new FakeTerminal(80);
    private final Terminal terminal = new Terminal(shown, shown);
    private final StatusArea screen = new StatusArea(() -> columns, false, false);

    private ProgressLine onTerminal(int steps) {
        return new ProgressLine(terminal, losses, new ProgressLine.Course(steps, 100, 250, 0), screen, () -> now);
    }

    private ProgressLine plain(int steps, int logInterval) {
        ProgressLine.Course course = new ProgressLine.Course(steps, logInterval, 250, 0);
        return new ProgressLine(terminal, losses, course, null, () -> now);
    }

    private void step(ProgressLine line, int number, double loss, long millis) {
        now += millis * MILLI;
        TrainingStep step = new TrainingStep(number, loss, 1e-3, 1, 512, millis * MILLI);
        losses.onStep(step);
        line.onStep(step);
    }

    @Test
    void theLineIsRewrittenInPlace() {
        ProgressLine line = onTerminal(2000);
        step(line, 1, 2.5, 100);
        assertEquals(List.of("step    1 / 2000 |   0% | mean loss 2.5000 | lr 1.00e-3 | 5,120 tokens/s"), shown.rows());
        step(line, 2, 2.5, 200);
        assertEquals(List.of("step    2 / 2000 |   0% | mean loss 2.5000 | lr 1.00e-3 | 2,560 tokens/s"), shown.rows());
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
        assertEquals(List.of("step    2 / 2000 | mean loss 2.5000"), shown.rows());
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
                        "step  250 / 2000 |  12% | mean loss 2.5000 | lr 1.00e-3 | 5,120 tokens/s"),
                shown.rows());
        step(line, 251, 2.5, 100);
        assertEquals(
                "step  251 / 2000 |  12% | mean loss 2.5000 | val loss 1.8812 | 5,120 tokens/s",
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
                List.of(
                        "step 3 / 3 | mean training loss 2.5000 | lr 1.00e-3 | 12,784 tokens/s | took 0 s",
                        "result",
                        ""),
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
                List.of("step 2 / 2000 | mean training loss 2.5000 | lr 1.00e-3 | 51,200 tokens/s", ""), shown.rows());
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
                step 100 / 250 | mean training loss 2.5000 | lr 1.00e-3 | 5,120 tokens/s | 15 s left
                step 200 / 250 | mean training loss 2.5000 | lr 1.00e-3 | 5,120 tokens/s | 5 s left
                step 250 / 250 | mean training loss 2.5000 | lr 1.00e-3 | 5,120 tokens/s | took 25 s
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
        assertTrue(shown.received().contains("mean training loss 2.4872"), shown.received());
    }

    @Test
    void aResumedRunPredictsWhatIsLeftOfIt() {
        ProgressLine line = plain(2000, 100);
        for (int i = 1; i <= 40; i++) {
            step(line, 1860 + i, 2.5, 100);
        }
        assertTrue(shown.received().contains("10 s left"), shown.received());
    }

    @Test
    void theCurveFitsTheTerminal() {
        ProgressLine line = onTerminal(1000);
        assertEquals("", line.curve());
        for (int i = 1; i <= 1000; i++) {
            step(line, i, 4 - i / 500.0, 1);
        }
        for (int width : new int[] {40, 80, 140}) {
            columns = width;
            String curve = line.curve();
            assertEquals(Math.min(width - 1, 6 + 1 + 60 + 1 + 6), curve.length(), curve);
            assertTrue(curve.startsWith("3.9910 #") && curve.endsWith("_ 2.0070"), curve);
        }
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
        ProgressLine line = new ProgressLine(terminal, losses, new ProgressLine.Course(2, 2, 250, 0));
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

package dev.microgpt.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TimeLeftTest {
    /** Below, a factor of two says nothing about a time that is shown in whole seconds. */
    private static final double SECONDS_THAT_MATTER = 2;

    private static final double NANOS = 1e9;

    /**
     * A run that was recorded on a busy machine.
     *
     * @param evalInterval       the steps between evaluations
     * @param stepsPerEvaluation the number of steps that an evaluation was estimated to take
     * @param evaluation         the seconds that it took
     * @param steps              the seconds of each step
     */
    private record Recorded(
            String name, int evalInterval, double stepsPerEvaluation, double evaluation, double[] steps) {
        static Recorded parsed(String line) {
            String[] parts = line.split(";");
            return new Recorded(
                    parts[0],
                    Integer.parseInt(parts[1].strip()),
                    Double.parseDouble(parts[2]),
                    Double.parseDouble(parts[3]) / 1000,
                    Stream.of(parts[4].strip().split(" "))
                            .mapToDouble(millis -> Double.parseDouble(millis) / 1000)
                            .toArray());
        }

        /** Returns the seconds of the evaluation after a step, 0 if there is none. */
        double evaluationAfter(int step) {
            return step % evalInterval == 0 && step < steps.length ? evaluation : 0;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Recorded> recorded() throws IOException {
        try (InputStream in = Objects.requireNonNull(TimeLeftTest.class.getResourceAsStream("step-times.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(Recorded::parsed)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void everyEstimateIsRightWithinAFactorOfTwo(Recorded run) {
        int steps = run.steps.length;
        double end = DoubleStream.of(run.steps).sum();
        for (int step = 1; step <= steps; step++) {
            end += run.evaluationAfter(step);
        }
        TimeLeft timeLeft = new TimeLeft(steps, run.evalInterval, run.stepsPerEvaluation);
        double now = 0;
        double first = Double.NaN;
        for (int step = 1; step < steps; step++) {
            now += run.steps[step - 1];
            timeLeft.addStep(Math.round(run.steps[step - 1] * NANOS));
            double left = timeLeft.seconds(step, now);
            double actual = end - now;
            if (!Double.isNaN(left) && actual > SECONDS_THAT_MATTER) {
                first = Double.isNaN(first) ? now : first;
                String what = "after step " + step + ", " + left + " s instead of " + actual;
                assertTrue(left < 2 * actual && actual < 2 * left, what);
            }
            double evaluation = run.evaluationAfter(step);
            if (evaluation > 0) {
                timeLeft.addEvaluation(evaluation * NANOS);
                now += evaluation;
            }
        }
        assertTrue(first < 0.75 * end, "the first estimate comes after " + first + " of " + end + " s");
    }

    /** A step of GPT-2 takes minutes: after the first, everything is compiled. */
    @Test
    void slowStepsNeedNotBeMany() {
        TimeLeft timeLeft = new TimeLeft(100, 50, 0);
        for (int step = 1; step <= 3; step++) {
            timeLeft.addStep(100_000_000_000L);
            assertEquals(Double.NaN, timeLeft.seconds(step, 100 * step));
        }
        timeLeft.addStep(100_000_000_000L);
        assertEquals(9600, timeLeft.seconds(4, 400), 1e-6);
    }

    /** 1 s of every 60 steps of a tenth of a second goes to checkpoints, 4 s to each evaluation. */
    @Test
    void evaluationsAndOtherWorkAreCounted() {
        TimeLeft timeLeft = new TimeLeft(1000, 100, 20);
        double now = 0;
        for (int step = 1; step <= 60; step++) {
            now += 0.1;
            timeLeft.addStep(100_000_000);
        }
        // 9 evaluations as long as 20 steps, and 940 steps
        assertEquals(94 + 9 * 2, timeLeft.seconds(60, now), 1e-6);
        assertEquals(94 + 9 * 2 + 940.0 / 60, timeLeft.seconds(60, now + 1), 1e-6);
        timeLeft.addEvaluation(4 * NANOS);
        // the evaluation after step 100 is over
        assertEquals(90 + 8 * 4, timeLeft.seconds(100, now + 4), 1e-6);
    }
}

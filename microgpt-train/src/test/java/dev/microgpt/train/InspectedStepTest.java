package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.GptConfig;
import dev.microgpt.train.data.Batcher;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A step that is looked at is the step that it would have been. */
class InspectedStepTest {
    private static final List<String> NAMES = List.of("emma", "olivia", "ava", "mia", "isabella", "zoe", "lily");
    private static final GptConfig SHAPE = GptConfig.microgpt(2).withSizes(1, 2, 8, 8);

    @ParameterizedTest
    @CsvSource({"0, 0", "0.3, 0", "0, 0.01", "0.3, 0.01"})
    void stepHasTheBitsOfOneThatNobodyLooksAt(double dropout, double gradClip) {
        MicrogptRun straight = run(dropout, gradClip);
        straight.trainer.run(8);
        MicrogptRun run = run(dropout, gradClip);
        run.trainer.run(7);
        List<TrainingStep> heard = new ArrayList<>();
        run.trainer.addListener(heard::add);
        InspectedStep inspected = run.trainer.inspect(3);
        assertEquals(straight.losses, run.losses);
        assertEquals(List.of(inspected.step()), heard);
        assertEquals(8, inspected.step().number());

        // the same step once more, by its halves
        MicrogptRun before = run(dropout, gradClip);
        before.trainer.run(7);
        double squares = 0;
        List<Parameter> parameters = before.gpt.parameters().all();
        assertEquals(parameters.size(), inspected.weights().size());
        before.trainer.addStepGradients(
                new Batcher(before.documents, before.tokenizer, 2, 8),
                inspected.step().tokens());
        int near = 0;
        for (int i = 0; i < parameters.size(); i++) {
            InspectedStep.Weights weights = inspected.weights().get(i);
            assertEquals(parameters.get(i).name(), weights.name());
            assertEquals(parameters.get(i).shape(), weights.shape());
            assertArrayEquals(parameters.get(i).data(), weights.before());
            assertArrayEquals(parameters.get(i).grad(), weights.gradient());
            assertArrayEquals(straight.gpt.parameters().all().get(i).data(), weights.after());
            assertArrayEquals(weights.after(), run.gpt.parameters().all().get(i).data());
            assertEquals(3, weights.probes().length);
            for (int p = 0; p < 3; p++) {
                double gradient = weights.gradient()[weights.probes()[p]];
                near += Math.abs(weights.differences()[p] - gradient) < 1e-8 + 1e-6 * Math.abs(gradient) ? 1 : 0;
                for (double other : weights.gradient()) {
                    squares += p == 0 ? other * other : 0;
                }
            }
        }
        assertTrue(near >= 3 * parameters.size() - 2, near + " differences are near; a kink of ReLU may be in between");
        assertEquals(inspected.step().gradientNorm(), Math.sqrt(squares), 1e-12, "before clipping");
    }

    @Test
    void allWeightsCanBeProbedAndNoneRemainsChanged() {
        MicrogptRun run = run(0, 0);
        InspectedStep inspected = run.trainer.inspect(Integer.MAX_VALUE);
        for (InspectedStep.Weights weights : inspected.weights()) {
            assertEquals(weights.shape().size(), weights.differences().length);
        }
        MicrogptRun straight = run(0, 0);
        straight.trainer.run(1);
        assertArrayEquals(
                straight.gpt.parameters().all().get(0).data(),
                inspected.weights().get(0).after());
        assertThrows(IllegalArgumentException.class, () -> run.trainer.inspect(-1));
        assertEquals(1, run.trainer.step());
    }

    private static MicrogptRun run(double dropout, double gradClip) {
        TrainingConfig training = new TrainingConfig(
                20,
                2,
                2,
                new Schedule(Schedule.Kind.LINEAR, 0.01, 0, 0),
                new AdamConfig(0.85, 0.99, 1e-8, 0),
                gradClip,
                42);
        return new MicrogptRun(NAMES, SHAPE.with(GptConfig.DROPOUT, dropout), training);
    }
}

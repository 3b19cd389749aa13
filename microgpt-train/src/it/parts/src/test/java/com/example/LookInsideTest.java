package com.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.Positions;
import dev.microgpt.model.generate.Prediction;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.trace.Ablation;
import dev.microgpt.model.trace.Hooks;
import dev.microgpt.model.trace.LogitLens;
import dev.microgpt.model.trace.Trace;
import java.util.List;
import org.junit.jupiter.api.Test;

class LookInsideTest {
    private final GptConfig config = GptConfig.microgpt(5)
            .withSizes(2, 2, 8, 6)
            .withPositions(Positions.NONE)
            .withAttention(new Alibi());
    private final Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(1)));
    private final Batch batch = Batch.ofPrompt(4, 0, 2, 1);

    @Test
    void everyOperationIsSeenWithItsNumbers() {
        Tape tape = Tape.inference();
        Trace trace = Trace.on(tape);
        gpt.forward(tape, batch);
        Tensor mixed = trace.at("layer0.attn_heads"); // shape (4, 8): 4 positions, 2 heads of 4 channels
        Trace.Step step = trace.steps().stream()
                .filter(s -> s.output() == mixed)
                .findFirst()
                .orElseThrow();
        assertEquals("biasedAttention", step.op().name());
        assertTrue(step.op().details().containsKey("probabilities"));
    }

    @Test
    void whatAPartDoesShowsWithoutIt() {
        Prediction with = last(null);
        Prediction without = last(Hooks.of(gpt).zero("layer1.mlp_out"));
        assertTrue(with.loss(3) != without.loss(3));
        assertEquals(2 * (2 + 3), Ablation.of(gpt).size()); // in each layer 2 heads, attention, MLP, and both
    }

    @Test
    void patchCarriesAStateFromOneTextToAnother() {
        Tape other = Tape.inference();
        Trace trace = Trace.on(other);
        Tensor expected = gpt.forward(other, Batch.ofPrompt(4, 3, 3, 1));
        Tape tape = Tape.inference();
        tape.addHook(Hooks.of(gpt).patch("layer1.stream", trace.at("layer1.stream")));
        assertArrayEquals(expected.toArray(), gpt.forward(tape, batch).toArray());
    }

    @Test
    void lensShowsWhatEachStageKnows() {
        assertEquals(
                List.of("embd", "layer0.stream_mid", "layer0.stream", "layer1.stream_mid", "layer1.stream"),
                List.copyOf(LogitLens.of(gpt, batch).keySet()));
    }

    private Prediction last(Hooks hooks) {
        Tape tape = Tape.inference();
        if (hooks != null) {
            tape.addHook(hooks);
        }
        return Prediction.of(gpt.forward(tape, batch)).get(3);
    }
}

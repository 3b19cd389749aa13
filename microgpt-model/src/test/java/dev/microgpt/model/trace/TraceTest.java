package dev.microgpt.model.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.CausalAttention;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Decoder;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.RandomModels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a trace keeps of a forward pass, and that it changes nothing. */
class TraceTest {
    private static final int[] TOKENS = {1, 0, 2, 2};

    @Test
    void pointsStandInTheOrderOfTheForwardPass() {
        assertEquals(
                List.of(
                        "embd",
                        "layer0.attn_in",
                        "layer0.attn_q",
                        "layer0.attn_k",
                        "layer0.attn_v",
                        "layer0.attn_heads",
                        "layer0.attn_out",
                        "layer0.stream_mid",
                        "layer0.mlp_in",
                        "layer0.mlp_hidden",
                        "layer0.mlp_out",
                        "layer0.stream",
                        "head_in",
                        "logits"),
                traced(RandomModels.gpt(GptConfig.microgpt(5), 1)).points());
    }

    @Test
    void operationsOfMicrogptAreNamedByTheirResults() {
        Trace trace = traced(RandomModels.gpt(GptConfig.microgpt(5), 1));
        List<String> lines = new ArrayList<>();
        for (Trace.Step step : trace.steps()) {
            lines.add(step.op().name() + " " + String.join(" ", step.names()));
        }
        assertEquals(
                List.of(
                        "embedding ",
                        "embedding ",
                        "add ",
                        "rmsNorm embd",
                        "rmsNorm layer0.attn_in",
                        "linear layer0.attn_q",
                        "linear layer0.attn_k",
                        "linear layer0.attn_v"),
                lines.subList(0, 8));
        assertEquals(
                List.of("add layer0.stream head_in", "linear logits"), lines.subList(lines.size() - 2, lines.size()));
    }

    @Test
    void everyModelHasThePointsOfItsPartsAndTheSameBitsWithAndWithoutATrace() {
        for (GptConfig config : RandomModels.SHAPES) {
            Gpt gpt = RandomModels.gpt(config, 7);
            int[] tokens = {1, 0, 1, 1};
            Batch batch = Batch.ofPrompt(Arrays.copyOf(tokens, Math.min(4, config.blockSize())));
            double[] plain = gpt.forward(Tape.inference(), batch).toArray();
            Tape tape = Tape.inference();
            Trace trace = Trace.on(tape);
            Tensor logits = gpt.forward(tape, batch);
            assertArrayEquals(plain, logits.toArray());
            assertSame(logits, trace.at("logits"));
            assertEquals(3 + 11 * config.nLayer(), trace.points().size());
            for (Trace.Step step : trace.steps()) {
                if (step.op() instanceof CausalAttention) {
                    List<Tensor> read = step.op().inputs();
                    String layer = step.names().get(0).replace("attn_heads", "");
                    assertSame(trace.at(layer + "attn_q"), read.get(0));
                    assertSame(trace.at(layer + "attn_k"), read.get(1));
                    assertSame(trace.at(layer + "attn_v"), read.get(2));
                }
            }
            Trace.Step last = trace.steps().get(trace.steps().size() - 1);
            assertSame(logits, last.output());
            assertTrue(last.names().contains("logits"));
        }
    }

    @Test
    void aDecoderPassesTheSamePointsWithTheNewRows() {
        Gpt gpt = RandomModels.gpt(GptConfig.microgpt(5), 3);
        Tape whole = Tape.inference();
        Trace all = Trace.on(whole);
        gpt.forward(whole, Batch.ofPrompt(TOKENS));
        Decoder decoder = gpt.decoder();
        for (int t = 0; t < TOKENS.length; t++) {
            Tape tape = Tape.inference();
            Trace one = Trace.on(tape);
            decoder.last(tape, Batch.ofPrompt(TOKENS[t]));
            assertEquals(all.points(), one.points());
            for (String point : all.points()) {
                int n = one.at(point).shape().size();
                double[] row = Arrays.copyOfRange(all.at(point).data(), t * n, (t + 1) * n);
                assertArrayEquals(row, one.at(point).toArray(), point + " at " + t);
            }
        }
    }

    @Test
    void resetEmptiesItAndUnknownPointsAreRefusedWithTheKnownOnes() {
        Gpt gpt = RandomModels.gpt(GptConfig.microgpt(5), 1);
        Tape tape = Tape.inference();
        Trace trace = Trace.on(tape);
        gpt.forward(tape, Batch.ofPrompt(1));
        Exception refused = assertThrows(IllegalArgumentException.class, () -> trace.at("layer1.attn_q"));
        assertTrue(refused.getMessage()
                .startsWith("the model has no point \"layer1.attn_q\"; it has embd, layer0.attn_in"));
        tape.reset();
        assertEquals(List.of(), trace.points());
        assertEquals(List.of(), trace.steps());
    }

    @Test
    void gradientsOfATrainingTapeAreThere() {
        Gpt gpt = RandomModels.gpt(GptConfig.microgpt(5), 1);
        Batch batch = Batch.forTraining(List.of(new int[] {4, 1, 2, 4}));
        Tape tape = Tape.training();
        Trace trace = Trace.on(tape);
        tape.backward(tape.crossEntropy(gpt.forward(tape, batch), batch.targets()));
        double sum = 0;
        for (double g : Arrays.copyOf(trace.at("logits").grad(), 5)) {
            sum += g;
        }
        assertEquals(0, sum, 1e-15, "p − onehot of one row");
        assertTrue(trace.at("layer0.attn_q").hasGrad());
    }

    private static Trace traced(Gpt gpt) {
        Tape tape = Tape.inference();
        Trace trace = Trace.on(tape);
        gpt.forward(tape, Batch.ofPrompt(TOKENS));
        return trace;
    }
}

package dev.microgpt.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.check.GradientCheck;
import dev.microgpt.model.random.PythonRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A custom layer in place of the MLP: one linear layer, with a weight that the library does not know. */
class OwnMlpTest {
    private static final GptConfig CONFIG =
            GptConfig.microgpt(5).withSizes(2, 2, 4, 3).withMlp(OwnMlpTest::createSquare);

    private final Gpt gpt = new Gpt(CONFIG, Parameters.drawnFrom(new PythonRandom(1)));

    private static Layer createSquare(Scope scope, GptConfig config) {
        Parameter weight = scope.get("square", Shape.of(config.nEmbd(), config.nEmbd()), Initializer.normal(0.5));
        return (tape, x, batch) -> tape.linear(x, weight);
    }

    @Test
    void eachBlockAsksForTheWeightsOfItsOwnLayerWhereItWouldForThoseOfTheMlp() {
        List<String> names = new ArrayList<>();
        for (Parameter parameter : gpt.parameters().all()) {
            names.add(parameter.name());
        }
        String block = "layerN.attn_wq layerN.attn_wk layerN.attn_wv layerN.attn_wo layerN.square ";
        String all = "wte wpe lm_head " + block.replace("N", "0") + block.replace("N", "1");
        assertEquals(Arrays.asList(all.split(" ")), names);
    }

    @Test
    void everyWeightOfItIsTrained() {
        Batch batch = Batch.forTraining(List.of(new int[] {1, 2, 3, 4}, new int[] {0, 1}));
        GradientCheck.smooth()
                .check(
                        "gpt",
                        tape -> gpt.forward(tape, batch),
                        gpt.parameters().get("layer0.square"),
                        gpt.parameters().get("layer1.square"));
    }

    @Test
    void aDecoderHasTheSameBits() {
        Tape tape = Tape.inference();
        double[] all = gpt.forward(tape, Batch.ofPrompt(1, 2, 3)).toArray();
        Decoder decoder = gpt.decoder();
        decoder.forward(tape, Batch.ofPrompt(1, 2));
        assertArrayEquals(
                Arrays.copyOfRange(all, 10, 15),
                decoder.forward(tape, Batch.ofPrompt(3)).toArray());
    }
}

package dev.microgpt.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that do more, or less, than a GPT. */
class OtherModelTest {
    private static final CharTokenizer LETTERS = CharTokenizer.fromDocuments(List.of("abc"));
    private static final int[] INPUTS = {3, 0, 1};
    private static final int[] TARGETS = {0, 1, -1};

    @TempDir
    Path folder;

    /** A GPT whose logits pass through one more step. */
    private static final class Extended implements LanguageModel {
        private final Gpt gpt =
                new Gpt(GptConfig.microgpt(4).withSizes(2, 2, 8, 6), Parameters.drawnFrom(new PythonRandom(1)));
        private final Step step;
        private int passes;
        private int onOneToken;

        private Extended(Step step) {
            this.step = step;
        }

        @Override
        public Tensor forward(Tape tape, Batch batch) {
            passes++;
            onOneToken += batch.ids().length == 1 ? 1 : 0;
            return step.of(tape, gpt.forward(tape, batch), gpt);
        }

        @Override
        public ModelConfig config() {
            return gpt.config();
        }

        @Override
        public Parameters parameters() {
            return gpt.parameters();
        }
    }

    private interface Step {
        Tensor of(Tape tape, Tensor logits, Gpt gpt);
    }

    private Explained explained(LanguageModel model, boolean isAll) throws IOException {
        TrainedModel trained = new TrainedModel(model, LETTERS, DataFormat.DOCUMENTS);
        Explanation.Focus focus = new Explanation.Focus(2, 0, isAll);
        Drawing drawing = new Drawing(new SamplingConfig(0, SamplingConfig.ALL_TOKENS, 1), 1, LETTERS);
        String json = new Explanation(trained, INPUTS, TARGETS, focus).json(Map.of(), drawing, null);
        return Explained.read(Files.writeString(folder.resolve("page.html"), ExplainPage.of("", json)));
    }

    @Test
    void eachStageAndEachPartCostsOnePass() throws IOException {
        Extended model = new Extended((tape, logits, gpt) -> logits);
        Explained page = explained(model, true);
        int parts = Explained.list(page.get("ablations")).size();
        int drawn = Explained.list(page.at("drawing").get("steps")).size(); // without a decoder
        assertEquals(2 * (2 + 3), parts);
        assertEquals(3, model.onOneToken, "to learn the points");
        assertEquals(3 + 1 + (1 + 2 * 2) + parts + drawn, model.passes);
    }

    @Test
    void onlyTheStreamOfALayerIsAStage() throws IOException {
        Explained page = explained(new Extended((tape, logits, gpt) -> tape.point("up.stream", logits)), true);
        assertEquals(
                List.of("embd", "layer0.stream_mid", "layer0.stream", "layer1.stream_mid", "layer1.stream"),
                Explained.maps(page.get("lens")).stream()
                        .map(stage -> stage.get("name"))
                        .toList());
    }

    @Test
    void theLossOfAnImpossibleTokenIsNoNumber() throws IOException {
        Explained page = explained(
                new Extended((tape, logits, gpt) -> {
                    double[] mask = new double[logits.shape().size()];
                    mask[Math.min(4 + 1, mask.length - 1)] = Double.NEGATIVE_INFINITY; // the target of position 1
                    return tape.add(logits, Tensor.constant(logits.shape(), mask));
                }),
                true);
        List<Map<String, @Nullable Object>> positions = Explained.maps(page.get("positions"));
        assertNotNull(positions.get(0).get("loss"));
        assertNull(positions.get(1).get("loss"));
        assertEquals(0, Explained.number(positions.get(1).get("probability")));
        assertNull(page.get("loss"));
        assertNull(Explained.maps(page.get("ablations")).get(0).get("change"));
    }

    @Test
    void operationsThatAreNotOnePerPositionAreOnAPageOfOnePosition() throws IOException {
        Explained page = explained(
                new Extended((tape, logits, gpt) -> {
                    Tensor table = Tensor.constant(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
                    Tensor weights = Tensor.constant(Shape.of(4, 3), new double[12]);
                    Tensor bias = tape.linear(tape.embedding(table, new int[] {1}), weights);
                    return tape.add(logits, tape.reshape(bias, 4));
                }),
                false);
        assertEquals(Explained.list(page.get("positions")).size(), INPUTS.length);
    }
}

package example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.Adam;
import dev.microgpt.train.LearningRate;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.data.Batcher;
import dev.microgpt.train.safetensors.NamedTensor;
import dev.microgpt.train.safetensors.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
    private static final List<String> WORDS = List.of(("one two three four five six seven eight nine ten eleven twelve"
                    + " thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty")
            .split(" "));

    private final CharTokenizer tokenizer = CharTokenizer.fromDocuments(WORDS);
    private final GptConfig config = new GptConfig(tokenizer.vocabSize(), 1, 2, 24, 12);

    @Test
    void modelLearnsAndIsTheSameAfterItWasSavedAndLoaded(@TempDir Path folder) throws IOException {
        Gpt gpt = gpt(Parameters.drawnFrom(new PythonRandom(42)));
        List<Double> losses = train(gpt, 200);
        double first = mean(losses.subList(0, 10));
        double last = mean(losses.subList(190, 200));
        assertTrue(last < first / 2, "the loss went from " + first + " to " + last);

        Path file = folder.resolve("model.safetensors");
        save(gpt, file);
        Gpt loaded = load(file);
        for (Parameter parameter : gpt.parameters().all()) {
            assertArrayEquals(
                    parameter.data(), loaded.parameters().get(parameter.name()).data());
        }
        assertArrayEquals(logits(gpt), logits(loaded));
    }

    /** A GPT whose blocks have the gated MLP, with as many weights as one that is four times as wide. */
    private Gpt gpt(Parameters parameters) {
        return new Gpt(config, parameters, (scope, size) -> new GatedMlp(scope, size.nEmbd(), 8 * size.nEmbd() / 3));
    }

    private List<Double> train(Gpt gpt, int steps) {
        Adam adam = new Adam(gpt.parameters().all(), 0.9, 0.99, 1e-8);
        Batcher batches = new Batcher(WORDS, tokenizer, 5, config.blockSize());
        Trainer trainer = new Trainer(gpt, batches, adam, LearningRate.linearDecay(0.01, steps));
        List<Double> losses = new ArrayList<>();
        trainer.addListener(step -> losses.add(step.loss()));
        trainer.run(steps);
        return losses;
    }

    private static void save(Gpt gpt, Path file) throws IOException {
        List<NamedTensor> tensors = new ArrayList<>();
        for (Parameter parameter : gpt.parameters().all()) {
            tensors.add(new NamedTensor(parameter.name(), parameter.shape(), parameter.data()));
        }
        Safetensors.write(file, Map.of("mlp", "gated"), tensors);
    }

    private Gpt load(Path file) throws IOException {
        Map<String, Tensor> stored = new HashMap<>();
        for (NamedTensor tensor : Safetensors.read(file).tensors()) {
            stored.put(tensor.name(), Tensor.constant(tensor.shape(), tensor.data()));
        }
        Parameters parameters = Parameters.from(stored);
        Gpt gpt = gpt(parameters);
        parameters.checkAllUsed();
        return gpt;
    }

    private double[] logits(Gpt gpt) {
        return gpt.forward(Tape.inference(), Batch.ofPrompt(tokenizer.encode("seven")))
                .toArray();
    }

    private static double mean(List<Double> numbers) {
        double sum = 0;
        for (double number : numbers) {
            sum += number;
        }
        return sum / numbers.size();
    }
}

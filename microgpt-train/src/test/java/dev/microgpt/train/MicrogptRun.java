package dev.microgpt.train;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.generate.Generator;
import dev.microgpt.model.generate.Sampler;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.data.Batcher;
import dev.microgpt.train.data.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A run in the order of microgpt.py, on this project's classes: shuffle, draw the weights, train, sample. */
public final class MicrogptRun {
    public final List<String> documents;
    public final CharTokenizer tokenizer;
    public final Gpt gpt;
    public final Adam adam;
    public final Trainer trainer;
    final Map<String, double[]> firstParameters;
    final Map<String, double[]> firstGradients;
    public final PythonRandom random;
    final List<Double> losses = new ArrayList<>();

    private final TrainingConfig training;

    /** Prepares a run. The model's vocabulary is that of the documents, whatever the configuration says. */
    public MicrogptRun(List<String> documents, GptConfig shape, TrainingConfig training) {
        this.training = training;
        this.documents = new ArrayList<>(documents);
        random = new PythonRandom(training.seed());
        random.shuffle(this.documents);
        tokenizer = CharTokenizer.fromDocuments(this.documents);
        GptConfig config = shape.withVocabSize(tokenizer.vocabSize());
        gpt = new Gpt(config, Parameters.drawnFrom(random));
        Batcher batcher = new Batcher(this.documents, tokenizer, training.batchSize(), config.blockSize());
        adam = new Adam(gpt.parameters().all(), training.adam());
        trainer = new Trainer(gpt, batcher, adam, training);
        trainer.addListener(step -> losses.add(step.loss()));
        firstParameters = copy(false);
        Batch first = batcher.batch(0);
        trainer.addGradients(first, first.targets().length);
        firstGradients = copy(true);
        gpt.parameters().zeroGrad();
    }

    /** The data that ships; the working directory of a test is the folder of its module. */
    static List<String> bundledNames() throws IOException {
        Path names = Path.of("..", "data", "names.txt");
        if (!Files.exists(names)) {
            throw new IOException("there is no " + names.toAbsolutePath().normalize()
                    + "; run the tests from the folder of their module");
        }
        return Documents.read(names).texts();
    }

    public MicrogptRun train() {
        trainer.run(training.steps());
        return this;
    }

    /** Samples go on with the random numbers where shuffle and weights left them. */
    public List<String> samples(int count, double temperature) {
        Generator generator = new Generator(gpt, new Sampler(temperature));
        List<String> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] prompt = {tokenizer.bos()};
            int[] ids = generator.generate(prompt, gpt.config().blockSize(), tokenizer.bos(), random);
            samples.add(tokenizer.decode(ids));
        }
        return samples;
    }

    Map<String, double[]> parameters() {
        return copy(false);
    }

    Map<String, double[]> gradients() {
        return copy(true);
    }

    private Map<String, double[]> copy(boolean gradients) {
        Map<String, double[]> copy = new LinkedHashMap<>();
        for (Parameter parameter : gpt.parameters().all()) {
            copy.put(parameter.name(), (gradients ? parameter.grad() : parameter.data()).clone());
        }
        return copy;
    }
}

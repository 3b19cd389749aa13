package dev.microgpt.train;

import dev.microgpt.model.GptConfig;
import dev.microgpt.model.random.PythonRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/**
 * microgpt.py's whole run on {@link ScalarGpt}, with a tokenizer, batches and an Adam of its own; only the random
 * numbers are those of the model module.
 */
final class ScalarTraining {
    final List<Double> losses = new ArrayList<>();

    private final List<String> documents;
    private final List<String> characters;
    private final PythonRandom random;
    private final GptConfig config;
    private final TrainingConfig training;
    private final ScalarGpt gpt;
    private final List<Value> weights = new ArrayList<>();

    ScalarTraining(List<String> documents, GptConfig shape, TrainingConfig training) {
        this.training = training;
        this.documents = new ArrayList<>(documents);
        random = new PythonRandom(training.seed());
        random.shuffle(this.documents);
        TreeSet<String> alphabet = new TreeSet<>();
        this.documents.forEach(document -> Collections.addAll(alphabet, document.split("")));
        characters = List.copyOf(alphabet);
        config = GptConfig.microgpt(characters.size() + 1)
                .withSizes(shape.nLayer(), shape.nHead(), shape.nEmbd(), shape.blockSize());
        gpt = ScalarGpt.drawn(config, random);
        for (Value[][] rows : gpt.weights.values()) {
            for (Value[] row : rows) {
                Collections.addAll(weights, row);
            }
        }
    }

    ScalarTraining train(int steps) {
        double[] m = new double[weights.size()];
        double[] v = new double[weights.size()];
        double beta1 = training.adam().beta1();
        double beta2 = training.adam().beta2();
        for (int step = 0; step < steps; step++) {
            Value loss = gpt.loss(batch(step));
            loss.backward();
            losses.add(loss.data);
            double rate = training.schedule().learningRate() * (1 - step / (double) training.steps());
            for (int i = 0; i < m.length; i++) {
                Value weight = weights.get(i);
                m[i] = beta1 * m[i] + (1 - beta1) * weight.grad;
                v[i] = beta2 * v[i] + (1 - beta2) * StrictMath.pow(weight.grad, 2);
                double mHat = m[i] / (1 - StrictMath.pow(beta1, step + 1));
                double vHat = v[i] / (1 - StrictMath.pow(beta2, step + 1));
                weight.data -= rate
                        * mHat
                        / (StrictMath.pow(vHat, 0.5) + training.adam().eps());
                weight.grad = 0;
            }
        }
        return this;
    }

    private List<int[]> batch(int step) {
        List<int[]> batch = new ArrayList<>();
        for (int i = 0; i < training.batchSize(); i++) {
            List<Integer> tokens = new ArrayList<>(List.of(bos()));
            for (String character : documents
                    .get((step * training.batchSize() + i) % documents.size())
                    .split("")) {
                tokens.add(characters.indexOf(character));
            }
            tokens.add(bos());
            int targets = Math.min(config.blockSize(), tokens.size() - 1);
            batch.add(tokens.subList(0, targets + 1).stream()
                    .mapToInt(token -> token)
                    .toArray());
        }
        return batch;
    }

    List<String> samples(int count, double temperature) {
        List<String> samples = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            StringBuilder sample = new StringBuilder();
            ScalarGpt.Sequence sequence = gpt.new Sequence();
            int token = bos();
            for (int position = 0; position < config.blockSize(); position++) {
                Value[] scaled = Arrays.stream(sequence.logits(token))
                        .map(logit -> Value.of(logit.data / temperature))
                        .toArray(Value[]::new);
                double[] p = Arrays.stream(ScalarGpt.softmax(scaled))
                        .mapToDouble(value -> value.data)
                        .toArray();
                token = random.choices(p, p.length);
                if (token == bos()) {
                    break;
                }
                sample.append(characters.get(token));
            }
            samples.add(sample.toString());
        }
        return samples;
    }

    private int bos() {
        return characters.size();
    }
}

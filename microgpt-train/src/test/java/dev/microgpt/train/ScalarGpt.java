package dev.microgpt.train;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.random.PythonRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** microgpt's model over single numbers, one token at a time: the independent oracle of the model's tests. */
final class ScalarGpt {
    /** The rows of each matrix, by name, in the order in which microgpt.py draws them. */
    final Map<String, Value[][]> weights = new LinkedHashMap<>();

    private final GptConfig config;

    private ScalarGpt(GptConfig config) {
        this.config = config;
    }

    /** Takes the numbers of a model's parameters. */
    static ScalarGpt copyOf(GptConfig config, List<Parameter> parameters) {
        ScalarGpt gpt = new ScalarGpt(config);
        for (Parameter parameter : parameters) {
            int columns = parameter.shape().columns();
            Value[][] rows = new Value[parameter.shape().rows()][columns];
            for (int i = 0; i < parameter.shape().size(); i++) {
                rows[i / columns][i % columns] = Value.of(parameter.data()[i]);
            }
            gpt.weights.put(parameter.name(), rows);
        }
        return gpt;
    }

    /** Draws the numbers itself. */
    static ScalarGpt drawn(GptConfig config, PythonRandom random) {
        ScalarGpt gpt = new ScalarGpt(config);
        int c = config.nEmbd();
        gpt.draw("wte", config.vocabSize(), c, random);
        gpt.draw("wpe", config.blockSize(), c, random);
        gpt.draw("lm_head", config.vocabSize(), c, random);
        for (int i = 0; i < config.nLayer(); i++) {
            for (String name : List.of("attn_wq", "attn_wk", "attn_wv", "attn_wo")) {
                gpt.draw("layer" + i + "." + name, c, c, random);
            }
            gpt.draw("layer" + i + ".mlp_fc1", 4 * c, c, random);
            gpt.draw("layer" + i + ".mlp_fc2", c, 4 * c, random);
        }
        return gpt;
    }

    private void draw(String name, int rows, int columns, PythonRandom random) {
        Value[][] matrix = new Value[rows][columns];
        for (Value[] row : matrix) {
            for (int i = 0; i < columns; i++) {
                row[i] = Value.of(random.gauss(0, 0.08));
            }
        }
        weights.put(name, matrix);
    }

    /** One sequence in the making: the keys and values that its earlier tokens left in each layer. */
    final class Sequence {
        private final List<List<Value[]>> keys = new ArrayList<>();
        private final List<List<Value[]>> values = new ArrayList<>();
        private int position;

        Sequence() {
            for (int i = 0; i < config.nLayer(); i++) {
                keys.add(new ArrayList<>());
                values.add(new ArrayList<>());
            }
        }

        /** Takes one more token and returns the scores of the one after it. */
        Value[] logits(int token) {
            Value[] x = rmsNorm(plus(weights.get("wte")[token], weights.get("wpe")[position++]));
            for (int i = 0; i < config.nLayer(); i++) {
                x = plus(attention(i, rmsNorm(x)), x);
                x = plus(mlp(i, rmsNorm(x)), x);
            }
            return linear(x, "lm_head");
        }

        private Value[] attention(int layer, Value[] x) {
            String prefix = "layer" + layer + ".attn_";
            Value[] q = linear(x, prefix + "wq");
            keys.get(layer).add(linear(x, prefix + "wk"));
            values.get(layer).add(linear(x, prefix + "wv"));
            int headDim = config.nEmbd() / config.nHead();
            Value[] heads = new Value[config.nEmbd()];
            for (int start = 0; start < heads.length; start += headDim) {
                Value[] query = part(q, start, headDim);
                List<Value> scores = new ArrayList<>();
                for (Value[] key : keys.get(layer)) {
                    scores.add(Value.dot(query, part(key, start, headDim)).times(1 / Math.sqrt(headDim)));
                }
                Value[] shares = softmax(scores.toArray(Value[]::new));
                for (int j = start; j < start + headDim; j++) {
                    int column = j;
                    heads[j] = Value.dot(
                            shares,
                            values.get(layer).stream()
                                    .map(value -> value[column])
                                    .toArray(Value[]::new));
                }
            }
            return linear(heads, prefix + "wo");
        }
    }

    private Value[] mlp(int layer, Value[] x) {
        Value[] hidden = linear(x, "layer" + layer + ".mlp_fc1");
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = hidden[i].relu();
        }
        return linear(hidden, "layer" + layer + ".mlp_fc2");
    }

    /** The mean over all targets of all sequences of {@code −log p(target)}. */
    Value loss(List<int[]> sequences) {
        List<Value> losses = new ArrayList<>();
        for (int[] tokens : sequences) {
            Sequence sequence = new Sequence();
            for (int i = 0; i + 1 < tokens.length; i++) {
                Value[] p = softmax(sequence.logits(tokens[i]));
                losses.add(p[tokens[i + 1]].log().times(-1));
            }
        }
        return Value.sum(losses.toArray(Value[]::new)).times(1.0 / losses.size());
    }

    static Value[] softmax(Value[] scores) {
        double max = Double.NEGATIVE_INFINITY;
        for (Value score : scores) {
            max = Math.max(max, score.data);
        }
        Value[] exps = new Value[scores.length];
        for (int i = 0; i < exps.length; i++) {
            exps[i] = scores[i].plus(-max).exp();
        }
        Value share = Value.sum(exps).pow(-1);
        for (int i = 0; i < exps.length; i++) {
            exps[i] = exps[i].times(share);
        }
        return exps;
    }

    private static Value[] rmsNorm(Value[] x) {
        Value scale = Value.dot(x, x).times(1.0 / x.length).plus(1e-5).pow(-0.5);
        Value[] y = new Value[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = x[i].times(scale);
        }
        return y;
    }

    private Value[] linear(Value[] x, String weight) {
        Value[][] rows = weights.get(weight);
        Value[] y = new Value[rows.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = Value.dot(rows[i], x);
        }
        return y;
    }

    private static Value[] plus(Value[] a, Value[] b) {
        Value[] y = new Value[a.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = a[i].plus(b[i]);
        }
        return y;
    }

    private static Value[] part(Value[] x, int from, int length) {
        Value[] part = new Value[length];
        System.arraycopy(x, from, part, 0, length);
        return part;
    }
}

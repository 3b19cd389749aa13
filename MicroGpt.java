import java.io.IOException;
import java.nio.file.*;
import java.util.*;
import java.util.function.IntFunction;
import java.util.stream.*;

/**
 * A complete GPT in one file, after Andrej Karpathy's microgpt.py. It learns from a list of names and invents new ones:
 * {@code java MicroGpt.java [FILE]}. Everything else in this project is efficiency. To be read from top to bottom:
 * training and sampling, tokens, numbers that know their derivatives, the model, the optimizer, random numbers.
 */
public final class MicroGpt {
    static final int STEPS = 1000;
    static final double LEARNING_RATE = 0.01;
    static final double TEMPERATURE = 0.5; // below 1, likely tokens become even likelier

    public static void main(String[] args) throws IOException {
        PythonRandom random = new PythonRandom(42);
        Path file = Path.of(args.length > 0 ? args[0] : "data/names.txt");
        List<String> docs = new ArrayList<>(Files.readAllLines(file));
        docs.replaceAll(String::strip);
        docs.removeIf(String::isEmpty);
        random.shuffle(docs);
        Tokenizer tokenizer = Tokenizer.of(docs);
        Gpt gpt = new Gpt(tokenizer.size(), random);
        System.out.printf("num docs: %d%nvocab size: %d%n", docs.size(), tokenizer.size());
        System.out.printf("num params: %d%n", gpt.parameters.size());
        train(gpt, tokenizer, docs);
        sample(gpt, tokenizer, random);
    }

    /** In each step the model predicts one document, and all weights are changed so that it would do better. */
    static void train(Gpt gpt, Tokenizer tokenizer, List<String> docs) {
        Adam adam = new Adam(new double[gpt.parameters.size()], new double[gpt.parameters.size()]);
        for (int step = 0; step < STEPS; step++) {
            int[] tokens = tokenizer.encode(docs.get(step % docs.size()));
            int n = Math.min(Gpt.CONTEXT, tokens.length - 1);
            Gpt.Cache cache = new Gpt.Cache();
            Value[] logs = new Value[n];
            for (int i = 0; i < n; i++) { // each token predicts the next one
                logs[i] = Gpt.softmax(gpt.logits(tokens[i], i, cache))[tokens[i + 1]].log();
            }
            Value loss = Gpt.sum(logs).times(-1.0 / n); // guessing one of 27 tokens would cost ln(27) = 3.30
            loss.backward();
            adam.update(gpt.parameters, step + 1, LEARNING_RATE * (1 - step / (double) STEPS));
            System.out.printf(Locale.ROOT, "step %4d / %4d | loss %.4f%n", step + 1, STEPS, loss.data);
        }
    }

    /** Draws token after token from the model's own predictions, from BOS to BOS. */
    static void sample(Gpt gpt, Tokenizer tokenizer, PythonRandom random) {
        System.out.printf("%n--- inference (new, hallucinated names) ---%n");
        for (int sample = 1; sample <= 20; sample++) {
            StringBuilder name = new StringBuilder();
            Gpt.Cache cache = new Gpt.Cache();
            int token = tokenizer.bos();
            for (int position = 0; position < Gpt.CONTEXT; position++) {
                Value[] logits = gpt.logits(token, position, cache);
                token = random.choice(Gpt.softmax(Gpt.vector(logits.length, i -> logits[i].times(1 / TEMPERATURE))));
                if (token == tokenizer.bos()) { break; }
                name.appendCodePoint(tokenizer.characters()[token]);
            }
            System.out.printf("sample %2d: %s%n", sample, name);
        }
    }
}

/** A token is the index of a character in the alphabet; one more, BOS, stands at both ends of every document. */
record Tokenizer(int[] characters) {
    static Tokenizer of(List<String> docs) {
        return new Tokenizer(docs.stream().flatMapToInt(String::codePoints).sorted().distinct().toArray());
    }

    int size() { return characters.length + 1; }
    int bos() { return characters.length; }
    int[] encode(String doc) {
        IntStream tokens = doc.codePoints().map(character -> Arrays.binarySearch(characters, character));
        return IntStream.concat(IntStream.of(bos()), IntStream.concat(tokens, IntStream.of(bos()))).toArray();
    }
}

/** A number that knows what it was computed from; the chain rule leads from a result back to all that it depends on. */
final class Value {
    enum Op { LEAF, ADD, MULTIPLY, POWER, EXP, LOG, RELU }

    double data, grad; // the number, and the derivative of the loss with respect to it
    private final Op op;
    private final Value a, b;
    private boolean isSorted;

    Value(double data) { this(Op.LEAF, null, null); this.data = data; }

    private Value(Op op, Value a, Value b) {
        this.op = op; this.a = a; this.b = b;
        data = switch (op) {
            case LEAF -> 0;
            case ADD -> a.data + b.data;
            case MULTIPLY -> a.data * b.data;
            case POWER -> Math.pow(a.data, b.data); // b is a constant
            case EXP -> Math.exp(a.data);
            case LOG -> Math.log(a.data);
            case RELU -> Math.max(0, a.data);
        };
    }

    /** The chain rule: adds this number's share to the gradients of the numbers that it was computed from. */
    private void propagate() {
        switch (op) {
            case LEAF -> { }
            case ADD -> { a.grad += grad; b.grad += grad; }
            case MULTIPLY -> { a.grad += b.data * grad; b.grad += a.data * grad; }
            case POWER -> a.grad += b.data * Math.pow(a.data, b.data - 1) * grad;
            case EXP -> a.grad += data * grad;
            case LOG -> a.grad += grad / a.data;
            case RELU -> a.grad += a.data > 0 ? grad : 0;
        }
    }

    /** Computes the derivative of this number with respect to all before it, each once its own gradient is complete. */
    void backward() {
        Deque<Value> order = new ArrayDeque<>();
        sort(order);
        grad = 1;
        order.forEach(Value::propagate);
    }

    /** Topological order: a number comes before all those that it was computed from. */
    private void sort(Deque<Value> order) {
        if (!isSorted && op != Op.LEAF) {
            isSorted = true;
            a.sort(order);
            b.sort(order);
            order.addFirst(this);
        }
    }

    Value plus(Value other) { return new Value(Op.ADD, this, other); }
    Value plus(double constant) { return plus(new Value(constant)); }
    Value times(Value other) { return new Value(Op.MULTIPLY, this, other); }
    Value times(double constant) { return times(new Value(constant)); }
    Value power(double constant) { return new Value(Op.POWER, this, new Value(constant)); }
    Value exp() { return new Value(Op.EXP, this, this); }
    Value log() { return new Value(Op.LOG, this, this); }
    Value relu() { return new Value(Op.RELU, this, this); }
}

/** The model: from a token and the tokens before it to a score, the logit, for each token that may come next. */
final class Gpt {
    static final int LAYERS = 1, CHANNELS = 16, HEADS = 4, WIDTH = CHANNELS / HEADS, CONTEXT = 16;

    record Layer(Value[][] wq, Value[][] wk, Value[][] wv, Value[][] wo, Value[][] fc1, Value[][] fc2) { }

    /** The keys and values of all layers at all positions so far; in training, gradients flow through them too. */
    record Cache(Value[][][] keys, Value[][][] values) {
        Cache() { this(new Value[LAYERS][CONTEXT][], new Value[LAYERS][CONTEXT][]); }
    }

    final List<Value> parameters = new ArrayList<>();
    private final Value[][] tokenEmbedding, positionEmbedding, head;
    private final Layer[] layers = new Layer[LAYERS];

    Gpt(int vocabSize, PythonRandom random) {
        tokenEmbedding = matrix(vocabSize, CHANNELS, random);
        positionEmbedding = matrix(CONTEXT, CHANNELS, random);
        head = matrix(vocabSize, CHANNELS, random);
        Arrays.setAll(layers, i -> new Layer(
                matrix(CHANNELS, CHANNELS, random), matrix(CHANNELS, CHANNELS, random),
                matrix(CHANNELS, CHANNELS, random), matrix(CHANNELS, CHANNELS, random),
                matrix(4 * CHANNELS, CHANNELS, random), matrix(CHANNELS, 4 * CHANNELS, random)));
    }

    private Value[][] matrix(int outputs, int inputs, PythonRandom random) {
        Value[][] matrix = new Value[outputs][inputs];
        for (Value[] row : matrix) {
            Arrays.setAll(row, i -> new Value(random.gauss(0.08)));
            parameters.addAll(List.of(row));
        }
        return matrix;
    }

    Value[] logits(int token, int position, Cache cache) {
        Value[] x = rmsNorm(add(tokenEmbedding[token], positionEmbedding[position]));
        for (int i = 0; i < LAYERS; i++) {
            x = add(attention(layers[i], rmsNorm(x), position + 1, cache.keys[i], cache.values[i]), x);
            x = add(mlp(layers[i], rmsNorm(x)), x);
        }
        return linear(head, x);
    }

    /** Tokens communicate: each head averages the values of all n so far, weighted by how keys match the query. */
    private static Value[] attention(Layer layer, Value[] x, int n, Value[][] keys, Value[][] values) {
        Value[] query = linear(layer.wq, x);
        keys[n - 1] = linear(layer.wk, x);
        values[n - 1] = linear(layer.wv, x);
        Value[][] weights = new Value[HEADS][];
        Arrays.setAll(weights, h -> softmax(
                vector(n, t -> dot(part(query, h), part(keys[t], h)).times(1 / Math.sqrt(WIDTH)))));
        return linear(layer.wo, vector(CHANNELS, i -> dot(weights[i / WIDTH], vector(n, t -> values[t][i]))));
    }

    /** Each token computes on its own. */
    private static Value[] mlp(Layer layer, Value[] x) {
        Value[] hidden = linear(layer.fc1, x);
        return linear(layer.fc2, vector(hidden.length, i -> hidden[i].relu()));
    }

    /** Divides by the root of the mean square, which keeps numbers from vanishing and exploding. */
    private static Value[] rmsNorm(Value[] x) {
        Value scale = dot(x, x).times(1.0 / x.length).plus(1e-5).power(-0.5);
        return vector(x.length, i -> x[i].times(scale));
    }

    /** Turns scores into probabilities; subtracting the largest changes nothing, and avoids overflow. */
    static Value[] softmax(Value[] scores) {
        double max = Stream.of(scores).mapToDouble(score -> score.data).max().orElseThrow();
        Value[] exps = vector(scores.length, i -> scores[i].plus(-max).exp());
        Value inverse = sum(exps).power(-1);
        return vector(exps.length, i -> exps[i].times(inverse));
    }

    private static Value[] part(Value[] x, int head) { return Arrays.copyOfRange(x, head * WIDTH, (head + 1) * WIDTH); }
    private static Value[] linear(Value[][] w, Value[] x) { return vector(w.length, i -> dot(w[i], x)); }
    private static Value[] add(Value[] a, Value[] b) { return vector(a.length, i -> a[i].plus(b[i])); }
    private static Value dot(Value[] a, Value[] b) { return sum(vector(a.length, i -> a[i].times(b[i]))); }
    static Value sum(Value[] x) { return Stream.of(x).reduce(Value::plus).orElseThrow(); }

    static Value[] vector(int length, IntFunction<Value> element) {
        return IntStream.range(0, length).mapToObj(element).toArray(Value[]::new);
    }
}

/** The optimizer: descends along the average gradient m, divided by the root of the average square v. */
record Adam(double[] m, double[] v) {
    void update(List<Value> parameters, int step, double rate) {
        for (int i = 0; i < m.length; i++) {
            Value p = parameters.get(i);
            m[i] = 0.85 * m[i] + 0.15 * p.grad;
            v[i] = 0.99 * v[i] + 0.01 * p.grad * p.grad;
            double mean = m[i] / (1 - Math.pow(0.85, step)); // both averages began at 0
            double square = v[i] / (1 - Math.pow(0.99, step));
            p.data -= rate * mean / (Math.sqrt(square) + 1e-8);
            p.grad = 0;
        }
    }
}

/** The generator of CPython's random module: the Mersenne Twister of Matsumoto and Nishimura, 1998. */
final class PythonRandom {
    private final int[] words = new int[624];
    private int next;
    private final Queue<Double> pair = new ArrayDeque<>();

    PythonRandom(int seed) {
        words[0] = 19650218;
        for (int i = 1; i < 624; i++) { words[i] = 1812433253 * folded(i - 1) + i; }
        for (int k = 0, i = 1; k < 1247; k++, i = i % 623 + 1) {
            words[i] = (words[i] ^ (k < 624 ? 1664525 : 1566083941) * folded(i - 1)) + (k < 624 ? seed : -i);
            words[0] = i == 623 ? words[623] : words[0];
        }
        words[0] = 1 << 31;
    }

    private int folded(int i) { return words[i] ^ words[i] >>> 30; }
    double uniform() { return (bits(27) * 0x1p26 + bits(26)) * 0x1p-53; }

    private int bits(int count) {
        int y = words[next] & 1 << 31 | words[(next + 1) % 624] & ~(1 << 31);
        words[next] = words[(next + 397) % 624] ^ y >>> 1 ^ (y & 1) * 0x9908b0df;
        y = words[next];
        next = (next + 1) % 624;
        y ^= y >>> 11;
        y ^= y << 7 & 0x9d2c5680;
        y ^= y << 15 & 0xefc60000;
        return (y ^ y >>> 18) >>> 32 - count;
    }

    double gauss(double deviation) { // Box-Muller: two numbers at a time
        if (pair.isEmpty()) {
            double angle = 2 * Math.PI * uniform();
            double radius = Math.sqrt(-2 * Math.log(1 - uniform()));
            Collections.addAll(pair, Math.cos(angle) * radius, Math.sin(angle) * radius);
        }
        return pair.remove() * deviation;
    }

    void shuffle(List<String> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            int j = i + 1;
            while (j > i) { j = bits(32 - Integer.numberOfLeadingZeros(i + 1)); }
            Collections.swap(list, i, j);
        }
    }

    int choice(Value[] p) {
        double limit = uniform() * Stream.of(p).mapToDouble(value -> value.data).reduce(0, Double::sum);
        int i = 0;
        for (double sum = p[0].data; sum <= limit && i < p.length - 1; sum += p[i].data) { i++; }
        return i;
    }
}

import dev.microgpt.autograd.*;
import dev.microgpt.model.*;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.setting.Setting;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.*;
import dev.microgpt.train.data.*;
import java.nio.file.Path;
import java.util.*;

/** Chapter 5: a whole GPT made of the operations of the tape, with parts that can be left out. */
public final class TinyGpt {
    static final int HEADS = 4;

    record Layer(Parameter wq, Parameter wk, Parameter wv, Parameter wo, Parameter fc1, Parameter fc2) { }

    record Model(ModelConfig config, Parameters parameters, String without, Parameter wte, Parameter wpe,
            Parameter head, List<Layer> layers) implements LanguageModel {
        public Tensor forward(Tape tape, Batch batch) {
            config.checkLength(batch);
            Tensor x = tape.embedding(wte, batch.ids());
            if (has("positions")) { x = tape.add(x, tape.embedding(wpe, batch.positions())); }
            x = norm(tape, x);
            for (Layer layer : layers) {
                if (has("attention")) { x = added(tape, attention(tape, layer, norm(tape, x), batch), x); }
                if (has("mlp")) { x = added(tape, mlp(tape, layer, norm(tape, x)), x); }
            }
            return tape.linear(x, head);
        }

        static Tensor attention(Tape tape, Layer layer, Tensor x, Batch batch) {
            Tensor q = tape.linear(x, layer.wq), k = tape.linear(x, layer.wk), v = tape.linear(x, layer.wv);
            return tape.linear(tape.causalAttention(q, k, v, HEADS, batch.sequences()), layer.wo);
        }

        static Tensor mlp(Tape tape, Layer layer, Tensor x) {
            return tape.linear(tape.relu(tape.linear(x, layer.fc1)), layer.fc2);
        }

        Tensor norm(Tape tape, Tensor x) { return has("norm") ? tape.rmsNorm(x, 1e-5) : x; }
        Tensor added(Tape tape, Tensor y, Tensor x) { return has("residual") ? tape.add(y, x) : y; }
        boolean has(String part) { return !without.equals(part); }
    }

    public static void main(String[] args) throws Exception {
        List<String> names = Documents.read(Path.of(args.length > 0 ? args[0] : "data/names.txt")).texts();
        new PythonRandom(42).shuffle(names);
        CharTokenizer tokenizer = CharTokenizer.fromDocuments(names);
        List<String> training = names.subList(0, names.size() * 8 / 10);
        List<String> test = names.subList(names.size() * 9 / 10, names.size());
        Batcher batcher = new Batcher(training, tokenizer, 32, 16);
        DocumentSet set = new DocumentSet(test, tokenizer, 64, 16);
        int stop = args.length > 1 ? Integer.parseInt(args[1]) : 3000;
        if (Boolean.getBoolean("ablations")) {
            ablations(batcher, new DocumentSet(test.subList(0, 1000), tokenizer, 64, 16), stop);
            return;
        }

        int channels = Integer.getInteger("channels", 16), layers = Integer.getInteger("layers", 1);
        int seed = Integer.getInteger("seed", 1);
        Model model = create(new Type(channels, layers, ""), seed);
        System.out.println(model.parameters.count() + " weights");
        Gpt gpt = new Gpt(GptConfig.microgpt(27).withSizes(layers, HEADS, channels, 16),
                Parameters.drawnFrom(new PythonRandom(seed)));
        Batch marie = Batch.ofPrompt(26, 12, 0, 17, 8, 4);
        System.out.println("same bits as Gpt: " + Arrays.equals(
                model.forward(Tape.inference(), marie).toArray(), gpt.forward(Tape.inference(), marie).toArray()));
        Trainer trainer = trainer(model, batcher, 0.01, 3000);
        for (int step : new int[] {0, 30, 100, 300, 1000, 3000}) {
            if (step > stop) { return; }
            trainer.run(step);
            double loss = new Evaluator(model, set).evaluate(step).loss();
            System.out.printf(Locale.ROOT, "names %6d   loss %.4f%n", 32 * step, loss);
        }
    }

    /** Prints the loss of models of 1 and 4 layers without one of their parts, after 320 and after 32000 names. */
    static void ablations(Batcher batcher, DocumentSet set, int stop) {
        System.out.println("without    rate   after 320 names: 1 layer  4 layers  after 32000: 1 layer  4 layers");
        for (String without : List.of("nothing", "norm", "positions", "residual", "attention", "mlp")) {
            ablation(without, 0.01, batcher, set, stop);
        }
        ablation("nothing", 0.1, batcher, set, stop);
        ablation("norm", 0.1, batcher, set, stop);
    }

    static void ablation(String without, double rate, Batcher batcher, DocumentSet set, int stop) {
        Model[] models = {create(new Type(16, 1, without), 1), create(new Type(16, 4, without), 1)};
        Trainer[] trainers = {trainer(models[0], batcher, rate, 1000), trainer(models[1], batcher, rate, 1000)};
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-10s %.2f", without, rate));
        for (int step : new int[] {10, 1000}) {
            for (int i = 0; i < 2 && step <= stop; i++) {
                trainers[i].run(step);
                double loss = new Evaluator(models[i], set).evaluate(step).loss();
                String shown = loss < 1000 ? String.format(Locale.ROOT, "%.4f", loss) : "over 1000";
                line.append(String.format(Locale.ROOT, i == 1 ? "%10s" : step == 10 ? "%26s" : "%22s", shown));
            }
        }
        System.out.println(line);
    }

    static Model create(Type type, int seed) {
        return type.create(ModelConfig.of(type, 27, 16), Parameters.drawnFrom(new PythonRandom(seed)));
    }

    static Trainer trainer(Model model, Batcher batcher, double rate, int steps) {
        return new Trainer(model, batcher, new Adam(model.parameters.all(), 0.9, 0.99, 1e-8),
                LearningRate.linearDecay(rate, steps));
    }

    record Type(int channels, int layerCount, String without) implements ModelType {
        public String name() { return "learn.gpt"; }
        public List<Setting<?>> settings() { return List.of(); }

        public Model create(ModelConfig config, Parameters parameters) {
            Scope root = parameters.root();
            int c = channels;
            Parameter wte = matrix(root, "wte", config.vocabSize(), c);
            Parameter wpe = matrix(root, "wpe", config.blockSize(), c);
            Parameter head = matrix(root, "lm_head", config.vocabSize(), c);
            List<Layer> layers = new ArrayList<>();
            for (int i = 0; i < layerCount; i++) {
                Scope scope = root.scope("layer" + i);
                layers.add(new Layer(matrix(scope, "attn_wq", c, c), matrix(scope, "attn_wk", c, c),
                        matrix(scope, "attn_wv", c, c), matrix(scope, "attn_wo", c, c),
                        matrix(scope, "mlp_fc1", 4 * c, c), matrix(scope, "mlp_fc2", c, 4 * c)));
            }
            return new Model(config, parameters, without, wte, wpe, head, layers);
        }

        private static Parameter matrix(Scope scope, String name, int outputs, int inputs) {
            return scope.get(name, Shape.of(outputs, inputs), Initializer.normal(0.08));
        }
    }
}

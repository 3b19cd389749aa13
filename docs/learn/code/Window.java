import dev.microgpt.autograd.*;
import dev.microgpt.model.*;
import dev.microgpt.model.generate.*;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.setting.Setting;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.*;
import dev.microgpt.train.data.*;
import java.nio.file.Path;
import java.util.*;

/** Chapter 3, after Bengio et al., 2003: the last letters, as vectors side by side, go through an MLP. */
public final class Window {
    static final int LETTERS = Integer.getInteger("letters", 5);
    static final int CHANNELS = Integer.getInteger("channels", 10), HIDDEN = Integer.getInteger("hidden", 50);

    public static void main(String[] args) throws Exception {
        List<String> names = Documents.read(Path.of(args.length > 0 ? args[0] : "data/names.txt")).texts();
        new PythonRandom(42).shuffle(names);
        CharTokenizer tokenizer = CharTokenizer.fromDocuments(names);
        List<String> training = names.subList(0, names.size() * 8 / 10);
        List<String> test = names.subList(names.size() * 9 / 10, names.size());
        ModelConfig config = ModelConfig.of(new Type(), tokenizer.vocabSize(), 16);
        LanguageModel model = config.create(Parameters.drawnFrom(new PythonRandom(Integer.getInteger("seed", 1))));
        System.out.println(model.parameters().count() + " weights");

        int stop = args.length > 1 ? Integer.parseInt(args[1]) : 3000;
        Trainer trainer = new Trainer(model, new Batcher(training, tokenizer, 32, 16),
                new Adam(model.parameters().all(), 0.9, 0.99, 1e-8), LearningRate.linearDecay(0.01, 3000));
        Evaluator evaluator = new Evaluator(model, new DocumentSet(test, tokenizer, 64, 16));
        for (int step : new int[] {0, 30, 100, 300, 1000, 3000}) {
            if (step > stop) { return; }
            trainer.run(step);
            System.out.printf(Locale.ROOT, "names %6d   loss %.4f%n", 32 * step, evaluator.evaluate(step).loss());
        }

        Generator generator = new Generator(model, new Sampler(1));
        PythonRandom random = new PythonRandom(1);
        for (int i = 0; i < 8; i++) {
            int[] ids = generator.generate(new int[] {tokenizer.bos()}, 16, tokenizer.bos(), random);
            System.out.print((i == 0 ? "\n" : " ") + tokenizer.decode(ids));
        }
        System.out.println("\n");
        Parameter wte = model.parameters().get("wte");
        for (String letter : List.of("a", "e", "k", "s")) {
            List<Integer> others = new ArrayList<>();
            for (int other = 0; other < 26; other++) { others.add(other); }
            int token = tokenizer.encode(letter)[0];
            others.sort(Comparator.comparingDouble(other -> -cosine(wte, token, other)));
            String closest = tokenizer.decode(others.get(1), others.get(2), others.get(3));
            System.out.println("closest to " + letter + ": " + closest);
        }
    }

    /** How much two rows of a table point in the same direction: 1 for the same, 0 for unrelated, -1 for opposite. */
    static double cosine(Parameter table, int a, int b) {
        return dot(table, a, b) / Math.sqrt(dot(table, a, a) * dot(table, b, b));
    }

    static double dot(Parameter table, int a, int b) {
        double sum = 0;
        for (int i = 0; i < CHANNELS; i++) { sum += table.data()[a * CHANNELS + i] * table.data()[b * CHANNELS + i]; }
        return sum;
    }

    record Mlp(ModelConfig config, Parameters parameters, Parameter wte, Parameter w1, Parameter b1, Parameter w2)
            implements LanguageModel {
        public Tensor forward(Tape tape, Batch batch) {
            config.checkLength(batch);
            Tensor[] letters = new Tensor[LETTERS];
            for (int back = 0; back < LETTERS; back++) {
                letters[back] = tape.embedding(wte, earlier(batch, back));
            }
            return tape.linear(tape.tanh(tape.linear(tape.concatenateColumns(letters), w1, b1)), w2);
        }

        /** The token some letters before each one; before the name begins, BOS stands everywhere. */
        private int[] earlier(Batch batch, int back) {
            int[] ids = new int[batch.ids().length];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = batch.positions()[i] < back ? config.vocabSize() - 1 : batch.ids()[i - back];
            }
            return ids;
        }
    }

    static final class Type implements ModelType {
        public String name() { return "learn.window"; }
        public List<Setting<?>> settings() { return List.of(); }

        public LanguageModel create(ModelConfig config, Parameters parameters) {
            Scope root = parameters.root();
            return new Mlp(config, parameters,
                    root.get("wte", Shape.of(config.vocabSize(), CHANNELS), Initializer.normal(1)),
                    root.get("w1", Shape.of(HIDDEN, LETTERS * CHANNELS), Initializer.xavier()),
                    root.get("b1", Shape.of(HIDDEN), Initializer.constant(0)),
                    root.get("w2", Shape.of(config.vocabSize(), HIDDEN), Initializer.normal(0.01)));
        }
    }
}

import dev.microgpt.autograd.*;
import dev.microgpt.model.*;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.setting.Setting;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.*;
import dev.microgpt.train.data.*;
import java.nio.file.Path;
import java.util.*;

/** Chapter 5: a recurrent network, which reads letter by letter and keeps one state (Cho et al., 2014). */
public final class Recurrent {
    static final int CHANNELS = Integer.getInteger("channels", 22);

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
    }

    record Gru(ModelConfig config, Parameters parameters, Parameter wte, Gate update, Gate reset, Gate candidate,
            Parameter head) implements LanguageModel {
        public Tensor forward(Tape tape, Batch batch) {
            config.checkLength(batch);
            Sequences names = batch.sequences();
            List<Tensor> states = new ArrayList<>();
            int[] rows = new int[names.rows()]; // where the state of each token is among them
            int[] slots = new int[names.count()]; // which row of the state belongs to each name
            Arrays.setAll(slots, name -> name);
            Tensor h = Tensor.constant(Shape.of(names.count(), CHANNELS), new double[names.count() * CHANNELS]);
            for (int t = 0, row = 0; t < names.longest(); t++) {
                int[] ids = new int[names.count()], before = new int[names.count()];
                int n = 0;
                for (int name = 0; name < names.count(); name++) {
                    if (names.length(name) > t) {
                        ids[n] = batch.ids()[names.start(name) + t];
                        before[n] = slots[name];
                        slots[name] = n++;
                        rows[names.start(name) + t] = row++;
                    }
                }
                h = next(tape, tape.embedding(wte, Arrays.copyOf(ids, n)), tape.embedding(h, Arrays.copyOf(before, n)));
                states.add(h);
            }
            return tape.linear(tape.embedding(tape.concatenateRows(states.toArray(new Tensor[0])), rows), head);
        }

        private Tensor next(Tape tape, Tensor x, Tensor h) {
            Tensor z = tape.sigmoid(update.of(tape, x, h));
            Tensor r = tape.sigmoid(reset.of(tape, x, h));
            Tensor c = tape.tanh(candidate.of(tape, x, tape.multiply(r, h)));
            return tape.add(h, tape.multiply(z, tape.subtract(c, h)));
        }
    }

    record Gate(Parameter w, Parameter u, Parameter b) {
        static Gate of(Scope scope) {
            Shape square = Shape.of(CHANNELS, CHANNELS);
            return new Gate(scope.get("w", square, Initializer.xavier()), scope.get("u", square, Initializer.xavier()),
                    scope.get("b", Shape.of(CHANNELS), Initializer.constant(0)));
        }

        Tensor of(Tape tape, Tensor x, Tensor h) { return tape.add(tape.linear(x, w, b), tape.linear(h, u)); }
    }

    static final class Type implements ModelType {
        public String name() { return "learn.recurrent"; }
        public List<Setting<?>> settings() { return List.of(); }

        public LanguageModel create(ModelConfig config, Parameters parameters) {
            Scope root = parameters.root();
            Shape table = Shape.of(config.vocabSize(), CHANNELS);
            return new Gru(config, parameters, root.get("wte", table, Initializer.normal(1)),
                    Gate.of(root.scope("update")), Gate.of(root.scope("reset")), Gate.of(root.scope("candidate")),
                    root.get("lm_head", table, Initializer.normal(0.01)));
        }
    }
}

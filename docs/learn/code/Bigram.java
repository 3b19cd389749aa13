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

/** Chapter 1: a table of letter pairs, once filled by counting and once by training. */
public final class Bigram {
    public static void main(String[] args) throws Exception {
        List<String> names = Documents.read(Path.of(args.length > 0 ? args[0] : "data/names.txt")).texts();
        new PythonRandom(42).shuffle(names);
        CharTokenizer tokenizer = CharTokenizer.fromDocuments(names);
        int letters = tokenizer.vocabSize(), bos = tokenizer.bos();
        List<String> training = names.subList(0, names.size() * 8 / 10);
        List<String> test = names.subList(names.size() * 9 / 10, names.size());
        System.out.printf(Locale.ROOT, "%d names, %d to learn from, %d to test%n", names.size(), training.size(),
                test.size());

        int[][] counts = new int[letters][letters];
        for (String name : training) {
            int before = bos;
            for (int next : framed(name, tokenizer)) {
                counts[before][next]++;
                before = next;
            }
        }
        IntSummaryStatistics seen = Arrays.stream(counts).flatMapToInt(Arrays::stream).summaryStatistics();
        long never = Arrays.stream(counts).flatMapToInt(Arrays::stream).filter(n -> n == 0).count();
        System.out.printf(Locale.ROOT, "%d pairs, of %d kinds, of which %d never occur%n%n", seen.getSum(),
                seen.getCount(), never);

        System.out.println("emma   count    of      p   -ln p");
        double sum = 0;
        int before = bos;
        for (int next : framed("emma", tokenizer)) {
            int[] row = counts[before];
            double p = row[next] / (double) sum(row);
            sum -= StrictMath.log(p);
            System.out.printf(Locale.ROOT, "%s %s %7d %5d %.4f  %.4f%n", show(before), show(next),
                    row[next], sum(row), p, -StrictMath.log(p));
            before = next;
        }
        System.out.printf(Locale.ROOT, "mean                      %.4f%n%n", sum / 5);

        print("guessing", StrictMath.log(letters));
        print("counted, names to learn from", loss(counts, training, tokenizer, 0));
        print("counted plus one, names to test", loss(counts, test, tokenizer, 1));

        Parameters parameters = Parameters.drawnFrom(new PythonRandom(1));
        Table table = new Table(ModelConfig.of(new Type(), letters, 16), parameters,
                parameters.root().get("table", Shape.of(letters, letters), Initializer.constant(0)));
        Trainer trainer = new Trainer(table, new Batcher(training, tokenizer, 149, 16),
                new Adam(parameters.all(), 0.9, 0.99, 1e-8), LearningRate.linearDecay(0.2, 160));
        Evaluator evaluator = new Evaluator(table, new DocumentSet(training, tokenizer, 149, 16));
        for (int step : new int[] {0, 20, 160}) {
            trainer.run(step);
            print("trained " + step + " steps", evaluator.evaluate(step).loss());
        }
        System.out.println();
        int e = tokenizer.encode("e")[0], m = tokenizer.encode("m")[0];
        Tensor p = Tape.inference().softmax(table.table());
        System.out.printf(Locale.ROOT, "m after e: 1/27 = %.4f, counted %.4f, trained %.4f%n%n", 1.0 / letters,
                counts[e][m] / (double) sum(counts[e]), p.data()[e * letters + m]);

        Generator generator = new Generator(table, new Sampler(1));
        PythonRandom random = new PythonRandom(1);
        for (int i = 0; i < 8; i++) {
            String name = tokenizer.decode(generator.generate(new int[] {bos}, 16, bos, random));
            System.out.print(i < 7 ? name + " " : name + "\n");
        }
    }

    /** What the table has to predict: the letters of a name, and BOS after the last. */
    static int[] framed(String name, CharTokenizer tokenizer) {
        int[] ids = Arrays.copyOf(tokenizer.encode(name), name.length() + 1);
        ids[name.length()] = tokenizer.bos();
        return ids;
    }

    static double loss(int[][] counts, List<String> names, CharTokenizer tokenizer, int extra) {
        double sum = 0;
        int n = 0;
        for (String name : names) {
            int before = tokenizer.bos();
            for (int next : framed(name, tokenizer)) {
                double of = sum(counts[before]) + extra * counts.length;
                sum -= StrictMath.log((counts[before][next] + extra) / of);
                before = next;
                n++;
            }
        }
        return sum / n;
    }

    static int sum(int[] numbers) { return Arrays.stream(numbers).sum(); }
    static char show(int token) { return token == 26 ? '.' : (char) ('a' + token); }

    static void print(String what, double loss) {
        System.out.printf(Locale.ROOT, "%-32s loss %.4f, as unsure as among %.2f%n", what, loss, StrictMath.exp(loss));
    }

    record Table(ModelConfig config, Parameters parameters, Parameter table) implements LanguageModel {
        public Tensor forward(Tape tape, Batch batch) { return tape.embedding(table, batch.ids()); }
    }

    static final class Type implements ModelType {
        public String name() { return "learn.bigram"; }
        public List<Setting<?>> settings() { return List.of(); }

        public LanguageModel create(ModelConfig config, Parameters parameters) {
            Shape shape = Shape.of(config.vocabSize(), config.vocabSize());
            return new Table(config, parameters, parameters.root().get("table", shape, Initializer.constant(0)));
        }
    }
}

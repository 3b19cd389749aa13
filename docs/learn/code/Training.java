import dev.microgpt.model.*;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.*;
import dev.microgpt.train.data.*;
import java.nio.file.Path;
import java.util.*;

/** Chapter 6: the same GPT with other learning rates, other batch sizes, and with too little data. */
public final class Training {
    private final List<String> training;
    private final CharTokenizer tokenizer;
    private final int stop;

    Training(List<String> training, CharTokenizer tokenizer, int stop) {
        this.training = training; this.tokenizer = tokenizer; this.stop = stop;
    }

    /** Trains with a constant rate, and prints the loss on some names after some steps. */
    void run(String what, int batchSize, double rate, List<List<String>> sets, int... steps) {
        Gpt gpt = new Gpt(GptConfig.microgpt(27), Parameters.drawnFrom(new PythonRandom(1)));
        Trainer trainer = new Trainer(gpt, new Batcher(training, tokenizer, batchSize, 16),
                new Adam(gpt.parameters().all(), 0.9, 0.99, 1e-8), new Constant(rate));
        StringBuilder line = new StringBuilder(what);
        try {
            for (int step : steps) {
                if (step * batchSize > stop) { break; }
                trainer.run(step);
                for (List<String> set : sets) {
                    double loss = new Evaluator(gpt, new DocumentSet(set, tokenizer, 64, 16)).evaluate(step).loss();
                    line.append(String.format(Locale.ROOT, "%11.4f", loss));
                }
            }
        } catch (TrainingDivergedException diverged) {
            line.append("  diverged");
        }
        System.out.println(line);
    }

    record Constant(double rate) implements LearningRate {
        public double at(int step) { return rate; }
    }

    public static void main(String[] args) throws Exception {
        List<String> names = Documents.read(Path.of(args.length > 0 ? args[0] : "data/names.txt")).texts();
        new PythonRandom(42).shuffle(names);
        CharTokenizer tokenizer = CharTokenizer.fromDocuments(names);
        List<String> training = names.subList(0, names.size() * 8 / 10);
        List<String> validation = names.subList(names.size() * 8 / 10, names.size() * 8 / 10 + 1000);
        int stop = args.length > 1 ? Integer.parseInt(args[1]) : Integer.MAX_VALUE;

        Training all = new Training(training, tokenizer, stop);
        System.out.println("rate   after 320 names       1600       8000      24000");
        for (String rate : List.of("0.0003", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3")) {
            all.run(String.format(Locale.ROOT, "%-11s", rate), 32, Double.parseDouble(rate), List.of(validation), 10,
                    50, 250, 750);
        }

        System.out.println("\nbatch  after 320 names       1600       8000      24000");
        for (int batch : new int[] {1, 4, 32, 160}) {
            all.run(String.format(Locale.ROOT, "%-11d", batch), batch, 0.01, List.of(validation), 320 / batch,
                    1600 / batch, 8000 / batch, 24000 / batch);
        }

        System.out.println("\nnames    after 320: of them  of others      3200              16000               64000");
        for (int count : new int[] {100, 1000, training.size()}) {
            List<String> few = training.subList(0, count);
            new Training(few, tokenizer, stop).run(String.format(Locale.ROOT, "%-11d", count), 32, 0.01,
                    List.of(few.subList(0, Math.min(1000, count)), validation), 10, 100, 500, 2000);
        }
    }
}

import dev.microgpt.autograd.*;
import dev.microgpt.model.*;
import dev.microgpt.model.generate.*;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.*;
import dev.microgpt.train.data.*;
import java.nio.file.Path;
import java.util.*;

/** Chapter 6: from probabilities to names: temperature, top-k, copies, and whether the model is as sure as it says. */
public final class Sampling {
    public static void main(String[] args) throws Exception {
        List<String> names = Documents.read(Path.of(args.length > 0 ? args[0] : "data/names.txt")).texts();
        new PythonRandom(42).shuffle(names);
        CharTokenizer tokenizer = CharTokenizer.fromDocuments(names);
        List<String> training = names.subList(0, names.size() * 8 / 10);
        List<String> test = names.subList(names.size() * 9 / 10, names.size());
        Gpt gpt = new Gpt(GptConfig.microgpt(27), Parameters.drawnFrom(new PythonRandom(1)));
        new Trainer(gpt, new Batcher(training, tokenizer, 32, 16), new Adam(gpt.parameters().all(), 0.9, 0.99, 1e-8),
                LearningRate.linearDecay(0.01, 300)).run(300);

        Tape tape = Tape.inference();
        double[] logits = gpt.forward(tape, Batch.ofPrompt(26, 10, 0)).toArray(); // .ka
        logits = Arrays.copyOfRange(logits, 2 * 27, 3 * 27);
        System.out.println("after \"ka\"         likeliest tokens" + " ".repeat(29) + "entropy  as unsure as among");
        for (double temperature : new double[] {0.25, 0.5, 1, 2}) { show(tape, logits, temperature); }

        System.out.println("\ntemperature  top-k  names");
        sample(gpt, tokenizer, training, names, 0.25, SamplingConfig.ALL_TOKENS);
        sample(gpt, tokenizer, training, names, 0.5, SamplingConfig.ALL_TOKENS);
        sample(gpt, tokenizer, training, names, 1, SamplingConfig.ALL_TOKENS);
        sample(gpt, tokenizer, training, names, 1, 5);
        sample(gpt, tokenizer, training, names, 2, SamplingConfig.ALL_TOKENS);

        System.out.println("\nlikeliest token of the test names");
        System.out.println("p from   to   tokens  mean p  right");
        Batch batch = new DocumentSet(test, tokenizer, 1000, 16).batch(0);
        double[] p = tape.softmax(gpt.forward(tape, batch)).toArray();
        int[] tokens = new int[5], right = new int[5];
        double[] sum = new double[5];
        for (int row = 0; row < batch.targets().length; row++) {
            int best = 0;
            for (int i = 1; i < 27; i++) { best = p[27 * row + i] > p[27 * row + best] ? i : best; }
            int bin = (int) Math.min(4, 5 * p[27 * row + best]);
            tokens[bin]++;
            sum[bin] += p[27 * row + best];
            right[bin] += batch.targets()[row] == best ? 1 : 0;
        }
        for (int bin = 0; bin < 5; bin++) {
            if (tokens[bin] == 0) { continue; }
            System.out.printf(Locale.ROOT, "%.1f    %.1f   %6d  %.3f   %.3f%n", bin / 5.0, (bin + 1) / 5.0, tokens[bin],
                    sum[bin] / tokens[bin], right[bin] / (double) tokens[bin]);
        }
    }

    static void show(Tape tape, double[] logits, double temperature) {
        double[] p = tape.softmax(tape.scale(Tensor.constant(Shape.of(1, 27), logits), 1 / temperature)).toArray();
        double entropy = 0;
        for (double each : p) { entropy -= each * StrictMath.log(Math.max(each, 1e-300)); }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 27; i++) { order.add(i); }
        order.sort(Comparator.comparingDouble(i -> -p[i]));
        StringBuilder line = new StringBuilder();
        for (int i : order.subList(0, 5)) {
            line.append(String.format(Locale.ROOT, "  %c %.3f", i == 26 ? '.' : 'a' + i, p[i]));
        }
        System.out.printf(Locale.ROOT, "temperature %-5s%s    %.3f    %5.2f%n", Double.toString(temperature), line,
                entropy, StrictMath.exp(entropy));
    }

    /** Prints some names, and how many of 500 are copies of names that were learned, and of any that exist. */
    static void sample(Gpt gpt, CharTokenizer tokenizer, List<String> training, List<String> names, double temperature,
            int topK) {
        Generator generator = new Generator(gpt, new Sampler(new SamplingConfig(temperature, topK, 1)));
        PythonRandom random = new PythonRandom(1);
        Set<String> learned = new HashSet<>(training), existing = new HashSet<>(names), different = new HashSet<>();
        int copies = 0, held = 0;
        StringBuilder some = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            int[] ids = generator.generate(new int[] {tokenizer.bos()}, 16, tokenizer.bos(), random);
            String name = tokenizer.decode(ids);
            different.add(name);
            copies += learned.contains(name) ? 1 : 0;
            held += existing.contains(name) && !learned.contains(name) ? 1 : 0;
            if (i < 4) { some.append(' ').append(name); }
        }
        String kept = topK == SamplingConfig.ALL_TOKENS ? "all" : Integer.toString(topK);
        System.out.printf(Locale.ROOT, "%-11s  %-5s %s%n", Double.toString(temperature), kept, some);
        System.out.printf(Locale.ROOT, "             of 500: %d different, %d copies of learned names, %d of others%n",
                different.size(), copies, held);
    }
}

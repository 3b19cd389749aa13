import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.data.Documents;
import java.nio.file.Path;
import java.util.*;

/** Chapter 3: counting what follows the last letter, the last two, three … */
public final class Ngram {
    static final int TOKENS = 27; // a to z, and the dot at both ends of a name

    final Map<String, int[]> counts = new HashMap<>(); // for each context, how often each token followed, and any
    double strength;

    public static void main(String[] args) throws Exception {
        List<String> names = Documents.read(Path.of(args.length > 0 ? args[0] : "data/names.txt")).texts();
        new PythonRandom(42).shuffle(names);
        List<String> training = names.subList(0, names.size() * 8 / 10);
        List<String> validation = names.subList(names.size() * 8 / 10, names.size() * 9 / 10);
        List<String> test = names.subList(names.size() * 9 / 10, names.size());

        Ngram model = new Ngram();
        int bestLetters = 0;
        double best = Double.POSITIVE_INFINITY, bestStrength = 0;
        System.out.println("letters  contexts  loss, learned names  strength  loss, validation");
        for (int letters = 0; letters <= 6; letters++) {
            int before = model.counts.size();
            model.count(training, letters);
            model.strength = 0;
            double learned = model.loss(training, letters);
            double lowest = Double.POSITIVE_INFINITY, with = 0;
            for (double strength : new double[] {8, 32, 128}) {
                model.strength = strength;
                double loss = model.loss(validation, letters);
                with = loss < lowest ? strength : with;
                lowest = Math.min(loss, lowest);
            }
            System.out.printf(Locale.ROOT, "%7d  %8d  %19.4f  %8.0f  %16.4f%n", letters, model.counts.size() - before,
                    learned, with, lowest);
            bestLetters = lowest < best ? letters : bestLetters;
            bestStrength = lowest < best ? with : bestStrength;
            best = Math.min(lowest, best);
        }
        model.strength = bestStrength;
        System.out.printf(Locale.ROOT, "%nchosen: %d letters, strength %.0f; loss on the test names %.4f%n",
                bestLetters, bestStrength, model.loss(test, bestLetters));
    }

    void count(List<String> names, int letters) {
        for (String name : names) {
            String text = ".".repeat(letters) + name + ".";
            for (int i = letters; i < text.length(); i++) {
                int[] row = counts.computeIfAbsent(text.substring(i - letters, i), unseen -> new int[TOKENS + 1]);
                row[token(text.charAt(i))]++;
                row[TOKENS]++;
            }
        }
    }

    /** As if the context had been seen some more times, followed by what follows the shorter context. */
    double probability(String context, int next) {
        int[] seen = counts.get(context);
        if (strength == 0) { return seen[next] / (double) seen[TOKENS]; }
        double shorter = context.isEmpty() ? 1.0 / TOKENS : probability(context.substring(1), next);
        return seen == null ? shorter : (seen[next] + strength * shorter) / (seen[TOKENS] + strength);
    }

    double loss(List<String> names, int letters) {
        double sum = 0;
        int n = 0;
        for (String name : names) {
            String text = ".".repeat(letters) + name + ".";
            for (int i = letters; i < text.length(); i++, n++) {
                sum -= StrictMath.log(probability(text.substring(i - letters, i), token(text.charAt(i))));
            }
        }
        return sum / n;
    }

    static int token(char c) { return c == '.' ? TOKENS - 1 : c - 'a'; }
}

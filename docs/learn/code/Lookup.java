import dev.microgpt.autograd.*;
import dev.microgpt.model.*;
import dev.microgpt.model.random.PythonRandom;
import java.util.*;

/** Chapter 4: attention with weights made by hand, from the look-up in a dictionary to two heads. */
public final class Lookup {
    static final String NAME = "marie";

    public static void main(String[] args) {
        System.out.println("dictionary: get(\"a\") = " + Map.of("m", 0.0, "a", 1.0).get("a") + "\n");

        int n = NAME.length();
        double[][] query = new double[n][], key = new double[n][], value = new double[n][];
        for (int t = 0; t < n; t++) {
            boolean vowel = "aeiou".indexOf(NAME.charAt(t)) >= 0;
            // head 0 looks for vowels: channels 0 and 1. Head 1 looks one letter back: channels 2 and 3
            query[t] = new double[] {4, 0, 20 * StrictMath.cos(0.6 * (t - 1)), 20 * StrictMath.sin(0.6 * (t - 1))};
            key[t] = new double[] {vowel ? 1 : 0, vowel ? 0 : 1, StrictMath.cos(0.6 * t), StrictMath.sin(0.6 * t)};
            value[t] = new double[] {vowel ? 1 : 0, t, NAME.charAt(t) == 'r' ? 1 : 0, t};
        }

        System.out.println("head 0 of the last letter");
        System.out.println("key of  score  exp(score)  weight  value");
        double[] weights = weights(query[4], key, 4, 0);
        for (int u = 0; u < n; u++) {
            double score = dot(query[4], key[u], 0);
            System.out.printf(Locale.ROOT, "%c       %.2f   %10.2f  %.4f  %.0f%n", NAME.charAt(u), score,
                    StrictMath.exp(score), weights[u], value[u][0]);
        }
        System.out.printf(Locale.ROOT, "weighted mean of the values: %.4f%n", mean(weights, value, 0));

        double[] result = new double[4 * n];
        for (int head = 0; head < 2; head++) {
            System.out.printf(Locale.ROOT, "%nhead %d     m     a     r     i     e%n", head);
            for (int t = 0; t < n; t++) {
                weights = weights(query[t], key, t, head);
                StringBuilder line = new StringBuilder("     " + NAME.charAt(t));
                for (double weight : weights) { line.append(String.format(Locale.ROOT, "  %.2f", weight)); }
                System.out.println(line);
                for (int c = 2 * head; c < 2 * head + 2; c++) { result[4 * t + c] = mean(weights, value, c); }
            }
        }

        Tensor q = matrix(query, Math.sqrt(2)), k = matrix(key, 1), v = matrix(value, 1);
        double[] library = Tape.inference().causalAttention(q, k, v, 2, Sequences.ofLengths(n)).toArray();
        double worst = 0;
        for (int i = 0; i < result.length; i++) { worst = Math.max(worst, Math.abs(result[i] - library[i])); }
        System.out.println("\nthe library differs by less than 1e-14: " + (worst < 1e-14));

        Gpt gpt = new Gpt(GptConfig.microgpt(27), Parameters.drawnFrom(new PythonRandom(42)));
        int[] tokens = {26, 12, 0, 17, 8, 4}; // .marie
        double[] triangle = gpt.forward(Tape.inference(), Batch.ofPrompt(tokens)).toArray();
        Decoder decoder = gpt.decoder();
        int same = 0;
        for (int t = 0; t < tokens.length; t++) {
            double[] logits = decoder.last(Tape.inference(), Batch.ofPrompt(tokens[t])).toArray();
            for (int i = 0; i < 27; i++) { same += logits[i] == triangle[27 * t + i] ? 1 : 0; }
        }
        System.out.printf(Locale.ROOT, "one token at a time: %d of %d logits have the same bits%n", same,
                triangle.length);
        tokens[5] = 0; // .maria
        double[] changed = gpt.forward(Tape.inference(), Batch.ofPrompt(tokens)).toArray();
        int before = 0;
        for (int i = 0; i < 5 * 27; i++) { before += changed[i] == triangle[i] ? 1 : 0; }
        System.out.printf(Locale.ROOT, "with another last letter: %d of %d logits before it have the same bits%n",
                before, 5 * 27);
    }

    /** Softmax of the scores of the keys up to position t; those after it are not looked at. */
    static double[] weights(double[] query, double[][] key, int t, int head) {
        double[] weights = new double[t + 1];
        double sum = 0;
        for (int u = 0; u <= t; u++) { sum += weights[u] = StrictMath.exp(dot(query, key[u], head)); }
        for (int u = 0; u <= t; u++) { weights[u] /= sum; }
        return weights;
    }

    static double dot(double[] query, double[] key, int head) {
        return query[2 * head] * key[2 * head] + query[2 * head + 1] * key[2 * head + 1];
    }

    static double mean(double[] weights, double[][] value, int channel) {
        double sum = 0;
        for (int u = 0; u < weights.length; u++) { sum += weights[u] * value[u][channel]; }
        return sum;
    }

    /** The library divides scores by the square root of the head's width, here 2. */
    static Tensor matrix(double[][] rows, double factor) {
        double[] data = Arrays.stream(rows).flatMapToDouble(Arrays::stream).map(x -> x * factor).toArray();
        return Tensor.constant(Shape.of(rows.length, rows[0].length), data);
    }
}

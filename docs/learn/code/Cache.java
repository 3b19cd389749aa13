import dev.microgpt.autograd.*;
import dev.microgpt.model.*;
import dev.microgpt.model.random.PythonRandom;
import java.util.*;

/** Chapter 4: counts multiplications, with and without the cache of keys and values. */
public final class Cache {
    /** Counts the multiplications of the two operations that do nearly all of the work. */
    static final class Counter implements TapeListener {
        long weights, attention;

        @Override
        public void onForward(Op op, Tensor y) {
            List<Tensor> in = op.inputs();
            if (op.name().equals("linear")) {
                weights += (long) in.get(0).shape().rows() * in.get(1).shape().size();
            } else if (op.name().equals("causalAttention")) {
                int queries = in.get(0).shape().rows(), keys = in.get(1).shape().rows();
                for (int i = 1; i <= queries; i++) { // one product for the score, one for the mean of the values
                    attention += 2L * (keys - queries + i) * in.get(0).shape().columns();
                }
            }
        }
    }

    public static void main(String[] args) {
        Gpt gpt = new Gpt(GptConfig.microgpt(27), Parameters.drawnFrom(new PythonRandom(42)));
        Counter with = new Counter(), without = new Counter();
        Tape cached = Tape.inference(), plain = Tape.inference();
        cached.addListener(with);
        plain.addListener(without);
        Decoder decoder = gpt.decoder();
        System.out.println("tokens  with cache            without               without / with");
        System.out.println("          weights  attention    weights  attention");
        for (int n = 1; n <= 16; n++) {
            int[] tokens = new int[n];
            decoder.last(cached, Batch.ofPrompt(tokens[n - 1])); // reads the new token
            gpt.decoder().last(plain, Batch.ofPrompt(tokens)); // reads all tokens again
            cached.reset();
            plain.reset();
            if (Integer.bitCount(n) == 1) {
                System.out.printf(Locale.ROOT, "%6d  %9d  %9d  %9d  %9d  %14.2f%n", n, with.weights, with.attention,
                        without.weights, without.attention,
                        (without.weights + without.attention) / (double) (with.weights + with.attention));
            }
        }
        Counter training = new Counter();
        Tape tape = Tape.training();
        tape.addListener(training);
        gpt.forward(tape, Batch.ofPrompt(new int[16]));
        System.out.printf(Locale.ROOT, "%none forward pass of training, 16 tokens at once: %d + %d%n", training.weights,
                training.attention);
        System.out.printf(Locale.ROOT, "the cache holds 2 · 16 · 16 numbers: %d bytes%n", 2 * 16 * 16 * 8);
    }
}

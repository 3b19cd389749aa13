import dev.microgpt.autograd.*;
import dev.microgpt.model.*;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.*;
import dev.microgpt.train.data.*;
import java.nio.file.Path;
import java.util.*;

/** Chapter 5: looks into a trained GPT: its residual stream, what is known after each addition, and its heads. */
public final class Inside {
    static final int CHANNELS = 16, HEADS = 4, LAYERS = 2;

    public static void main(String[] args) throws Exception {
        List<String> names = Documents.read(Path.of(args.length > 0 ? args[0] : "data/names.txt")).texts();
        new PythonRandom(42).shuffle(names);
        CharTokenizer tokenizer = CharTokenizer.fromDocuments(names);
        List<String> training = names.subList(0, names.size() * 8 / 10);
        List<String> test = names.subList(names.size() * 9 / 10, names.size());
        Gpt gpt = new Gpt(GptConfig.microgpt(27).withSizes(LAYERS, HEADS, CHANNELS, 16),
                Parameters.drawnFrom(new PythonRandom(1)));
        new Trainer(gpt, new Batcher(training, tokenizer, 32, 16), new Adam(gpt.parameters().all(), 0.9, 0.99, 1e-8),
                LearningRate.linearDecay(0.01, 200)).run(200);

        List<Tensor[]> additions = new ArrayList<>(); // what was added, to what, and the sum
        List<Tensor[]> attentions = new ArrayList<>(); // queries and keys of a layer
        Tape tape = Tape.inference();
        tape.addListener(new TapeListener() {
            @Override
            public void onForward(Op op, Tensor y) {
                List<Tensor> in = op.inputs();
                if (op.name().equals("add")) { additions.add(new Tensor[] {in.get(0), in.get(1), y}); }
                if (op.name().equals("causalAttention")) { attentions.add(new Tensor[] {in.get(0), in.get(1)}); }
            }
        });
        Batch batch = new DocumentSet(test, tokenizer, 500, 16).batch(0);
        double loss = tape.crossEntropy(gpt.forward(tape, batch), batch.targets()).item();

        System.out.println("stream           norm   added   loss, if the head read it here");
        String[] parts = {"attention", "mlp"};
        for (int i = 1; i < additions.size(); i++) { // the first adds the positions
            Tensor[] add = additions.get(i);
            if (i == 1) { row(tape, gpt, batch, "embedding", add[1], null); }
            row(tape, gpt, batch, "layer " + (i - 1) / 2 + " " + parts[(i - 1) % 2], add[2], add[0]);
        }

        System.out.println("\nhead      looks at:  itself  the one before  BOS     loss without it");
        for (int layer = 0; layer < LAYERS; layer++) {
            for (int head = 0; head < HEADS; head++) {
                double[] at = looks(attentions.get(layer)[0], attentions.get(layer)[1], batch, head);
                double[] wo = gpt.parameters().get("layer" + layer + ".attn_wo").data();
                double[] kept = wo.clone();
                for (int i = 0; i < wo.length; i++) { wo[i] = i % CHANNELS / 4 == head ? 0 : wo[i]; }
                Tape plain = Tape.inference();
                double without = plain.crossEntropy(gpt.forward(plain, batch), batch.targets()).item();
                System.arraycopy(kept, 0, wo, 0, wo.length);
                System.out.printf(Locale.ROOT, "layer %d, %d            %.2f    %.2f            %.2f    %+.4f%n", layer,
                        head, at[0], at[1], at[2], without - loss);
            }
        }
    }

    static void row(Tape tape, Gpt gpt, Batch batch, String name, Tensor x, Tensor added) {
        double here = tape.crossEntropy(tape.linear(x, gpt.parameters().get("lm_head")), batch.targets()).item();
        String plus = added == null ? "     " : String.format(Locale.ROOT, "%5.2f", norm(added));
        System.out.printf(Locale.ROOT, "%-17s%5.2f   %s   %.4f%n", name, norm(x), plus, here);
    }

    /** The length of a row, as of an arrow: the root of its sum of squares; the mean over all rows. */
    static double norm(Tensor x) {
        double sum = 0;
        for (int row = 0; row < x.shape().rows(); row++) {
            double squares = 0;
            for (int i = row * CHANNELS; i < (row + 1) * CHANNELS; i++) { squares += x.data()[i] * x.data()[i]; }
            sum += Math.sqrt(squares);
        }
        return sum / x.shape().rows();
    }

    /** The mean weights that a head gives to its own position, the one before and the first, where there are three. */
    static double[] looks(Tensor q, Tensor k, Batch batch, int head) {
        double[] at = new double[3];
        int n = 0;
        for (int row = 0; row < batch.ids().length; row++) {
            int t = batch.positions()[row];
            if (t < 2) { continue; }
            double[] weights = new double[t + 1];
            double sum = 0;
            for (int u = 0; u <= t; u++) {
                double score = 0;
                for (int c = 4 * head; c < 4 * head + 4; c++) {
                    score += q.data()[row * CHANNELS + c] * k.data()[(row - t + u) * CHANNELS + c];
                }
                sum += weights[u] = StrictMath.exp(score / 2);
            }
            at[0] += weights[t] / sum;
            at[1] += weights[t - 1] / sum;
            at[2] += weights[0] / sum;
            n++;
        }
        for (int i = 0; i < 3; i++) { at[i] /= n; }
        return at;
    }
}

import dev.microgpt.model.*;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.train.*;
import dev.microgpt.train.data.*;
import java.nio.file.Path;
import java.util.*;

/** Chapter 6: follows one weight of a GPT through its first steps with Adam. */
public final class OneWeight {
    static final double BETA1 = 0.85, BETA2 = 0.99, EPS = 1e-8, RATE = 0.01;

    public static void main(String[] args) throws Exception {
        List<String> names = Documents.read(Path.of(args.length > 0 ? args[0] : "data/names.txt")).texts();
        PythonRandom random = new PythonRandom(42);
        random.shuffle(names);
        CharTokenizer tokenizer = CharTokenizer.fromDocuments(names);
        Gpt gpt = new Gpt(GptConfig.microgpt(27), Parameters.drawnFrom(random));
        Batcher batcher = new Batcher(names, tokenizer, 1, 16);
        Adam adam = new Adam(gpt.parameters().all(), BETA1, BETA2, EPS);
        Trainer trainer = new Trainer(gpt, batcher, adam, LearningRate.linearDecay(RATE, 1000));

        Parameter p = gpt.parameters().get("layer0.mlp_fc2"); // the first of its 1,024 weights
        double m = 0, v = 0, w = p.data()[0];
        System.out.printf(Locale.ROOT, "the weight begins at %+.6f%n%n", w);
        System.out.println("step  loss     gradient         m          v         m/c   root(v/c)   change     weight");
        for (int t = 1; t <= 8; t++) {
            Batch batch = batcher.batch(t - 1);
            double loss = trainer.addGradients(batch, batch.targets().length);
            double g = p.grad()[0];
            m = BETA1 * m + (1 - BETA1) * g;
            v = BETA2 * v + (1 - BETA2) * g * g;
            double mean = m / (1 - StrictMath.pow(BETA1, t)), square = v / (1 - StrictMath.pow(BETA2, t));
            double rate = RATE * (1 - (t - 1) / 1000.0), update = rate * mean / (Math.sqrt(square) + EPS);
            w -= update;
            trainer.update(rate);
            System.out.printf(Locale.ROOT, "%4d  %.4f  %+.6f  %+.6f  %.3e  %+.6f  %.6f  %+.6f  %+.6f%n", t, loss, g,
                    m, v, mean, Math.sqrt(square), -update, w);
        }
        System.out.println("\nthe library's weight differs by less than 1e-15: " + (Math.abs(w - p.data()[0]) < 1e-15));
    }
}

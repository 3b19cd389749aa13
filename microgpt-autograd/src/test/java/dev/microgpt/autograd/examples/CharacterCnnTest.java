package dev.microgpt.autograd.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A convolution over characters: it finds "cab" in words of ten letters from a to f, wherever it stands. */
class CharacterCnnTest {
    private static final int WORDS = 64;
    private final Random random = new Random(2);
    private final Parameter letters = uniform("letters", 6, 4);
    private final Parameter filters = uniform("filters", 8, 3 * 4); // each sees three letters
    private final Parameter bias = uniform("bias", 8);
    private final Parameter readout = uniform("readout", 1, 8);
    private final Parameter threshold = uniform("threshold", 1);
    private final int[] ids = new int[10 * WORDS];
    private final double[] labels = new double[WORDS];

    private Parameter uniform(String name, int... dims) {
        double[] numbers = random.doubles(Shape.of(dims).size(), -0.5, 0.5).toArray();
        return new Parameter(name, Shape.of(dims), numbers);
    }

    /** Draws words, every other one with a "cab": letter {@code t} of word {@code i} is {@code ids[t · WORDS + i]}. */
    private void draw() {
        for (int i = 0; i < WORDS; i++) {
            StringBuilder word = new StringBuilder();
            random.ints(10, 'a', 'g').forEach(letter -> word.append((char) letter));
            word.insert(i % 2 == 0 ? random.nextInt(8) : 10, "cab").setLength(10); // cuts off what is behind
            labels[i] = word.indexOf("cab") < 0 ? 0 : 1;
            for (int t = 0; t < 10; t++) {
                ids[t * WORDS + i] = word.charAt(t) - 'a';
            }
        }
    }

    /** Returns the logits that the words have a "cab", shape (WORDS, 1). */
    private Tensor logits(Tape tape) {
        Tensor x = tape.embedding(letters, ids);
        Tensor second = tape.sliceRows(x, WORDS, 9 * WORDS);
        Tensor third = tape.sliceRows(x, 2 * WORDS, 10 * WORDS);
        Tensor triples = tape.concatenateColumns(tape.sliceRows(x, 0, 8 * WORDS), second, third);
        Tensor found = tape.relu(tape.linear(triples, filters, bias));
        Tensor most = tape.sliceRows(found, 0, WORDS);
        for (int t = 1; t < 8; t++) {
            most = tape.maximum(most, tape.sliceRows(found, t * WORDS, (t + 1) * WORDS));
        }
        return tape.linear(most, readout, threshold);
    }

    @Test
    void wordsWithThePatternAreToldFromOthers() {
        double[] losses = new double[200];
        Tape tape = Tape.training();
        for (int step = 0; step < 200; step++) {
            draw();
            Tensor loss = tape.binaryCrossEntropyWithLogits(logits(tape), labels);
            tape.backward(loss);
            losses[step] = loss.item();
            for (Parameter p : List.of(letters, filters, bias, readout, threshold)) {
                tape.kernels().axpy(-1.0, p.grad(), 0, p.data(), 0, p.shape().size());
                p.zeroGrad();
            }
            tape.reset();
        }
        assertTrue(losses[0] > 0.6 && losses[199] < 0.05, "losses: " + losses[0] + ", …, " + losses[199]);
        draw();
        double[] logits = logits(Tape.inference()).toArray();
        for (int i = 0; i < WORDS; i++) {
            assertTrue(logits[i] > 0 == labels[i] > 0, "word " + i);
        }
    }
}

package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DropoutTest {
    private static final CounterRandom FIRST = new CounterRandom(11);
    private static final CounterRandom SECOND = new CounterRandom(12);

    @Test
    void keptElementsAreScaledSoThatTheMeanStays() {
        int n = 100_000;
        Tensor y = dropout(0.2, Sequences.ofLengths(n), ones(n, 1), FIRST);
        int dropped = 0;
        for (double factor : y.toArray()) {
            assertTrue(factor == 0.0 || factor == 1.25, "factor " + factor);
            dropped += factor == 0.0 ? 1 : 0;
        }
        assertEquals(0.2 * n, dropped, 5 * Math.sqrt(n * 0.2 * 0.8), "five standard deviations");
    }

    @Test
    void rateOfZeroChangesNothing() {
        Parameter x = Sizes.of(5, 3, 1).matrix("x");
        assertArrayEquals(
                x.toArray(), dropout(0, Sequences.ofLengths(5), x, FIRST).toArray());
    }

    @Test
    void sequencePackedWithOthersDropsWhatItDropsAlone() {
        double[] together = dropout(0.5, Sequences.ofLengths(300, 700), ones(1000, 3), FIRST, SECOND)
                .toArray();
        double[] alone =
                dropout(0.5, Sequences.ofLengths(700), ones(700, 3), SECOND).toArray();
        assertArrayEquals(alone, Arrays.copyOfRange(together, 900, 3000));
    }

    @Test
    void attentionOfASequencePackedWithOthersDropsWhatItDropsAlone() {
        Sizes sizes = Sizes.of(130, 8, 1);
        Tensor q = sizes.matrix("q");
        Tensor k = sizes.matrix("k");
        Tensor v = sizes.matrix("v");
        Sequences both = Sequences.ofLengths(40, 90);
        Tape tape = Tape.inference();
        double[] together = tape.apply(new CausalAttention(
                        q, k, v, 2, both, both, new DropoutMask(0.4, FIRST, SECOND), 0.5, CausalAttention.ALL))
                .toArray();
        Sequences one = Sequences.ofLengths(90);
        double[] alone = tape.apply(new CausalAttention(
                        last(q, 90),
                        last(k, 90),
                        last(v, 90),
                        2,
                        one,
                        one,
                        new DropoutMask(0.4, SECOND),
                        0.5,
                        CausalAttention.ALL))
                .toArray();
        assertArrayEquals(alone, Arrays.copyOfRange(together, 40 * 8, 130 * 8));
    }

    /** With values that tell the position, an output of attention shows which of them took part. */
    @Test
    void attentionDropsProbabilitiesByHeadQueryAndKey() {
        int length = 70;
        Sequences one = Sequences.ofLengths(length);
        Tensor equal = Tensor.constant(Shape.of(length, 2), new double[2 * length]); // so every key counts the same
        Tensor positions = Tensor.constant(Shape.of(length, 2), new double[2 * length]);
        for (int key = 0; key < length; key++) {
            Arrays.fill(positions.data(), 0.0);
            positions.data()[2 * key] = 1.0;
            positions.data()[2 * key + 1] = 1.0;
            double[] y = Tape.inference()
                    .apply(new CausalAttention(
                            equal,
                            equal,
                            positions,
                            2,
                            one,
                            one,
                            new DropoutMask(0.3, FIRST),
                            1.0,
                            CausalAttention.ALL))
                    .toArray();
            for (int query = key; query < length; query++) {
                for (long head = 0; head < 2; head++) {
                    boolean dropped = FIRST.uniform((head << 48) | ((long) query << 24) | key) < 0.3;
                    double expected = dropped ? 0.0 : 1.0 / (1 - 0.3) / (query + 1);
                    assertEquals(expected, y[2 * query + (int) head], 1e-15, "query " + query + ", key " + key);
                }
            }
        }
    }

    private static Tensor last(Tensor x, int rows) {
        int size = rows * x.shape().columns();
        double[] all = x.toArray();
        return Tensor.constant(
                Shape.of(rows, x.shape().columns()), Arrays.copyOfRange(all, all.length - size, all.length));
    }

    private static Tensor ones(int rows, int columns) {
        double[] ones = new double[rows * columns];
        Arrays.fill(ones, 1.0);
        return Tensor.constant(Shape.of(rows, columns), ones);
    }

    private static Tensor dropout(double rate, Sequences sequences, Tensor x, CounterRandom... streams) {
        return Tape.inference().dropout(x, sequences, new DropoutMask(rate, streams));
    }
}

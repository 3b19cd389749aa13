package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.kernel.scalar.ScalarKernels;
import dev.microgpt.autograd.kernel.thread.WorkerPool;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sequences of several blocks of queries, so long that {@code backward} recomputes the probabilities: everything
 * equals attention from operations on single matrices, {@code softmax(q·kᵀ/√d + mask)·v}.
 */
class LongAttentionTest {
    private static final Kernels KERNELS = new ScalarKernels("scalar", new WorkerPool(1));

    private static final int HEADS = 2;
    private static final int D = 16;
    private static final int C = HEADS * D;

    private final Random random = new Random(11);

    /** Up to 256 positions probabilities are kept; blocks have 256 rows at most, here. */
    @ParameterizedTest
    @ValueSource(ints = {255, 256, 257, 300, 513, 520})
    void outputsAndGradientsAreThoseOfSingleMatrices(int length) {
        compare(length, length, HEADS, CausalAttention.ALL, null);
    }

    @Test
    void aPastMayBeLonger() {
        compare(40, 420, HEADS, CausalAttention.ALL, null);
        compare(270, 600, 1, CausalAttention.ALL, null);
        compare(40, 420, 1, 33, null);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100, 300})
    void headsMayShareKeysAndValues(int length) {
        compare(length, length, 1, CausalAttention.ALL, null);
    }

    /** Windows shorter and longer than a strip, than a block, than the sequence, and just as long. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 15, 63, 64, 65, 70, 100, 255, 256, 299, 300, 301})
    void aWindowHidesEarlierKeys(int window) {
        compare(300, 300, window % 2 == 0 ? 1 : HEADS, window, null);
        compare(90, 90, window % 2 == 0 ? HEADS : 1, window, null);
    }

    @Test
    void theMaskOfDropoutIsTheSameWhereProbabilitiesAreComputedAgain() {
        compare(300, 300, HEADS, CausalAttention.ALL, dropout());
        compare(300, 300, 1, CausalAttention.ALL, dropout());
        compare(300, 300, 1, 70, dropout());
        compare(300, 300, HEADS, 290, dropout());
    }

    private static DropoutMask dropout() {
        return new DropoutMask(0.3, new CounterRandom[] {new CounterRandom(5)});
    }

    private void compare(int queries, int keys, int keyHeads, int window, @Nullable DropoutMask dropout) {
        Parameter q = parameter("q", queries, C);
        Parameter k = parameter("k", keys, keyHeads * D);
        Parameter v = parameter("v", keys, keyHeads * D);
        double[] weights = numbers(queries * C);
        Tape tape = Tape.training();
        double scale = 1.0 / Math.sqrt(D);
        Tensor y = tape.apply(new CausalAttention(
                q, k, v, HEADS, Sequences.ofLengths(queries), Sequences.ofLengths(keys), dropout, scale, window));
        tape.backward(tape.sum(tape.multiply(y, Tensor.constant(y.shape(), weights))));
        int group = HEADS / keyHeads;
        for (int keyHead = 0; keyHead < keyHeads; keyHead++) {
            Parameter kh = head(k, keyHead);
            Parameter vh = head(v, keyHead);
            for (int head = keyHead * group; head < (keyHead + 1) * group; head++) {
                Parameter qh = head(q, head);
                Tape other = Tape.training();
                Tensor scores = other.scale(other.linear(qh, kh), scale);
                Tensor p = other.softmax(other.add(scores, mask(queries, keys, window)));
                if (dropout != null) {
                    p = other.multiply(p, factors(dropout, head, queries, keys));
                }
                Tensor yh = other.matmul(p, vh);
                double[] part = head(weights, C, head);
                other.backward(other.sum(other.multiply(yh, Tensor.constant(yh.shape(), part))));
                assertArrayEquals(yh.toArray(), head(y.toArray(), C, head), 1e-13, "y of head " + head);
                assertArrayEquals(qh.grad(), head(q.grad(), C, head), 1e-12, "dq of head " + head);
            }
            assertArrayEquals(kh.grad(), head(k.grad(), keyHeads * D, keyHead), 1e-12, "dk of head " + keyHead);
            assertArrayEquals(vh.grad(), head(v.grad(), keyHeads * D, keyHead), 1e-12, "dv of head " + keyHead);
        }
    }

    private static Tensor mask(int queries, int keys, int window) {
        double[] mask = new double[queries * keys];
        for (int i = 0; i < queries; i++) {
            int seen = keys - queries + i + 1;
            Arrays.fill(mask, i * keys, i * keys + Math.max(0, seen - window), Double.NEGATIVE_INFINITY);
            Arrays.fill(mask, i * keys + seen, (i + 1) * keys, Double.NEGATIVE_INFINITY);
        }
        return Tensor.constant(Shape.of(queries, keys), mask);
    }

    private static Tensor factors(DropoutMask dropout, int head, int queries, int keys) {
        double[] factors = new double[queries * keys];
        Arrays.fill(factors, 1.0);
        for (int i = 0; i < queries; i++) {
            int position = keys - queries + i;
            long index = ((long) head << 48) | ((long) position << 24);
            dropout.apply(KERNELS, 0, index, factors, i * keys, factors, i * keys, position + 1, false);
        }
        return Tensor.constant(Shape.of(queries, keys), factors);
    }

    /** Whatever is computed in one block or several, kept or computed again: the bits are those of its tokens. */
    @Test
    void theBeginningOfALongSequenceHasTheBitsOfAShortOne() {
        Parameter q = parameter("q", 600, C);
        Parameter k = parameter("k", 600, C);
        Parameter v = parameter("v", 600, C);
        double[] all = attend(q, k, v, 600, 600);
        for (int length : new int[] {1, 8, 64, 200, 256, 257, 511, 513}) {
            assertSameBits(attend(q, k, v, length, length), all, 0, "the first " + length);
            assertSameBits(attend(q, k, v, length, 600), all, 600 - length, "the last " + length);
        }
    }

    /** The last so many of the first {@code keys} tokens. */
    private static double[] attend(Parameter q, Parameter k, Parameter v, int queries, int keys) {
        double[] data = Arrays.copyOfRange(q.data(), (keys - queries) * C, keys * C);
        return Tape.inference()
                .apply(new CausalAttention(
                        Tensor.constant(Shape.of(queries, C), data),
                        Tensor.constant(Shape.of(keys, C), Arrays.copyOf(k.data(), keys * C)),
                        Tensor.constant(Shape.of(keys, C), Arrays.copyOf(v.data(), keys * C)),
                        HEADS,
                        Sequences.ofLengths(queries),
                        Sequences.ofLengths(keys)))
                .toArray();
    }

    private static void assertSameBits(double[] part, double[] all, int row, String what) {
        for (int i = 0; i < part.length; i++) {
            long expected = Double.doubleToRawLongBits(all[row * C + i]);
            assertEquals(expected, Double.doubleToRawLongBits(part[i]), what + ", number " + i);
        }
    }

    private Parameter parameter(String name, int rows, int columns) {
        return new Parameter(name, Shape.of(rows, columns), numbers(rows * columns));
    }

    private double[] numbers(int count) {
        return random.doubles(count, -2, 2).toArray();
    }

    private static Parameter head(Parameter whole, int head) {
        Shape shape = whole.shape();
        return new Parameter(whole.name(), Shape.of(shape.rows(), D), head(whole.data(), shape.columns(), head));
    }

    /** Copies the columns of one head. */
    private static double[] head(double[] whole, int columns, int head) {
        double[] part = new double[whole.length / columns * D];
        for (int row = 0; row < whole.length / columns; row++) {
            System.arraycopy(whole, row * columns + head * D, part, row * D, D);
        }
        return part;
    }
}

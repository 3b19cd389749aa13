package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.shape.Gather;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The details of an operation are the numbers that its output was computed from: computing it again gives its bits. */
class OpDetailsTest {
    private final Tape tape = Tape.inference();
    private final Random random = new Random(20261129);

    @Test
    void attentionMixesTheValuesByItsProbabilities() {
        for (int run = 0; run < 60; run++) {
            int keyHeads = 1 + random.nextInt(3);
            int heads = keyHeads * (1 + random.nextInt(3));
            int d = 2 + random.nextInt(5);
            int keys = 1 + random.nextInt(run < 50 ? 40 : 300);
            int queries = run % 3 == 0 ? 1 + random.nextInt(keys) : keys;
            int window = run % 2 == 0 ? CausalAttention.ALL : 1 + random.nextInt(keys);
            Tensor q = matrix(queries, heads * d);
            Tensor k = matrix(keys, keyHeads * d);
            Tensor v = matrix(keys, keyHeads * d);
            double scale = 0.1 + random.nextDouble();
            CausalAttention attention = new CausalAttention(
                    q, k, v, heads, Sequences.ofLengths(queries), Sequences.ofLengths(keys), null, scale, window);
            double[] y = tape.apply(attention).toArray();
            Map<String, Tensor> details = attention.details();
            double[] scores = details.get("scores").data();
            double[] p = details.get("probabilities").data();
            assertEquals(Shape.of(heads, queries, keys), details.get("scores").shape());
            for (int h = 0; h < heads; h++) {
                int group = h / (heads / keyHeads) * d;
                for (int t = 0; t < queries; t++) {
                    int row = (h * queries + t) * keys;
                    int position = keys - queries + t;
                    double[] mix = new double[d];
                    double sum = 0;
                    for (int u = 0; u < keys; u++) {
                        boolean seen = u <= position && u > position - window;
                        double score = 0;
                        for (int j = 0; seen && j < d; j++) {
                            score = Math.fma(
                                    q.data()[t * heads * d + h * d + j], k.data()[u * keyHeads * d + group + j], score);
                            mix[j] = Math.fma(p[row + u], v.data()[u * keyHeads * d + group + j], mix[j]);
                        }
                        assertSameBits(score, scores[row + u]);
                        assertTrue(seen ? p[row + u] > 0 : p[row + u] == 0);
                        sum += p[row + u];
                    }
                    assertEquals(1, sum, 1e-12);
                    for (int j = 0; j < d; j++) {
                        assertSameBits(mix[j], y[t * heads * d + h * d + j]);
                    }
                }
            }
            tape.reset();
        }
    }

    @Test
    void attentionOfSeveralSequencesGivesThemOneByOne() {
        Tensor x = matrix(5, 4);
        Sequences two = Sequences.ofLengths(2, 3);
        CausalAttention packed = new CausalAttention(x, x, x, 2, two, two);
        tape.apply(packed);
        assertEquals(Map.of(), packed.details());
        Tensor second = Tensor.constant(Shape.of(3, 4), Arrays.copyOfRange(x.data(), 8, 20));
        Sequences one = Sequences.ofLengths(3);
        CausalAttention alone = new CausalAttention(second, second, second, 2, one, one);
        assertArrayEquals(alone.probabilities(0), packed.probabilities(1));
        assertArrayEquals(alone.scores(0), packed.scores(1));
        assertThrows(IllegalArgumentException.class, () -> packed.probabilities(2));
    }

    @Test
    void normsMultiplyByTheirFactors() {
        Tensor x = matrix(3, 5);
        RmsNorm rms = new RmsNorm(x, 1e-5);
        double[] y = tape.apply(rms).toArray();
        Tensor gain = row(5);
        RmsNormGain rmsGain = new RmsNormGain(x, gain, 1e-5);
        double[] gained = tape.apply(rmsGain).toArray();
        Tensor bias = row(5);
        LayerNorm layer = new LayerNorm(x, gain, bias, 1e-5);
        double[] z = tape.apply(layer).toArray();
        double[] factor = rms.details().get("factor").data();
        assertArrayEquals(factor, rmsGain.details().get("factor").data());
        double[] normalized = layer.details().get("normalized").data();
        double[] spread = layer.details().get("factor").data();
        for (int t = 0; t < 3; t++) {
            double mean = 0;
            for (int c = 0; c < 5; c++) {
                int i = t * 5 + c;
                assertSameBits(x.data()[i] * factor[t], y[i]);
                assertSameBits(y[i] * gain.data()[c], gained[i]);
                assertSameBits(Math.fma(normalized[i], gain.data()[c], bias.data()[c]), z[i]);
                mean += x.data()[i] / 5;
            }
            assertEquals((x.data()[t * 5] - mean) * spread[t], normalized[t * 5], 1e-12);
        }
    }

    @Test
    void pairsAreTurnedByTheirAngles() {
        Tensor x = matrix(3, 8);
        for (int kept : new int[] {4, 64}) {
            Rotary rotary = new Rotary(x, 2, new RotaryTable(4, 100, kept), 0, 7, 3);
            double[] y = tape.apply(rotary).toArray();
            double[] cos = rotary.details().get("cos").data();
            double[] sin = rotary.details().get("sin").data();
            for (int t = 0; t < 3; t++) {
                for (int i = 0; i < 2; i++) {
                    double a = x.data()[t * 8 + 4 + i];
                    double b = x.data()[t * 8 + 6 + i];
                    assertSameBits(a * cos[t * 2 + i] - b * sin[t * 2 + i], y[t * 8 + 4 + i]);
                }
            }
        }
    }

    @Test
    void lossIsTheMeanOfThoseOfTheRows() {
        Tensor logits = matrix(3, 4);
        CrossEntropy loss = new CrossEntropy(logits, new int[] {2, 0, 3}, 3);
        double mean = tape.apply(loss).item();
        double[] rows = loss.details().get("loss").data();
        assertSameBits((rows[0] + rows[1] + rows[2]) / 3, mean);
        double[] p = loss.details().get("probabilities").data();
        assertArrayEquals(tape.softmax(logits).toArray(), p);
        assertEquals(-Math.log(p[2]), rows[0], 1e-14);
    }

    @Test
    void lookUpsTellWhatTheyRead() {
        Tensor table = matrix(4, 3);
        Embedding embedding = new Embedding(table, 3, 0);
        assertArrayEquals(new double[] {3, 0}, embedding.details().get("rows").data());
        Gather gather = new Gather(table, 2, 0, 1, 2);
        assertArrayEquals(
                new double[] {2, 0, 1, 2}, gather.details().get("columns").data());
    }

    @Test
    void detailsStayValidAndOthersHaveNone() {
        RmsNorm norm = new RmsNorm(matrix(2, 2), 1e-5);
        tape.apply(norm);
        Tensor factor = norm.details().get("factor");
        double[] before = factor.toArray();
        tape.reset();
        tape.apply(new RmsNorm(matrix(2, 2), 1e-5));
        assertArrayEquals(before, factor.data());
        Op other = new Softmax(matrix(1, 2));
        assertEquals(Map.of(), other.details());
    }

    private Tensor matrix(int rows, int columns) {
        return Tensor.constant(Shape.of(rows, columns), gaussian(rows * columns));
    }

    private Tensor row(int columns) {
        return Tensor.constant(Shape.of(columns), gaussian(columns));
    }

    private double[] gaussian(int n) {
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = random.nextGaussian();
        }
        return x;
    }

    private static void assertSameBits(double expected, double actual) {
        assertEquals(Double.doubleToLongBits(expected), Double.doubleToLongBits(actual), expected + " and " + actual);
    }
}

package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** What holds bit for bit: the past does not see the future, and neither company nor a cache changes a result. */
class CausalAttentionLawsTest {
    private static final int C = 12;
    private static final int LONGEST = 90; // nearly three blocks of scores
    private static final long SEED = 20260101;

    private final Random random = new Random(SEED);
    private int compared;

    @Test
    void laterTokenDoesNotChangeEarlierOutputs(TestReporter reporter) {
        for (int run = 0; run < 100; run++) {
            int length = 2 + random.nextInt(LONGEST - 1);
            int heads = 1 + random.nextInt(4);
            Rows whole = new Rows(length);
            double[] before = whole.attend(heads, Sequences.ofLengths(length));
            int changed = 1 + random.nextInt(length - 1);
            whole.fill(changed, 1);
            double[] after = whole.attend(heads, Sequences.ofLengths(length));
            assertSameBits(before, 0, after, 0, changed * C, "token " + changed + " of " + length);
            assertNotEquals(before[changed * C], after[changed * C]);
        }
        report(reporter);
    }

    @Test
    void sequenceAloneEqualsTheSameAmongOthers(TestReporter reporter) {
        for (int run = 0; run < 60; run++) {
            int heads = 1 + random.nextInt(4);
            int[] lengths = random.ints(1 + random.nextInt(5), 1, LONGEST).toArray();
            Sequences packed = Sequences.ofLengths(lengths);
            Rows batch = new Rows(packed.rows());
            double[] together = batch.attend(heads, packed);
            for (int s = 0; s < packed.count(); s++) {
                double[] alone = batch.part(packed.start(s), packed.length(s))
                        .attend(heads, Sequences.ofLengths(packed.length(s)));
                assertSameBits(
                        alone, 0, together, packed.start(s) * C, alone.length, "sequence " + s + " of " + packed);
            }
        }
        report(reporter);
    }

    @Test
    void queriesWithCachedKeysEqualTheWhole(TestReporter reporter) {
        for (int run = 0; run < 400; run++) {
            int length = 1 + random.nextInt(LONGEST);
            int heads = 1 + random.nextInt(4);
            int queries = run % 2 == 0 ? 1 : 1 + random.nextInt(length);
            Rows all = new Rows(length);
            double[] whole = all.attend(heads, Sequences.ofLengths(length));
            double[] cached = attend(
                    all.part(length - queries, queries).q,
                    all.k,
                    all.v,
                    heads,
                    Sequences.ofLengths(queries),
                    Sequences.ofLengths(length));
            assertSameBits(
                    whole, (length - queries) * C, cached, 0, queries * C, queries + " last queries of " + length);
        }
        report(reporter);
    }

    @Test
    void oneTokenAtATimeEqualsTheWhole(TestReporter reporter) {
        for (int run = 0; run < 20; run++) {
            int heads = 1 + random.nextInt(4);
            Rows all = new Rows(LONGEST);
            double[] whole = all.attend(heads, Sequences.ofLengths(LONGEST));
            for (int t = 0; t < LONGEST; t++) {
                Rows seen = all.part(0, t + 1);
                double[] one = attend(
                        all.part(t, 1).q, seen.k, seen.v, heads, Sequences.ofLengths(1), Sequences.ofLengths(t + 1));
                assertSameBits(whole, t * C, one, 0, C, "token " + t);
            }
        }
        report(reporter);
    }

    @Test
    void orderOfSequencesOnlyMovesTheResults(TestReporter reporter) {
        for (int run = 0; run < 60; run++) {
            int first = 1 + random.nextInt(LONGEST);
            int second = 1 + random.nextInt(LONGEST);
            Rows there = new Rows(first + second);
            Rows back = there.part(first, second).followedBy(there.part(0, first));
            double[] a = there.attend(2, Sequences.ofLengths(first, second));
            double[] b = back.attend(2, Sequences.ofLengths(second, first));
            assertSameBits(a, 0, b, second * C, first * C, "the first of two");
            assertSameBits(a, first * C, b, 0, second * C, "the second of two");
        }
        report(reporter);
    }

    @Test
    void scaleOfScoresMultipliesQueries() {
        for (int run = 0; run < 20; run++) {
            Rows rows = new Rows(1 + random.nextInt(LONGEST));
            Sequences all = Sequences.ofLengths(rows.q.length / C);
            double[] larger = rows.q.clone();
            for (int i = 0; i < larger.length; i++) {
                larger[i] *= 4; // a power of two changes no digit
            }
            double scale = 1.0 / Math.sqrt(C / 2);
            double[] usual = attend(larger, rows.k, rows.v, 2, all, all);
            double[] scaled = Tape.inference()
                    .apply(new CausalAttention(
                            matrix(rows.q), matrix(rows.k), matrix(rows.v), 2, all, all, null, 4 * scale))
                    .toArray();
            assertSameBits(usual, 0, scaled, 0, usual.length, "scaled");
        }
    }

    private void report(TestReporter reporter) {
        assertTrue(compared > 20_000, "only " + compared + " numbers were compared");
        reporter.publishEntry("compared", compared + " numbers, 0 differ, seed " + SEED);
    }

    private void assertSameBits(double[] a, int aOffset, double[] b, int bOffset, int n, String what) {
        for (int i = 0; i < n; i++) {
            double x = a[aOffset + i];
            double y = b[bOffset + i];
            assertEquals(Double.doubleToRawLongBits(x), Double.doubleToRawLongBits(y), what + ", number " + i);
        }
        compared += n;
    }

    private static double[] attend(double[] q, double[] k, double[] v, int heads, Sequences queries, Sequences keys) {
        return Tape.inference()
                .apply(new CausalAttention(matrix(q), matrix(k), matrix(v), heads, queries, keys))
                .toArray();
    }

    private static Tensor matrix(double[] data) {
        return Tensor.constant(Shape.of(data.length / C, C), data);
    }

    /** Queries, keys and values of some tokens. */
    private final class Rows {
        final double[] q;
        final double[] k;
        final double[] v;

        Rows(int count) {
            this(new double[count * C], new double[count * C], new double[count * C]);
            fill(0, count);
        }

        private Rows(double[] q, double[] k, double[] v) {
            this.q = q;
            this.k = k;
            this.v = v;
        }

        void fill(int first, int count) {
            for (int i = first * C; i < (first + count) * C; i++) {
                q[i] = random.nextGaussian();
                k[i] = random.nextGaussian();
                v[i] = random.nextGaussian();
            }
        }

        Rows part(int first, int count) {
            int from = first * C;
            int to = from + count * C;
            return new Rows(
                    Arrays.copyOfRange(q, from, to), Arrays.copyOfRange(k, from, to), Arrays.copyOfRange(v, from, to));
        }

        Rows followedBy(Rows other) {
            return new Rows(concat(q, other.q), concat(k, other.k), concat(v, other.v));
        }

        double[] attend(int heads, Sequences sequences) {
            return CausalAttentionLawsTest.attend(q, k, v, heads, sequences, sequences);
        }

        private static double[] concat(double[] a, double[] b) {
            double[] both = Arrays.copyOf(a, a.length + b.length);
            System.arraycopy(b, 0, both, a.length, b.length);
            return both;
        }
    }
}

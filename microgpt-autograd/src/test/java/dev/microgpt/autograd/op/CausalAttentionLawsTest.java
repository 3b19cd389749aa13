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
                            matrix(rows.q),
                            matrix(rows.k),
                            matrix(rows.v),
                            2,
                            all,
                            all,
                            null,
                            4 * scale,
                            CausalAttention.ALL))
                    .toArray();
            assertSameBits(usual, 0, scaled, 0, usual.length, "scaled");
        }
    }

    /** One token at a time, the keys that its window hides are gone; several in a row, blocks begin at other keys. */
    @Test
    void inAWindowTokensWithTheirLastKeysEqualTheWhole(TestReporter reporter) {
        for (int run = 0; run < 400; run++) {
            int length = 1 + random.nextInt(2 * LONGEST);
            int window = 1 + random.nextInt(run % 2 == 0 ? 12 : LONGEST);
            int heads = 1 + random.nextInt(4);
            Rows all = new Rows(length);
            double[] whole = all.attend(heads, Sequences.ofLengths(length), window);
            int first = random.nextInt(length);
            int queries = run % 3 == 0 ? 1 : 1 + random.nextInt(length - first);
            int firstKey = Math.max(0, first - window + 1);
            Rows seen = all.part(firstKey, first + queries - firstKey);
            double[] part = attend(
                    all.part(first, queries).q,
                    seen.k,
                    seen.v,
                    heads,
                    Sequences.ofLengths(queries),
                    Sequences.ofLengths(first + queries - firstKey),
                    window);
            assertSameBits(whole, first * C, part, 0, queries * C, queries + " from " + first + " of " + length);
        }
        report(reporter);
    }

    @Test
    void whatAWindowHidesHasNoEffectWhateverItIs(TestReporter reporter) {
        for (int run = 0; run < 200; run++) {
            int length = 1 + random.nextInt(2 * LONGEST);
            int window = 1 + random.nextInt(run % 2 == 0 ? 12 : LONGEST);
            Rows all = new Rows(length);
            double[] before = all.attend(2, Sequences.ofLengths(length), window);
            int broken = random.nextInt(length);
            Arrays.fill(all.k, broken * C, broken * C + C, Double.NaN);
            Arrays.fill(all.v, broken * C, broken * C + C, Double.NaN);
            double[] after = all.attend(2, Sequences.ofLengths(length), window);
            assertSameBits(before, 0, after, 0, broken * C, "before " + broken);
            int unseen = Math.min(length, broken + window);
            assertSameBits(before, unseen * C, after, unseen * C, (length - unseen) * C, "after " + broken);
            for (int i = broken * C; i < unseen * C; i++) {
                assertTrue(Double.isNaN(after[i]), "number " + i + " sees a NaN");
            }
        }
        report(reporter);
    }

    @Test
    void sharedHeadsHaveTheBitsOfRepeatedOnes(TestReporter reporter) {
        for (int run = 0; run < 100; run++) {
            int length = 1 + random.nextInt(LONGEST);
            int window = run % 2 == 0 ? CausalAttention.ALL : 1 + random.nextInt(LONGEST);
            Rows rows = new Rows(length);
            double[] k = part(rows.k, C / 2);
            double[] v = part(rows.v, C / 2);
            Sequences all = Sequences.ofLengths(length);
            double[] repeated = attend(rows.q, twice(k), twice(v), 4, all, all, window);
            double scale = 1.0 / Math.sqrt(C / 4);
            Tensor shared = Tape.inference()
                    .apply(new CausalAttention(
                            matrix(rows.q),
                            Tensor.constant(Shape.of(length, C / 2), k),
                            Tensor.constant(Shape.of(length, C / 2), v),
                            4,
                            all,
                            all,
                            null,
                            scale,
                            window));
            assertSameBits(repeated, 0, shared.toArray(), 0, repeated.length, "2 heads for 4");
        }
        report(reporter);
    }

    /** The first columns of each row. */
    private static double[] part(double[] rows, int columns) {
        double[] part = new double[rows.length / C * columns];
        for (int i = 0; i < part.length; i++) {
            part[i] = rows[i / columns * C + i % columns];
        }
        return part;
    }

    /** Each half of a row twice: the two heads of a quarter of C for heads 0 and 1, 2 and 3. */
    private static double[] twice(double[] halves) {
        double[] whole = new double[2 * halves.length];
        int d = C / 4;
        for (int i = 0; i < whole.length; i++) {
            int head = i % C / d;
            whole[i] = halves[i / C * (C / 2) + head / 2 * d + i % d];
        }
        return whole;
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
        return attend(q, k, v, heads, queries, keys, CausalAttention.ALL);
    }

    private static double[] attend(
            double[] q, double[] k, double[] v, int heads, Sequences queries, Sequences keys, int window) {
        double scale = 1.0 / Math.sqrt(C / heads);
        return Tape.inference()
                .apply(new CausalAttention(matrix(q), matrix(k), matrix(v), heads, queries, keys, null, scale, window))
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
            return attend(heads, sequences, CausalAttention.ALL);
        }

        double[] attend(int heads, Sequences sequences, int window) {
            return CausalAttentionLawsTest.attend(q, k, v, heads, sequences, sequences, window);
        }

        private static double[] concat(double[] a, double[] b) {
            double[] both = Arrays.copyOf(a, a.length + b.length);
            System.arraycopy(b, 0, both, a.length, b.length);
            return both;
        }
    }
}

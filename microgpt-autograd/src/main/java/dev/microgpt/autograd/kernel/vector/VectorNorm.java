package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.Kernels.LANES;
import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;

import dev.microgpt.autograd.kernel.scalar.ScalarNorm;
import jdk.incubator.vector.DoubleVector;
import org.jspecify.annotations.Nullable;

/** {@link ScalarNorm} with vectors, with the same bits, for rows whose length is a multiple of the lanes. */
final class VectorNorm {
    private static final int LEAST = 16;

    private VectorNorm() {}

    /** Whether rows of this length gain from vectors. */
    static boolean suits(int n) {
        return n >= LEAST && n % LANES == 0 && (LENGTH == LANES || 2 * LENGTH == LANES);
    }

    static void forward(
            int rows,
            int n,
            double eps,
            double[] x,
            int x0,
            double[] gain,
            double @Nullable [] bias,
            double[] y,
            int y0,
            double @Nullable [] means,
            double[] factors,
            int first) {
        for (int t = 0; t < rows; t++) {
            double mean = means == null ? 0.0 : sum(x, x0 + t * n, n) / n;
            double factor = 1.0 / Math.sqrt(squares(x, x0 + t * n, n, mean) / n + eps);
            factors[first + t] = factor;
            if (means != null) {
                means[first + t] = mean;
            }
            if (bias == null) {
                apply(x, x0 + t * n, n, mean, factor, gain, y, y0 + t * n);
            } else {
                apply(x, x0 + t * n, n, mean, factor, gain, bias, y, y0 + t * n);
            }
        }
    }

    static void gradient(
            int rows,
            int n,
            double[] x,
            int x0,
            double[] gain,
            double @Nullable [] means,
            double[] factors,
            int first,
            double[] dy,
            int dy0,
            double[] dx,
            int dx0) {
        for (int t = 0; t < rows; t++) {
            boolean centered = means != null;
            double mean = centered ? means[first + t] : 0.0;
            double factor = factors[first + t];
            gradient(x, x0 + t * n, n, gain, centered, mean, factor, dy, dy0 + t * n, dx, dx0 + t * n);
        }
    }

    private static double sum(double[] x, int x0, int n) {
        DoubleVector low = DoubleVector.zero(SPECIES);
        DoubleVector high = DoubleVector.zero(SPECIES);
        for (int i = x0; i < x0 + n; i += LANES) {
            low = low.add(DoubleVector.fromArray(SPECIES, x, i));
            if (LENGTH < LANES) {
                high = high.add(DoubleVector.fromArray(SPECIES, x, i + LENGTH));
            }
        }
        return combined(low, high);
    }

    /** Returns {@code Σ (x[i] − mean)²}. */
    private static double squares(double[] x, int x0, int n, double mean) {
        DoubleVector low = DoubleVector.zero(SPECIES);
        DoubleVector high = DoubleVector.zero(SPECIES);
        for (int i = x0; i < x0 + n; i += LANES) {
            DoubleVector centered = DoubleVector.fromArray(SPECIES, x, i).sub(mean);
            low = centered.fma(centered, low);
            if (LENGTH < LANES) {
                centered = DoubleVector.fromArray(SPECIES, x, i + LENGTH).sub(mean);
                high = centered.fma(centered, high);
            }
        }
        return combined(low, high);
    }

    /** Combines eight lanes: those of {@code low}, followed by those of {@code high} if a vector has only four. */
    private static double combined(DoubleVector low, DoubleVector high) {
        if (LENGTH < LANES) {
            DoubleVector sums = low.add(high);
            return (sums.lane(0) + sums.lane(2)) + (sums.lane(1) + sums.lane(3));
        }
        return ((low.lane(0) + low.lane(4)) + (low.lane(2) + low.lane(6)))
                + ((low.lane(1) + low.lane(5)) + (low.lane(3) + low.lane(7)));
    }

    private static void apply(
            double[] x, int x0, int n, double mean, double factor, double[] gain, double[] y, int y0) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        for (int i = 0; i < n; i += LENGTH) {
            DoubleVector normalized =
                    DoubleVector.fromArray(SPECIES, x, x0 + i).sub(mean).mul(factor);
            normalized.fma(DoubleVector.fromArray(SPECIES, gain, i), zero).intoArray(y, y0 + i);
        }
    }

    private static void apply(
            double[] x, int x0, int n, double mean, double factor, double[] gain, double[] bias, double[] y, int y0) {
        for (int i = 0; i < n; i += LENGTH) {
            DoubleVector normalized =
                    DoubleVector.fromArray(SPECIES, x, x0 + i).sub(mean).mul(factor);
            DoubleVector shift = DoubleVector.fromArray(SPECIES, bias, i);
            normalized.fma(DoubleVector.fromArray(SPECIES, gain, i), shift).intoArray(y, y0 + i);
        }
    }

    private static void gradient(
            double[] x,
            int x0,
            int n,
            double[] gain,
            boolean centered,
            double mean,
            double factor,
            double[] dy,
            int dy0,
            double[] dx,
            int dx0) {
        DoubleVector lowSum = DoubleVector.zero(SPECIES);
        DoubleVector highSum = DoubleVector.zero(SPECIES);
        DoubleVector lowDot = DoubleVector.zero(SPECIES);
        DoubleVector highDot = DoubleVector.zero(SPECIES);
        for (int i = 0; i < n; i += LANES) {
            DoubleVector dn =
                    DoubleVector.fromArray(SPECIES, dy, dy0 + i).mul(DoubleVector.fromArray(SPECIES, gain, i));
            lowSum = lowSum.add(dn);
            lowDot = dn.fma(DoubleVector.fromArray(SPECIES, x, x0 + i).sub(mean).mul(factor), lowDot);
            if (LENGTH < LANES) {
                int j = i + LENGTH;
                dn = DoubleVector.fromArray(SPECIES, dy, dy0 + j).mul(DoubleVector.fromArray(SPECIES, gain, j));
                highSum = highSum.add(dn);
                highDot = dn.fma(
                        DoubleVector.fromArray(SPECIES, x, x0 + j).sub(mean).mul(factor), highDot);
            }
        }
        double meanOfProduct = combined(lowDot, highDot) / n;
        if (centered) {
            double meanOfGradient = combined(lowSum, highSum) / n;
            addGradient(x, x0, n, gain, mean, factor, dy, dy0, dx, dx0, meanOfGradient, meanOfProduct);
        } else {
            addGradient(x, x0, n, gain, factor, dy, dy0, dx, dx0, meanOfProduct);
        }
    }

    private static void addGradient(
            double[] x,
            int x0,
            int n,
            double[] gain,
            double factor,
            double[] dy,
            int dy0,
            double[] dx,
            int dx0,
            double meanOfProduct) {
        DoubleVector factors = DoubleVector.broadcast(SPECIES, factor);
        DoubleVector means = DoubleVector.broadcast(SPECIES, -factor * meanOfProduct);
        for (int i = 0; i < n; i += LENGTH) {
            DoubleVector normalized = DoubleVector.fromArray(SPECIES, x, x0 + i).mul(factor);
            DoubleVector dn =
                    DoubleVector.fromArray(SPECIES, dy, dy0 + i).mul(DoubleVector.fromArray(SPECIES, gain, i));
            DoubleVector own = factors.fma(dn, DoubleVector.fromArray(SPECIES, dx, dx0 + i));
            means.fma(normalized, own).intoArray(dx, dx0 + i);
        }
    }

    private static void addGradient(
            double[] x,
            int x0,
            int n,
            double[] gain,
            double mean,
            double factor,
            double[] dy,
            int dy0,
            double[] dx,
            int dx0,
            double meanOfGradient,
            double meanOfProduct) {
        for (int i = 0; i < n; i += LENGTH) {
            DoubleVector normalized =
                    DoubleVector.fromArray(SPECIES, x, x0 + i).sub(mean).mul(factor);
            DoubleVector dn =
                    DoubleVector.fromArray(SPECIES, dy, dy0 + i).mul(DoubleVector.fromArray(SPECIES, gain, i));
            DoubleVector rest = dn.sub(meanOfGradient).sub(normalized.mul(meanOfProduct));
            DoubleVector.fromArray(SPECIES, dx, dx0 + i).add(rest.mul(factor)).intoArray(dx, dx0 + i);
        }
    }

    static void gainGradient(
            int rows,
            int n,
            double[] x,
            int x0,
            int xRow,
            double @Nullable [] means,
            double[] factors,
            double[] dy,
            int dy0,
            int dyRow,
            double[] dGain,
            int dGain0) {
        for (int t = 0; t < rows; t++) {
            int xi = x0 + t * xRow;
            int dyi = dy0 + t * dyRow;
            double mean = means == null ? 0.0 : means[t];
            double factor = factors[t];
            int i = 0;
            for (int end = n - LENGTH; i <= end; i += LENGTH) {
                DoubleVector normalized =
                        DoubleVector.fromArray(SPECIES, x, xi + i).sub(mean).mul(factor);
                DoubleVector sum = DoubleVector.fromArray(SPECIES, dGain, dGain0 + i);
                DoubleVector.fromArray(SPECIES, dy, dyi + i)
                        .fma(normalized, sum)
                        .intoArray(dGain, dGain0 + i);
            }
            for (; i < n; i++) {
                double normalized = (x[xi + i] - mean) * factor;
                dGain[dGain0 + i] = Math.fma(dy[dyi + i], normalized, dGain[dGain0 + i]);
            }
        }
    }
}

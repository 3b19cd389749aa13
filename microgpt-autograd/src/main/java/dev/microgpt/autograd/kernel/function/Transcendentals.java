package dev.microgpt.autograd.kernel.function;

/**
 * The elementary functions of the kernels, with the same bits on every JVM and every processor.
 *
 * <p>{@link Math#exp} and similar functions may differ in the last bit between processors, and between the interpreter
 * and the compilers. The functions here use only operations that Java defines to the bit: {@code + − × ÷},
 * {@link Math#fma}, {@link Math#abs}, {@link Math#min}, {@link Math#max} and bit patterns. (Only the payload of a NaN
 * is undefined, as elsewhere in Java.) Each array function is a few plain loops, which C2 vectorizes where the
 * processor allows, and gives the same bits as its scalar form at every length and offset.
 *
 * <p>The largest error found, in units in the last place of the exact result, against quadruple precision at 12 million
 * arguments per function, over the whole range and denser where the error is largest:
 *
 * <table>
 * <caption>Accuracy</caption>
 * <tr><th>function</th><th>worst found</th><th>method</th></tr>
 * <tr><td>{@code exp}</td><td>0.92</td><td>{@link Exp}</td></tr>
 * <tr><td>{@code log}</td><td>0.89</td><td>{@link Log}</td></tr>
 * <tr><td>{@code tanh}</td><td>1.69</td><td>{@link Tanh}</td></tr>
 * <tr><td>{@code erf}</td><td>1.25</td><td>{@link Erf}</td></tr>
 * <tr><td>{@code sigmoid}</td><td>1.47</td><td>{@link Sigmoid}</td></tr>
 * </table>
 *
 * <p>Subnormal arguments and results are included; infinities, zeros and NaN follow {@link Math}.
 *
 * <p>Nothing is allocated. Arguments are checked by {@code assert} only: {@code x} and {@code y} must not overlap,
 * except in {@link #log} and {@link #erf}, which also work in place. Thread-safe.
 */
public final class Transcendentals {
    private Transcendentals() {}

    /** Writes {@code y[i] = exp(x[i] − shift)}. */
    public static void exp(double[] x, int xOffset, double shift, double[] y, int yOffset, int n) {
        assert disjoint(x, xOffset, y, yOffset, n);
        Exp.exp(x, xOffset, shift, y, yOffset, n);
    }

    /** Writes {@code y[i] = log(x[i])}. */
    public static void log(double[] x, int xOffset, double[] y, int yOffset, int n) {
        Log.log(x, xOffset, y, yOffset, n);
    }

    /** Writes {@code y[i] = tanh(x[i])}. */
    public static void tanh(double[] x, int xOffset, double[] y, int yOffset, int n) {
        assert disjoint(x, xOffset, y, yOffset, n);
        Tanh.tanh(x, xOffset, y, yOffset, n);
    }

    /** Writes {@code y[i] = erf(x[i])}. */
    public static void erf(double[] x, int xOffset, double[] y, int yOffset, int n) {
        Erf.erf(x, xOffset, y, yOffset, n);
    }

    /** Writes {@code y[i] = 1 / (1 + exp(−x[i]))}. */
    public static void sigmoid(double[] x, int xOffset, double[] y, int yOffset, int n) {
        assert disjoint(x, xOffset, y, yOffset, n);
        Sigmoid.sigmoid(x, xOffset, y, yOffset, n);
    }

    /** Returns {@code exp(x)}. */
    public static double exp(double x) {
        return Exp.exp(x);
    }

    /** Returns {@code log(x)}. */
    public static double log(double x) {
        return Log.log(x);
    }

    /** Returns {@code tanh(x)}. */
    public static double tanh(double x) {
        return Tanh.tanh(x);
    }

    /** Returns {@code erf(x)}. */
    public static double erf(double x) {
        return Erf.erf(x);
    }

    /** Returns {@code 1 / (1 + exp(−x))}. */
    public static double sigmoid(double x) {
        return Sigmoid.sigmoid(x);
    }

    private static boolean disjoint(double[] x, int xOffset, double[] y, int yOffset, int n) {
        return x != y || xOffset + n <= yOffset || yOffset + n <= xOffset;
    }
}

package dev.microgpt.autograd.kernel.function;

/**
 * The elementary functions of the kernels, with the same bits on every JVM and every processor.
 *
 * <p>{@link Math#exp} and its kin may differ in the last bit between processors and between the interpreter and the
 * compilers. The functions here use only operations that Java defines to the bit: {@code + − × ÷}, {@link Math#fma},
 * {@link Math#abs}, {@link Math#min}, {@link Math#max} and bit patterns. (Only the bits inside a NaN are not defined,
 * here as in the rest of Java.) Each array function is a few plain loops, which the compiler turns into vector
 * instructions where the processor has them, and gives the same bits as its scalar twin at every length and offset.
 *
 * <p>The error in units in the last place of the exact result, against quadruple precision at 12 million arguments for
 * each function, over the whole range, with more where it is greatest:
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
 * <p>Nothing is allocated, and nothing is checked but by {@code assert}; any number of threads may call.
 */
public final class Transcendentals {
    private Transcendentals() {}

    /**
     * Takes the exponential of shifted elements: {@code y[i] = exp(x[i] − shift)}.
     *
     * @param x       the arguments
     * @param xOffset index of the first
     * @param shift   subtracted first, such as the largest element
     * @param y       the results; must not overlap the arguments
     * @param yOffset index of the first
     * @param n       how many
     */
    public static void exp(double[] x, int xOffset, double shift, double[] y, int yOffset, int n) {
        assert disjoint(x, xOffset, y, yOffset, n);
        Exp.exp(x, xOffset, shift, y, yOffset, n);
    }

    /**
     * Takes the natural logarithm of each element; in place is allowed.
     *
     * @param x       the arguments
     * @param xOffset index of the first
     * @param y       the results
     * @param yOffset index of the first
     * @param n       how many
     */
    public static void log(double[] x, int xOffset, double[] y, int yOffset, int n) {
        Log.log(x, xOffset, y, yOffset, n);
    }

    /**
     * Takes the hyperbolic tangent of each element.
     *
     * @param x       the arguments
     * @param xOffset index of the first
     * @param y       the results; must not overlap the arguments
     * @param yOffset index of the first
     * @param n       how many
     */
    public static void tanh(double[] x, int xOffset, double[] y, int yOffset, int n) {
        assert disjoint(x, xOffset, y, yOffset, n);
        Tanh.tanh(x, xOffset, y, yOffset, n);
    }

    /**
     * Takes the error function {@code 2/√π · ∫₀ˣ exp(−t²) dt} of each element; in place is allowed.
     *
     * @param x       the arguments
     * @param xOffset index of the first
     * @param y       the results
     * @param yOffset index of the first
     * @param n       how many
     */
    public static void erf(double[] x, int xOffset, double[] y, int yOffset, int n) {
        Erf.erf(x, xOffset, y, yOffset, n);
    }

    /**
     * Takes the logistic function {@code 1 / (1 + exp(−x))} of each element.
     *
     * @param x       the arguments
     * @param xOffset index of the first
     * @param y       the results; must not overlap the arguments
     * @param yOffset index of the first
     * @param n       how many
     */
    public static void sigmoid(double[] x, int xOffset, double[] y, int yOffset, int n) {
        assert disjoint(x, xOffset, y, yOffset, n);
        Sigmoid.sigmoid(x, xOffset, y, yOffset, n);
    }

    /** Returns {@code exp(x)}. */
    public static double exp(double x) {
        return Exp.exp(x);
    }

    /** Returns the natural logarithm of {@code x}. */
    public static double log(double x) {
        return Log.log(x);
    }

    /** Returns the hyperbolic tangent of {@code x}. */
    public static double tanh(double x) {
        return Tanh.tanh(x);
    }

    /** Returns the error function of {@code x}. */
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

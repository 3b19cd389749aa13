package dev.microgpt.autograd;

import dev.microgpt.autograd.kernel.ActiveKernels;

/**
 * The loops that carry the arithmetic: verbs in the manner of BLAS on flat {@code double[]} with offsets.
 *
 * <p>Every implementation gives the same bits, on every machine and JDK, because the order of each sum is part of the
 * contract:
 *
 * <ul>
 *   <li>an element of a matrix product is one chain of {@link Math#fma} over the inner index in ascending order, from
 *       {@code +0.0} or, when accumulating, from the stored element;
 *   <li>a sum along a row ({@link #sum}, {@link #dot}, {@link #softmax}) uses {@value #LANES} lanes: element {@code i}
 *       goes to lane {@code i % 8} in ascending order from {@code +0.0}, and the lanes are combined as
 *       {@code ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7))};
 *   <li>{@code exp}, {@code log}, {@code tanh}, {@code erf} and {@code sigmoid} are the project's own.
 * </ul>
 *
 * <p>Nothing is checked here, for the operation at the public edge has checked once; a wrong offset ends in an
 * {@link ArrayIndexOutOfBoundsException} or in wrong numbers. Unless said otherwise, outputs must not overlap inputs.
 * Thread-safe as long as no array is written by two threads.
 */
public interface Kernels {
    /** The number of lanes in which sums along a row are kept, whatever the width of the hardware. */
    int LANES = 8;

    /**
     * Returns the kernels of this JVM, chosen once.
     *
     * @return the kernels that every tape uses
     */
    static Kernels active() {
        return ActiveKernels.INSTANCE;
    }

    /**
     * Returns which implementation this is and why, in a few words.
     *
     * @return a phrase such as {@code scalar}, with a warning where this machine makes it slow
     */
    String description();

    // ---- threads ----

    /** A loop over some of the numbers from 0 to n. */
    @FunctionalInterface
    interface Range {
        /**
         * Does its share, which no other part touches.
         *
         * @param part which of the parts this is, from 0 to {@link Kernels#threads()}, exclusive
         * @param from the first number
         * @param to   the number after the last
         */
        void run(int part, int from, int to);
    }

    /**
     * Returns the largest number of parts that {@link #parallel} makes.
     *
     * @return at least 1
     */
    int threads();

    /**
     * Runs a loop from 0 to {@code n}, in parts on several threads if it is long.
     *
     * <p>A part must write what is its own and add up nothing that another part adds to, or the result would depend on
     * the number of threads. The kernels themselves may be called from within.
     *
     * @param n     the length of the loop
     * @param work  what the whole loop does, in multiply-adds or elements read and written
     * @param range does one part; what it throws is thrown here
     */
    void parallel(int n, long work, Range range);

    // ---- matrix products ----

    /**
     * Multiplies matrices: {@code C = A·B}, or {@code C += A·B}.
     *
     * <p>A and B may be stored either way round: element {@code (i, j)} of a factor is at
     * {@code offset + i·row + j·column}, and one of the two strides is 1. So a row-major matrix has {@code column = 1}, and
     * the transpose of a row-major matrix {@code row = 1}.
     *
     * @param m          rows of A and C
     * @param n          columns of B and C
     * @param k          columns of A, rows of B
     * @param a          A, {@code (m, k)}
     * @param aOffset    index of the first element of A
     * @param aRow       distance between the rows of A, at least 1
     * @param aColumn    distance between the columns of A, at least 1
     * @param b          B, {@code (k, n)}
     * @param bOffset    index of the first element of B
     * @param bRow       distance between the rows of B, at least 1
     * @param bColumn    distance between the columns of B, at least 1
     * @param c          C, {@code (m, n)} row-major
     * @param cOffset    index of the first element of C
     * @param cRow       distance between the rows of C, at least {@code n}
     * @param accumulate whether to add to C instead of overwriting it
     */
    void matmul(
            int m,
            int n,
            int k,
            double[] a,
            int aOffset,
            int aRow,
            int aColumn,
            double[] b,
            int bOffset,
            int bRow,
            int bColumn,
            double[] c,
            int cOffset,
            int cRow,
            boolean accumulate);

    /**
     * Multiplies a lower-triangular matrix, such as the probabilities of causal attention: {@code C = A·B}, or {@code C
     * += A·B}, where row {@code i} of A ends after {@code past + i + 1} elements.
     *
     * <p>What lies behind is not read, nor are the rows of B that belong to it, so a NaN there spoils nothing.
     *
     * @param m          rows of A and C
     * @param n          columns of B and C
     * @param past       how many elements every row of A has, besides the triangle
     * @param a          A, {@code (m, past + m)} row-major
     * @param aOffset    index of its first element
     * @param aRow    distance between its rows
     * @param b          B, {@code (past + m, n)} row-major
     * @param bOffset    index of its first element
     * @param bRow    distance between its rows
     * @param c          C, {@code (m, n)} row-major
     * @param cOffset    index of its first element
     * @param cRow    distance between its rows
     * @param accumulate whether to add to C instead of overwriting it
     */
    void lowerNN(
            int m,
            int n,
            int past,
            double[] a,
            int aOffset,
            int aRow,
            double[] b,
            int bOffset,
            int bRow,
            double[] c,
            int cOffset,
            int cRow,
            boolean accumulate);

    /**
     * Multiplies a transposed lower-triangular matrix: {@code C = Aᵀ·B}, or {@code C += Aᵀ·B}, where row {@code i} of A
     * ends after {@code past + i + 1} elements and the rest is not read.
     *
     * @param m          rows of A and B
     * @param n          columns of B and C
     * @param past       how many elements every row of A has, besides the triangle
     * @param a          A, {@code (m, past + m)} row-major
     * @param aOffset    index of its first element
     * @param aRow    distance between its rows
     * @param b          B, {@code (m, n)} row-major
     * @param bOffset    index of its first element
     * @param bRow    distance between its rows
     * @param c          C, {@code (past + m, n)} row-major
     * @param cOffset    index of its first element
     * @param cRow    distance between its rows
     * @param accumulate whether to add to C instead of overwriting it
     */
    void lowerTN(
            int m,
            int n,
            int past,
            double[] a,
            int aOffset,
            int aRow,
            double[] b,
            int bOffset,
            int bRow,
            double[] c,
            int cOffset,
            int cRow,
            boolean accumulate);

    /**
     * Computes the lower triangle of a product, such as the scores of causal attention: {@code C = A·Bᵀ}, where row
     * {@code i} of C ends after {@code past + i + 1} elements.
     *
     * <p>What lies behind, in the {@code past + m} columns of C, is undefined afterwards.
     *
     * @param m       rows of A and C
     * @param k       columns of A and B
     * @param past    how many elements every row of C has, besides the triangle
     * @param a       A, {@code (m, k)} row-major
     * @param aOffset index of its first element
     * @param aRow distance between its rows
     * @param b       B, {@code (past + m, k)} row-major
     * @param bOffset index of its first element
     * @param bRow distance between its rows
     * @param c       C, {@code (m, past + m)} row-major
     * @param cOffset index of its first element
     * @param cRow distance between its rows
     */
    void lowerOfNT(
            int m,
            int k,
            int past,
            double[] a,
            int aOffset,
            int aRow,
            double[] b,
            int bOffset,
            int bRow,
            double[] c,
            int cOffset,
            int cRow);

    // ---- along a row ----

    /**
     * Adds up a row: {@code Σ x[i]}, in lanes.
     *
     * @param x       the row
     * @param xOffset index of its first element
     * @param n       its length, possibly 0
     * @return the sum
     */
    double sum(double[] x, int xOffset, int n);

    /**
     * Multiplies two rows: {@code Σ x[i]·y[i]}, by fma in lanes.
     *
     * @param x       a row
     * @param xOffset index of its first element
     * @param y       a row, possibly the same
     * @param yOffset index of its first element
     * @param n       their length, possibly 0
     * @return the dot product
     */
    double dot(double[] x, int xOffset, double[] y, int yOffset, int n);

    /**
     * Returns the largest element of a row, which is NaN if one element is.
     *
     * @param x       the row
     * @param xOffset index of its first element
     * @param n       its length, possibly 0
     * @return the maximum, {@code +0.0} above {@code -0.0}; {@code −∞} of an empty row
     */
    double max(double[] x, int xOffset, int n);

    /**
     * Adds a multiple of a row: {@code y[i] = fma(alpha, x[i], y[i])}.
     *
     * @param alpha   the factor
     * @param x       the row that is added
     * @param xOffset index of its first element
     * @param y       the row that is added to
     * @param yOffset index of its first element
     * @param n       their length
     */
    void axpy(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n);

    /**
     * Multiplies a row by a number: {@code y[i] = alpha·x[i]}; in place is allowed.
     *
     * @param alpha   the factor
     * @param x       the row
     * @param xOffset index of its first element
     * @param y       the result
     * @param yOffset index of its first element
     * @param n       their length
     */
    void scale(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n);

    /**
     * Turns a row into probabilities: {@code y[i] = exp(x[i] − max x) · (1 / Σ exp(x[j] − max x))}.
     *
     * <p>A NaN, or nothing but {@code −∞}, makes the whole row NaN.
     *
     * @param x       the row
     * @param xOffset index of its first element
     * @param y       the probabilities
     * @param yOffset index of its first element
     * @param n       their length, at least 1
     */
    void softmax(double[] x, int xOffset, double[] y, int yOffset, int n);

    /**
     * Turns the scores of causal attention into probabilities: row {@code i} of Y is the {@link #softmax} of
     * {@code alpha·x} with the first {@code past + i + 1} elements x of row {@code i} of X.
     *
     * <p>What lies behind them is not read. X is undefined afterwards, and so is what lies behind the rows of Y up to
     * their distance.
     *
     * @param m       rows of X and Y
     * @param past    how many elements every row has, besides the triangle
     * @param alpha   the factor, positive and finite
     * @param x       X, {@code (m, past + m)} row-major
     * @param xOffset index of its first element
     * @param xRow distance between its rows, at least {@code past + m}
     * @param y       Y, {@code (m, past + m)} row-major; not X
     * @param yOffset index of its first element
     * @param yRow distance between its rows, at least {@code past + m}
     */
    void lowerSoftmax(
            int m, int past, double alpha, double[] x, int xOffset, int xRow, double[] y, int yOffset, int yRow);

    /**
     * Takes the gradient of {@link #lowerSoftmax} back to the scores, in its place: the first {@code past + i + 1} elements
     * of row {@code i} of DX become {@code alpha·(y[j]·(dx[j] − Σ dx·y))}, with the sum as by {@link #dot}.
     *
     * @param m        rows of Y and DX
     * @param past     how many elements every row has, besides the triangle
     * @param alpha    what the scores were multiplied by
     * @param y        Y, the probabilities, {@code (m, past + m)} row-major
     * @param yOffset  index of its first element
     * @param yRow  distance between its rows
     * @param dx       DX, the gradients of the probabilities, then of the scores, {@code (m, past + m)} row-major
     * @param dxOffset index of its first element
     * @param dxRow distance between its rows
     */
    void lowerSoftmaxGradient(
            int m, int past, double alpha, double[] y, int yOffset, int yRow, double[] dx, int dxOffset, int dxRow);

    /**
     * Takes the gradient of {@link #softmax} back to its argument: {@code dx[i] = alpha·(y[i]·(dy[i] − Σ dy·y))}, or
     * {@code dx[i] +=}, with the sum as by {@link #dot}; in place is allowed.
     *
     * @param alpha      what the argument was multiplied by before
     * @param y          the probabilities
     * @param yOffset    index of the first
     * @param dy         their gradients
     * @param dyOffset   index of the first
     * @param dx         the gradients of the argument
     * @param dxOffset   index of the first
     * @param n          how many
     * @param accumulate whether to add to {@code dx} instead of overwriting it
     */
    void softmaxGradient(
            double alpha,
            double[] y,
            int yOffset,
            double[] dy,
            int dyOffset,
            double[] dx,
            int dxOffset,
            int n,
            boolean accumulate);

    // ---- functions of each element ----

    /**
     * Takes the exponential of shifted elements: {@code y[i] = exp(x[i] − shift)}.
     *
     * @param x       the arguments
     * @param xOffset index of the first
     * @param shift   subtracted first, such as the largest element
     * @param y       the results
     * @param yOffset index of the first
     * @param n       how many
     */
    void exp(double[] x, int xOffset, double shift, double[] y, int yOffset, int n);

    /**
     * Takes the natural logarithm of each element; in place is allowed.
     *
     * @param x       the arguments
     * @param xOffset index of the first
     * @param y       the results
     * @param yOffset index of the first
     * @param n       how many
     */
    void log(double[] x, int xOffset, double[] y, int yOffset, int n);

    /**
     * Takes the hyperbolic tangent of each element.
     *
     * @param x       the arguments
     * @param xOffset index of the first
     * @param y       the results
     * @param yOffset index of the first
     * @param n       how many
     */
    void tanh(double[] x, int xOffset, double[] y, int yOffset, int n);

    /**
     * Takes the error function {@code 2/√π · ∫₀ˣ exp(−t²) dt} of each element.
     *
     * @param x       the arguments
     * @param xOffset index of the first
     * @param y       the results
     * @param yOffset index of the first
     * @param n       how many
     */
    void erf(double[] x, int xOffset, double[] y, int yOffset, int n);

    /**
     * Takes the logistic function {@code 1 / (1 + exp(−x))} of each element.
     *
     * @param x       the arguments
     * @param xOffset index of the first
     * @param y       the results
     * @param yOffset index of the first
     * @param n       how many
     */
    void sigmoid(double[] x, int xOffset, double[] y, int yOffset, int n);

    // ---- optimizers ----

    /**
     * Updates parameters by Adam: {@code m = β₁·m + (1 − β₁)·g}, {@code v = β₂·v + (1 − β₂)·g²}, {@code p −= rate · (m /
     * correction1) / (√(v / correction2) + eps)}, each operation rounded by itself.
     *
     * <p>The quotients by corrections are products with their reciprocals {@code r}, and corrected once:
     * {@code fma(fma(−c, x·r, x), r, x·r)}. That is the rounded quotient, but for numbers below 1e-270, where the last digits
     * may be others, and above 1e290, where it may be NaN.
     *
     * @param p           the parameters
     * @param g           their gradients
     * @param m           the running means of the gradients
     * @param v           the running means of their squares
     * @param from        index of the first element in all four
     * @param to          index after the last
     * @param beta1       {@code β₁}
     * @param beta2       {@code β₂}
     * @param rate        the learning rate
     * @param correction1 {@code 1 − β₁ᵗ} at update {@code t}
     * @param correction2 {@code 1 − β₂ᵗ} at update {@code t}
     * @param eps         added to the root
     * @return whether all elements of the parameters and of both means are finite; may be false where they are, but so
     *     large that their products are not
     * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, Adam: A Method for Stochastic Optimization, 2014</a>
     */
    boolean adam(
            double[] p,
            double[] g,
            double[] m,
            double[] v,
            int from,
            int to,
            double beta1,
            double beta2,
            double rate,
            double correction1,
            double correction2,
            double eps);
}

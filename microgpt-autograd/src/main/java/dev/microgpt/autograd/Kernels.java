package dev.microgpt.autograd;

import dev.microgpt.autograd.kernel.ActiveKernels;
import org.jspecify.annotations.Nullable;

/**
 * Numerical kernels on flat {@code double[]} arrays: matrix products, row operations and elementary functions.
 *
 * <p>Every implementation gives the same bits on every machine and JDK, because the order of each sum is part of the
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
 * <p>Conventions: an array {@code x} begins at index {@code xOffset}, a row or vector has {@code n} consecutive
 * elements, and element {@code (i, j)} of a matrix A is at {@code aOffset + i·aRow + j·aColumn}. A matrix without a
 * column stride is row-major: its columns are next to each other, and {@code aRow} is at least their number. A
 * <em>lower-triangular</em> matrix of causal attention has {@code m} rows for the queries and {@code past + m} columns
 * for the keys, of which row {@code i} uses the first {@code past + i + 1}: the elements after them are never read.
 * {@code accumulate} adds to the result instead of overwriting it.
 *
 * <p>Arguments are not checked, because the calling operation has checked its shapes: a wrong offset leads to an
 * {@link ArrayIndexOutOfBoundsException} or to wrong numbers. Unless stated otherwise, outputs must not overlap inputs.
 * Thread-safe as long as no two threads write the same elements.
 */
public interface Kernels {
    /** The number of partial sums along a row, whatever the vector width of the processor. */
    int LANES = 8;

    /**
     * Returns the kernels of this JVM, which every tape uses; they are chosen once.
     *
     * @return the vector kernels if the Vector API is enabled, otherwise the plain ones, unless
     *     {@code -Dmicrogpt.kernels} selects one of them
     */
    static Kernels active() {
        return ActiveKernels.INSTANCE;
    }

    /**
     * Returns a short description of this implementation.
     *
     * @return such as {@code scalar} or {@code 512-bit vector}, with a warning if this machine makes it slow
     */
    String description();

    // ---- threads ----

    /** The body of a parallel loop. */
    @FunctionalInterface
    interface Range {
        /**
         * Runs the iterations {@code from} to {@code to}, exclusive.
         *
         * @param part index of this part, below {@link Kernels#threads()}
         * @param from the first iteration
         * @param to   the iteration after the last
         */
        void run(int part, int from, int to);
    }

    /**
     * Returns the largest number of parts into which {@link #parallel} divides a loop.
     *
     * @return at least 1
     */
    int threads();

    /**
     * Runs a loop from 0 to {@code n}, exclusive, divided among several threads if it does enough work.
     *
     * <p>A part must write only its own elements and must not contribute to a sum that another part contributes to:
     * otherwise the result would depend on the number of threads. It may call the kernels.
     *
     * @param n     the number of iterations
     * @param work  the cost of the whole loop, in multiply-adds or in elements read and written
     * @param range the body of the loop; exceptions that it throws are thrown here
     */
    void parallel(int n, long work, Range range);

    // ---- matrix products ----

    /**
     * Multiplies matrices: {@code C = A·B}, or {@code C += A·B}.
     *
     * <p>One stride of each factor is 1: {@code column} for a row-major matrix, {@code row} for the transpose of one.
     *
     * @param m          rows of A and C
     * @param n          columns of B and C
     * @param k          columns of A, rows of B
     * @param a          A, shape {@code (m, k)}
     * @param aOffset    index of its first element
     * @param aRow       distance between its rows
     * @param aColumn    distance between its columns
     * @param b          B, shape {@code (k, n)}
     * @param bOffset    index of its first element
     * @param bRow       distance between its rows
     * @param bColumn    distance between its columns
     * @param c          C, shape {@code (m, n)}, row-major
     * @param cOffset    index of its first element
     * @param cRow       distance between its rows
     * @param accumulate whether to add to C
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
     * Multiplies a lower-triangular matrix, such as the probabilities of causal attention: {@code C = A·B}, or
     * {@code C += A·B}.
     *
     * <p>A NaN in a row of B affects only the rows of C that use it.
     *
     * @param m          rows of A and C
     * @param n          columns of B and C
     * @param past       columns of A before its triangle
     * @param a          A, lower-triangular, shape {@code (m, past + m)}
     * @param aOffset    index of its first element
     * @param aRow       distance between its rows
     * @param b          B, shape {@code (past + m, n)}
     * @param bOffset    index of its first element
     * @param bRow       distance between its rows
     * @param c          C, shape {@code (m, n)}
     * @param cOffset    index of its first element
     * @param cRow       distance between its rows
     * @param accumulate whether to add to C
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
     * Multiplies the transpose of a lower-triangular matrix: {@code C = Aᵀ·B}, or {@code C += Aᵀ·B}.
     *
     * @param m          rows of A and B
     * @param n          columns of B and C
     * @param past       columns of A before its triangle
     * @param a          A, lower-triangular, shape {@code (m, past + m)}
     * @param aOffset    index of its first element
     * @param aRow       distance between its rows
     * @param b          B, shape {@code (m, n)}
     * @param bOffset    index of its first element
     * @param bRow       distance between its rows
     * @param c          C, shape {@code (past + m, n)}
     * @param cOffset    index of its first element
     * @param cRow       distance between its rows
     * @param accumulate whether to add to C
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
     * Computes the lower-triangular part of a product, such as the scores of causal attention: {@code C = A·Bᵀ}.
     *
     * <p>The elements of C after its triangle are undefined afterwards.
     *
     * @param m       rows of A and C
     * @param k       columns of A and B
     * @param past    columns of C before its triangle
     * @param a       A, shape {@code (m, k)}
     * @param aOffset index of its first element
     * @param aRow    distance between its rows
     * @param b       B, shape {@code (past + m, k)}
     * @param bOffset index of its first element
     * @param bRow    distance between its rows
     * @param c       C, lower-triangular, shape {@code (m, past + m)}
     * @param cOffset index of its first element
     * @param cRow    distance between its rows
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

    /**
     * Returns the width of the panels of a {@link PackedMatrix} that {@link #matmulPacked} reads.
     *
     * @return an even number, at least 4
     */
    int panelWidth();

    /**
     * Adds the product of a matrix and the transpose of a packed one: {@code C += A·Bᵀ}.
     *
     * @param m       rows of A and C
     * @param b       B, shape {@code (n, k)}, packed in panels of {@link #panelWidth()}
     * @param a       A, shape {@code (m, k)}
     * @param aOffset index of its first element
     * @param aRow    distance between its rows
     * @param c       C, shape {@code (m, n)}
     * @param cOffset index of its first element
     * @param cRow    distance between its rows
     */
    void matmulPacked(int m, PackedMatrix b, double[] a, int aOffset, int aRow, double[] c, int cOffset, int cRow);

    // ---- rows ----

    /**
     * Sums a row in lanes: {@code Σ x[i]}.
     *
     * @param x       the row
     * @param xOffset index of its first element
     * @param n       its length, possibly 0
     * @return the sum
     */
    double sum(double[] x, int xOffset, int n);

    /**
     * Computes the dot product of two rows by {@code fma} in lanes: {@code Σ x[i]·y[i]}.
     *
     * @param x       the first row
     * @param xOffset index of its first element
     * @param y       the second row, possibly the same
     * @param yOffset index of its first element
     * @param n       the length of both, possibly 0
     * @return the dot product
     */
    double dot(double[] x, int xOffset, double[] y, int yOffset, int n);

    /**
     * Returns the largest element of a row, or NaN if any element is NaN.
     *
     * @param x       the row
     * @param xOffset index of its first element
     * @param n       its length, possibly 0
     * @return the maximum, where {@code +0.0} is above {@code -0.0}; {@code −∞} for an empty row
     */
    double max(double[] x, int xOffset, int n);

    /**
     * Adds a multiple of one row to another: {@code y[i] = fma(alpha, x[i], y[i])}.
     *
     * @param alpha   the factor
     * @param x       the row to add
     * @param xOffset index of its first element
     * @param y       the row to add to
     * @param yOffset index of its first element
     * @param n       the length of both
     */
    void axpy(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n);

    /**
     * Multiplies a row by a number, possibly in place: {@code y[i] = alpha·x[i]}.
     *
     * @param alpha   the factor
     * @param x       the row
     * @param xOffset index of its first element
     * @param y       the result
     * @param yOffset index of its first element
     * @param n       the length of both
     */
    void scale(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n);

    /**
     * Computes the softmax of a row: {@code y[i] = exp(x[i] − max x) · (1 / Σ exp(x[j] − max x))}.
     *
     * <p>The result is all NaN if any element is NaN, or if all are {@code −∞}.
     *
     * @param x       the row
     * @param xOffset index of its first element
     * @param y       the probabilities
     * @param yOffset index of its first element
     * @param n       the length of both, at least 1
     */
    void softmax(double[] x, int xOffset, double[] y, int yOffset, int n);

    /**
     * Computes the {@link #softmax} of {@code alpha·x} for each row of a lower-triangular matrix, such as the scores of
     * causal attention.
     *
     * <p>All of X, and the elements of Y after its triangle up to {@code yRow}, are undefined afterwards.
     *
     * @param m       rows of X and Y
     * @param past    columns of X and Y before their triangle
     * @param alpha   the factor, positive and finite
     * @param x       X, lower-triangular, shape {@code (m, past + m)}
     * @param xOffset index of its first element
     * @param xRow    distance between its rows
     * @param y       Y, lower-triangular, shape {@code (m, past + m)}; not X
     * @param yOffset index of its first element
     * @param yRow    distance between its rows
     */
    void lowerSoftmax(
            int m, int past, double alpha, double[] x, int xOffset, int xRow, double[] y, int yOffset, int yRow);

    /**
     * Computes the gradient of {@link #lowerSoftmax} in place: for each row, {@code dx[j]} becomes
     * {@code alpha·(y[j]·(dx[j] − Σ dx·y))}, with the sum as in {@link #dot}.
     *
     * @param m        rows of Y and DX
     * @param past     columns of Y and DX before their triangle
     * @param alpha    the factor of the scores
     * @param y        Y, the probabilities, lower-triangular, shape {@code (m, past + m)}
     * @param yOffset  index of its first element
     * @param yRow     distance between its rows
     * @param dx       DX, the gradient of the probabilities, then of the scores, shape {@code (m, past + m)}
     * @param dxOffset index of its first element
     * @param dxRow    distance between its rows
     */
    void lowerSoftmaxGradient(
            int m, int past, double alpha, double[] y, int yOffset, int yRow, double[] dx, int dxOffset, int dxRow);

    /**
     * Computes the gradient of {@link #softmax}, possibly in place: {@code dx[i] = alpha·(y[i]·(dy[i] − Σ dy·y))}, or
     * {@code dx[i] +=}, with the sum as in {@link #dot}.
     *
     * @param alpha      the factor by which the argument of softmax was multiplied
     * @param y          the probabilities
     * @param yOffset    index of the first
     * @param dy         the gradient of the probabilities
     * @param dyOffset   index of its first element
     * @param dx         the gradient of the argument
     * @param dxOffset   index of its first element
     * @param n          the length of all three
     * @param accumulate whether to add to {@code dx}
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

    /**
     * Normalizes rows to mean 0 and variance 1, or only to mean square 1, and applies a gain and a bias:
     * {@code mean = Σ x[i] / n}, or 0 if {@code means} is null, and
     * {@code factor = 1 / √(Σ (x[i] − mean)² / n + eps)} with the sums as in {@link #sum} and {@link #dot}, then
     * {@code y[i] = fma((x[i] − mean)·factor, gain[i], bias[i])}.
     *
     * @param rows    the number of rows, which are next to each other
     * @param n       their length, at least 1
     * @param eps     added to the variance
     * @param x       the rows
     * @param xOffset index of the first element
     * @param gain    factor of each column, from index 0
     * @param bias    summand of each column, from index 0, or null for {@code +0.0}
     * @param y       the results
     * @param yOffset index of the first
     * @param means   gets the mean of each row; null for the root mean square norm, which leaves it in
     * @param factors gets the factor of each row
     * @param first   index of the first row in {@code means} and {@code factors}
     */
    void norm(
            int rows,
            int n,
            double eps,
            double[] x,
            int xOffset,
            double[] gain,
            double @Nullable [] bias,
            double[] y,
            int yOffset,
            double @Nullable [] means,
            double[] factors,
            int first);

    /**
     * Adds the gradient of {@link #norm} with respect to the rows: with {@code z[i] = (x[i] − mean)·factor} and
     * {@code dz[i] = dy[i]·gain[i]}, {@code dx[i] += factor·((dz[i] − Σ dz / n) − z[i]·(Σ dz·z / n))}, with the sums as
     * in {@link #sum} and {@link #dot}. If {@code means} is null, the mean of {@code dz} falls away, and
     * {@code dx[i] = fma(−factor·(Σ dz·z / n), z[i], fma(factor, dz[i], dx[i]))}.
     *
     * @param rows          the number of rows, which are next to each other
     * @param n             their length, at least 1
     * @param x             the rows
     * @param xOffset       index of the first element
     * @param gain          factor of each column, from index 0
     * @param means         the mean of each row, or null
     * @param factors       the factor of each row
     * @param first         index of the first row in {@code means} and {@code factors}
     * @param dy            the gradient of the results
     * @param dyOffset      index of its first element
     * @param dx            the gradient of the rows
     * @param dxOffset      index of its first element
     * @param scratch       scratch memory of {@code 2·n} elements
     * @param scratchOffset index of the first
     */
    void normGradient(
            int rows,
            int n,
            double[] x,
            int xOffset,
            double[] gain,
            double @Nullable [] means,
            double[] factors,
            int first,
            double[] dy,
            int dyOffset,
            double[] dx,
            int dxOffset,
            double[] scratch,
            int scratchOffset);

    /**
     * Adds the gradient of {@link #norm} with respect to the gain, for some columns and in the order of the rows:
     * {@code dGain[i] = fma(dy[i], (x[i] − mean)·factor, dGain[i])}.
     *
     * @param rows        the number of rows
     * @param n           the number of columns
     * @param x           the rows
     * @param xOffset     index of the first element
     * @param xRow        distance between the rows
     * @param means       the mean of each row, from index 0, or null for 0
     * @param factors     the factor of each row, from index 0
     * @param dy          the gradient of the results
     * @param dyOffset    index of its first element
     * @param dyRow       distance between its rows
     * @param dGain       the gradient of the gain
     * @param dGainOffset index of its first element
     */
    void normGainGradient(
            int rows,
            int n,
            double[] x,
            int xOffset,
            int xRow,
            double @Nullable [] means,
            double[] factors,
            double[] dy,
            int dyOffset,
            int dyRow,
            double[] dGain,
            int dGainOffset);

    // ---- elementary functions ----

    /**
     * Computes the exponential of shifted elements: {@code y[i] = exp(x[i] − shift)}.
     *
     * @param x       the arguments
     * @param xOffset index of the first
     * @param shift   subtracted first, such as the largest element
     * @param y       the results
     * @param yOffset index of the first
     * @param n       the number of elements
     */
    void exp(double[] x, int xOffset, double shift, double[] y, int yOffset, int n);

    /**
     * Computes the natural logarithm of each element, possibly in place: {@code y[i] = log(x[i])}.
     *
     * @param x       the arguments
     * @param xOffset index of the first
     * @param y       the results
     * @param yOffset index of the first
     * @param n       the number of elements
     */
    void log(double[] x, int xOffset, double[] y, int yOffset, int n);

    /**
     * Computes the hyperbolic tangent of each element: {@code y[i] = tanh(x[i])}.
     *
     * @param x       the arguments
     * @param xOffset index of the first
     * @param y       the results
     * @param yOffset index of the first
     * @param n       the number of elements
     */
    void tanh(double[] x, int xOffset, double[] y, int yOffset, int n);

    /**
     * Computes the error function of each element: {@code y[i] = 2/√π · ∫₀ˣ exp(−t²) dt} with {@code x = x[i]}.
     *
     * @param x       the arguments
     * @param xOffset index of the first
     * @param y       the results
     * @param yOffset index of the first
     * @param n       the number of elements
     */
    void erf(double[] x, int xOffset, double[] y, int yOffset, int n);

    /**
     * Computes the logistic function of each element: {@code y[i] = 1 / (1 + exp(−x[i]))}.
     *
     * @param x       the arguments
     * @param xOffset index of the first
     * @param y       the results
     * @param yOffset index of the first
     * @param n       the number of elements
     */
    void sigmoid(double[] x, int xOffset, double[] y, int yOffset, int n);

    // ---- random numbers ----

    /**
     * Sets elements to zero at random and scales the others, possibly in place: {@code y[i] = f·x[i]} or
     * {@code y[i] += f·x[i]}, where {@code f} is 0 if the upper 53 bits of number {@code first + i} of the
     * {@linkplain CounterRandom stream} are below a limit, and {@code kept} otherwise.
     *
     * @param key        the key of the stream
     * @param first      the number of the first element in the stream
     * @param limit      from 0 to {@code 2⁵³}
     * @param kept       the factor of the elements that are kept
     * @param x          the numbers
     * @param xOffset    index of the first
     * @param y          the results
     * @param yOffset    index of the first
     * @param n          the number of elements
     * @param accumulate whether to add to {@code y}
     */
    void dropout(
            long key,
            long first,
            long limit,
            double kept,
            double[] x,
            int xOffset,
            double[] y,
            int yOffset,
            int n,
            boolean accumulate);

    // ---- optimizers ----

    /**
     * Updates parameters by Adam: {@code m = β₁·m + (1 − β₁)·g}, {@code v = β₂·v + (1 − β₂)·g²},
     * {@code p −= rate · (m / correction1) / (√(v / correction2) + eps)}, each operation rounded separately.
     *
     * <p>A quotient by a correction {@code c} is computed from its reciprocal {@code r} and corrected once:
     * {@code fma(fma(−c, x·r, x), r, x·r)}. This is the correctly rounded quotient, except that the last digits may
     * differ below 1e-270 and the result may be NaN above 1e290.
     *
     * @param p           the parameters
     * @param g           their gradients
     * @param m           the running averages of the gradients
     * @param v           the running averages of the squared gradients
     * @param from        index of the first element, in all four arrays
     * @param to          index after the last
     * @param beta1       {@code β₁}, the decay rate of {@code m}
     * @param beta2       {@code β₂}, the decay rate of {@code v}
     * @param rate        the learning rate
     * @param correction1 {@code 1 − β₁ᵗ} at update {@code t}
     * @param correction2 {@code 1 − β₂ᵗ} at update {@code t}
     * @param eps         added to the root
     * @return whether all elements of {@code p}, {@code m} and {@code v} are finite; may be false for
     *     finite elements whose products overflow
     * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, Adam: A Method for Stochastic Optimization,
     *     2014</a>
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

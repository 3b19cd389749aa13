package dev.microgpt.train;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.train.internal.Checks;
import java.util.List;

/**
 * The gradients of all parameters as one vector: its Euclidean norm, and clipping to it.
 *
 * <p>The result does not depend on the number of threads: the vector is always cut into the same pieces, and their sums
 * are added in order. Confined to one thread at a time.
 */
public final class Gradients {
    /** Elements per piece: small enough to share among many threads, large enough that the overhead does not matter. */
    static final int PIECE = 1 << 14;

    /** Added to the norm, so that a norm of 0 is not divided by; the same as in PyTorch. */
    private static final double NORM_EPS = 1e-6;

    private final Parameter[] parameters;
    private final int[] starts;
    private final double[] squares;
    private final long elements;

    /**
     * Creates the vector of the gradients of some parameters, which are not copied.
     *
     * @param parameters the parameters, without duplicates
     */
    public Gradients(List<Parameter> parameters) {
        int pieces = 0;
        long count = 0;
        for (Parameter parameter : parameters) {
            pieces += pieces(parameter);
            count += parameter.shape().size();
        }
        this.parameters = new Parameter[pieces];
        starts = new int[pieces];
        squares = new double[pieces];
        elements = count;
        int next = 0;
        for (Parameter parameter : parameters) {
            for (int piece = 0; piece < pieces(parameter); piece++) {
                this.parameters[next] = parameter;
                starts[next] = piece * PIECE;
                next++;
            }
        }
    }

    private static int pieces(Parameter parameter) {
        return (parameter.shape().size() - 1) / PIECE + 1;
    }

    private int length(int piece) {
        return Math.min(PIECE, parameters[piece].shape().size() - starts[piece]);
    }

    /**
     * Computes the global norm: the square root of the sum of all squared gradients.
     *
     * @return the norm, in units of the gradient; infinite or NaN if a gradient is, or infinite if the sum overflows
     */
    public double norm() {
        return Math.sqrt(squares());
    }

    /** Returns the sum of the squares of all gradients. */
    double squares() {
        Kernels kernels = Kernels.active();
        kernels.parallel(squares.length, elements, new Kernels.Range() {
            @Override
            public void run(int part, int from, int to) {
                for (int piece = from; piece < to; piece++) {
                    double[] g = parameters[piece].grad();
                    squares[piece] = kernels.dot(g, starts[piece], g, starts[piece], length(piece));
                }
            }
        });
        double sum = 0;
        for (double square : squares) {
            sum += square;
        }
        return sum;
    }

    /**
     * Clips the gradients to a global norm: {@code g ·= maxNorm / (norm + 1e-6)} if that factor is below 1, as
     * PyTorch's {@code clip_grad_norm_} does.
     *
     * @param norm    the current norm, from {@link #norm()}
     * @param maxNorm the largest norm to allow, in units of the gradient; 0 disables clipping
     * @return whether the gradients were scaled
     * @throws IllegalArgumentException if {@code maxNorm} is negative, infinite or NaN
     * @see <a href="https://arxiv.org/abs/1211.5063">Pascanu, Mikolov and Bengio, On the Difficulty of Training
     *     Recurrent Neural Networks, 2012</a>
     */
    public boolean clip(double norm, double maxNorm) {
        Checks.notNegative("gradient clipping norm", maxNorm);
        double factor = maxNorm / (norm + NORM_EPS);
        if (maxNorm == 0 || !(factor < 1)) {
            return false;
        }
        Kernels kernels = Kernels.active();
        kernels.parallel(squares.length, elements, new Kernels.Range() {
            @Override
            public void run(int part, int from, int to) {
                for (int piece = from; piece < to; piece++) {
                    double[] g = parameters[piece].grad();
                    kernels.scale(factor, g, starts[piece], g, starts[piece], length(piece));
                }
            }
        });
        return true;
    }
}

package dev.microgpt.train;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.train.internal.Checks;
import java.util.List;

/**
 * The gradients of all parameters, seen as one long vector: its Euclidean norm, and clipping by it.
 *
 * <p>The vector is cut into the same pieces whatever the number of threads; each has its sum, and the sums are added in
 * order. Not thread-safe, for the sums are kept here.
 */
public final class Gradients {
    /** Elements of a piece: small enough to share among many threads, large enough that the rest does not count. */
    static final int PIECE = 1 << 14;

    /** What a norm of 0 is kept from being divided by, as in PyTorch. */
    private static final double NORM_EPS = 1e-6;

    private final Parameter[] parameters;
    private final int[] starts;
    private final double[] squares;
    private final long elements;

    /**
     * Cuts the gradients of parameters into pieces.
     *
     * @param parameters the parameters, each once
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
     * Computes the norm: the root of the sum of the squares of all gradients.
     *
     * @return the norm; infinite or NaN if a gradient is, or if the squares are too large for their sum to be finite
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
     * Shortens the vector to a largest norm if it is longer: {@code g ·= maxNorm / (norm + 1e-6)} if that factor is below
     * 1, as PyTorch's {@code clip_grad_norm_} does.
     *
     * @param norm    what {@link #norm()} returned
     * @param maxNorm the largest norm, in units of the gradient; at 0 nothing is clipped
     * @return whether the gradients were changed
     * @throws IllegalArgumentException if {@code maxNorm} is negative, infinite or NaN
     * @see <a href="https://arxiv.org/abs/1211.5063">Pascanu, Mikolov and Bengio, On the Difficulty of Training Recurrent
     *     Neural Networks, 2012</a>
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

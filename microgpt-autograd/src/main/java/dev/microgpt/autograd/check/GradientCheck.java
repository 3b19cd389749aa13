package dev.microgpt.autograd.check;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;
import java.util.function.Function;

/**
 * Compares the gradients of {@link Tape#backward} with finite differences of the function.
 *
 * <pre>{@code
 * Parameter x = new Parameter("x", Shape.of(2, 3), 0.1, -0.4, 1.3, 0.2, 0.9, -2.0);
 * GradientCheck.smooth().check("square", tape -> tape.apply(new Square(x)), x);
 * }</pre>
 *
 * <p>The output {@code f(x)} is reduced to the scalar {@code s(x) = ⟨u, f(x)⟩} with a random {@code u ~ N(0, 1)}. Each
 * element of the gradient {@code g} of {@code s} is compared with the fourth-order central difference
 *
 * <pre>{@code n = (8·(s(x + h) − s(x − h)) − (s(x + 2h) − s(x − 2h))) / 12h,  h = step · max(1, |x|)}</pre>
 *
 * and the check passes if {@code |g − n| ≤ tolerance · max(|g|, |n|, max|n| / 100)}, where the last maximum is over the
 * elements of one input. There is no absolute tolerance, with which a gradient near zero would always pass. An input
 * whose differences are all below {@value #VACUOUS} fails, because it proves nothing, unless
 * {@link #allowingZeroGradients()} is used.
 *
 * <p>The function is then recorded twice more, on parameters and buffers whose arrays are longer than their shapes need
 * and hold NaN or other numbers, as they may in a training run. The check fails if an operation assigns to the gradient
 * of an input where it must add, leaves elements of its output unwritten, reads a buffer before it has written it,
 * reads or writes beyond the size of a shape, or modifies its output in backward.
 *
 * <p>Checks first derivatives only. Immutable; {@code with…} methods return a modified copy.
 * During a check no other thread may use its parameters.
 *
 * @see <a href="https://en.wikipedia.org/wiki/Finite_difference_coefficient">Finite difference coefficients</a>
 */
public final class GradientCheck {
    private static final double VACUOUS = 1e-3;

    private final double step;
    private final double tolerance;
    private final long seed;
    private final boolean zeroGradientsAllowed;

    private GradientCheck(double step, double tolerance, long seed, boolean zeroGradientsAllowed) {
        this.step = step;
        this.tolerance = tolerance;
        this.seed = seed;
        this.zeroGradientsAllowed = zeroGradientsAllowed;
    }

    /**
     * Returns a check for smooth functions: step 1e-3, tolerance 1e-8.
     *
     * @return a check with seed 0
     */
    public static GradientCheck smooth() {
        return new GradientCheck(1e-3, 1e-8, 0, false);
    }

    /**
     * Returns a check for functions with kinks, such as ReLU, and for whole models: step 1e-4, tolerance 1e-7.
     *
     * <p>Choose inputs that are more than four steps away from every kink.
     *
     * @return a check with seed 0
     */
    public static GradientCheck kinked() {
        return new GradientCheck(1e-4, 1e-7, 0, false);
    }

    /**
     * Returns this check with another tolerance.
     *
     * @param relative the largest relative error that passes
     * @return a modified copy
     * @throws IllegalArgumentException if the tolerance is not positive and finite
     */
    public GradientCheck withTolerance(double relative) {
        if (!(relative > 0) || relative == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "gradient check: the tolerance is " + relative + ", but must be positive and finite");
        }
        return new GradientCheck(step, relative, seed, zeroGradientsAllowed);
    }

    /**
     * Returns this check with another seed for the random {@code u}.
     *
     * @param newSeed the seed, which failure messages contain
     * @return a modified copy
     */
    public GradientCheck withSeed(long newSeed) {
        return new GradientCheck(step, tolerance, newSeed, zeroGradientsAllowed);
    }

    /**
     * Returns this check for a function whose gradient may be zero everywhere, such as softmax over one column.
     *
     * @return a modified copy
     */
    public GradientCheck allowingZeroGradients() {
        return new GradientCheck(step, tolerance, seed, true);
    }

    /**
     * Checks the gradient of every element of every input.
     *
     * @param name     name of the function in messages
     * @param function computes the output from the inputs on the given tape; must be deterministic
     * @param inputs   the parameters to check; their values are modified during the check and restored, their gradients
     *     stay as they are, as do those of all other parameters
     * @return the largest relative error
     * @throws AssertionError if a gradient is wrong, or if an operation breaks the contract of {@link Op}; the message
     *     contains function, input or operation, index and both values
     * @throws IllegalArgumentException if there are no inputs
     */
    public double check(String name, Function<Tape, Tensor> function, Parameter... inputs) {
        return check(name, function, List.of(inputs));
    }

    /**
     * Checks the gradient of every element of every input.
     *
     * @param name     name of the function in messages
     * @param function computes the output from the inputs on the given tape; must be deterministic
     * @param inputs   the parameters to check, as in {@link #check(String, Function, Parameter...)}
     * @return the largest relative error
     * @throws AssertionError if a gradient is wrong, or if an operation breaks the contract of {@link Op}; the message
     *     contains function, input or operation, index and both values
     * @throws IllegalArgumentException if there are no inputs
     */
    public double check(String name, Function<Tape, Tensor> function, List<Parameter> inputs) {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException(
                    "gradient check of " + name + ": there are no inputs; at least one is required");
        }
        BufferCheck buffers = new BufferCheck(name, function, inputs);
        double[] u = buffers.record(seed);
        double worst = 0;
        for (Parameter input : inputs) {
            double[] n = differences(function, input, u);
            worst = Math.max(worst, compare(name, input, buffers.gradient(input), n));
        }
        buffers.repeat();
        return worst;
    }

    private double[] differences(Function<Tape, Tensor> function, Parameter input, double[] u) {
        Tape tape = Tape.inference();
        double[] x = input.data();
        double[] n = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double center = x[i];
            double h = step * Math.max(1, Math.abs(center));
            try {
                double near = difference(function, tape, x, i, center, h, u);
                double far = difference(function, tape, x, i, center, 2 * h, u);
                n[i] = (8 * near - far) / (12 * h);
            } finally {
                x[i] = center;
            }
        }
        return n;
    }

    /** Returns {@code s(x + h) − s(x − h)}, subtracting elementwise to lose little precision. */
    private static double difference(
            Function<Tape, Tensor> function, Tape tape, double[] x, int i, double center, double h, double[] u) {
        x[i] = center + h;
        double[] above = function.apply(tape).toArray();
        tape.reset();
        x[i] = center - h;
        double[] below = function.apply(tape).toArray();
        tape.reset();
        double sum = 0;
        for (int j = 0; j < u.length; j++) {
            sum += u[j] * (above[j] - below[j]);
        }
        return sum;
    }

    private static String label(Parameter input) {
        return input.name() + " " + input.shape();
    }

    private double compare(String name, Parameter input, double[] g, double[] n) {
        double largest = 0;
        for (double value : n) {
            largest = Math.max(largest, Math.abs(value));
        }
        if (!zeroGradientsAllowed && !(largest > VACUOUS)) {
            throw new AssertionError(name + ": no finite difference with respect to " + label(input) + " exceeds "
                    + largest
                    + ", so the check proves nothing; choose inputs with a gradient above " + VACUOUS + " (seed " + seed
                    + ")");
        }
        double worst = 0;
        for (int i = 0; i < n.length; i++) {
            double scale = Math.max(Math.max(Math.abs(g[i]), Math.abs(n[i])), largest / 100);
            double error = Math.abs(g[i] - n[i]);
            if (!(error <= tolerance * scale) || Double.isInfinite(scale)) {
                throw new AssertionError(name + ": the gradient of " + label(input) + " at index " + i + " is " + g[i]
                        + " by backward but " + n[i] + " by finite differences; the relative error is "
                        + error / scale + ", but at most " + tolerance + " is allowed (seed " + seed + ")");
            }
            worst = scale == 0 ? worst : Math.max(worst, error / scale);
        }
        return worst;
    }
}

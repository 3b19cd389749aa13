package dev.microgpt.train;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Adam: {@code p −= lr · m̂ / (√v̂ + eps)} with the running means {@code m = β₁·m + (1 − β₁)·g} and
 * {@code v = β₂·v + (1 − β₂)·g²}, and {@code m̂ = m / (1 − β₁ᵗ)}, {@code v̂ = v / (1 − β₂ᵗ)} at update {@code t}.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, Adam: A Method for Stochastic Optimization, 2014</a>
 */
public final class Adam implements Optimizer {
    /** Elements a call: a method is compiled the sooner the oftener it is called, and short runs end soon. */
    private static final int CHUNK = 128;

    /** Multiply-adds an element, most of them for two quotients and a root. */
    private static final long WORK = 8;

    private final List<Parameter> parameters;
    private final double beta1;
    private final double beta2;
    private final double eps;
    private final List<double[]> m = new ArrayList<>();
    private final List<double[]> v = new ArrayList<>();
    private int updates;

    /**
     * Creates an optimizer whose running means are zero.
     *
     * @param parameters what is trained, each once
     * @param beta1      how slowly the mean of the gradients forgets, from 0 to below 1 (0.85 in microgpt)
     * @param beta2      how slowly the mean of their squares forgets, from 0 to below 1 (0.99 in microgpt)
     * @param eps        added to the root, in units of the gradient, positive (1e-8 in microgpt)
     * @throws IllegalArgumentException if there is no parameter or one twice, or if a number is out of range
     */
    public Adam(List<Parameter> parameters, double beta1, double beta2, double eps) {
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException("adam: there are no parameters; at least one is needed");
        }
        TrainingConfig.fraction("beta1", beta1);
        TrainingConfig.fraction("beta2", beta2);
        TrainingConfig.positive("adam-eps", eps);
        Set<Parameter> seen = new HashSet<>();
        for (Parameter parameter : parameters) {
            if (!seen.add(parameter)) {
                throw new IllegalArgumentException(
                        "adam: parameter \"" + parameter.name() + "\" is given twice and would be updated twice");
            }
            m.add(new double[parameter.shape().size()]);
            v.add(new double[parameter.shape().size()]);
        }
        this.parameters = List.copyOf(parameters);
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.eps = eps;
    }

    @Override
    public void step(double learningRate) {
        if (!(learningRate >= 0) || learningRate == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "adam: the learning rate is " + learningRate + ", but must be finite and at least 0");
        }
        updates++;
        double correction1 = 1 - StrictMath.pow(beta1, updates);
        double correction2 = 1 - StrictMath.pow(beta2, updates);
        for (int i = 0; i < parameters.size(); i++) {
            Parameter p = parameters.get(i);
            update(p.data(), p.grad(), m.get(i), v.get(i), learningRate, correction1, correction2);
        }
    }

    private void update(
            double[] p, double[] g, double[] m, double[] v, double rate, double correction1, double correction2) {
        Kernels kernels = Kernels.active();
        kernels.parallel(p.length, WORK * p.length, new Kernels.Range() {
            @Override
            public void run(int part, int first, int end) {
                for (int from = first; from < end; from += CHUNK) {
                    int to = Math.min(end, from + CHUNK);
                    kernels.adam(p, g, m, v, from, to, beta1, beta2, rate, correction1, correction2, eps);
                }
            }
        });
    }

    /**
     * Returns how many updates were made.
     *
     * @return {@code t} of the last update, 0 before the first
     */
    public int updates() {
        return updates;
    }

    /**
     * Returns the running means of the gradients.
     *
     * @return the arrays themselves, one for each parameter in the order given
     */
    public List<double[]> firstMoments() {
        return Collections.unmodifiableList(m);
    }

    /**
     * Returns the running means of the squared gradients.
     *
     * @return the arrays themselves, one for each parameter in the order given
     */
    public List<double[]> secondMoments() {
        return Collections.unmodifiableList(v);
    }

    /**
     * Continues where another optimizer stood; its moments are to be written into the arrays of this one.
     *
     * @param updates how many updates it had made, at least 0
     */
    public void resumeAt(int updates) {
        if (updates < 0) {
            throw new IllegalArgumentException(
                    "adam: the number of updates is " + updates + ", but must be at least 0");
        }
        this.updates = updates;
    }
}

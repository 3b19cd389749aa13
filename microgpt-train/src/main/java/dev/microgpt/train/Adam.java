package dev.microgpt.train;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.ParameterUpdates;
import dev.microgpt.autograd.check.FiniteCheck;
import dev.microgpt.train.internal.Checks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Adam optimizer, and AdamW where a parameter has weight decay.
 *
 * <p>Update {@code t}, from 1, of a parameter {@code p} with gradient {@code g} is
 *
 * <pre>
 * m = β₁·m + (1 − β₁)·g        m̂ = m / (1 − β₁ᵗ)
 * v = β₂·v + (1 − β₂)·g²       v̂ = v / (1 − β₂ᵗ)
 * p −= lr · m̂ / (√v̂ + eps)
 * </pre>
 *
 * <p>Weight decay is decoupled from the gradient, as in AdamW: {@code p ·= 1 − lr · decay} comes before the update.
 *
 * <p>Confined to one thread at a time: an update of parameters that another thread is training is refused, and so is a
 * save in another thread during an update.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, Adam: A Method for Stochastic Optimization, 2014</a>
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter, Decoupled Weight Decay Regularization,
 *     2017</a>
 */
public final class Adam implements Optimizer {
    /** Elements per kernel call: the JVM compiles a method sooner if it is called more often, which short runs need. */
    private static final int CHUNK = 128;

    /** The cost of an element in multiply-adds, mostly that of two divisions and a square root. */
    private static final long WORK = 8;

    private final List<Parameter> parameters;
    private final double[] decays;
    private final double beta1;
    private final double beta2;
    private final double eps;
    private final List<double[]> m = new ArrayList<>();
    private final List<double[]> v = new ArrayList<>();
    private int updates;

    /** Whether a number may have become NaN or infinite; set by the threads that share an update. */
    private volatile boolean suspicious;

    /**
     * Creates an optimizer without weight decay.
     *
     * @param parameters the parameters to update, without duplicates
     * @param beta1      decay rate of the gradient average, from 0 to below 1
     * @param beta2      decay rate of the average of squared gradients, from 0 to below 1
     * @param eps        added to the square root in the denominator, positive
     * @throws IllegalArgumentException if there are no parameters or one is given twice, or if a number is out of range
     */
    public Adam(List<Parameter> parameters, double beta1, double beta2, double eps) {
        this(parameters, new AdamConfig(beta1, beta2, eps, 0));
    }

    /**
     * Creates an optimizer that decays matrices and tables, but not biases and gains ({@link ParameterGroup#byRank}).
     *
     * @param parameters the parameters to update, without duplicates
     * @param config     the hyperparameters
     * @throws IllegalArgumentException if there are no parameters or one is given twice
     */
    public Adam(List<Parameter> parameters, AdamConfig config) {
        this(
                parameters,
                ParameterGroup.byRank(parameters, config.weightDecay()),
                config.beta1(),
                config.beta2(),
                config.eps());
    }

    /**
     * Creates an optimizer whose weight decay is given by groups of parameters.
     *
     * @param parameters the parameters to update, without duplicates; their order is also that of the moments
     * @param groups     the same parameters, each in exactly one group
     * @param beta1      decay rate of the gradient average, from 0 to below 1
     * @param beta2      decay rate of the average of squared gradients, from 0 to below 1
     * @param eps        added to the square root in the denominator, positive
     * @throws IllegalArgumentException if there are no parameters or one is given twice, if the groups do not have the
     *     same parameters, or if a number is out of range
     */
    public Adam(List<Parameter> parameters, List<ParameterGroup> groups, double beta1, double beta2, double eps) {
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException("adam: there are no parameters; at least one is needed");
        }
        Checks.fraction("beta1", beta1);
        Checks.fraction("beta2", beta2);
        Checks.positive("adam eps", eps);
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
        this.decays = decays(parameters, groups);
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.eps = eps;
    }

    /** Returns the weight decay of each parameter. */
    private static double[] decays(List<Parameter> parameters, List<ParameterGroup> groups) {
        Map<Parameter, Double> known = new LinkedHashMap<>();
        for (ParameterGroup group : groups) {
            for (Parameter parameter : group.parameters()) {
                if (known.put(parameter, group.weightDecay()) != null) {
                    throw grouped(parameter, "twice in the groups");
                }
            }
        }
        double[] decays = new double[parameters.size()];
        for (int i = 0; i < decays.length; i++) {
            Double decay = known.remove(parameters.get(i));
            if (decay == null) {
                throw grouped(parameters.get(i), "in no group");
            }
            decays[i] = decay;
        }
        if (!known.isEmpty()) {
            throw grouped(known.keySet().iterator().next(), "in a group, but not among the parameters");
        }
        return decays;
    }

    private static IllegalArgumentException grouped(Parameter parameter, String wrong) {
        return new IllegalArgumentException("adam: parameter \"" + parameter.name() + "\" is " + wrong
                + "; each must be in one group and in no other");
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException  if the rate is negative, infinite or NaN; nothing changes
     * @throws TrainingDivergedException if a parameter or a moment is NaN or infinite after the update, which is not
     *     counted
     * @throws IllegalStateException     if another thread is training one of the parameters; nothing changes
     */
    @Override
    public void step(double learningRate) {
        if (!(learningRate >= 0) || learningRate == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "adam: the learning rate is " + learningRate + ", but must be finite and at least 0");
        }
        ParameterUpdates.begin(parameters);
        try {
            update(learningRate);
        } finally {
            ParameterUpdates.end(parameters);
        }
    }

    private void update(double learningRate) {
        updates++;
        double correction1 = 1 - StrictMath.pow(beta1, updates);
        double correction2 = 1 - StrictMath.pow(beta2, updates);
        for (int i = 0; i < parameters.size(); i++) {
            Parameter p = parameters.get(i);
            double kept = 1 - learningRate * decays[i];
            update(p.data(), p.grad(), m.get(i), v.get(i), kept, learningRate, correction1, correction2);
        }
        if (suspicious) {
            suspicious = false; // the numbers may be finite and only large
            try {
                checkFinite(learningRate);
            } catch (TrainingDivergedException diverged) {
                updates--;
                throw diverged;
            }
        }
    }

    private void checkFinite(double rate) {
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            checkFinite("the gradient of ", parameter, parameter.grad(), rate);
            checkFinite("Adam's mean of the gradient of ", parameter, m.get(i), rate);
            checkFinite("Adam's mean of the squared gradient of ", parameter, v.get(i), rate);
            checkFinite("parameter ", parameter, parameter.data(), rate);
        }
    }

    private void checkFinite(String what, Parameter parameter, double[] numbers, double rate) {
        String broken = FiniteCheck.notFinite(parameter.shape(), numbers);
        if (broken != null) {
            throw TrainingDivergedException.inUpdate(
                    updates, what + parameter.name() + " is " + broken + " after an update with rate " + rate);
        }
    }

    private void update(
            double[] p,
            double[] g,
            double[] m,
            double[] v,
            double kept,
            double rate,
            double correction1,
            double correction2) {
        Kernels kernels = Kernels.active();
        kernels.parallel(p.length, WORK * p.length, new Kernels.Range() {
            @Override
            public void run(int part, int first, int end) {
                for (int from = first; from < end; from += CHUNK) {
                    int to = Math.min(end, from + CHUNK);
                    if (kept != 1) { // without decay the update is that of Adam, bit for bit
                        kernels.scale(kept, p, from, p, from, to - from);
                    }
                    if (!kernels.adam(p, g, m, v, from, to, beta1, beta2, rate, correction1, correction2, eps)) {
                        suspicious = true;
                    }
                }
            }
        });
    }

    /** {@return the parameters that this optimizer updates, in the order of the moments} */
    @Override
    public List<Parameter> parameters() {
        return parameters;
    }

    /** {@return the decay rate β₁ of the gradient average} */
    public double beta1() {
        return beta1;
    }

    /** {@return the decay rate β₂ of the average of squared gradients} */
    public double beta2() {
        return beta2;
    }

    /** {@return the number that is added to the square root in the denominator} */
    public double eps() {
        return eps;
    }

    /**
     * Returns the weight decay of a parameter.
     *
     * @param index the index of the parameter in {@link #parameters}
     * @return the decoupled weight decay, relative to the learning rate
     * @throws IndexOutOfBoundsException if there is no such parameter
     */
    public double weightDecay(int index) {
        return decays[index];
    }

    /** {@return the number {@code t} of the last update, 0 before the first} */
    @Override
    public int updates() {
        return updates;
    }

    /**
     * Returns the first moments {@code m}, the running averages of the gradients.
     *
     * @return the live arrays, one per parameter, in the order of the parameters
     */
    public List<double[]> firstMoments() {
        return Collections.unmodifiableList(m);
    }

    /**
     * Returns the second moments {@code v}, the running averages of the squared gradients.
     *
     * @return the live arrays, one per parameter, in the order of the parameters
     */
    public List<double[]> secondMoments() {
        return Collections.unmodifiableList(v);
    }

    @Override
    public void resumeAt(int updates) {
        if (updates < 0) {
            throw new IllegalArgumentException(
                    "adam: the number of updates is " + updates + ", but must be at least 0");
        }
        this.updates = updates;
    }

    /** {@return the first moments as {@code m} and the second moments as {@code v}} */
    @Override
    public Map<String, List<double[]>> state() {
        return Map.of("m", firstMoments(), "v", secondMoments());
    }

    /** {@return the type named {@code adam}, which creates Adam without groups of one's own} */
    @Override
    public OptimizerType type() {
        return AdamType.INSTANCE;
    }
}

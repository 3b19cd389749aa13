package dev.microgpt.train;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.check.FiniteCheck;
import dev.microgpt.train.internal.Checks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Adam: {@code p −= lr · m̂ / (√v̂ + eps)} with the running means {@code m = β₁·m + (1 − β₁)·g} and
 * {@code v = β₂·v + (1 − β₂)·g²}, and {@code m̂ = m / (1 − β₁ᵗ)}, {@code v̂ = v / (1 − β₂ᵗ)} at update {@code t}.
 *
 * <p>With a decay of weights it is AdamW: {@code p ·= 1 − lr · decay} comes first, and the decay is no part of the
 * gradient. Where the decay is 0 that product is left out.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, Adam: A Method for Stochastic Optimization, 2014</a>
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2017</a>
 */
public final class Adam implements Optimizer {
    /** Elements a call: a method is compiled the sooner the oftener it is called, and short runs end soon. */
    private static final int CHUNK = 128;

    /** Multiply-adds an element, most of them for two quotients and a root. */
    private static final long WORK = 8;

    private final List<Parameter> parameters;
    private final double[] decays;
    private final double beta1;
    private final double beta2;
    private final double eps;
    private final List<double[]> m = new ArrayList<>();
    private final List<double[]> v = new ArrayList<>();
    private int updates;

    /** Whether a number may not be finite any more; set by the threads that share an update. */
    private volatile boolean suspicious;

    /**
     * Creates an optimizer without decay whose running means are zero.
     *
     * @param parameters what is trained, each once
     * @param beta1      see {@link AdamConfig}
     * @param beta2      see {@link AdamConfig}
     * @param eps        see {@link AdamConfig}
     * @throws IllegalArgumentException if there is no parameter or one twice, or if a number is out of range
     */
    public Adam(List<Parameter> parameters, double beta1, double beta2, double eps) {
        this(parameters, new AdamConfig(beta1, beta2, eps, 0));
    }

    /**
     * Creates an optimizer with the groups of {@link ParameterGroup#byRank} whose running means are zero.
     *
     * @param parameters what is trained, each once
     * @param config     the numbers
     * @throws IllegalArgumentException if there is no parameter or one twice
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
     * Creates an optimizer with groups of one's own whose running means are zero.
     *
     * @param parameters what is trained, each once; their order is that of the running means
     * @param groups     the same parameters, each in one group, which says its decay
     * @param beta1      see {@link AdamConfig}
     * @param beta2      see {@link AdamConfig}
     * @param eps        see {@link AdamConfig}
     * @throws IllegalArgumentException if there is no parameter or one twice, if the groups have others, or if a number
     *     is out of range
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

    /** Returns the decay of each parameter. */
    private static double[] decays(List<Parameter> parameters, List<ParameterGroup> groups) {
        Map<Parameter, Double> known = new HashMap<>();
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
        for (ParameterGroup group : groups) {
            for (Parameter parameter : group.parameters()) {
                if (known.containsKey(parameter)) {
                    throw grouped(parameter, "in a group, but not among the parameters");
                }
            }
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
     * @throws IllegalArgumentException  if the rate is negative, infinite or NaN; nothing is changed
     * @throws TrainingDivergedException if a parameter or a running mean is NaN or infinite after the update
     */
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
            double kept = 1 - learningRate * decays[i];
            update(p.data(), p.grad(), m.get(i), v.get(i), kept, learningRate, correction1, correction2);
        }
        if (suspicious) {
            suspicious = false; // as it stays if the numbers are only large
            checkFinite(learningRate);
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

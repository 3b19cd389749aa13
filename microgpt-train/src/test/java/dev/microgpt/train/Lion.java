package dev.microgpt.train;

import dev.microgpt.autograd.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Lion: {@code p −= lr·sign(β₁·m + (1 − β₁)·g)}, then {@code m = β₂·m + (1 − β₂)·g}, an optimizer with a state of its
 * own.
 *
 * @see <a href="https://arxiv.org/abs/2302.06675">Chen et al., Symbolic Discovery of Optimization Algorithms, 2023</a>
 */
public final class Lion implements Optimizer {
    private final List<Parameter> parameters;
    private final AdamConfig config;
    private final List<double[]> m = new ArrayList<>();
    private int updates;

    public Lion(List<Parameter> parameters, AdamConfig config) {
        this.parameters = parameters;
        this.config = config;
        parameters.forEach(parameter -> m.add(new double[parameter.shape().size()]));
    }

    @Override
    public void step(double learningRate) {
        for (int index = 0; index < m.size(); index++) {
            double[] p = parameters.get(index).data();
            double[] g = parameters.get(index).grad();
            double[] mean = m.get(index);
            for (int i = 0; i < mean.length; i++) {
                p[i] -= learningRate * Math.signum(config.beta1() * mean[i] + (1 - config.beta1()) * g[i]);
                mean[i] = config.beta2() * mean[i] + (1 - config.beta2()) * g[i];
            }
        }
        updates++;
    }

    @Override
    public List<Parameter> parameters() {
        return parameters;
    }

    @Override
    public int updates() {
        return updates;
    }

    @Override
    public void resumeAt(int updates) {
        this.updates = updates;
    }

    @Override
    public Map<String, List<double[]>> state() {
        return Map.of("m", m);
    }

    @Override
    public OptimizerType type() {
        return new Type();
    }

    public static final class Type implements OptimizerType {
        @Override
        public String name() {
            return "example.lion";
        }

        @Override
        public int version() {
            return 2;
        }

        @Override
        public Optimizer create(List<Parameter> parameters, TrainingConfig training) {
            return new Lion(parameters, training.adam());
        }
    }
}

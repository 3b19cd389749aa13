package dev.microgpt.train;

import dev.microgpt.autograd.Parameter;
import java.util.List;

/** Stochastic gradient descent, {@code p −= lr·g}: an optimizer without state. */
public class Sgd implements Optimizer {
    private final List<Parameter> parameters;
    private int updates;

    public Sgd(List<Parameter> parameters) {
        this.parameters = parameters;
    }

    @Override
    public void step(double learningRate) {
        for (Parameter parameter : parameters) {
            double[] p = parameter.data();
            for (int i = 0; i < p.length; i++) {
                p[i] -= learningRate * parameter.grad()[i];
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
    public OptimizerType type() {
        return new Type();
    }

    public static final class Type implements OptimizerType {
        @Override
        public String name() {
            return "example.sgd";
        }

        @Override
        public Optimizer create(List<Parameter> parameters, TrainingConfig training) {
            return new Sgd(parameters);
        }
    }
}

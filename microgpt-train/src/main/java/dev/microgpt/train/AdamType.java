package dev.microgpt.train;

import dev.microgpt.autograd.Parameter;
import java.util.List;

/** The type of {@link Adam}. */
final class AdamType implements OptimizerType {
    static final OptimizerType INSTANCE = new AdamType();

    private AdamType() {}

    @Override
    public String name() {
        return ADAM;
    }

    @Override
    public Optimizer create(List<Parameter> parameters, TrainingConfig training) {
        return new Adam(parameters, training.adam());
    }
}

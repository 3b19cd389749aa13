package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.check.GradientCheck;
import java.util.List;
import java.util.function.Function;

/**
 * One operation, the inputs that it is given and the check that its gradient has to pass.
 *
 * @param name   what failures call it, with its sizes and its seed
 * @param inputs what {@code build} is given, in this order
 * @param build  makes the operation of tensors of those shapes
 */
record OpCase(String name, List<Parameter> inputs, Function<List<? extends Tensor>, Op> build, GradientCheck check) {
    Tensor apply(Tape tape) {
        return tape.apply(build.apply(inputs));
    }

    /** Returns the largest relative error, or throws if it is too large. */
    double worstError() {
        return check.check(name, this::apply, inputs);
    }

    OpCase allowingZeroGradients() {
        return new OpCase(name, inputs, build, check.allowingZeroGradients());
    }

    @Override
    public String toString() {
        return name;
    }
}

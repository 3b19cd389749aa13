package dev.microgpt.train;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Parameter;
import java.util.List;

/** Adds up gradients that are computed one after another in the parameters, each beginning with zeros. */
final class GradientSums {
    private final List<Parameter> parameters;
    private final double[][] sums;

    GradientSums(List<Parameter> parameters) {
        this.parameters = parameters;
        this.sums = new double[parameters.size()][0];
    }

    /** Starts with the present gradients. */
    void begin() {
        for (int i = 0; i < sums.length; i++) {
            sums[i] = sums[i].length > 0
                    ? sums[i]
                    : new double[parameters.get(i).shape().size()];
            System.arraycopy(parameters.get(i).grad(), 0, sums[i], 0, sums[i].length);
        }
    }

    /** Adds the present gradients. */
    void add() {
        for (int i = 0; i < sums.length; i++) {
            Kernels.active().axpy(1.0, parameters.get(i).grad(), 0, sums[i], 0, sums[i].length);
        }
    }

    /** Makes the sums the present gradients. */
    void end() {
        for (int i = 0; i < sums.length; i++) {
            System.arraycopy(sums[i], 0, parameters.get(i).grad(), 0, sums[i].length);
        }
    }
}

package dev.microgpt.train.attribution;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.train.Adam;
import dev.microgpt.train.Optimizer;
import java.util.ArrayList;
import java.util.List;

/** The gradient of −log p(text), and its products with the gradient of a document. */
final class TextGradient {
    private final List<Parameter> parameters;
    private final List<double[]> gradient = new ArrayList<>();

    /** The gradient, divided by what Adam divides by. */
    private final List<double[]> scaled = new ArrayList<>();

    TextGradient(List<Parameter> parameters) {
        this.parameters = parameters;
        for (Parameter parameter : parameters) {
            gradient.add(new double[parameter.shape().size()]);
            scaled.add(new double[parameter.shape().size()]);
        }
    }

    /**
     * Takes the gradient from the parameters and zeroes theirs.
     *
     * @param optimizer the optimizer after the step that is to be estimated
     */
    void take(Optimizer optimizer) {
        for (int p = 0; p < gradient.size(); p++) {
            Parameter parameter = parameters.get(p);
            double[] g = gradient.get(p);
            System.arraycopy(parameter.grad(), 0, g, 0, g.length);
            parameter.zeroGrad();
            if (optimizer instanceof Adam adam) {
                double[] s = scaled.get(p);
                double[] v = adam.secondMoments().get(p);
                double correction = 1 - StrictMath.pow(adam.beta2(), adam.updates());
                for (int i = 0; i < s.length; i++) {
                    s[i] = g[i] / (Math.sqrt(v[i] / correction) + adam.eps());
                }
            }
        }
    }

    /** Returns the product with the gradients of the parameters. */
    double product() {
        return product(gradient);
    }

    /** Returns the product after both were scaled: each by the root of what Adam divides by. */
    double scaledProduct() {
        return product(scaled);
    }

    private double product(List<double[]> factor) {
        double sum = 0;
        for (int p = 0; p < factor.size(); p++) {
            double[] f = factor.get(p);
            sum += Kernels.active().dot(f, 0, parameters.get(p).grad(), 0, f.length);
        }
        return sum;
    }
}

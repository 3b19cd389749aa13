package dev.microgpt.train.huggingface;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of GPT-2's files, and the parameters here that it holds: one, or several side by side.
 *
 * <p>GPT-2's products are {@code y = x·W + b} with {@code W} of shape {@code (in, out)}, here they are {@code y = x·Wᵀ + b}
 * with {@code W} of shape {@code (out, in)}. So a weight is transposed, and of several side by side each has some of the
 * columns.
 *
 * @param name       in the files, without prefix
 * @param shape      in the files
 * @param transposed whether parts are the transposes of its columns; else they are its elements one after the other
 * @param parts      the names of the parameters here, all of the same shape
 */
record Gpt2Tensor(String name, Shape shape, boolean transposed, List<String> parts) {
    /** The shape of each part. */
    Shape partShape() {
        int last = shape.columns() / parts.size();
        if (shape.rank() == 1) {
            return Shape.of(last);
        }
        return transposed ? Shape.of(last, shape.rows()) : shape;
    }

    /** Puts the parts among the parameters, given the elements in the files, which are kept where they are the part. */
    void split(double[] data, Map<String, Tensor> parameters) {
        Shape partShape = partShape();
        if (parts.size() == 1 && !transposed) {
            parameters.put(parts.get(0), Tensor.constant(partShape, data));
            return;
        }
        int rows = transposed ? shape.rows() : 1;
        int width = shape.columns() / parts.size();
        for (int p = 0; p < parts.size(); p++) {
            double[] part = new double[partShape.size()];
            for (int column = 0; column < width; column++) {
                for (int row = 0; row < rows; row++) {
                    part[column * rows + row] = data[row * shape.columns() + p * width + column];
                }
            }
            parameters.put(parts.get(p), Tensor.constant(partShape, part));
        }
    }

    /**
     * Returns the elements in the files, not to be modified.
     *
     * @param parameters the elements of a parameter by its name, or null for one that the model lacks: zeros
     */
    double[] join(Function<String, double @Nullable []> parameters) {
        if (parts.size() == 1 && !transposed) {
            double[] whole = parameters.apply(parts.get(0));
            return whole == null ? new double[shape.size()] : whole;
        }
        double[] data = new double[shape.size()];
        int rows = transposed ? shape.rows() : 1;
        int width = shape.columns() / parts.size();
        for (int p = 0; p < parts.size(); p++) {
            double[] part = parameters.apply(parts.get(p));
            if (part == null) {
                continue;
            }
            for (int column = 0; column < width; column++) {
                for (int row = 0; row < rows; row++) {
                    data[row * shape.columns() + p * width + column] = part[column * rows + row];
                }
            }
        }
        return data;
    }
}

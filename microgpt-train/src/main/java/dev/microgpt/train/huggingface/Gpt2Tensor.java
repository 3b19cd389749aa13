package dev.microgpt.train.huggingface;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of GPT-2's files and the parameters that it contains: one, or several side by side.
 *
 * <p>GPT-2's linear layers compute {@code y = x·W + b} with {@code W} of shape {@code (in, out)}; here they compute
 * {@code y = x·Wᵀ + b} with {@code W} of shape {@code (out, in)}. So weights are transposed, and each of several
 * parameters side by side occupies a range of columns.
 *
 * @param name       the name in the files, without prefix
 * @param shape      the shape in the files
 * @param transposed whether each part is the transpose of a range of columns; otherwise the parts are consecutive
 *     elements
 * @param parts      the names of the parameters, all of the same shape
 */
record Gpt2Tensor(String name, Shape shape, boolean transposed, List<String> parts) {
    /** Returns the shape of each part. */
    Shape partShape() {
        int last = shape.columns() / parts.size();
        if (shape.rank() == 1) {
            return Shape.of(last);
        }
        return transposed ? Shape.of(last, shape.rows()) : shape;
    }

    /**
     * Adds the parts to the parameters, given the elements in the files; a single part that is not transposed shares
     * the array.
     */
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
     * Returns the elements as the files store them, not to be modified.
     *
     * @param parameters returns the elements of a parameter by name; null, for one that the model lacks, stands for
     *     zeros
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

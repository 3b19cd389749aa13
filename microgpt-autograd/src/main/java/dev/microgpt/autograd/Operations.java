package dev.microgpt.autograd;

import dev.microgpt.autograd.op.CausalAttention;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.autograd.op.Dropout;
import dev.microgpt.autograd.op.DropoutMask;
import dev.microgpt.autograd.op.Embedding;
import dev.microgpt.autograd.op.LayerNorm;
import dev.microgpt.autograd.op.Linear;
import dev.microgpt.autograd.op.MatMul;
import dev.microgpt.autograd.op.RmsNorm;
import dev.microgpt.autograd.op.Softmax;
import dev.microgpt.autograd.op.element.Add;
import dev.microgpt.autograd.op.element.Gelu;
import dev.microgpt.autograd.op.element.GeluTanh;
import dev.microgpt.autograd.op.element.Multiply;
import dev.microgpt.autograd.op.element.Relu;
import dev.microgpt.autograd.op.element.ReluSquared;
import dev.microgpt.autograd.op.element.Scale;
import dev.microgpt.autograd.op.element.Sigmoid;
import dev.microgpt.autograd.op.element.Silu;
import dev.microgpt.autograd.op.element.SoftCap;
import dev.microgpt.autograd.op.element.Tanh;
import dev.microgpt.autograd.op.reduce.Mean;
import dev.microgpt.autograd.op.reduce.Sum;
import org.jspecify.annotations.Nullable;

/**
 * The operations of {@link dev.microgpt.autograd.op} and the packages below it as methods of a {@link Tape}.
 *
 * <p>They are shorthand without privileges: {@code tape.relu(x)} is {@code tape.apply(new Relu(x))}, which is also how
 * you apply an operation of your own. Operands that do not fit are rejected with an {@link IllegalArgumentException}
 * that names the operation, the shapes and the rule.
 */
public sealed interface Operations permits Tape {
    /**
     * Runs an operation forward and records it.
     *
     * <p>If the operation throws, the tape is left unchanged.
     *
     * @param op the operation; apply each object only once
     * @return its output, valid until {@link Tape#reset()}
     * @throws IllegalStateException if an input belongs to another tape or to a recording before a reset, if
     *     {@link Tape#backward} has run since the last reset, or if another thread is recording on this tape
     */
    Tensor apply(Op op);

    /**
     * Looks up rows of a table: {@code y[t] = table[ids[t]]}, see {@link Embedding}.
     *
     * @param table one row for each id, shape {@code (V, C)}
     * @param ids   the rows to look up, each from 0 to {@code V − 1}; at least one
     * @return the rows, shape {@code (ids.length, C)}
     */
    default Tensor embedding(Tensor table, int... ids) {
        return apply(new Embedding(table, ids));
    }

    /**
     * Multiplies by a transposed weight: {@code y = x·wᵀ}, see {@link Linear}.
     *
     * @param x      input, shape {@code (T, in)}
     * @param weight weight, shape {@code (out, in)}
     * @return shape {@code (T, out)}
     */
    default Tensor linear(Tensor x, Tensor weight) {
        return apply(new Linear(x, weight, null));
    }

    /**
     * Multiplies by a transposed weight and adds a bias: {@code y = x·wᵀ + b}, see {@link Linear}.
     *
     * @param x      input, shape {@code (T, in)}
     * @param weight weight, shape {@code (out, in)}
     * @param bias   added to each row, shape {@code (out)}
     * @return shape {@code (T, out)}
     */
    default Tensor linear(Tensor x, Tensor weight, Tensor bias) {
        return apply(new Linear(x, weight, bias));
    }

    /**
     * Multiplies two matrices: {@code y = a·b}, see {@link MatMul}.
     *
     * @param a left factor, shape {@code (M, K)}
     * @param b right factor, shape {@code (K, N)}
     * @return shape {@code (M, N)}
     */
    default Tensor matmul(Tensor a, Tensor b) {
        return apply(new MatMul(a, b));
    }

    /**
     * Adds two tensors elementwise, or a row to every row: {@code y = a + b}, see {@link Add}.
     *
     * @param a first summand, any shape with rows of {@code C} elements
     * @param b second summand, with the shape of {@code a}, or {@code (C)} to be added to each row of {@code a}
     * @return the sum, with the shape of {@code a}
     */
    default Tensor add(Tensor a, Tensor b) {
        return apply(new Add(a, b));
    }

    /**
     * Multiplies two tensors elementwise, or every row by a row: {@code y = a · b}, see {@link Multiply}.
     *
     * @param a first factor, any shape with rows of {@code C} elements
     * @param b second factor, with the shape of {@code a}, or {@code (C)} to be multiplied with each row of {@code a}
     * @return the product, with the shape of {@code a}
     */
    default Tensor multiply(Tensor a, Tensor b) {
        return apply(new Multiply(a, b));
    }

    /**
     * Multiplies every element by a constant: {@code y = factor · x}, see {@link Scale}.
     *
     * @param x      input, any shape
     * @param factor the constant, which has no gradient
     * @return a tensor with the shape of {@code x}
     */
    default Tensor scale(Tensor x, double factor) {
        return apply(new Scale(x, factor));
    }

    /**
     * Applies the rectified linear unit: {@code y = max(0, x)}, see {@link Relu}.
     *
     * @param x input, any shape
     * @return a tensor with the shape of {@code x}
     */
    default Tensor relu(Tensor x) {
        return apply(new Relu(x));
    }

    /**
     * Applies the Gaussian error linear unit: {@code y = x·Φ(x)}, see {@link Gelu}.
     *
     * @param x input, any shape
     * @return a tensor with the shape of {@code x}
     */
    default Tensor gelu(Tensor x) {
        return apply(new Gelu(x));
    }

    /**
     * Applies GPT-2's tanh approximation of the Gaussian error linear unit, see {@link GeluTanh}.
     *
     * @param x input, any shape
     * @return a tensor with the shape of {@code x}
     */
    default Tensor geluTanh(Tensor x) {
        return apply(new GeluTanh(x));
    }

    /**
     * Applies the sigmoid linear unit, also called swish: {@code y = x / (1 + exp(−x))}, see {@link Silu}.
     *
     * @param x input, any shape
     * @return a tensor with the shape of {@code x}
     */
    default Tensor silu(Tensor x) {
        return apply(new Silu(x));
    }

    /**
     * Applies the squared rectified linear unit: {@code y = max(0, x)²}, see {@link ReluSquared}.
     *
     * @param x input, any shape
     * @return a tensor with the shape of {@code x}
     */
    default Tensor reluSquared(Tensor x) {
        return apply(new ReluSquared(x));
    }

    /**
     * Applies the logistic function: {@code y = 1 / (1 + exp(−x))}, see {@link Sigmoid}.
     *
     * @param x input, any shape
     * @return a tensor with the shape of {@code x}
     */
    default Tensor sigmoid(Tensor x) {
        return apply(new Sigmoid(x));
    }

    /**
     * Applies the hyperbolic tangent: {@code y = tanh(x)}, see {@link Tanh}.
     *
     * @param x input, any shape
     * @return a tensor with the shape of {@code x}
     */
    default Tensor tanh(Tensor x) {
        return apply(new Tanh(x));
    }

    /**
     * Keeps numbers between {@code −cap} and {@code cap}, smoothly: {@code y = cap · tanh(x / cap)}, see {@link SoftCap}.
     *
     * @param x   input, any shape
     * @param cap the limit of the absolute value, positive and finite
     * @return a tensor with the shape of {@code x}
     */
    default Tensor softCap(Tensor x, double cap) {
        return apply(new SoftCap(x, cap));
    }

    /**
     * Scales each row to unit root mean square: {@code y = x / sqrt(mean(x²) + eps)}, see {@link RmsNorm}.
     *
     * @param x   input, shape {@code (T, C)}
     * @param eps added to the mean square, dimensionless; must be positive (1e-5 in microgpt)
     * @return shape {@code (T, C)}
     */
    default Tensor rmsNorm(Tensor x, double eps) {
        return apply(new RmsNorm(x, eps));
    }

    /**
     * Normalizes each row to mean 0 and variance 1, then applies a gain and a bias, see {@link LayerNorm}.
     *
     * @param x    input, shape {@code (T, C)}
     * @param gain factor for each column, shape {@code (C)}
     * @param bias summand for each column, shape {@code (C)}, or null for none
     * @param eps  added to the variance, dimensionless; must be positive (1e-5 in GPT-2)
     * @return shape {@code (T, C)}
     */
    default Tensor layerNorm(Tensor x, Tensor gain, @Nullable Tensor bias, double eps) {
        return apply(new LayerNorm(x, gain, bias, eps));
    }

    /**
     * Turns each row into probabilities: {@code y = exp(x) / Σ exp(x)}, see {@link Softmax}.
     *
     * @param x input, shape {@code (T, C)}
     * @return shape {@code (T, C)}; the elements of a row add up to 1
     */
    default Tensor softmax(Tensor x) {
        return apply(new Softmax(x));
    }

    /**
     * Computes multi-head causal self-attention: each position of a sequence attends to itself and all earlier
     * positions, see {@link CausalAttention}.
     *
     * @param q         queries, shape {@code (T, C)}
     * @param k         keys, shape {@code (T, C)}
     * @param v         values, shape {@code (T, C)}
     * @param heads     number of heads, a divisor of {@code C}
     * @param sequences offsets of the sequences in {@code q}, {@code k} and {@code v}
     * @return shape {@code (T, C)}
     */
    default Tensor causalAttention(Tensor q, Tensor k, Tensor v, int heads, Sequences sequences) {
        return apply(new CausalAttention(q, k, v, heads, sequences, sequences));
    }

    /**
     * Sets elements to zero at random and scales up the others: {@code y = mask · x}, see {@link Dropout}.
     *
     * @param x         input, shape {@code (T, C)}
     * @param sequences offsets of the sequences in {@code x}
     * @param mask      the elements to drop, with a random stream for each sequence
     * @return shape {@code (T, C)}
     */
    default Tensor dropout(Tensor x, Sequences sequences, DropoutMask mask) {
        return apply(new Dropout(x, sequences, mask));
    }

    /**
     * Computes the mean cross-entropy, in nats, between the softmax of each row and its target, see
     * {@link CrossEntropy}.
     *
     * @param logits  unnormalized log-probabilities, shape {@code (T, V)}
     * @param targets the correct column of each row, from 0 to {@code V − 1}; one for each row
     * @return the loss, a scalar
     */
    default Tensor crossEntropy(Tensor logits, int... targets) {
        return apply(new CrossEntropy(logits, targets, targets.length));
    }

    /**
     * Adds up all elements: {@code y = Σ x}, see {@link Sum}.
     *
     * @param x input, any shape
     * @return a scalar
     */
    default Tensor sum(Tensor x) {
        return apply(new Sum(x));
    }

    /**
     * Averages all elements: {@code y = Σ x / n}, see {@link Mean}.
     *
     * @param x input, any shape
     * @return a scalar
     */
    default Tensor mean(Tensor x) {
        return apply(new Mean(x));
    }
}

package dev.microgpt.autograd;

import dev.microgpt.autograd.op.Add;
import dev.microgpt.autograd.op.CausalAttention;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.autograd.op.Dropout;
import dev.microgpt.autograd.op.DropoutMask;
import dev.microgpt.autograd.op.Embedding;
import dev.microgpt.autograd.op.Gelu;
import dev.microgpt.autograd.op.GeluTanh;
import dev.microgpt.autograd.op.LayerNorm;
import dev.microgpt.autograd.op.Linear;
import dev.microgpt.autograd.op.MatMul;
import dev.microgpt.autograd.op.Mean;
import dev.microgpt.autograd.op.Multiply;
import dev.microgpt.autograd.op.Relu;
import dev.microgpt.autograd.op.RmsNorm;
import dev.microgpt.autograd.op.Scale;
import dev.microgpt.autograd.op.Softmax;
import dev.microgpt.autograd.op.Sum;
import org.jspecify.annotations.Nullable;

/**
 * The mathematics that a {@link Tape} offers, one line for each operation of {@link dev.microgpt.autograd.op}.
 *
 * <p>None has a privilege: {@code tape.relu(x)} is {@code tape.apply(new Relu(x))}, and so is an operation of yours.
 */
public sealed interface Operations permits Tape {
    /**
     * Runs an operation forward and records it.
     *
     * <p>If the operation throws, the tape is as it was before.
     *
     * @param op the operation; an object is applied once
     * @return its output, valid until {@link Tape#reset()}
     * @throws IllegalStateException if an input belongs to another tape or to a recording before a reset, if
     *     {@link Tape#backward} has run since the last reset, or if another thread is recording on this tape
     */
    Tensor apply(Op op);

    /**
     * Picks rows of a table, see {@link Embedding}.
     *
     * @param table one row for each id, shape {@code (V, C)}
     * @param ids   the rows to pick, each from 0 to {@code V − 1}
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
     * Adds element by element, or one row to every row: {@code y = a + b}, see {@link Add}.
     *
     * @param a first summand
     * @param b second summand, of the shape of {@code a} or, to be added to each of its rows, {@code (C)}
     * @return the shape of {@code a}
     */
    default Tensor add(Tensor a, Tensor b) {
        return apply(new Add(a, b));
    }

    /**
     * Multiplies element by element, or each row by one row: {@code y = a · b}, see {@link Multiply}.
     *
     * @param a first factor
     * @param b second factor, of the same shape or one row {@code (C)}
     * @return the same shape
     */
    default Tensor multiply(Tensor a, Tensor b) {
        return apply(new Multiply(a, b));
    }

    /**
     * Multiplies every element by one constant: {@code y = factor · x}, see {@link Scale}.
     *
     * @param x      input
     * @param factor the constant
     * @return the same shape
     */
    default Tensor scale(Tensor x, double factor) {
        return apply(new Scale(x, factor));
    }

    /**
     * Replaces negative elements by zero: {@code y = max(0, x)}, see {@link Relu}.
     *
     * @param x input
     * @return the same shape
     */
    default Tensor relu(Tensor x) {
        return apply(new Relu(x));
    }

    /**
     * Applies the Gaussian error linear unit {@code y = x·Φ(x)}, see {@link Gelu}.
     *
     * @param x input
     * @return the same shape
     */
    default Tensor gelu(Tensor x) {
        return apply(new Gelu(x));
    }

    /**
     * Applies GPT-2's approximation of the Gaussian error linear unit by a hyperbolic tangent, see {@link GeluTanh}.
     *
     * @param x input
     * @return the same shape
     */
    default Tensor geluTanh(Tensor x) {
        return apply(new GeluTanh(x));
    }

    /**
     * Scales each row to unit root mean square: {@code y = x / sqrt(mean(x²) + eps)}, see {@link RmsNorm}.
     *
     * @param x   input, shape {@code (T, C)}
     * @param eps added to the mean square, dimensionless, positive
     * @return the same shape
     */
    default Tensor rmsNorm(Tensor x, double eps) {
        return apply(new RmsNorm(x, eps));
    }

    /**
     * Shifts and scales each row to mean 0 and variance 1, then applies gain and bias, see {@link LayerNorm}.
     *
     * @param x    input, shape {@code (T, C)}
     * @param gain factor of each column, shape {@code (C)}
     * @param bias added to each column, shape {@code (C)}, or null for none
     * @param eps  added to the variance, dimensionless, positive
     * @return the same shape
     */
    default Tensor layerNorm(Tensor x, Tensor gain, @Nullable Tensor bias, double eps) {
        return apply(new LayerNorm(x, gain, bias, eps));
    }

    /**
     * Turns each row into probabilities: {@code y = exp(x) / Σ exp(x)}, see {@link Softmax}.
     *
     * @param x input, shape {@code (T, C)}
     * @return the same shape
     */
    default Tensor softmax(Tensor x) {
        return apply(new Softmax(x));
    }

    /**
     * Lets every row of each sequence look at itself and the rows before it, see {@link CausalAttention}.
     *
     * @param q         queries, shape {@code (T, C)}
     * @param k         keys, shape {@code (T, C)}
     * @param v         values, shape {@code (T, C)}
     * @param heads     the number of heads, a divisor of {@code C}
     * @param sequences where the sequences start
     * @return shape {@code (T, C)}
     */
    default Tensor causalAttention(Tensor q, Tensor k, Tensor v, int heads, Sequences sequences) {
        return apply(new CausalAttention(q, k, v, heads, sequences, sequences));
    }

    /**
     * Drops elements at random and scales the others up, see {@link Dropout}.
     *
     * @param x         input, shape {@code (T, C)}
     * @param sequences where the sequences start
     * @param mask      which elements are dropped
     * @return the same shape
     */
    default Tensor dropout(Tensor x, Sequences sequences, DropoutMask mask) {
        return apply(new Dropout(x, sequences, mask));
    }

    /**
     * Returns the mean cross-entropy, in nats, of the softmax of each row against its target, see {@link CrossEntropy}.
     *
     * @param logits  one row of scores for each target, shape {@code (T, V)}
     * @param targets the right column of each row, from 0 to {@code V − 1}
     * @return a scalar
     */
    default Tensor crossEntropy(Tensor logits, int... targets) {
        return apply(new CrossEntropy(logits, targets, targets.length));
    }

    /**
     * Adds up all elements, see {@link Sum}.
     *
     * @param x input
     * @return a scalar
     */
    default Tensor sum(Tensor x) {
        return apply(new Sum(x));
    }

    /**
     * Averages all elements, see {@link Mean}.
     *
     * @param x input
     * @return a scalar
     */
    default Tensor mean(Tensor x) {
        return apply(new Mean(x));
    }
}

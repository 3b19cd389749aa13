package dev.microgpt.autograd;

import dev.microgpt.autograd.op.BinaryCrossEntropyWithLogits;
import dev.microgpt.autograd.op.CausalAttention;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.autograd.op.Dropout;
import dev.microgpt.autograd.op.DropoutMask;
import dev.microgpt.autograd.op.Embedding;
import dev.microgpt.autograd.op.LayerNorm;
import dev.microgpt.autograd.op.Linear;
import dev.microgpt.autograd.op.LogSoftmax;
import dev.microgpt.autograd.op.MatMul;
import dev.microgpt.autograd.op.MeanSquaredError;
import dev.microgpt.autograd.op.RmsNorm;
import dev.microgpt.autograd.op.RmsNormGain;
import dev.microgpt.autograd.op.Rotary;
import dev.microgpt.autograd.op.RotaryTable;
import dev.microgpt.autograd.op.Softmax;
import dev.microgpt.autograd.op.element.Absolute;
import dev.microgpt.autograd.op.element.Add;
import dev.microgpt.autograd.op.element.Clamp;
import dev.microgpt.autograd.op.element.Divide;
import dev.microgpt.autograd.op.element.Exp;
import dev.microgpt.autograd.op.element.Gelu;
import dev.microgpt.autograd.op.element.GeluTanh;
import dev.microgpt.autograd.op.element.Log;
import dev.microgpt.autograd.op.element.Maximum;
import dev.microgpt.autograd.op.element.Minimum;
import dev.microgpt.autograd.op.element.Multiply;
import dev.microgpt.autograd.op.element.Power;
import dev.microgpt.autograd.op.element.Relu;
import dev.microgpt.autograd.op.element.ReluSquared;
import dev.microgpt.autograd.op.element.Scale;
import dev.microgpt.autograd.op.element.Sigmoid;
import dev.microgpt.autograd.op.element.Silu;
import dev.microgpt.autograd.op.element.SoftCap;
import dev.microgpt.autograd.op.element.Softplus;
import dev.microgpt.autograd.op.element.SquareRoot;
import dev.microgpt.autograd.op.element.Subtract;
import dev.microgpt.autograd.op.element.Tanh;
import dev.microgpt.autograd.op.reduce.Max;
import dev.microgpt.autograd.op.reduce.MaxOfEachColumn;
import dev.microgpt.autograd.op.reduce.MaxOfEachRow;
import dev.microgpt.autograd.op.reduce.Mean;
import dev.microgpt.autograd.op.reduce.MeanOfEachColumn;
import dev.microgpt.autograd.op.reduce.MeanOfEachRow;
import dev.microgpt.autograd.op.reduce.Sum;
import dev.microgpt.autograd.op.reduce.SumOfEachColumn;
import dev.microgpt.autograd.op.reduce.SumOfEachRow;
import dev.microgpt.autograd.op.shape.ConcatenateColumns;
import dev.microgpt.autograd.op.shape.ConcatenateRows;
import dev.microgpt.autograd.op.shape.Gather;
import dev.microgpt.autograd.op.shape.Reshape;
import dev.microgpt.autograd.op.shape.SliceColumns;
import dev.microgpt.autograd.op.shape.SliceRows;
import dev.microgpt.autograd.op.shape.Stack;
import dev.microgpt.autograd.op.shape.Transpose;
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
     * Adds two tensors element by element: {@code y = a + b}, see {@link Add}.
     *
     * @param a first summand, any shape of {@code T} rows and {@code C} columns
     * @param b second summand, with the shape of {@code a}, or one row {@code (C)}, or one column {@code (T, 1)}
     * @return the sum, with the shape of {@code a}
     */
    default Tensor add(Tensor a, Tensor b) {
        return apply(new Add(a, b));
    }

    /**
     * Subtracts two tensors element by element: {@code y = a − b}, see {@link Subtract}.
     *
     * @param a minuend, any shape of {@code T} rows and {@code C} columns
     * @param b subtrahend, with the shape of {@code a}, or one row {@code (C)}, or one column {@code (T, 1)}
     * @return the difference, with the shape of {@code a}
     */
    default Tensor subtract(Tensor a, Tensor b) {
        return apply(new Subtract(a, b));
    }

    /**
     * Multiplies two tensors element by element: {@code y = a · b}, see {@link Multiply}.
     *
     * @param a first factor, any shape of {@code T} rows and {@code C} columns
     * @param b second factor, with the shape of {@code a}, or one row {@code (C)}, or one column {@code (T, 1)}
     * @return the product, with the shape of {@code a}
     */
    default Tensor multiply(Tensor a, Tensor b) {
        return apply(new Multiply(a, b));
    }

    /**
     * Divides two tensors element by element: {@code y = a / b}, see {@link Divide}.
     *
     * @param a dividend, any shape of {@code T} rows and {@code C} columns
     * @param b divisor, with the shape of {@code a}, or one row {@code (C)}, or one column {@code (T, 1)}
     * @return the quotient, with the shape of {@code a}
     */
    default Tensor divide(Tensor a, Tensor b) {
        return apply(new Divide(a, b));
    }

    /**
     * Takes the smaller of two elements: {@code y = min(a, b)}, see {@link Minimum}.
     *
     * @param a first operand, any shape of {@code T} rows and {@code C} columns
     * @param b second operand, with the shape of {@code a}, or one row {@code (C)}, or one column {@code (T, 1)}
     * @return the minimum, with the shape of {@code a}
     */
    default Tensor minimum(Tensor a, Tensor b) {
        return apply(new Minimum(a, b));
    }

    /**
     * Takes the larger of two elements: {@code y = max(a, b)}, see {@link Maximum}.
     *
     * @param a first operand, any shape of {@code T} rows and {@code C} columns
     * @param b second operand, with the shape of {@code a}, or one row {@code (C)}, or one column {@code (T, 1)}
     * @return the maximum, with the shape of {@code a}
     */
    default Tensor maximum(Tensor a, Tensor b) {
        return apply(new Maximum(a, b));
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
     * Changes the sign of every element: {@code y = −x}, see {@link Scale}.
     *
     * @param x input, any shape
     * @return a tensor with the shape of {@code x}
     */
    default Tensor negate(Tensor x) {
        return scale(x, -1);
    }

    /**
     * Takes the absolute value: {@code y = |x|}, see {@link Absolute}.
     *
     * @param x input, any shape
     * @return a tensor with the shape of {@code x}
     */
    default Tensor absolute(Tensor x) {
        return apply(new Absolute(x));
    }

    /**
     * Limits every element to a range: {@code y = min(max(x, min), max)}, see {@link Clamp}.
     *
     * @param x   input, any shape
     * @param min the smallest result, possibly {@code −∞}
     * @param max the largest result, at least {@code min}, possibly {@code +∞}
     * @return a tensor with the shape of {@code x}
     */
    default Tensor clamp(Tensor x, double min, double max) {
        return apply(new Clamp(x, min, max));
    }

    /**
     * Raises every element to a constant power: {@code y = xᵖ}, see {@link Power}.
     *
     * @param x        input, any shape
     * @param exponent the exponent {@code p}, finite, which has no gradient
     * @return a tensor with the shape of {@code x}
     */
    default Tensor power(Tensor x, double exponent) {
        return apply(new Power(x, exponent));
    }

    /**
     * Takes the square root: {@code y = √x}, see {@link SquareRoot}.
     *
     * @param x input, any shape
     * @return a tensor with the shape of {@code x}
     */
    default Tensor squareRoot(Tensor x) {
        return apply(new SquareRoot(x));
    }

    /**
     * Applies the exponential: {@code y = eˣ}, see {@link Exp}.
     *
     * @param x input, any shape
     * @return a tensor with the shape of {@code x}
     */
    default Tensor exp(Tensor x) {
        return apply(new Exp(x));
    }

    /**
     * Takes the natural logarithm: {@code y = log(x)}, see {@link Log}.
     *
     * @param x input, any shape
     * @return a tensor with the shape of {@code x}
     */
    default Tensor log(Tensor x) {
        return apply(new Log(x));
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
     * Applies a smooth rectified linear unit: {@code y = log(1 + eˣ)}, see {@link Softplus}.
     *
     * @param x input, any shape
     * @return a tensor with the shape of {@code x}
     */
    default Tensor softplus(Tensor x) {
        return apply(new Softplus(x));
    }

    /**
     * Keeps numbers between {@code −cap} and {@code cap}, smoothly: {@code y = cap · tanh(x / cap)}, see
     * {@link SoftCap}.
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
     * Scales each row to unit root mean square, then applies a gain, see {@link RmsNormGain}.
     *
     * @param x    input, shape {@code (T, C)}
     * @param gain factor for each column, shape {@code (C)}
     * @param eps  added to the mean square, dimensionless; must be positive (1e-5 in Llama 2)
     * @return shape {@code (T, C)}
     */
    default Tensor rmsNorm(Tensor x, Tensor gain, double eps) {
        return apply(new RmsNormGain(x, gain, eps));
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
     * Turns each row into log-probabilities: {@code y = x − log(Σ exp(x))}, see {@link LogSoftmax}.
     *
     * @param x input, shape {@code (T, C)}
     * @return shape {@code (T, C)}, the logarithm of {@link #softmax}, but finite where that is too small for a number
     */
    default Tensor logSoftmax(Tensor x) {
        return apply(new LogSoftmax(x));
    }

    /**
     * Computes multi-head causal self-attention: each position of a sequence attends to itself and all earlier
     * positions, see {@link CausalAttention}.
     *
     * @param q         queries, shape {@code (T, C)}
     * @param k         keys, shape {@code (T, C)} or, with fewer heads, {@code (T, K·d)}
     * @param v         values, shape of the keys
     * @param heads     number of heads, a divisor of {@code C}
     * @param sequences offsets of the sequences in {@code q}, {@code k} and {@code v}
     * @return shape {@code (T, C)}
     */
    default Tensor causalAttention(Tensor q, Tensor k, Tensor v, int heads, Sequences sequences) {
        return apply(new CausalAttention(q, k, v, heads, sequences, sequences));
    }

    /**
     * Turns queries or keys by angles that grow with their position, see {@link Rotary}.
     *
     * @param x         queries or keys, shape {@code (T, heads · d)}
     * @param heads     the number of heads in {@code x}
     * @param table     the angles for heads of {@code d} channels
     * @param positions the position of each row, from 0
     * @return shape {@code (T, heads · d)}
     */
    default Tensor rotary(Tensor x, int heads, RotaryTable table, int... positions) {
        return apply(new Rotary(x, heads, table, positions));
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
     * Computes the mean squared error: {@code y = Σ (x − target)² / n} over all elements, see {@link MeanSquaredError}.
     *
     * @param x      the predictions, any shape
     * @param target what they should be, with the shape of {@code x}: a constant or a tensor with a gradient
     * @return the loss, a scalar
     */
    default Tensor meanSquaredError(Tensor x, Tensor target) {
        return apply(new MeanSquaredError(x, target));
    }

    /**
     * Computes the mean binary cross-entropy, in nats, between the sigmoid of each logit and its target, see
     * {@link BinaryCrossEntropyWithLogits}.
     *
     * @param logits  the logarithms of the odds, any shape
     * @param targets the probability that each logit should give, from 0 to 1; one for each logit
     * @return the loss, a scalar
     */
    default Tensor binaryCrossEntropyWithLogits(Tensor logits, double... targets) {
        return apply(new BinaryCrossEntropyWithLogits(logits, targets));
    }

    /**
     * Gives the elements another shape, in the same order: {@code y[i] = x[i]}, see {@link Reshape}.
     *
     * @param x    input, any shape
     * @param dims the new dimensions, outermost first, whose product is the number of elements; none for a scalar
     * @return a copy with shape {@code (dims)}
     */
    default Tensor reshape(Tensor x, int... dims) {
        return apply(new Reshape(x, Shape.of(dims)));
    }

    /**
     * Exchanges rows and columns: {@code y[c, t] = x[t, c]}, see {@link Transpose}.
     *
     * @param x input, shape {@code (T, C)}
     * @return a copy, shape {@code (C, T)}
     */
    default Tensor transpose(Tensor x) {
        return apply(new Transpose(x));
    }

    /**
     * Takes consecutive rows: {@code y[t] = x[from + t]}, see {@link SliceRows}.
     *
     * @param x    input, shape {@code (T, C)}
     * @param from the first row, at least 0
     * @param to   the row after the last, above {@code from} and at most {@code T}
     * @return a copy, shape {@code (to − from, C)}
     */
    default Tensor sliceRows(Tensor x, int from, int to) {
        return apply(new SliceRows(x, from, to));
    }

    /**
     * Takes consecutive columns: {@code y[t, c] = x[t, from + c]}, see {@link SliceColumns}.
     *
     * @param x    input, shape {@code (T, C)}
     * @param from the first column, at least 0
     * @param to   the column after the last, above {@code from} and at most {@code C}
     * @return a copy, shape {@code (T, to − from)}
     */
    default Tensor sliceColumns(Tensor x, int from, int to) {
        return apply(new SliceColumns(x, from, to));
    }

    /**
     * Puts matrices one below another: {@code y = [a; b; …]}, see {@link ConcatenateRows}.
     *
     * @param parts the matrices from top to bottom, shapes {@code (T₁, C)}, {@code (T₂, C)}, …; at least one
     * @return shape {@code (T₁ + T₂ + …, C)}
     */
    default Tensor concatenateRows(Tensor... parts) {
        return apply(new ConcatenateRows(parts));
    }

    /**
     * Puts matrices next to each other: {@code y[t] = [a[t], b[t], …]}, see {@link ConcatenateColumns}.
     *
     * @param parts the matrices from left to right, shapes {@code (T, C₁)}, {@code (T, C₂)}, …; at least one
     * @return shape {@code (T, C₁ + C₂ + …)}
     */
    default Tensor concatenateColumns(Tensor... parts) {
        return apply(new ConcatenateColumns(parts));
    }

    /**
     * Makes tensors the entries of a new first dimension: {@code y[i] = parts[i]}, see {@link Stack}.
     *
     * @param parts {@code n} tensors of one shape {@code (…)}; at least one
     * @return shape {@code (n, …)}
     */
    default Tensor stack(Tensor... parts) {
        return apply(new Stack(parts));
    }

    /**
     * Picks elements of each row: {@code y[t, j] = x[t, indices[t, j]]}, see {@link Gather}.
     *
     * @param x       input, shape {@code (T, C)}
     * @param indices the columns to pick, each from 0 to {@code C − 1}, row by row, {@code n} for each: {@code T·n} in
     *     all
     * @return shape {@code (T, n)}
     */
    default Tensor gather(Tensor x, int... indices) {
        return apply(new Gather(x, indices));
    }

    /**
     * Adds up all elements: {@code y = Σ x}, see {@link Sum}; for one axis see {@link #sumOfEachRow} and
     * {@link #sumOfEachColumn}.
     *
     * @param x input, any shape
     * @return a scalar
     */
    default Tensor sum(Tensor x) {
        return apply(new Sum(x));
    }

    /**
     * Adds up each row: {@code y[t] = Σ_c x[t, c]}, see {@link SumOfEachRow}.
     *
     * <p>NumPy: {@code x.sum(axis=1, keepdims=True)}.
     *
     * @param x input, shape {@code (T, C)}
     * @return one sum for each row, shape {@code (T, 1)}
     */
    default Tensor sumOfEachRow(Tensor x) {
        return apply(new SumOfEachRow(x));
    }

    /**
     * Adds up each column: {@code y[c] = Σₜ x[t, c]}, see {@link SumOfEachColumn}.
     *
     * <p>NumPy: {@code x.sum(axis=0)}.
     *
     * @param x input, shape {@code (T, C)}
     * @return one sum for each column, shape {@code (C)}
     */
    default Tensor sumOfEachColumn(Tensor x) {
        return apply(new SumOfEachColumn(x));
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

    /**
     * Averages each row: {@code y[t] = Σ_c x[t, c] / C}, see {@link MeanOfEachRow}.
     *
     * <p>NumPy: {@code x.mean(axis=1, keepdims=True)}.
     *
     * @param x input, shape {@code (T, C)}
     * @return one mean for each row, shape {@code (T, 1)}
     */
    default Tensor meanOfEachRow(Tensor x) {
        return apply(new MeanOfEachRow(x));
    }

    /**
     * Averages each column: {@code y[c] = Σₜ x[t, c] / T}, see {@link MeanOfEachColumn}.
     *
     * <p>NumPy: {@code x.mean(axis=0)}.
     *
     * @param x input, shape {@code (T, C)}
     * @return one mean for each column, shape {@code (C)}
     */
    default Tensor meanOfEachColumn(Tensor x) {
        return apply(new MeanOfEachColumn(x));
    }

    /**
     * Finds the largest of all elements, see {@link Max}.
     *
     * @param x input, any shape
     * @return a scalar, NaN if an element is
     */
    default Tensor max(Tensor x) {
        return apply(new Max(x));
    }

    /**
     * Finds the largest element of each row: {@code y[t] = max_c x[t, c]}, see {@link MaxOfEachRow}.
     *
     * <p>NumPy: {@code x.max(axis=1, keepdims=True)}.
     *
     * @param x input, shape {@code (T, C)}
     * @return one maximum for each row, shape {@code (T, 1)}
     */
    default Tensor maxOfEachRow(Tensor x) {
        return apply(new MaxOfEachRow(x));
    }

    /**
     * Finds the largest element of each column: {@code y[c] = maxₜ x[t, c]}, see {@link MaxOfEachColumn}.
     *
     * <p>NumPy: {@code x.max(axis=0)}.
     *
     * @param x input, shape {@code (T, C)}
     * @return one maximum for each column, shape {@code (C)}
     */
    default Tensor maxOfEachColumn(Tensor x) {
        return apply(new MaxOfEachColumn(x));
    }
}

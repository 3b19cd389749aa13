package dev.microgpt.autograd.check;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.TapeListener;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.internal.TensorArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Records a function once on fresh buffers, and again on buffers that are longer than needed and hold other numbers, as
 * those of a training run do. Every operation must compute the same and add the same to the gradients of its inputs.
 *
 * <p>The caller's arrays are replaced during a recording, and so keep their values and gradients.
 */
final class BufferCheck implements TapeListener {
    /** Far above the rounding error of a sum, far below the numbers with which gradients are filled. */
    private static final double ROUNDING = 1e-9;

    private final String name;
    private final Function<Tape, Tensor> function;
    private final Set<Tensor> leaves = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Tensor, double[]> gradients = new IdentityHashMap<>();
    private final Tape tape = Tape.training();
    private final List<Step> steps = new ArrayList<>();
    private double[] u = {};

    private @Nullable Poison poison; // null during the first recording
    private final List<Op> ops = new ArrayList<>();
    private final List<Tensor> outputs = new ArrayList<>();
    private int next; // index of the operation whose backward runs next
    private double[] outputGradient = {}; // of that operation

    BufferCheck(String name, Function<Tape, Tensor> function, List<Parameter> inputs) {
        this.name = name;
        this.function = function;
        leaves.addAll(inputs);
        tape.addListener(this);
    }

    /** What the buffers hold before. NaN alone is not enough: {@code NaN > 0} is false, as {@code 0 > 0} is. */
    private enum Poison {
        NAN,
        NUMBERS;

        double at(int i) {
            return this == NAN ? Double.NaN : (i % 2 == 0 ? 1 : -1) * (1000.0 + 7 * i);
        }

        double[] fill(double[] x, int from) {
            for (int i = from; i < x.length; i++) {
                x[i] = at(i);
            }
            return x;
        }

        boolean isIntact(double[] x, int from) {
            for (int i = from; i < x.length; i++) {
                if (Double.doubleToRawLongBits(x[i]) != Double.doubleToRawLongBits(at(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** One operation of the first recording: its output, and the gradients around its backward. */
    private static final class Step {
        private final double[] output;
        private final List<double[]> before = new ArrayList<>();
        private final List<double[]> after = new ArrayList<>();
        private double terms; // the size of what backward may have added up, which cancels in the sum

        private Step(double[] output) {
            this.output = output;
        }
    }

    /** Records the function on fresh buffers and returns the random gradient of its output. */
    double[] record(long seed) {
        Tensor y = function.apply(tape);
        Random random = new Random(seed);
        u = new double[y.shape().size()];
        for (int i = 0; i < u.length; i++) {
            u[i] = random.nextGaussian();
        }
        for (Op op : ops) {
            for (Tensor input : op.inputs()) {
                if (TensorArrays.access().areOwn(input)) {
                    leaves.add(input);
                }
            }
        }
        List<Runnable> restores = new ArrayList<>();
        try {
            for (Tensor leaf : leaves) {
                double[] grad = leaf.hasGrad() ? new double[leaf.shape().size()] : null;
                restores.add(TensorArrays.access().replace(leaf, leaf.data(), grad));
                gradients.put(leaf, grad == null ? new double[0] : grad);
            }
            backward(y);
        } finally {
            restores.forEach(Runnable::run);
        }
        return u;
    }

    /** Returns the gradient of the first recording. */
    double[] gradient(Parameter input) {
        return gradients.get(input);
    }

    /** Records the function again on longer buffers that hold NaN, and on such that hold numbers. */
    void repeat() {
        int[] sizes = sizes();
        for (Poison content : Poison.values()) {
            poison = content;
            try {
                repeat(content, sizes);
            } catch (IndexOutOfBoundsException failure) {
                throw new AssertionError(
                        name + ": " + failure + " with arrays longer than the shapes need; loops must end at"
                                + " shape().size(), not at the length of an array",
                        failure);
            }
        }
    }

    private void repeat(Poison content, int[] sizes) {
        for (int size : sizes) {
            content.fill(tape.buffer(longer(size)), 0);
        }
        tape.reset();
        ops.clear();
        outputs.clear();
        List<Runnable> restores = new ArrayList<>();
        try {
            for (Tensor leaf : leaves) {
                int size = leaf.shape().size();
                double[] data = content.fill(Arrays.copyOf(leaf.data(), longer(size)), size);
                double[] grad = leaf.hasGrad() ? content.fill(new double[longer(size)], size) : null;
                restores.add(TensorArrays.access().replace(leaf, data, grad));
            }
            backward(function.apply(tape));
        } finally {
            restores.forEach(Runnable::run);
        }
        tape.reset();
        for (int size : sizes) {
            if (!content.isIntact(tape.buffer(0), size)) {
                throw new AssertionError(name + ": an operation wrote beyond the " + size + " elements that were asked"
                        + " for by tape.buffer(" + size + "); the array may be longer");
            }
        }
        tape.reset();
    }

    /** More than twice the size, so that the number of whole rows differs too. */
    private static int longer(int size) {
        return 2 * size + 3;
    }

    /** Returns the sizes of the buffers that the first recording took: a fresh tape's are as long as was asked for. */
    private int[] sizes() {
        double[] end = tape.buffer(0);
        tape.reset(); // hands out the same arrays in the same order
        List<Integer> sizes = new ArrayList<>();
        for (double[] taken = tape.buffer(0); taken != end; taken = tape.buffer(0)) {
            sizes.add(taken.length);
        }
        tape.reset();
        return sizes.stream().mapToInt(Integer::intValue).toArray();
    }

    private void backward(Tensor y) {
        next = -1;
        for (int i = 0; i < outputs.size(); i++) {
            next = outputs.get(i) == y ? i : next;
        }
        beforeBackward();
        outputGradient = u; // which the tape is about to write
        tape.backward(y, u);
    }

    @Override
    public void onForward(Op op, Tensor y) {
        int index = ops.size();
        ops.add(op);
        outputs.add(y);
        if (poison == null) {
            steps.add(new Step(y.toArray()));
            return;
        }
        int size = y.shape().size();
        if (index >= steps.size() || steps.get(index).output.length != size) {
            throw failure(
                    op, "the function applied other operations when it was called again; it must be deterministic");
        }
        double[] expected = steps.get(index).output;
        if (!poison.isIntact(y.data(), size)) {
            throw failure(op, beyond("forward", size, "its output " + y.shape()));
        }
        int i = firstDifference(y.data(), expected, ROUNDING * largest(expected));
        if (i >= 0) {
            throw failure(
                    op,
                    "forward computed " + y.data()[i] + " at index " + i + " of its output " + y.shape()
                            + " with buffers that held numbers, but " + expected[i] + " with fresh ones; it must write"
                            + " every element, and must not read what it has not written or what lies beyond"
                            + " shape().size()");
        }
    }

    /** Remembers the gradients of the inputs of the next operation, or fills them with numbers. */
    private void beforeBackward() {
        while (next >= 0 && !outputs.get(next).hasGrad()) {
            next--;
        }
        if (next < 0) {
            return;
        }
        Step step = steps.get(next);
        outputGradient = Arrays.copyOf(outputs.get(next).grad(), step.output.length);
        List<Tensor> inputs = inputsWithGradient(ops.get(next));
        for (int k = 0; k < inputs.size(); k++) {
            double[] grad = inputs.get(k).grad();
            if (poison == null) {
                step.before.add(Arrays.copyOf(grad, inputs.get(k).shape().size()));
            } else {
                System.arraycopy(filling(step, k), 0, grad, 0, step.before.get(k).length);
            }
        }
    }

    @Override
    public void onBackward(Op op, Tensor y) {
        Step step = steps.get(next);
        List<Tensor> inputs = inputsWithGradient(op);
        if (poison == null) {
            double factors = 1;
            for (Tensor input : op.inputs()) {
                factors = Math.max(factors, largest(input.toArray()));
            }
            step.terms = factors * largest(outputGradient);
        }
        for (int k = 0; k < inputs.size(); k++) {
            Tensor input = inputs.get(k);
            if (poison == null) {
                step.after.add(Arrays.copyOf(input.grad(), input.shape().size()));
            } else {
                compare(op, step, k, input, poison);
            }
        }
        if (poison != null && firstDifference(y.data(), step.output, ROUNDING * largest(step.output)) >= 0) {
            throw failure(op, "backward modified its output " + y.shape() + "; it may only read it");
        }
        if (poison != null && firstDifference(y.grad(), outputGradient, 0) >= 0) {
            throw failure(op, "backward modified the gradient of its output " + y.shape() + "; it may only read it");
        }
        next--;
        beforeBackward();
    }

    private void compare(Op op, Step step, int k, Tensor input, Poison content) {
        String which = "input " + op.inputs().indexOf(input) + " " + input.shape();
        double[] filled = filling(step, k);
        double[] grad = input.grad();
        double[] part = new double[filled.length];
        double[] expected = new double[filled.length];
        for (int i = 0; i < part.length; i++) {
            part[i] = grad[i] - filled[i];
            expected[i] = step.after.get(k)[i] - step.before.get(k)[i];
        }
        if (!content.isIntact(grad, filled.length)) {
            throw failure(op, beyond("backward", filled.length, "the gradient of " + which));
        }
        double bound = ROUNDING * scale(step, k);
        int i = firstDifference(part, expected, bound);
        if (i >= 0 && Math.abs(grad[i] - expected[i]) <= bound) {
            throw failure(
                    op,
                    "backward set the gradient of " + which + " at index " + i + " to " + grad[i]
                            + " where it must add to it (it was " + filled[i] + "): write +=, not =");
        } else if (i >= 0) {
            throw failure(
                    op,
                    "backward added " + part[i] + " to the gradient of " + which + " at index " + i
                            + " with buffers that held numbers, but " + expected[i] + " with fresh ones; it must add,"
                            + " and must not read what it has not written or what lies beyond shape().size()");
        }
        System.arraycopy(step.after.get(k), 0, grad, 0, filled.length); // so that rounding errors do not spread
    }

    /** Returns what the gradient of an input is before backward: numbers as large as the gradient, none of them 0. */
    private static double[] filling(Step step, int k) {
        double[] numbers = new double[step.before.get(k).length];
        double scale = scale(step, k);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = scale * (1 + i % 101 / 101.0);
        }
        return numbers;
    }

    private static double scale(Step step, int k) {
        double scale = Math.max(step.terms, Math.max(largest(step.before.get(k)), largest(step.after.get(k))));
        return scale == 0 ? 1 : scale;
    }

    /** Returns the largest magnitude of the finite numbers, or 0. */
    private static double largest(double[] numbers) {
        double largest = 0;
        for (double number : numbers) {
            if (Double.isFinite(number)) {
                largest = Math.max(largest, Math.abs(number));
            }
        }
        return largest;
    }

    /** Returns the index of the first element that differs by more than a bound, or −1. */
    private static int firstDifference(double[] found, double[] expected, double bound) {
        for (int i = 0; i < expected.length; i++) {
            boolean same = Double.compare(found[i], expected[i]) == 0 || Math.abs(found[i] - expected[i]) <= bound;
            if (!same) {
                return i;
            }
        }
        return -1;
    }

    private static List<Tensor> inputsWithGradient(Op op) {
        List<Tensor> distinct = new ArrayList<>();
        for (Tensor input : op.inputs()) {
            if (input.hasGrad() && !distinct.contains(input)) {
                distinct.add(input);
            }
        }
        return distinct;
    }

    private static String beyond(String method, int size, String what) {
        return method + " wrote beyond the " + size + " elements of " + what + "; loops must end at shape().size(), not"
                + " at the length of the array";
    }

    private AssertionError failure(Op op, String what) {
        return new AssertionError(name + ": " + op.name() + ": " + what);
    }
}

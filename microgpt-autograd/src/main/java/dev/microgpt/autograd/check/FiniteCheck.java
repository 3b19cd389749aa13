package dev.microgpt.autograd.check;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.TapeListener;
import dev.microgpt.autograd.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first operation on a tape that produces a NaN or an infinity, forward or backward.
 *
 * <pre>{@code
 * FiniteCheck check = new FiniteCheck();
 * tape.addListener(check);
 * tape.backward(loss(tape));
 * String found = check.found(); // "the output of operation 9, gelu after linear with layer0.mlp_fc1, is Infinity at …"
 * }</pre>
 *
 * <p>It inspects every value after every operation, which takes about as long as the operations themselves. Not
 * thread-safe.
 */
public final class FiniteCheck implements TapeListener {
    private final Map<Tensor, String> makers = new IdentityHashMap<>();
    private String place = "";
    private @Nullable String found;

    /** Creates a check; add it to a tape with {@link dev.microgpt.autograd.Tape#addListener}. */
    public FiniteCheck() {}

    /**
     * Returns a description of the first non-finite value.
     *
     * @return a sentence without a full stop, or null if all values were finite
     */
    public @Nullable String found() {
        return found;
    }

    @Override
    public void onForward(Op op, Tensor y) {
        String maker = maker(op);
        makers.put(y, maker);
        if (found != null) {
            return;
        }
        String broken = notFinite(y.shape(), y.data());
        if (broken != null) {
            String input = brokenInput(op);
            found = input != null ? input : "the output of " + maker + ", is " + broken + ", its inputs are finite";
        }
    }

    @Override
    public void onBackward(Op op, Tensor y) {
        if (found != null) {
            return;
        }
        found = brokenGradient(y);
        for (Tensor input : op.inputs()) {
            String broken = found == null && input.hasGrad() ? brokenGradient(input) : null;
            if (broken != null) {
                String cause = brokenInput(op);
                found = cause != null ? cause : broken + ", first in the backward of " + makers.get(y);
            }
        }
    }

    @Override
    public void onReset() {
        makers.clear();
        place = "";
    }

    /** Describes an operation by its number and by the parameter that it uses, or else the one used most recently. */
    private String maker(Op op) {
        String label = "operation " + (makers.size() + 1) + ", " + op.name();
        for (Tensor input : op.inputs()) {
            if (input instanceof Parameter parameter) {
                place = op.name() + " with " + parameter.name();
                return label + " with " + parameter.name();
            }
        }
        return place.isEmpty() ? label : label + " after " + place;
    }

    private static @Nullable String brokenInput(Op op) {
        for (Tensor input : op.inputs()) {
            String broken = notFinite(input.shape(), input.data());
            if (broken != null) {
                return (input instanceof Parameter parameter
                                ? "parameter " + parameter.name()
                                : "the input " + input.shape() + " of " + op.name())
                        + " is " + broken;
            }
        }
        return null;
    }

    private @Nullable String brokenGradient(Tensor tensor) {
        String broken = notFinite(tensor.shape(), tensor.grad());
        if (broken == null) {
            return null;
        }
        String name =
                tensor instanceof Parameter parameter ? parameter.name() : "the output of " + makers.get(tensor) + ",";
        return "the gradient of " + name + " is " + broken;
    }

    /**
     * Finds the first value that is NaN or infinite.
     *
     * @param shape   the shape of the values
     * @param numbers the values in row-major order; the first {@code shape.size()} are inspected
     * @return the value and its index, as in {@code NaN at [3, 0]}, or null if all are finite
     */
    public static @Nullable String notFinite(Shape shape, double[] numbers) {
        for (int i = 0; i < shape.size(); i++) {
            if (!Double.isFinite(numbers[i])) {
                return numbers[i] + " at " + place(shape, i);
            }
        }
        return null;
    }

    private static String place(Shape shape, int index) {
        StringBuilder text = new StringBuilder();
        int rest = index;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            text.insert(0, (axis == 0 ? "" : ", ") + rest % shape.dim(axis));
            rest /= shape.dim(axis);
        }
        return "[" + text + "]";
    }
}

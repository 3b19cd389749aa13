package dev.microgpt.model.trace;

import dev.microgpt.autograd.Hook;
import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.TapeListener;
import dev.microgpt.autograd.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every operation of a forward pass in order, with its numbers and with the names of the points at which they stand.
 *
 * <pre>{@code
 * Tape tape = Tape.inference();
 * Trace trace = Trace.on(tape);
 * model.forward(tape, batch);
 * for (Trace.Step step : trace.steps()) {
 *     lines.add(step.op().name() + " " + step.names() + " " + step.output());
 * }
 * double[] queries = trace.at("layer0.attn_q").toArray();
 * }</pre>
 *
 * <p>The numbers are those of the tape: they are valid until it is reset, which empties the trace. It works on training
 * tapes as well, where gradients are complete after {@code backward}. Confined to the thread that uses the tape.
 */
public final class Trace {
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Tensor> points = new LinkedHashMap<>();

    private Trace() {}

    /**
     * Begins to trace all later operations of a tape.
     *
     * @param tape the tape, on which nothing was recorded since its last reset
     * @return an empty trace
     */
    public static Trace on(Tape tape) {
        Trace trace = new Trace();
        Recorder recorder = trace.new Recorder();
        tape.addListener(recorder);
        tape.addHook(recorder);
        return trace;
    }

    /** {@return the operations so far, in the order in which they were applied} */
    public List<Step> steps() {
        return Collections.unmodifiableList(steps);
    }

    /** {@return the names of the points so far, in the order of the forward pass} */
    public List<String> points() {
        return List.copyOf(points.keySet());
    }

    /**
     * Returns the tensor at a named point.
     *
     * @param point the name, such as {@code layer0.attn_q}
     * @return what the model continued with there, unless a hook that was added later replaced it
     * @throws IllegalArgumentException if the model passed no such point
     */
    public Tensor at(String point) {
        Tensor x = points.get(point);
        if (x == null) {
            throw Hooks.unknown(point, points.keySet());
        }
        return x;
    }

    /**
     * One operation of a forward pass.
     *
     * @param op     the operation
     * @param output its result
     * @param names  the names of the points at which the result stands; most have one or none
     */
    public record Step(Op op, Tensor output, List<String> names) {}

    /** Returns the index of the operation that computed a tensor, or −1 if it is a parameter or a constant. */
    private int stepOf(@Nullable Tensor x) {
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i).output() == x) {
                return i;
            }
        }
        return -1;
    }

    private final class Recorder implements TapeListener, Hook {
        @Override
        public void onForward(Op op, Tensor y) {
            steps.add(new Step(op, y, List.of()));
        }

        @Override
        public Tensor at(Tape tape, String point, Tensor x) {
            points.put(point, x);
            int index = stepOf(x);
            if (index >= 0) {
                Step step = steps.get(index);
                List<String> names = new ArrayList<>(step.names());
                names.add(point);
                steps.set(index, new Step(step.op(), x, List.copyOf(names)));
            }
            return x;
        }

        @Override
        public void onReset() {
            steps.clear();
            points.clear();
        }
    }
}

package dev.microgpt.model.trace;

import dev.microgpt.autograd.Hook;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.LanguageModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Reads, replaces, ablates and patches the activations of one model at its named points.
 *
 * <pre>{@code
 * Hooks hooks = Hooks.of(model)
 *         .read("layer0.attn_q", q -> queries.add(q.toArray()))
 *         .zero("layer0.mlp_out");
 * Tape tape = Tape.inference();
 * tape.addHook(hooks);
 * Tensor logits = model.forward(tape, batch); // without the first MLP
 * }</pre>
 *
 * <p>A name that the model does not have is refused at once. At one point, actions are done in the order in which they
 * were added. What is put in the place of an activation is a constant: on a training tape no gradient flows through it.
 * With a decoder, a point has the rows of the new positions only; a part without a decoder of its own computes all
 * positions again. Confined to one thread at a time; several tapes may have the same hooks after another.
 */
public final class Hooks implements Hook {
    private final Map<String, List<Hook>> actions = new LinkedHashMap<>();

    private Hooks(Collection<String> points) {
        for (String point : points) {
            actions.put(point, new ArrayList<>());
        }
    }

    /**
     * Returns hooks that do nothing yet.
     *
     * @param model the model whose points they name; it is run on one token to learn them
     * @return the hooks, for any tape on which this model or one of the same structure runs
     */
    public static Hooks of(LanguageModel model) {
        Tape tape = Tape.inference();
        Trace trace = Trace.on(tape);
        model.forward(tape, Batch.ofPrompt(0));
        return new Hooks(trace.points());
    }

    /** {@return hooks for the same points that do nothing yet; the model is not run again} */
    public Hooks empty() {
        return new Hooks(actions.keySet());
    }

    /** {@return the names of all points of the model, in the order of the forward pass} */
    public List<String> points() {
        return List.copyOf(actions.keySet());
    }

    /**
     * Adds a reader.
     *
     * @param point  the name of the point
     * @param reader is given the tensor, valid until the tape is reset and not to be modified
     * @return this
     * @throws IllegalArgumentException if the model has no such point
     */
    public Hooks read(String point, Consumer<Tensor> reader) {
        return add(point, (tape, name, x) -> {
            reader.accept(x);
            return x;
        });
    }

    /**
     * Adds a replacement by a function of the activation's numbers.
     *
     * @param point    the name of the point
     * @param function is given a copy of the numbers in row-major order, which it may change and return, or returns
     *     other ones
     * @return this
     * @throws IllegalArgumentException if the model has no such point
     */
    public Hooks replace(String point, UnaryOperator<double[]> function) {
        return add(point, (tape, name, x) -> Tensor.constant(x.shape(), function.apply(x.toArray())));
    }

    /**
     * Adds a patch: the model continues with the given numbers, such as those of another input.
     *
     * @param point  the name of the point
     * @param values what takes the place of the activation, of the same shape; copied
     * @return this
     * @throws IllegalArgumentException if the model has no such point; and, while the model runs, if the shape there is
     *     another one
     */
    public Hooks patch(String point, Tensor values) {
        Tensor copy = Tensor.constant(values.shape(), values.toArray());
        return add(point, (tape, name, x) -> copy);
    }

    /**
     * Adds an ablation: the model continues with zeros.
     *
     * @param point the name of the point
     * @return this
     * @throws IllegalArgumentException if the model has no such point
     */
    public Hooks zero(String point) {
        return replace(point, x -> new double[x.length]);
    }

    /**
     * Adds an ablation of some columns, such as those of a head in {@code attn_heads}.
     *
     * @param point the name of the point
     * @param from  the first column
     * @param to    the column after the last
     * @return this
     * @throws IllegalArgumentException if the model has no such point or {@code from} is negative or above {@code to};
     *     and, while the model runs, if there are fewer columns
     */
    public Hooks zero(String point, int from, int to) {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("hooks: the columns are from " + from + " to " + to
                    + ", but must begin at 0 or later and not end before they begin");
        }
        return add(point, (tape, name, x) -> {
            Shape shape = x.shape();
            if (to > shape.columns()) {
                throw new IllegalArgumentException("hooks: columns up to " + to + " of " + point
                        + " are to be zero, but it is " + shape + " and has " + shape.columns());
            }
            double[] values = x.toArray();
            for (int row = 0; row < values.length; row += shape.columns()) {
                Arrays.fill(values, row + from, row + to, 0);
            }
            return Tensor.constant(shape, values);
        });
    }

    private Hooks add(String point, Hook action) {
        List<Hook> known = actions.get(point);
        if (known == null) {
            throw unknown(point, actions.keySet());
        }
        known.add(action);
        return this;
    }

    static IllegalArgumentException unknown(String point, Collection<String> points) {
        return new IllegalArgumentException("the model has no point \"" + point + "\"; it has "
                + (points.isEmpty() ? "none" : String.join(", ", points)));
    }

    @Override
    public Tensor at(Tape tape, String point, Tensor x) {
        Tensor y = x;
        for (Hook action : actions.getOrDefault(point, List.of())) {
            y = action.at(tape, point, y);
        }
        return y;
    }
}

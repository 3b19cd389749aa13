package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.random.PythonRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All parameters of a model, by name, in the order in which its layers asked for them.
 *
 * <p>A layer's constructor asks a {@link Scope} for each weight that it needs. Whether the numbers are drawn or come
 * from a checkpoint is not its concern, so a parameter cannot be forgotten on one of the two ways:
 *
 * <pre>{@code
 * Parameters parameters = Parameters.drawnFrom(new PythonRandom(42));
 * Gpt gpt = new Gpt(config, parameters);
 * }</pre>
 */
public final class Parameters {
    private static final Parameter NONE = new Parameter("", Shape.scalar(), 0.0);

    private final Map<String, Parameter> byName = new LinkedHashMap<>();
    private final @Nullable PythonRandom random;
    private final Map<String, Tensor> stored;

    /** Gets the shapes, if nothing else is wanted. */
    private final @Nullable Map<String, Shape> asked;

    private Parameters(@Nullable PythonRandom random, Map<String, Tensor> stored, @Nullable Map<String, Shape> asked) {
        this.random = random;
        this.stored = stored;
        this.asked = asked;
    }

    /**
     * Returns an empty set whose parameters will be drawn when a layer asks for them.
     *
     * @param random where their numbers come from
     * @return the set
     */
    public static Parameters drawnFrom(PythonRandom random) {
        return new Parameters(Objects.requireNonNull(random, "parameters: random is null"), Map.of(), null);
    }

    /**
     * Returns an empty set whose parameters will be taken from stored ones when a layer asks for them.
     *
     * @param stored tensors by name; a parameter keeps the array of its tensor, without a copy
     * @return the set; {@link #checkAllUsed()} tells whether the model asked for everything that is stored
     */
    public static Parameters from(Map<String, Tensor> stored) {
        return new Parameters(null, new HashMap<>(Objects.requireNonNull(stored, "parameters: stored is null")), null);
    }

    /**
     * Returns what a model asks for, without the numbers, so that stored tensors can be compared with all of it.
     *
     * @param config the model
     * @return the shapes by the full names of the parameters, in the order of asking
     * @throws IllegalArgumentException if a parameter is larger than any array
     */
    public static Map<String, Shape> shapesOf(GptConfig config) {
        Map<String, Shape> asked = new LinkedHashMap<>();
        new Gpt(config, new Parameters(null, Map.of(), asked));
        return asked;
    }

    /**
     * Returns the outermost scope, whose names have no prefix.
     *
     * @return the scope to give to a model
     */
    public Scope root() {
        return new Scope(this, "");
    }

    /**
     * Returns all parameters.
     *
     * @return an unmodifiable list in the order in which they were asked for
     */
    public List<Parameter> all() {
        return Collections.unmodifiableList(new ArrayList<>(byName.values()));
    }

    /**
     * Returns the parameter with a name.
     *
     * @param name the full name, such as {@code layer0.attn_wq}
     * @return the parameter
     * @throws IllegalArgumentException if there is none
     */
    public Parameter get(String name) {
        Parameter parameter = byName.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException(
                    "there is no parameter \"" + name + "\"; the model has " + String.join(", ", byName.keySet()));
        }
        return parameter;
    }

    /**
     * Returns how many numbers are trained.
     *
     * @return the number of elements of all parameters together
     */
    public long count() {
        long count = 0;
        for (Parameter parameter : byName.values()) {
            count += parameter.shape().size();
        }
        return count;
    }

    /** Sets all gradients to zero. */
    public void zeroGrad() {
        for (Parameter parameter : byName.values()) {
            parameter.zeroGrad();
        }
    }

    /**
     * Refuses stored tensors that no layer asked for.
     *
     * @throws IllegalArgumentException if there are any, naming the first five
     */
    public void checkAllUsed() {
        List<String> unused = new ArrayList<>(stored.keySet());
        unused.removeAll(byName.keySet());
        if (!unused.isEmpty()) {
            Collections.sort(unused);
            throw new IllegalArgumentException(unused.size() + " stored tensors are not part of the model: "
                    + String.join(", ", unused.subList(0, Math.min(5, unused.size()))));
        }
    }

    Parameter create(String name, Shape shape, Initializer initializer) {
        if (byName.containsKey(name)) {
            throw new IllegalArgumentException("parameter \"" + name + "\" was asked for twice; give each layer a scope"
                    + " of its own, and pass a shared parameter on");
        }
        if (asked != null) {
            asked.put(name, shape);
            return NONE;
        }
        Parameter parameter = random == null ? load(name, shape) : draw(name, shape, initializer, random);
        byName.put(name, parameter);
        return parameter;
    }

    private static Parameter draw(String name, Shape shape, Initializer initializer, PythonRandom random) {
        double[] data = new double[shape.size()];
        initializer.fill(data, random);
        return new Parameter(name, shape, data);
    }

    private Parameter load(String name, Shape shape) {
        Tensor tensor = stored.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(
                    "parameter \"" + name + "\" is missing, the model expects it with shape " + shape);
        }
        if (!tensor.shape().equals(shape)) {
            throw new IllegalArgumentException("parameter \"" + name + "\" is " + tensor.shape()
                    + ", the model expects " + shape + "; was it made for a model of another size?");
        }
        return new Parameter(name, shape, tensor.data());
    }
}

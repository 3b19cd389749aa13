package dev.microgpt.model;

import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.ParameterUpdates;
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
 * The parameters of a model by name, in the order in which its layers requested them.
 *
 * <p>A layer's constructor requests each of its weights from a {@link Scope}, whether they are initialized or loaded
 * from a checkpoint. One code path for both means that no parameter can be forgotten in one of them:
 *
 * <pre>{@code
 * Parameters parameters = Parameters.drawnFrom(new PythonRandom(42));
 * Gpt gpt = new Gpt(config, parameters);
 * }</pre>
 *
 * <p>Confined to one thread until the model is complete; afterwards any number of threads may read it.
 */
public final class Parameters {
    private static final Parameter NONE = new Parameter("", Shape.scalar(), 0.0);

    private final Map<String, Parameter> byName = new LinkedHashMap<>();
    private final @Nullable PythonRandom random;
    private final Map<String, Tensor> stored;

    /** Collects the requested shapes if no values are needed. */
    private final @Nullable Map<String, Shape> requested;

    private Parameters(
            @Nullable PythonRandom random, Map<String, Tensor> stored, @Nullable Map<String, Shape> requested) {
        this.random = random;
        this.stored = stored;
        this.requested = requested;
    }

    /**
     * Returns an empty set whose parameters are initialized when a layer requests them.
     *
     * @param random the generator of the initial weights
     * @return the set, to be passed to a model
     */
    public static Parameters drawnFrom(PythonRandom random) {
        return new Parameters(Objects.requireNonNull(random, "parameters: random is null"), Map.of(), null);
    }

    /**
     * Returns an empty set whose parameters are loaded from stored tensors when a layer requests them.
     *
     * @param stored tensors by name; a parameter shares the array of its tensor, or its packed matrix if the layer
     *     that requests it {@linkplain Scope#weight allows} that
     * @return the set; {@link #checkAllUsed()} checks that the model requested everything that is stored
     */
    public static Parameters from(Map<String, Tensor> stored) {
        return new Parameters(null, new HashMap<>(Objects.requireNonNull(stored, "parameters: stored is null")), null);
    }

    /** Returns the shapes of all parameters of a model in the order of their requests, without allocating them. */
    static Map<String, Shape> shapesOf(ModelConfig config) {
        Map<String, Shape> requested = new LinkedHashMap<>();
        config.create(new Parameters(null, Map.of(), requested));
        return requested;
    }

    /** {@return the outermost scope, which adds no prefix to names} */
    public Scope root() {
        return new Scope(this, "");
    }

    /** {@return an unmodifiable list of all parameters, in the order in which they were requested} */
    public List<Parameter> all() {
        return Collections.unmodifiableList(new ArrayList<>(byName.values()));
    }

    /**
     * Returns a parameter by its name.
     *
     * @param name the full name, such as {@code layer0.attn_wq}
     * @return the parameter
     * @throws IllegalArgumentException if there is no parameter of this name
     */
    public Parameter get(String name) {
        Parameter parameter = byName.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException(
                    "there is no parameter \"" + name + "\"; the model has " + String.join(", ", byName.keySet()));
        }
        return parameter;
    }

    /** {@return the number of trainable values: the elements of all parameters together} */
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
     * Checks that layers requested all stored tensors.
     *
     * @throws IllegalArgumentException if there are others; the message names up to five
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

    /**
     * Returns an empty set whose parameters are copies of these for inference: matrices are packed if the layer that
     * requests one allows it, see {@link Scope#weight}.
     *
     * @return the set, to be passed to a model of the same configuration
     * @throws IllegalStateException if another thread trains the model
     */
    public Parameters forInference() {
        ParameterUpdates updates = ParameterUpdates.watch("inference", all());
        Map<String, Tensor> copies = new HashMap<>();
        for (Parameter parameter : byName.values()) {
            boolean isMatrix = parameter.shape().rank() == 2;
            copies.put(
                    parameter.name(),
                    isMatrix
                            ? Tensor.packed(PackedMatrix.of(parameter))
                            : Tensor.constant(parameter.shape(), parameter.toArray()));
        }
        updates.checkNone(); // or the copy would be that of no model
        return new Parameters(null, copies, null);
    }

    Parameter create(String name, Shape shape, Initializer initializer, boolean packs) {
        if (byName.containsKey(name)) {
            throw new IllegalArgumentException("parameter \"" + name + "\" was requested twice; give each layer a scope"
                    + " of its own, and pass a shared parameter to the second layer");
        }
        if (requested != null) {
            requested.put(name, shape);
            return NONE;
        }
        Parameter parameter = random == null ? load(name, shape, packs) : draw(name, shape, initializer, random);
        byName.put(name, parameter);
        return parameter;
    }

    private static Parameter draw(String name, Shape shape, Initializer initializer, PythonRandom random) {
        double[] data = new double[shape.size()];
        initializer.fill(data, shape, random);
        return new Parameter(name, shape, data);
    }

    private Parameter load(String name, Shape shape, boolean packs) {
        Tensor tensor = stored.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(
                    "parameter \"" + name + "\" is missing; the model needs it with shape " + shape);
        }
        if (!tensor.shape().equals(shape)) {
            throw new IllegalArgumentException("parameter \"" + name + "\" is " + tensor.shape()
                    + ", but the model needs " + shape + "; does it belong to a model of another size?");
        }
        PackedMatrix packed = tensor.packed();
        if (packed == null) {
            return new Parameter(name, shape, tensor.data());
        }
        return packs ? new Parameter(name, packed) : new Parameter(name, shape, packed.toArray());
    }
}

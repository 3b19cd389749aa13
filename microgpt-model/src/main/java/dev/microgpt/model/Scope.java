package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;

/**
 * A prefix of parameter names, from which a layer requests its weights.
 *
 * <pre>{@code
 * Mlp(Scope scope, int channels) {
 *     fc1 = scope.get("mlp_fc1", Shape.of(4 * channels, channels), Initializer.normal(0.08));
 *     …
 * }
 * }</pre>
 *
 * <p>Parameters are drawn and stored in the order in which they are requested, by one thread.
 */
public final class Scope {
    private final Parameters parameters;
    private final String prefix;

    Scope(Parameters parameters, String prefix) {
        this.parameters = parameters;
        this.prefix = prefix;
    }

    /**
     * Returns a nested scope.
     *
     * @param name appended to this scope's prefix, followed by a dot
     * @return the nested scope
     */
    public Scope scope(String name) {
        return new Scope(parameters, prefix + name + ".");
    }

    /**
     * Returns the full name of something in this scope, for {@link dev.microgpt.autograd.Tape#point}.
     *
     * @param name its name within this scope
     * @return this scope's prefix and the name, such as {@code layer0.attn_q}
     */
    public String name(String name) {
        return prefix + name;
    }

    /**
     * Creates a parameter, initialized or loaded.
     *
     * @param name        its name within this scope
     * @param shape       its shape
     * @param initializer draws its initial values unless they are loaded
     * @return the parameter, now part of the {@link Parameters}
     * @throws IllegalArgumentException if the name was requested before, or if the stored parameter is missing or has
     *     another shape
     */
    public Parameter get(String name, Shape shape, Initializer initializer) {
        return parameters.create(name(name), shape, initializer, false);
    }

    /**
     * Creates a parameter, initialized or loaded, that the layer uses only as the weight of {@code Tape.linear} or as
     * the table of {@code Tape.embedding}: a model {@linkplain LanguageModel#forInference() for inference} then keeps
     * it packed, without an array of numbers.
     *
     * @param name        its name within this scope
     * @param shape       its shape, {@code (out, in)}
     * @param initializer draws its initial values unless they are loaded
     * @return the parameter, now part of the {@link Parameters}
     * @throws IllegalArgumentException as {@link #get}
     */
    public Parameter weight(String name, Shape shape, Initializer initializer) {
        return parameters.create(name(name), shape, initializer, true);
    }
}

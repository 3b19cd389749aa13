package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;

/**
 * Where a layer asks for its weights: a prefix of names in a set of parameters.
 *
 * <pre>{@code
 * Mlp(Scope scope, int channels) {
 *     fc1 = scope.get("mlp_fc1", Shape.of(4 * channels, channels), Initializer.normal(0.08));
 *     …
 * }
 * }</pre>
 *
 * <p>The order of asking is the order of drawing and of storing.
 */
public final class Scope {
    private final Parameters parameters;
    private final String prefix;

    Scope(Parameters parameters, String prefix) {
        this.parameters = parameters;
        this.prefix = prefix;
    }

    /**
     * Returns a scope within this one.
     *
     * @param name what its parameters' names begin with, after this scope's own prefix, and a dot
     * @return the inner scope
     */
    public Scope scope(String name) {
        return new Scope(parameters, prefix + name + ".");
    }

    /**
     * Returns a new parameter, drawn or loaded.
     *
     * @param name        its name in this scope
     * @param shape       its shape
     * @param initializer what draws its first numbers, unless they are loaded
     * @return the parameter, which the set keeps
     * @throws IllegalArgumentException if the name was asked for before, or if the stored parameter is missing or has
     *     another shape
     */
    public Parameter get(String name, Shape shape, Initializer initializer) {
        return parameters.create(prefix + name, shape, initializer);
    }
}

package dev.microgpt.train.safetensors;

import dev.microgpt.autograd.Shape;

/**
 * What a file says of a tensor in it.
 *
 * @param name  how the file calls it, such as {@code h.0.ln_1.weight}
 * @param type  what its numbers are
 * @param shape the dimensions, row-major
 */
public record TensorInfo(String name, NumberType type, Shape shape) {}

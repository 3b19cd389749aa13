package dev.microgpt.train.safetensors;

import dev.microgpt.autograd.Shape;

/**
 * Name, type and shape of a tensor in a {@link TensorFile}.
 *
 * @param name  its name in the file, such as {@code h.0.ln_1.weight}
 * @param type  the type of its elements in the file
 * @param shape the dimensions
 */
public record TensorInfo(String name, NumberType type, Shape shape) {}

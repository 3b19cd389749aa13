package dev.microgpt.train.safetensors;

import dev.microgpt.autograd.Shape;

/**
 * The entry of a tensor in the header. Its elements are the bytes from {@code begin} to {@code end} (exclusive) of the
 * data; their number agrees with type and shape.
 */
record TensorEntry(String name, NumberType type, Shape shape, long begin, long end) {}

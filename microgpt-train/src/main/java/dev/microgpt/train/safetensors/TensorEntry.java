package dev.microgpt.train.safetensors;

import dev.microgpt.autograd.Shape;

/**
 * What the header says of a tensor: where its elements are, in bytes from the start of the data. Their number agrees
 * with the shape.
 */
record TensorEntry(String name, NumberType type, Shape shape, long begin, long end) {}

package dev.microgpt.autograd;

import static java.util.Map.entry;

import dev.microgpt.autograd.op.element.Add;
import dev.microgpt.autograd.op.element.Gelu;
import dev.microgpt.autograd.op.element.GeluTanh;
import dev.microgpt.autograd.op.element.Multiply;
import dev.microgpt.autograd.op.element.Relu;
import dev.microgpt.autograd.op.element.Scale;
import dev.microgpt.autograd.op.reduce.Mean;
import dev.microgpt.autograd.op.reduce.Sum;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The operations of {@code op.element} and {@code op.reduce} by the name of their case in {@code torch-ops.txt}. */
final class ElementFigures {
    /** One rounding an element, or none: there is only one right result. */
    static final Set<String> EQUAL_BITS = Set.of("relu", "add", "multiply", "scale");

    static final Map<String, Function<List<Parameter>, Op>> OPERATIONS = Map.ofEntries(
            entry("gelu", in -> new Gelu(in.get(0))),
            entry("gelu tanh", in -> new GeluTanh(in.get(0))),
            entry("relu", in -> new Relu(in.get(0))),
            entry("add", in -> new Add(in.get(0), in.get(1))),
            entry("add of a row", in -> new Add(in.get(0), in.get(1))),
            entry("multiply", in -> new Multiply(in.get(0), in.get(1))),
            entry("scale", in -> new Scale(in.get(0), -1.7)),
            entry("sum", in -> new Sum(in.get(0))),
            entry("mean", in -> new Mean(in.get(0))));

    private ElementFigures() {}
}

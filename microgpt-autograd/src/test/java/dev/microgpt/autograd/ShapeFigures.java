package dev.microgpt.autograd;

import static java.util.Map.entry;

import dev.microgpt.autograd.op.shape.ConcatenateColumns;
import dev.microgpt.autograd.op.shape.ConcatenateRows;
import dev.microgpt.autograd.op.shape.Gather;
import dev.microgpt.autograd.op.shape.Reshape;
import dev.microgpt.autograd.op.shape.SliceColumns;
import dev.microgpt.autograd.op.shape.SliceRows;
import dev.microgpt.autograd.op.shape.Stack;
import dev.microgpt.autograd.op.shape.Transpose;
import java.util.Map;
import java.util.function.Function;

/** The operations of {@code op.shape} by the name of their case in {@code torch-ops.txt}; all have equal bits. */
final class ShapeFigures {
    static final Map<String, Function<TorchFigures.Case, Op>> OPERATIONS = Map.ofEntries(
            entry("reshape", torch -> new Reshape(torch.inputs.get(0), Shape.of(torch.ints("shape")))),
            entry("transpose", torch -> new Transpose(torch.inputs.get(0))),
            entry("sliceRows", torch -> {
                int[] range = torch.ints("range");
                return new SliceRows(torch.inputs.get(0), range[0], range[1]);
            }),
            entry("sliceColumns", torch -> {
                int[] range = torch.ints("range");
                return new SliceColumns(torch.inputs.get(0), range[0], range[1]);
            }),
            entry("concatenateRows", torch -> new ConcatenateRows(torch.inputs.toArray(new Tensor[0]))),
            entry("concatenateColumns", torch -> new ConcatenateColumns(torch.inputs.toArray(new Tensor[0]))),
            entry("stack", torch -> new Stack(torch.inputs.toArray(new Tensor[0]))),
            entry("gather", torch -> new Gather(torch.inputs.get(0), torch.ints("indices"))));

    private ShapeFigures() {}
}

package dev.microgpt.autograd;

import static java.util.Map.entry;

import dev.microgpt.autograd.op.element.Absolute;
import dev.microgpt.autograd.op.element.Add;
import dev.microgpt.autograd.op.element.Clamp;
import dev.microgpt.autograd.op.element.Divide;
import dev.microgpt.autograd.op.element.Exp;
import dev.microgpt.autograd.op.element.Gelu;
import dev.microgpt.autograd.op.element.GeluTanh;
import dev.microgpt.autograd.op.element.Log;
import dev.microgpt.autograd.op.element.Maximum;
import dev.microgpt.autograd.op.element.Minimum;
import dev.microgpt.autograd.op.element.Multiply;
import dev.microgpt.autograd.op.element.Power;
import dev.microgpt.autograd.op.element.Relu;
import dev.microgpt.autograd.op.element.ReluSquared;
import dev.microgpt.autograd.op.element.Scale;
import dev.microgpt.autograd.op.element.Sigmoid;
import dev.microgpt.autograd.op.element.Silu;
import dev.microgpt.autograd.op.element.SoftCap;
import dev.microgpt.autograd.op.element.Softplus;
import dev.microgpt.autograd.op.element.SquareRoot;
import dev.microgpt.autograd.op.element.Subtract;
import dev.microgpt.autograd.op.element.Tanh;
import dev.microgpt.autograd.op.reduce.Max;
import dev.microgpt.autograd.op.reduce.MaxOfEachColumn;
import dev.microgpt.autograd.op.reduce.MaxOfEachRow;
import dev.microgpt.autograd.op.reduce.Mean;
import dev.microgpt.autograd.op.reduce.MeanOfEachColumn;
import dev.microgpt.autograd.op.reduce.MeanOfEachRow;
import dev.microgpt.autograd.op.reduce.Sum;
import dev.microgpt.autograd.op.reduce.SumOfEachColumn;
import dev.microgpt.autograd.op.reduce.SumOfEachRow;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The operations of {@code op.element} and {@code op.reduce} by the name of their case in {@code torch-ops.txt}. */
final class ElementFigures {
    /** One rounding an element, or none: there is only one right result. */
    static final Set<String> EQUAL_BITS = Set.of(
            "relu",
            "reluSquared",
            "absolute",
            "clamp",
            "squareRoot",
            "scale",
            "add",
            "subtract",
            "multiply",
            "divide",
            "minimum",
            "maximum",
            "max",
            "maxOfEachRow",
            "maxOfEachColumn");

    static final Map<String, Function<List<Parameter>, Op>> OPERATIONS = Map.ofEntries(
            entry("gelu", in -> new Gelu(in.get(0))),
            entry("gelu tanh", in -> new GeluTanh(in.get(0))),
            entry("relu", in -> new Relu(in.get(0))),
            entry("add", in -> new Add(in.get(0), in.get(1))),
            entry("add of a row", in -> new Add(in.get(0), in.get(1))),
            entry("multiply", in -> new Multiply(in.get(0), in.get(1))),
            entry("scale", in -> new Scale(in.get(0), -1.7)),
            entry("silu", in -> new Silu(in.get(0))),
            entry("softplus", in -> new Softplus(in.get(0))),
            entry("sigmoid", in -> new Sigmoid(in.get(0))),
            entry("tanh", in -> new Tanh(in.get(0))),
            entry("reluSquared", in -> new ReluSquared(in.get(0))),
            entry("absolute", in -> new Absolute(in.get(0))),
            entry("exp", in -> new Exp(in.get(0))),
            entry("log", in -> new Log(in.get(0))),
            entry("squareRoot", in -> new SquareRoot(in.get(0))),
            entry("softCap", in -> new SoftCap(in.get(0), 5)),
            entry("clamp", in -> new Clamp(in.get(0), -3, 1.5)),
            entry("power", in -> new Power(in.get(0), -2.5)),
            entry("subtract", in -> new Subtract(in.get(0), in.get(1))),
            entry("divide", in -> new Divide(in.get(0), in.get(1))),
            entry("minimum", in -> new Minimum(in.get(0), in.get(1))),
            entry("maximum", in -> new Maximum(in.get(0), in.get(1))),
            entry("sumOfEachRow", in -> new SumOfEachRow(in.get(0))),
            entry("sumOfEachColumn", in -> new SumOfEachColumn(in.get(0))),
            entry("meanOfEachRow", in -> new MeanOfEachRow(in.get(0))),
            entry("meanOfEachColumn", in -> new MeanOfEachColumn(in.get(0))),
            entry("max", in -> new Max(in.get(0))),
            entry("maxOfEachRow", in -> new MaxOfEachRow(in.get(0))),
            entry("maxOfEachColumn", in -> new MaxOfEachColumn(in.get(0))),
            entry("sum", in -> new Sum(in.get(0))),
            entry("mean", in -> new Mean(in.get(0))));

    private ElementFigures() {}
}

package dev.microgpt.autograd.op;

import static dev.microgpt.autograd.op.OpCases.Kind.LIMITED;
import static dev.microgpt.autograd.op.OpCases.Kind.SELECTIVE;
import static dev.microgpt.autograd.op.OpCases.Kind.SMOOTH;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.check.GradientCheck;
import dev.microgpt.autograd.op.OpAliasingTest.Graph;
import dev.microgpt.autograd.op.OpCases.Form;
import dev.microgpt.autograd.op.OpCases.Kind;
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
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** The operations of {@code op.element}. */
final class ElementCases {
    static final List<Form> FORMS = Stream.of(
                    Stream.of(smooth("scale", Scale.class, x -> new Scale(x, -1.7))),
                    pairs("multiply", Multiply.class, SMOOTH, Multiply::new, Sizes::normal, Sizes::normal),
                    pairs("add", Add.class, SMOOTH, Add::new, Sizes::normal, Sizes::normal),
                    pairs("subtract", Subtract.class, SMOOTH, Subtract::new, Sizes::normal, Sizes::normal),
                    pairs("divide", Divide.class, LIMITED, Divide::new, Sizes::normal, Sizes::positive),
                    pairs("minimum", Minimum.class, SELECTIVE, Minimum::new, Sizes::hundredths, Sizes::between),
                    pairs("maximum", Maximum.class, SELECTIVE, Maximum::new, Sizes::hundredths, Sizes::between),
                    Stream.of(
                            new Form("relu", Relu.class, LIMITED, s -> kinked(Relu::new, s.awayFromZero("x"))),
                            smooth("gelu", Gelu.class, Gelu::new),
                            smooth("geluTanh", GeluTanh.class, GeluTanh::new),
                            new Form(
                                    "reluSquared",
                                    ReluSquared.class,
                                    LIMITED,
                                    s -> kinked(ReluSquared::new, s.awayFromZero("x"))),
                            smooth("silu", Silu.class, Silu::new),
                            smooth("softplus", Softplus.class, Softplus::new),
                            smooth("sigmoid", Sigmoid.class, Sigmoid::new),
                            smooth("tanh", Tanh.class, Tanh::new),
                            smooth("softCap", SoftCap.class, x -> new SoftCap(x, 1.7)),
                            smooth("exp", Exp.class, Exp::new),
                            ofPositive("log", Log.class, Log::new),
                            ofPositive("squareRoot", SquareRoot.class, SquareRoot::new),
                            ofPositive("power", Power.class, x -> new Power(x, -2.5)),
                            new Form(
                                    "absolute",
                                    Absolute.class,
                                    LIMITED,
                                    s -> kinked(Absolute::new, s.awayFromZero("x"))),
                            new Form(
                                    "clamp",
                                    Clamp.class,
                                    SELECTIVE,
                                    s -> kinked(
                                            x -> new Clamp(x, -0.505, 1.995),
                                            s.hundredths("x", s.rows(), s.columns())))))
            .flatMap(forms -> forms)
            .toList();

    private ElementCases() {}

    private interface Numbers {
        Parameter fill(Sizes sizes, String name, int... dims);
    }

    /** A function of two elements: of two matrices, of a matrix and a row, of a matrix and a column. */
    private static Stream<Form> pairs(
            String name,
            Class<? extends Op> op,
            Kind kind,
            BiFunction<Tensor, Tensor, Op> make,
            Numbers first,
            Numbers second) {
        Function<List<? extends Tensor>, Op> build = in -> make.apply(in.get(0), in.get(1));
        Function<Sizes, Parameter> a = s -> first.fill(s, "a", s.rows(), s.columns());
        return Stream.of(
                new Form(
                        name, op, kind, s -> pair(kind, build, a.apply(s), second.fill(s, "b", s.rows(), s.columns()))),
                new Form(
                        name + " by rows",
                        op,
                        kind,
                        s -> pair(kind, build, a.apply(s), second.fill(s, "b", s.columns()))),
                new Form(
                        name + " by columns",
                        op,
                        kind,
                        s -> pair(kind, build, a.apply(s), second.fill(s, "b", s.rows(), 1))));
    }

    private static OpCase pair(Kind kind, Function<List<? extends Tensor>, Op> build, Parameter a, Parameter b) {
        if (kind != SELECTIVE) {
            return OpCases.smooth(build, a, b);
        }
        OpCase made = OpCases.of(GradientCheck.kinked(), build, a, b);
        return a.shape().size() < 30 ? made.allowingZeroGradients() : made; // one of the two may win everywhere
    }

    private static Form smooth(String name, Class<? extends Op> op, Function<Tensor, Op> make) {
        return new Form(name, op, s -> OpCases.smooth(in -> make.apply(in.get(0)), s.matrix("x")));
    }

    private static Form ofPositive(String name, Class<? extends Op> op, Function<Tensor, Op> make) {
        return new Form(
                name,
                op,
                LIMITED,
                s -> OpCases.smooth(in -> make.apply(in.get(0)), s.positive("x", s.rows(), s.columns())));
    }

    private static OpCase kinked(Function<Tensor, Op> make, Parameter x) {
        return OpCases.of(GradientCheck.kinked(), in -> make.apply(in.get(0)), x);
    }

    static List<Graph> graphs() {
        return List.of(
                new Graph("add(x, x)", 3, 5, (tape, x) -> tape.add(x, x)),
                new Graph("subtract(2x, x)", 3, 5, (tape, x) -> tape.subtract(tape.scale(x, 2), x)),
                new Graph("multiply(x, x)", 3, 5, (tape, x) -> tape.multiply(x, x)),
                new Graph("divide(tanh(x), exp(x))", 3, 5, (tape, x) -> tape.divide(tape.tanh(x), tape.exp(x))),
                new Graph("(y / y)·x", 3, 5, (tape, x) -> {
                    Tensor y = tape.softplus(x);
                    return tape.multiply(tape.divide(y, y), x);
                }),
                new Graph("maximum(x, x)", 3, 5, (tape, x) -> tape.maximum(x, x)),
                new Graph("minimum(x, x)", 3, 5, (tape, x) -> tape.minimum(x, x)),
                new Graph(
                        "silu(softCap(x))·reluSquared(x)",
                        3,
                        17,
                        (tape, x) -> tape.multiply(tape.silu(tape.softCap(x, 2)), tape.reluSquared(x))),
                new Graph(
                        "a row and a column of itself",
                        3,
                        5,
                        (tape, x) -> tape.multiply(tape.add(x, tape.sumOfEachColumn(x)), tape.meanOfEachRow(x))));
    }
}

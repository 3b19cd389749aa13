package dev.microgpt.autograd.op;

import static dev.microgpt.autograd.op.OpCases.Kind.LIMITED;
import static dev.microgpt.autograd.op.OpCases.of;
import static dev.microgpt.autograd.op.OpCases.smooth;

import dev.microgpt.autograd.check.GradientCheck;
import dev.microgpt.autograd.op.OpAliasingTest.Graph;
import dev.microgpt.autograd.op.OpCases.Form;
import dev.microgpt.autograd.op.element.Add;
import dev.microgpt.autograd.op.element.Gelu;
import dev.microgpt.autograd.op.element.GeluTanh;
import dev.microgpt.autograd.op.element.Multiply;
import dev.microgpt.autograd.op.element.Relu;
import dev.microgpt.autograd.op.element.ReluSquared;
import dev.microgpt.autograd.op.element.Scale;
import dev.microgpt.autograd.op.element.Sigmoid;
import dev.microgpt.autograd.op.element.Silu;
import dev.microgpt.autograd.op.element.SoftCap;
import dev.microgpt.autograd.op.element.Tanh;
import java.util.List;

/** The operations of {@code op.element}. */
final class ElementCases {
    static final List<Form> FORMS = List.of(
            new Form("scale", Scale.class, s -> smooth(in -> new Scale(in.get(0), -1.7), s.matrix("x"))),
            new Form(
                    "multiply",
                    Multiply.class,
                    s -> smooth(in -> new Multiply(in.get(0), in.get(1)), s.matrix("a"), s.matrix("b"))),
            new Form(
                    "multiply by a row",
                    Multiply.class,
                    s -> smooth(in -> new Multiply(in.get(0), in.get(1)), s.matrix("a"), s.normal("b", s.columns()))),
            new Form("add", Add.class, s -> smooth(in -> new Add(in.get(0), in.get(1)), s.matrix("a"), s.matrix("b"))),
            new Form(
                    "add of a row",
                    Add.class,
                    s -> smooth(in -> new Add(in.get(0), in.get(1)), s.matrix("a"), s.normal("b", s.columns()))),
            new Form(
                    "relu",
                    Relu.class,
                    LIMITED,
                    s -> of(GradientCheck.kinked(), in -> new Relu(in.get(0)), s.awayFromZero("x"))),
            new Form("gelu", Gelu.class, s -> smooth(in -> new Gelu(in.get(0)), s.matrix("x"))),
            new Form("geluTanh", GeluTanh.class, s -> smooth(in -> new GeluTanh(in.get(0)), s.matrix("x"))),
            new Form(
                    "reluSquared",
                    ReluSquared.class,
                    LIMITED,
                    s -> of(GradientCheck.kinked(), in -> new ReluSquared(in.get(0)), s.awayFromZero("x"))),
            new Form("silu", Silu.class, s -> smooth(in -> new Silu(in.get(0)), s.matrix("x"))),
            new Form("sigmoid", Sigmoid.class, s -> smooth(in -> new Sigmoid(in.get(0)), s.matrix("x"))),
            new Form("tanh", Tanh.class, s -> smooth(in -> new Tanh(in.get(0)), s.matrix("x"))),
            new Form("softCap", SoftCap.class, s -> smooth(in -> new SoftCap(in.get(0), 1.7), s.matrix("x"))));

    private ElementCases() {}

    static List<Graph> graphs() {
        return List.of(
                new Graph("add(x, x)", 3, 5, (tape, x) -> tape.add(x, x)),
                new Graph("multiply(x, x)", 3, 5, (tape, x) -> tape.multiply(x, x)));
    }
}

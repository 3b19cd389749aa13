package dev.microgpt.autograd.op;

import static dev.microgpt.autograd.op.OpCases.smooth;

import dev.microgpt.autograd.op.OpCases.Form;
import dev.microgpt.autograd.op.reduce.Mean;
import dev.microgpt.autograd.op.reduce.Sum;
import java.util.List;

/** The operations of {@code op.reduce}. */
final class ReduceCases {
    static final List<Form> FORMS = List.of(
            new Form("sum", Sum.class, s -> smooth(in -> new Sum(in.get(0)), s.matrix("x"))),
            new Form(
                    "mean",
                    Mean.class,
                    s -> smooth(in -> new Mean(in.get(0)), s.matrix("x"))
                            .allowingZeroGradients())); // not zero, but one of thousands of elements counts little

    private ReduceCases() {}
}

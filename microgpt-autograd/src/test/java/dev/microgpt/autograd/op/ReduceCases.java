package dev.microgpt.autograd.op;

import static dev.microgpt.autograd.op.OpCases.Kind.SELECTIVE;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.check.GradientCheck;
import dev.microgpt.autograd.op.OpCases.Form;
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
import java.util.function.Function;

/** The operations of {@code op.reduce}. */
final class ReduceCases {
    static final List<Form> FORMS = List.of(
            new Form("sum", Sum.class, s -> smooth(Sum::new, s)),
            new Form("sumOfEachRow", SumOfEachRow.class, s -> smooth(SumOfEachRow::new, s)),
            new Form("sumOfEachColumn", SumOfEachColumn.class, s -> smooth(SumOfEachColumn::new, s)),
            new Form(
                    "mean",
                    Mean.class,
                    s -> smooth(Mean::new, s)
                            .allowingZeroGradients()), // not zero, but one of thousands of elements counts little
            new Form("meanOfEachRow", MeanOfEachRow.class, s -> smooth(MeanOfEachRow::new, s)),
            new Form("meanOfEachColumn", MeanOfEachColumn.class, s -> smooth(MeanOfEachColumn::new, s)),
            new Form("max", Max.class, SELECTIVE, s -> kinked(Max::new, s)),
            new Form("maxOfEachRow", MaxOfEachRow.class, SELECTIVE, s -> kinked(MaxOfEachRow::new, s)),
            new Form("maxOfEachColumn", MaxOfEachColumn.class, SELECTIVE, s -> kinked(MaxOfEachColumn::new, s)));

    private ReduceCases() {}

    private static OpCase smooth(Function<Tensor, Op> make, Sizes s) {
        return OpCases.smooth(in -> make.apply(in.get(0)), s.matrix("x"));
    }

    private static OpCase kinked(Function<Tensor, Op> make, Sizes s) {
        return OpCases.of(GradientCheck.kinked(), in -> make.apply(in.get(0)), s.distinct("x"));
    }
}

package dev.microgpt.cli.explain;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.CausalAttention;
import dev.microgpt.model.trace.LogitLens;
import dev.microgpt.train.internal.Largest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Chooses which rows of the tensors are on the page: all, or those that the formulas of one position in one layer read,
 * with the attention of all layers and the residual stream.
 */
final class RowChoice {
    /** The elements of a large row that can be followed to their inputs. */
    private static final int FOLLOWED = 8;

    private final TensorList tensors;
    private final Explanation.Focus focus;
    private final int positions;

    RowChoice(TensorList tensors, Explanation.Focus focus, int positions) {
        this.tensors = tensors;
        this.focus = focus;
        this.positions = positions;
    }

    void choose(List<OperationList.Entry> entries) {
        if (focus.isAll()) {
            for (OperationList.Entry entry : entries) {
                entry.inputs().forEach(tensors::allRows);
                tensors.allRows(entry.output());
                entry.details().values().forEach(tensors::allRows);
            }
            return;
        }
        for (OperationList.Entry entry : entries) {
            if (entry.op() instanceof CausalAttention && !isInFocus(entry)) {
                tensors.allRowsRounded(entry.details().getOrDefault("probabilities", entry.output()));
            }
            if (isInFocus(entry)) {
                chooseRows(entry);
            }
            if (entry.step().names().stream()
                    .anyMatch(name -> !LogitLens.stream(List.of("embd", name)).isEmpty())) {
                tensors.row(entry.output(), focus.position());
            }
        }
    }

    private boolean isInFocus(OperationList.Entry entry) {
        return !entry.section().startsWith("layer") || entry.section().startsWith("layer" + focus.layer() + ".");
    }

    private void chooseRows(OperationList.Entry entry) {
        Tensor y = entry.step().output();
        String kind = OperationList.kind(entry.op());
        addRows(entry.output(), y.shape());
        List<Tensor> read = entry.op().inputs();
        for (int i = 0; i < read.size(); i++) {
            int index = entry.inputs().get(i);
            if (kind.equals("dot") && i == 1) {
                for (int column : followed(y, entry.section().equals("head"))) {
                    tensors.row(index, column);
                }
            } else if (kind.equals("gather")) {
                if (y.shape().rows() == positions) {
                    tensors.row(index, (int) entry.op().details().get("rows").data()[focus.position()]);
                }
            } else if (kind.equals("attention") && i > 0) {
                IntStream.rangeClosed(0, focus.position()).forEach(key -> tensors.row(index, key));
            } else {
                addRows(index, read.get(i).shape());
            }
        }
        if (kind.equals("attention")) {
            entry.details().values().forEach(tensors::allRows);
        } else {
            entry.op()
                    .details()
                    .forEach((name, detail) -> addRows(entry.details().get(name), detail.shape()));
        }
    }

    /** Adds the rows of the position, one or, with a row for each head, several, unless long; or all of a vector. */
    private void addRows(int index, Shape shape) {
        if (shape.rank() < 2) {
            tensors.allRows(index);
        } else if (shape.rows() % positions == 0 && shape.columns() <= Explanation.ALL_NUMBERS) {
            int count = shape.rows() / positions;
            for (int row = focus.position() * count; row < (focus.position() + 1) * count; row++) {
                tensors.row(index, row);
            }
        }
    }

    /** Returns the columns of the largest elements: the likeliest tokens, or what is far from 0. */
    private int[] followed(Tensor y, boolean isHead) {
        if (y.shape().rows() % positions != 0) {
            return new int[0]; // not of each position, in a model of another kind
        }
        int columns = y.shape().columns();
        int first = focus.position() * columns;
        double[] sizes = new double[columns];
        Arrays.setAll(sizes, c -> isHead ? y.data()[first + c] : Math.abs(y.data()[first + c]));
        return Largest.of(isHead ? Explanation.TOP : FOLLOWED, sizes);
    }
}

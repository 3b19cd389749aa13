package dev.microgpt.cli.explain;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.CausalAttention;
import dev.microgpt.model.trace.LogitLens;
import java.util.Comparator;
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
            if (entry.op() instanceof CausalAttention) {
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
        int rows = y.shape().rank() == 2 ? y.shape().rows() : 1;
        int row = rows == positions ? focus.position() : 0;
        String kind = OperationList.kind(entry.op());
        boolean isWide = y.shape().columns() > Explanation.ALL_NUMBERS;
        if (!isWide) {
            tensors.row(entry.output(), row);
        }
        List<Tensor> read = entry.op().inputs();
        for (int i = 0; i < read.size(); i++) {
            int index = entry.inputs().get(i);
            Shape shape = read.get(i).shape();
            if (kind.equals("dot") && i == 1) {
                for (int column : largest(y, row, entry.section().equals("head") ? Explanation.TOP : FOLLOWED)) {
                    tensors.row(index, column);
                }
            } else if (kind.equals("gather")) {
                tensors.row(index, (int) entry.op().details().get("rows").data()[row]);
            } else if (kind.equals("attention") && i > 0) {
                IntStream.rangeClosed(0, focus.position()).forEach(key -> tensors.row(index, key));
            } else if (shape.rank() == 2 && shape.rows() == y.shape().rows()) {
                tensors.row(index, row);
            } else if (shape.rank() < 2) {
                tensors.allRows(index);
            }
        }
        if (kind.equals("attention")) {
            tensors.allRows(entry.details().get("scores"));
        } else {
            entry.details().values().forEach(index -> tensors.rowOfTensor(index, row, rows));
        }
    }

    private static int[] largest(Tensor y, int row, int count) {
        int columns = y.shape().columns();
        return IntStream.range(0, columns)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer c) -> -Math.abs(y.data()[row * columns + c])))
                .limit(count)
                .mapToInt(c -> c)
                .toArray();
    }
}

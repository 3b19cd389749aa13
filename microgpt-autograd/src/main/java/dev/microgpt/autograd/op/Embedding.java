package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Looks up rows of a table: {@code y[t] = table[ids[t]]}.
 *
 * <p>Gradient: {@code dTable[ids[t]] += dy[t]} in the order of {@code t}; a row that is looked up twice receives both
 * gradients.
 */
public final class Embedding implements Op {
    private final Tensor table;
    private final int[] ids;

    /**
     * Creates the operation.
     *
     * @param table one row for each id, shape {@code (V, C)}
     * @param ids   the rows to look up, each from 0 to {@code V − 1}; at least one; not copied and not to be modified
     *     until the tape is reset
     * @throws IllegalArgumentException if the table is not a matrix, if there are no ids, or if an id is out of range
     */
    public Embedding(Tensor table, int... ids) {
        this.table = table;
        this.ids = ids;
        Checks.matrix(this, "table", table);
        if (ids.length == 0) {
            throw new IllegalArgumentException("embedding: there are no ids; at least one is required");
        }
        Checks.indices(this, "ids", ids, table.shape().rows(), "table", table);
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(table);
    }

    @Override
    public Shape shape() {
        return Shape.of(ids.length, table.shape().columns());
    }

    /** {@return {@code rows}, shape {@code (T)}: the ids} */
    @Override
    public Map<String, Tensor> details() {
        double[] rows = new double[ids.length];
        for (int t = 0; t < rows.length; t++) {
            rows[t] = ids[t];
        }
        return Map.of("rows", Tensor.constant(Shape.of(rows.length), rows));
    }

    @Override
    public void forward(Tape tape, Tensor y) {
        int columns = table.shape().columns();
        PackedMatrix packed = table.packed();
        if (packed != null) {
            Checks.inference(this, "table", table, tape);
            for (int t = 0; t < ids.length; t++) {
                packed.copyRow(ids[t], y.data(), t * columns);
            }
            return;
        }
        for (int t = 0; t < ids.length; t++) {
            System.arraycopy(table.data(), ids[t] * columns, y.data(), t * columns, columns);
        }
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        int columns = table.shape().columns();
        double[] dTable = table.grad();
        double[] dy = y.grad();
        // y[t] = table[ids[t]]   ⇒   dTable[ids[t]] += dy[t], on one thread because an id may occur twice
        for (int t = 0; t < ids.length; t++) {
            int row = ids[t] * columns;
            for (int c = 0; c < columns; c++) {
                dTable[row + c] += dy[t * columns + c];
            }
        }
    }
}

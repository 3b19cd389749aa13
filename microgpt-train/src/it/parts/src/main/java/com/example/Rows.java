package com.example;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/** Puts tensors of one row on top of each other: {@code y[t] = rows[t]}. */
final class Rows implements Op {
    private final List<Tensor> rows;
    private final int columns;

    Rows(List<Tensor> rows) {
        this.rows = List.copyOf(rows);
        columns = rows.get(0).shape().columns();
    }

    public List<Tensor> inputs() {
        return rows;
    }

    public Shape shape() {
        return Shape.of(rows.size(), columns);
    }

    public void forward(Tape tape, Tensor y) {
        for (int t = 0; t < rows.size(); t++) {
            System.arraycopy(rows.get(t).data(), 0, y.data(), t * columns, columns);
        }
    }

    public void backward(Tape tape, Tensor y) {
        for (int t = 0; t < rows.size(); t++) {
            if (rows.get(t).hasGrad()) {
                tape.kernels().axpy(1, y.grad(), t * columns, rows.get(t).grad(), 0, columns);
            }
        }
    }
}

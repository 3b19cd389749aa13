package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/** An operation with a fault planted into what its backward adds to the gradient of one input. */
final class FaultyOp implements Op {
    private final Op op;
    private final int input;
    private final Fault fault;

    FaultyOp(Op op, int input, Fault fault) {
        this.op = op;
        this.input = input;
        this.fault = fault;
    }

    /** What goes wrong with the part that an operation adds to a gradient. */
    enum Fault {
        /** Everything is wrong by one part in a million. */
        SCALED {
            @Override
            double at(double[] part, int i) {
                return part[i] * (1 + 1e-6);
            }
        },
        /** The largest element gets nothing. */
        DROPPED {
            @Override
            double at(double[] part, int i) {
                for (double other : part) {
                    if (Math.abs(other) > Math.abs(part[i])) {
                        return part[i];
                    }
                }
                return 0;
            }
        },
        /** Each element gets what is its neighbour's. */
        SHIFTED {
            @Override
            double at(double[] part, int i) {
                return part[(i + 1) % part.length];
            }
        };

        abstract double at(double[] part, int i);
    }

    @Override
    public List<Tensor> inputs() {
        return op.inputs();
    }

    @Override
    public Shape shape() {
        return op.shape();
    }

    @Override
    public void forward(Tape tape, Tensor y) {
        op.forward(tape, y);
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        double[] grad = inputs().get(input).grad();
        double[] before = grad.clone();
        op.backward(tape, y);
        double[] part = new double[grad.length];
        for (int i = 0; i < part.length; i++) {
            part[i] = grad[i] - before[i];
        }
        for (int i = 0; i < part.length; i++) {
            grad[i] = before[i] + fault.at(part, i);
        }
    }

    @Override
    public String name() {
        return op.name();
    }
}

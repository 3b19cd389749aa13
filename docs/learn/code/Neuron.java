import dev.microgpt.autograd.*;
import java.util.*;

/** Chapter 2: numbers that know how they were computed, and tensors that do the same. */
public final class Neuron {
    /** A number, what it was computed from, and how much it changes with each of these. */
    static final class Value {
        static final List<Value> TAPE = new ArrayList<>(); // in the order in which they were computed

        final double data, byA, byB;
        final Value a, b;
        double grad;

        Value(double data) { this(data, null, 0, null, 0); }

        Value(double data, Value a, double byA, Value b, double byB) {
            this.data = data; this.a = a; this.byA = byA; this.b = b; this.byB = byB;
            TAPE.add(this);
        }

        Value plus(Value x) { return new Value(data + x.data, this, 1, x, 1); }
        Value times(Value x) { return new Value(data * x.data, this, x.data, x, data); }

        Value tanh() {
            double y = StrictMath.tanh(data);
            return new Value(y, this, 1 - y * y, null, 0);
        }

        /** The chain rule, from the last number to the first: each passes its gradient to those it was made of. */
        void backward() {
            grad = 1;
            for (int i = TAPE.size() - 1; i >= 0; i--) {
                Value y = TAPE.get(i);
                if (y.a != null) { y.a.grad += y.byA * y.grad; }
                if (y.b != null) { y.b.grad += y.byB * y.grad; }
            }
        }
    }

    /** The same without the tape, along every path; returns the number of calls. */
    static long recurse(Value y, double grad) {
        y.grad += grad;
        return 1 + (y.a == null ? 0 : recurse(y.a, y.byA * grad)) + (y.b == null ? 0 : recurse(y.b, y.byB * grad));
    }

    static Value neuron(Value w0, Value w1, Value bias) {
        Value y = w0.times(new Value(1)).plus(w1.times(new Value(-2))).plus(bias).tanh();
        Value error = y.plus(new Value(-0.5)); // it should have been 0.5
        return error.times(error);
    }

    static double loss(double w0) { return neuron(new Value(w0), new Value(0.3), new Value(0.1)).data; }

    public static void main(String[] args) {
        Value a = new Value(2), b = new Value(3);
        Value y = a.times(b).plus(a);
        y.backward();
        System.out.printf(Locale.ROOT, "y = a*b + a = %.0f   dy/da = %.0f   dy/db = %.0f%n", y.data, a.grad, b.grad);
        Value.TAPE.clear();
        a.times(b).plus(a).backward();
        System.out.printf(Locale.ROOT, "a second pass, without zeroing: dy/da = %.0f%n%n", a.grad);

        Value x = doubled(20);
        System.out.printf(Locale.ROOT, "doubled 20 times: %d values, %d calls%n", Value.TAPE.size(), recurse(x, 1));
        Value sum = new Value(0);
        for (int i = 0; i < 1_000_000; i++) { sum = sum.plus(a); }
        a.grad = 0;
        sum.backward();
        System.out.printf(Locale.ROOT, "a million additions: da = %.0f along the tape, ", a.grad);
        try {
            System.out.println(recurse(sum, 1));
        } catch (StackOverflowError tooDeep) {
            System.out.println("and recursion ends in a StackOverflowError");
        }

        Value.TAPE.clear();
        Value w0 = new Value(-0.4), w1 = new Value(0.3), bias = new Value(0.1);
        Value loss = neuron(w0, w1, bias);
        loss.backward();
        Parameter w = new Parameter("w", Shape.of(1, 2), -0.4, 0.3), c = new Parameter("bias", Shape.of(1), 0.1);
        Tensor input = Tensor.constant(Shape.of(1, 2), 1, -2), target = Tensor.constant(Shape.of(1, 1), 0.5);
        Tape tape = Tape.training();
        Tensor mean = tape.meanSquaredError(tape.tanh(tape.linear(input, w, c)), target);
        tape.backward(mean);
        double sumOfInputs = -0.4 * 1 + 0.3 * -2 + 0.1;
        System.out.printf(Locale.ROOT, "%ny = tanh(%.1f) = %.4f%n%n", sumOfInputs, StrictMath.tanh(sumOfInputs));
        System.out.println("          numbers  tensors");
        System.out.printf(Locale.ROOT, "loss      %7.4f  %7.4f%n", loss.data, mean.item());
        System.out.printf(Locale.ROOT, "by w0     %7.4f  %7.4f%n", w0.grad, w.grad()[0]);
        System.out.printf(Locale.ROOT, "by w1     %7.4f  %7.4f%n", w1.grad, w.grad()[1]);
        System.out.printf(Locale.ROOT, "by bias   %7.4f  %7.4f%n", bias.grad, c.grad()[0]);

        System.out.printf(Locale.ROOT, "%nh      by w0, as a difference  error%n");
        for (double h : new double[] {1e-1, 1e-3, 1e-5, 1e-9, 1e-13}) {
            double slope = (loss(-0.4 + h) - loss(-0.4 - h)) / (2 * h);
            System.out.printf(Locale.ROOT, "%.0e  %22.10f  %.0e%n", h, slope, Math.abs(slope - w0.grad));
        }

        System.out.printf(Locale.ROOT, "%nstep  loss%n");
        double[] p = {-0.4, 0.3, 0.1};
        for (int step = 0; step <= 6; step++) {
            Value.TAPE.clear();
            Value[] v = {new Value(p[0]), new Value(p[1]), new Value(p[2])};
            Value result = neuron(v[0], v[1], v[2]);
            System.out.printf(Locale.ROOT, "%4d  %.4f%n", step, result.data);
            result.backward();
            for (int i = 0; i < 3; i++) { p[i] -= 0.03 * v[i].grad; }
        }
    }

    static Value doubled(int times) {
        Value.TAPE.clear();
        Value x = new Value(1);
        for (int i = 0; i < times; i++) { x = x.plus(x); }
        return x;
    }
}

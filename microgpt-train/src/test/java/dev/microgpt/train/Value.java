package dev.microgpt.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A number that remembers what it was computed from: the independent engine against which tensors are tested.
 *
 * <p>It shares nothing with the tape but arithmetic. Every operation stores its inputs and its derivative by each of
 * them, and {@link #backward} multiplies along all paths from the end. Slow, and plain enough to be checked by reading.
 */
final class Value {
    private static final Value[] NONE = {};

    double data;
    double grad;
    private final Value[] children;
    private final double[] localGradients;
    private boolean visited;

    private Value(double data, Value[] children, double... localGradients) {
        this.data = data;
        this.children = children;
        this.localGradients = localGradients;
    }

    static Value of(double data) {
        return new Value(data, NONE);
    }

    static Value[] vector(double... data) {
        return Arrays.stream(data).mapToObj(Value::of).toArray(Value[]::new);
    }

    Value plus(Value other) {
        return new Value(data + other.data, new Value[] {this, other}, 1, 1);
    }

    Value plus(double constant) {
        return new Value(data + constant, new Value[] {this}, 1);
    }

    Value times(Value other) {
        return new Value(data * other.data, new Value[] {this, other}, other.data, data);
    }

    Value times(double constant) {
        return new Value(data * constant, new Value[] {this}, constant);
    }

    Value pow(double exponent) {
        double slope = exponent * StrictMath.pow(data, exponent - 1);
        return new Value(StrictMath.pow(data, exponent), new Value[] {this}, slope);
    }

    Value exp() {
        double y = StrictMath.exp(data);
        return new Value(y, new Value[] {this}, y);
    }

    Value log() {
        return new Value(StrictMath.log(data), new Value[] {this}, 1 / data);
    }

    Value relu() {
        return new Value(Math.max(0, data), new Value[] {this}, data > 0 ? 1 : 0);
    }

    static Value sum(Value... terms) {
        double total = 0;
        double[] ones = new double[terms.length];
        for (int i = 0; i < terms.length; i++) {
            total += terms[i].data;
            ones[i] = 1;
        }
        return new Value(total, terms.clone(), ones);
    }

    /** {@code Σ a[i]·b[i]} as one node: what a chain of times and plus computes, with fewer objects. */
    static Value dot(Value[] a, Value[] b) {
        int n = a.length;
        Value[] factors = Arrays.copyOf(a, 2 * n);
        double[] slopes = new double[2 * n];
        double total = 0;
        for (int i = 0; i < n; i++) {
            total += a[i].data * b[i].data;
            factors[n + i] = b[i];
            slopes[i] = b[i].data;
            slopes[n + i] = a[i].data;
        }
        return new Value(total, factors, slopes);
    }

    /** Adds the derivative of this number by every number it depends on to the gradient of that number. */
    void backward() {
        List<Value> order = childrenFirst();
        Collections.reverse(order);
        grad = 1;
        for (Value node : order) {
            node.visited = false;
            for (int i = 0; i < node.children.length; i++) {
                node.children[i].grad += node.localGradients[i] * node.grad;
            }
        }
    }

    /** The graph below this node, each node once and after all that it was computed from; a stack, no recursion. */
    private List<Value> childrenFirst() {
        List<Value> order = new ArrayList<>();
        List<Value> path = new ArrayList<>();
        List<int[]> nextChild = new ArrayList<>();
        visited = true;
        path.add(this);
        nextChild.add(new int[1]);
        while (!path.isEmpty()) {
            int last = path.size() - 1;
            Value node = path.get(last);
            int child = nextChild.get(last)[0]++;
            if (child == node.children.length) {
                order.add(path.remove(last));
                nextChild.remove(last);
            } else if (!node.children[child].visited) {
                node.children[child].visited = true;
                path.add(node.children[child]);
                nextChild.add(new int[1]);
            }
        }
        return order;
    }
}

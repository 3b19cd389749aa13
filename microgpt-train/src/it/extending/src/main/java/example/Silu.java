package example;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/** The sigmoid linear unit {@code y = x·σ(x)}. */
record Silu(Tensor x) implements Op {
    public List<Tensor> inputs() {
        return List.of(x);
    }

    public Shape shape() {
        return x.shape();
    }

    public void forward(Tape tape, Tensor y) {
        double[] in = x.data(), out = y.data();
        tape.kernels().sigmoid(in, 0, out, 0, shape().size());
        for (int i = 0; i < shape().size(); i++) {
            out[i] *= in[i];
        }
    }

    public void backward(Tape tape, Tensor y) { // y = x·σ, σ' = σ·(1 − σ)  ⇒  dx = dy·(σ + y·(1 − σ))
        double[] dx = x.grad(), dy = y.grad(), out = y.data(), sigma = tape.buffer(shape().size());
        tape.kernels().sigmoid(x.data(), 0, sigma, 0, shape().size());
        for (int i = 0; i < shape().size(); i++) {
            dx[i] += dy[i] * (sigma[i] + out[i] * (1 - sigma[i]));
        }
    }
}

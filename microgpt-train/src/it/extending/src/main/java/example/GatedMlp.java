package example;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Initializer;
import dev.microgpt.model.Layer;
import dev.microgpt.model.Scope;

/** SwiGLU, the MLP of LLaMA: {@code y = (silu(x·gateᵀ) · x·upᵀ)·downᵀ} (Shazeer, arXiv 2002.05202). */
record GatedMlp(Parameter gate, Parameter up, Parameter down) implements Layer {
    GatedMlp(Scope scope, int channels, int hidden) {
        this(
                scope.get("mlp_gate", Shape.of(hidden, channels), Initializer.normal(0.08)),
                scope.get("mlp_up", Shape.of(hidden, channels), Initializer.normal(0.08)),
                scope.get("mlp_down", Shape.of(channels, hidden), Initializer.normal(0.08)));
    }

    public Tensor forward(Tape tape, Tensor x) {
        Tensor gated = tape.multiply(tape.apply(new Silu(tape.linear(x, gate))), tape.linear(x, up));
        return tape.linear(gated, down);
    }
}

package com.example;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Decoder;
import dev.microgpt.model.Initializer;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.Scope;
import java.util.ArrayList;
import java.util.List;

/** A gated recurrent unit between a token embedding and a head (Cho et al., arXiv 1406.1078). */
record Gru(
        ModelConfig config,
        Parameters parameters,
        Parameter wte,
        Gate update,
        Gate reset,
        Gate candidate,
        Parameter head)
        implements LanguageModel {

    /** Creates a model, requesting its weights in this order. */
    static Gru create(ModelConfig config, Parameters parameters) {
        Shape table = Shape.of(config.vocabSize(), config.get(GruType.HIDDEN));
        Scope root = parameters.root();
        return new Gru(
                config,
                parameters,
                root.get("wte", table, Initializer.normal(0.1)),
                Gate.create(root.scope("update"), table.columns()),
                Gate.create(root.scope("reset"), table.columns()),
                Gate.create(root.scope("candidate"), table.columns()),
                root.get("lm_head", table, Initializer.xavier()));
    }

    /** The weights of {@code x·wᵀ + h·uᵀ + b}, the argument of a gate's function. */
    record Gate(Parameter w, Parameter u, Parameter b) {
        static Gate create(Scope scope, int hidden) {
            Shape square = Shape.of(hidden, hidden);
            return new Gate(
                    scope.get("w", square, Initializer.xavier()),
                    scope.get("u", square, Initializer.xavier()),
                    scope.get("b", Shape.of(hidden), Initializer.constant(0)));
        }

        Tensor of(Tape tape, Tensor x, Tensor h) {
            return tape.add(tape.linear(x, w, b), tape.linear(h, u));
        }
    }

    public Tensor forward(Tape tape, Batch batch) {
        config.checkLength(batch);
        List<Tensor> states = new ArrayList<>();
        Sequences sequences = batch.sequences();
        for (int s = 0; s < sequences.count(); s++) {
            read(tape, batch.ids(), sequences.start(s), sequences.length(s), empty(), states);
        }
        return tape.linear(rows(tape, states), head);
    }

    /** Reads n tokens in the state h, adds the state after each of them, and returns the last. */
    private Tensor read(Tape tape, int[] ids, int from, int n, Tensor h, List<Tensor> states) {
        Tensor state = h;
        for (int t = from; t < from + n; t++) {
            state = next(tape, tape.embedding(wte, ids[t]), state);
            states.add(state);
        }
        return state;
    }

    /** The states as the rows of a matrix. */
    private static Tensor rows(Tape tape, List<Tensor> states) {
        return tape.concatenateRows(states.toArray(new Tensor[0]));
    }

    /** {@code h = h + z·(c − h)} with the update gate z, the reset gate r and the candidate c. */
    private Tensor next(Tape tape, Tensor x, Tensor h) {
        Tensor z = tape.sigmoid(update.of(tape, x, h));
        Tensor r = tape.sigmoid(reset.of(tape, x, h));
        Tensor c = tape.tanh(candidate.of(tape, x, tape.multiply(r, h)));
        return tape.add(h, tape.multiply(z, tape.subtract(c, h)));
    }

    private Tensor empty() {
        int hidden = config.get(GruType.HIDDEN);
        return Tensor.constant(Shape.of(1, hidden), new double[hidden]);
    }

    /** Keeps the state, so that each token costs one step. */
    public Decoder decoder() {
        return new Decoder(this) {
            private Tensor state = empty();

            protected Tensor logits(Tape tape, Batch batch, boolean lastOnly) {
                List<Tensor> states = new ArrayList<>();
                Tensor before = length() == 0 ? empty() : state;
                Tensor last = read(tape, batch.ids(), 0, batch.ids().length, before, states);
                state = Tensor.constant(last.shape(), last.toArray()); // the tape reuses the array of the last
                return tape.linear(lastOnly ? last : rows(tape, states), head);
            }
        };
    }
}

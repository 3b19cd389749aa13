package dev.microgpt.model.check;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Op;
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
import dev.microgpt.model.ModelType;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.Scope;
import dev.microgpt.model.setting.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A recurrent network with gates, a GRU (Cho et al., Learning Phrase Representations using RNN Encoder-Decoder, 2014).
 * Its decoder keeps the hidden state, so that a token costs the same at every position.
 */
final class GruModel implements LanguageModel {
    static final Setting<Integer> HIDDEN = Setting.integer("hidden", 64, 1, "Width of the hidden state");

    private final ModelConfig config;
    private final Parameters parameters;
    private final int hidden;
    private final Parameter embedding;
    private final Gate update;
    private final Gate reset;
    private final Gate candidate;
    private final Parameter head;

    GruModel(ModelConfig config, Parameters parameters) {
        this.config = config;
        this.parameters = parameters;
        hidden = config.get(HIDDEN);
        Scope scope = parameters.root();
        embedding = scope.get("embedding", Shape.of(config.vocabSize(), hidden), Initializer.normal(0.5));
        update = new Gate(scope.scope("update"), hidden);
        reset = new Gate(scope.scope("reset"), hidden);
        candidate = new Gate(scope.scope("candidate"), hidden);
        head = scope.get("head", Shape.of(config.vocabSize(), hidden), Initializer.xavier());
    }

    private record Gate(Parameter input, Parameter state, Parameter bias) {
        Gate(Scope scope, int hidden) {
            this(
                    scope.get("input", Shape.of(hidden, hidden), Initializer.xavier()),
                    scope.get("state", Shape.of(hidden, hidden), Initializer.xavier()),
                    scope.get("bias", Shape.of(hidden), Initializer.constant(0.0)));
        }

        Tensor of(Tape tape, Tensor x, Tensor h) {
            return tape.apply(new Sigmoid(tape.add(tape.linear(x, input, bias), tape.linear(h, state))));
        }
    }

    /** Returns the hidden states after tokens {@code x}; before them, they were {@code h}, shape {@code (n, H)}. */
    private Tensor step(Tape tape, Tensor x, Tensor h) {
        Tensor z = update.of(tape, x, h);
        Tensor r = reset.of(tape, x, h);
        double[] minusOnes = new double[hidden];
        Arrays.fill(minusOnes, -1);
        Tensor next = tape.add( // 2σ(a) − 1 = tanh(a / 2)
                tape.scale(candidate.of(tape, x, tape.multiply(r, h)), 2),
                Tensor.constant(Shape.of(hidden), minusOnes));
        return tape.add(next, tape.multiply(z, tape.add(h, tape.scale(next, -1))));
    }

    /** Computes one position of all sequences at a time. */
    @Override
    public Tensor forward(Tape tape, Batch batch) {
        Sequences sequences = batch.sequences();
        config.checkLength(batch);
        Tensor x = tape.embedding(embedding, batch.ids());
        List<Tensor> states = new ArrayList<>();
        int[] place = new int[sequences.rows()]; // of each position in all states
        int[] running = new int[sequences.count()]; // the sequences that are as long as this
        Arrays.setAll(running, s -> s);
        Tensor h = Tensor.constant(Shape.of(running.length, hidden), new double[running.length * hidden]);
        int placed = 0;
        for (int t = 0; t < sequences.longest(); t++) {
            int[] now = new int[running.length];
            int[] before = new int[running.length]; // their rows in h
            int[] rows = new int[running.length]; // their rows in x
            int n = 0;
            for (int i = 0; i < running.length; i++) {
                if (sequences.length(running[i]) > t) {
                    now[n] = running[i];
                    before[n] = i;
                    rows[n] = sequences.start(running[i]) + t;
                    place[rows[n]] = placed++;
                    n++;
                }
            }
            Tensor last = tape.embedding(h, Arrays.copyOf(before, n));
            h = step(tape, tape.embedding(x, Arrays.copyOf(rows, n)), last);
            states.add(h);
            running = Arrays.copyOf(now, n);
        }
        return tape.linear(tape.embedding(tape.apply(new Stack(states)), place), head);
    }

    @Override
    public Decoder decoder() {
        return new StateDecoder();
    }

    private final class StateDecoder extends Decoder {
        private double[] state = {};

        StateDecoder() {
            super(GruModel.this);
        }

        @Override
        protected Tensor logits(Tape tape, Batch batch, boolean lastOnly) {
            boolean begins = batch.firstPosition() == 0;
            Tensor h = Tensor.constant(Shape.of(1, hidden), begins ? new double[hidden] : state);
            List<Tensor> states = new ArrayList<>();
            for (int id : batch.ids()) {
                h = step(tape, tape.embedding(embedding, id), h);
                states.add(h);
            }
            state = h.toArray();
            return tape.linear(lastOnly ? h : tape.apply(new Stack(states)), head);
        }
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    /** {@code y = σ(x)}. */
    private static final class Sigmoid extends ElementOp {
        Sigmoid(Tensor x) {
            super(x, 16);
        }

        @Override
        protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
            kernels.sigmoid(x, from, y, from, to - from);
        }

        @Override
        protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
            for (int i = from; i < to; i++) { // σ' = σ·(1 − σ)
                dx[i] += dy[i] * y[i] * (1 - y[i]);
            }
        }
    }

    /** The rows of several tensors, one after another. */
    private record Stack(List<Tensor> inputs) implements Op {
        @Override
        public Shape shape() {
            int rows = 0;
            for (Tensor input : inputs) {
                rows += input.shape().rows();
            }
            return Shape.of(rows, inputs.get(0).shape().columns());
        }

        @Override
        public void forward(Tape tape, Tensor y) {
            int from = 0;
            for (Tensor input : inputs) {
                System.arraycopy(input.data(), 0, y.data(), from, input.shape().size());
                from += input.shape().size();
            }
        }

        @Override
        public void backward(Tape tape, Tensor y) {
            int from = 0;
            for (Tensor input : inputs) {
                for (int i = 0; input.hasGrad() && i < input.shape().size(); i++) {
                    input.grad()[i] += y.grad()[from + i];
                }
                from += input.shape().size();
            }
        }
    }

    /** Found by its name. */
    public static final class Type implements ModelType {
        @Override
        public String name() {
            return "com.example.gru";
        }

        @Override
        public List<Setting<?>> settings() {
            return List.of(HIDDEN);
        }

        @Override
        public LanguageModel create(ModelConfig config, Parameters parameters) {
            return new GruModel(config, parameters);
        }
    }
}

package dev.microgpt.model.check;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.DropoutMask;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Decoder;
import dev.microgpt.model.DropoutSite;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Initializer;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.Layer;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.ModelType;
import dev.microgpt.model.Norm;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.Positions;
import dev.microgpt.model.Scope;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.setting.Setting;
import dev.microgpt.model.setting.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/** Models and parts, each of which breaks one promise. */
final class FaultyModels {
    private static final int V = 5;
    private static final int BLOCK = 6;
    private static final GptConfig GPT = GptConfig.microgpt(V).withSizes(1, 2, 4, BLOCK);

    private FaultyModels() {}

    /** A bigram model which methods override to do something wrong. */
    private static class Model implements LanguageModel {
        final ModelConfig config;
        final Parameters parameters;
        final Parameter table;

        Model(ModelConfig config, Parameters parameters) {
            this.config = config;
            this.parameters = parameters;
            table = parameters.root().get("table", Shape.of(V, V), Initializer.normal(0.5));
        }

        @Override
        public Tensor forward(Tape tape, Batch batch) {
            config.checkLength(batch);
            return logits(tape, batch);
        }

        Tensor logits(Tape tape, Batch batch) {
            return tape.embedding(table, batch.ids());
        }

        @Override
        public ModelConfig config() {
            return config;
        }

        @Override
        public Parameters parameters() {
            return parameters;
        }
    }

    private static class Type implements ModelType {
        private final BiFunction<ModelConfig, Parameters, LanguageModel> creator;

        Type(BiFunction<ModelConfig, Parameters, LanguageModel> creator) {
            this.creator = creator;
        }

        @Override
        public String name() {
            return "";
        }

        @Override
        public List<Setting<?>> settings() {
            return List.of();
        }

        @Override
        public LanguageModel create(ModelConfig config, Parameters parameters) {
            return creator.apply(config, parameters);
        }
    }

    static ModelConfig config(BiFunction<ModelConfig, Parameters, LanguageModel> creator) {
        return ModelConfig.of(new Type(creator), V, BLOCK);
    }

    private interface Logits {
        Tensor of(Model model, Tape tape, Batch batch);
    }

    private static ModelConfig computing(Logits logits) {
        return config((config, parameters) -> new Model(config, parameters) {
            @Override
            Tensor logits(Tape tape, Batch batch) {
                return logits.of(this, tape, batch);
            }
        });
    }

    private static ModelConfig decoding(Function<Model, Decoder> decoder) {
        return config((config, parameters) -> new Model(config, parameters) {
            @Override
            public Decoder decoder() {
                return decoder.apply(this);
            }
        });
    }

    // ---- creation ----

    static ModelConfig shapesOfChance() {
        int[] created = {0};
        return config((config, parameters) -> {
            parameters.root().get("extra", Shape.of(1 + created[0]++), Initializer.constant(0));
            return new Model(config, parameters);
        });
    }

    static ModelConfig usesShapeInTheConstructor() {
        return config((config, parameters) -> {
            Parameter first = parameters.root().get("first", Shape.of(3, 2), Initializer.constant(0));
            parameters.root().get("second", Shape.of(first.shape().dim(1)), Initializer.constant(0));
            return new Model(config, parameters);
        });
    }

    static ModelConfig valuesOfChance() {
        Random own = new Random(1);
        return config((config, parameters) -> {
            Initializer initializer = (data, shape, random) -> Arrays.setAll(data, i -> own.nextGaussian());
            parameters.root().get("extra", Shape.of(2), initializer);
            return new Model(config, parameters);
        });
    }

    static ModelConfig otherParametersWhenCreatedAgain() {
        int[] created = {0};
        return config((config, parameters) -> {
            String name = created[0]++ == 3 ? "b" : "a"; // after the first and two for the shapes
            parameters.root().get(name, Shape.of(1), Initializer.constant(0));
            return new Model(config, parameters);
        });
    }

    static ModelConfig otherParameters() {
        return config((config, parameters) -> new Model(config, parameters) {
            @Override
            public Parameters parameters() {
                return Parameters.from(Map.of());
            }
        });
    }

    static ModelConfig otherConfig() {
        return config((config, parameters) -> new Model(config.with(ModelConfig.BLOCK_SIZE, 7), parameters));
    }

    static ModelConfig countsWrongly() {
        // another attention in every second block, while a configuration counts one block and a second
        return GPT.withLayers(3).withAttention((scope, config, layer, positions) -> {
            if (layer % 2 == 0) {
                scope.get("attn_extra", Shape.of(2), Initializer.constant(0));
            }
            return OwnParts.oneHead(scope, config, layer, positions);
        });
    }

    static ModelConfig cannotBeLoaded() {
        int[] created = {0};
        return config((config, parameters) -> {
            String name = created[0]++ == 4 ? "b" : "a"; // after those from a seed
            parameters.root().get(name, Shape.of(1), Initializer.constant(0));
            return new Model(config, parameters);
        });
    }

    static ModelConfig forgetsAParameterWhenLoaded() {
        int[] created = {0};
        return config((config, parameters) -> {
            Model model = new Model(config, parameters);
            if (created[0]++ != 4) { // after those from a seed
                parameters.root().get("last", Shape.of(1), Initializer.constant(0));
            }
            return model;
        });
    }

    // ---- loading ----

    static ModelConfig copiesWeights() {
        return config((config, parameters) -> new Model(config, parameters) {
            private final Tensor copy = Tensor.constant(table.shape(), table.toArray());

            @Override
            Tensor logits(Tape tape, Batch batch) {
                return tape.add(tape.embedding(table, batch.ids()), tape.embedding(copy, batch.ids()));
            }
        });
    }

    static ModelConfig hidesAParameter() {
        return config((config, parameters) -> new Model(config, parameters) {
            private final Parameter hidden = new Parameter("hidden", Shape.of(V), new double[V]);

            @Override
            Tensor logits(Tape tape, Batch batch) {
                return tape.add(tape.embedding(table, batch.ids()), hidden);
            }
        });
    }

    // ---- configuration ----

    static ModelConfig typeWithNewSettings() {
        return ModelConfig.of(new Type(Model::new) {
            @Override
            public List<Setting<?>> settings() {
                return List.of(Setting.flag("fast", false, "Nothing"));
            }
        });
    }

    static ModelConfig typeThatForgetsSettings() {
        return ModelConfig.of(new Type(Model::new) {
            @Override
            public ModelConfig config(Settings settings) {
                Settings block = Settings.of(settings.list()).with(ModelConfig.BLOCK_SIZE, BLOCK);
                return super.config(block.with(ModelConfig.VOCAB_SIZE, V));
            }
        });
    }

    static ModelConfig typeThatRefusesSettings() {
        return ModelConfig.of(
                new Type(Model::new) {
                    @Override
                    public ModelConfig config(Settings settings) {
                        if (settings.get(ModelConfig.VOCAB_SIZE) > 2 * V) {
                            throw new IllegalArgumentException("too many tokens");
                        }
                        return super.config(settings);
                    }
                },
                2 * V,
                BLOCK);
    }

    static ModelConfig typeThatIsNotProvided() {
        return ModelConfig.of(
                new Type(Model::new) {
                    @Override
                    public String name() {
                        return "com.example.lost";
                    }
                },
                V,
                BLOCK);
    }

    static ModelConfig typeWithTheNameOfAnother() {
        return ModelConfig.of(
                new Type(Model::new) {
                    @Override
                    public String name() {
                        return "com.example.bigram";
                    }
                },
                V,
                BLOCK);
    }

    /** A norm that is changed by subclasses. */
    private static class Scaled implements Norm {
        static final Setting<Double> FACTOR = Setting.positive("factor", 2.0, "Factor");
        static final Setting<Boolean> AGAIN = Setting.flag("again", false, "Whether the factor is applied twice");
        Settings settings = Settings.of(FACTOR, AGAIN);

        @Override
        public Settings settings() {
            return settings;
        }

        @Override
        public Norm with(Settings settings) {
            Scaled changed = new Scaled();
            changed.settings = settings;
            return changed;
        }

        @Override
        public Layer create(Scope scope, int channels, double eps) {
            return (tape, x, batch) -> tape.scale(x, settings.get(FACTOR));
        }
    }

    static ModelConfig partThatIgnoresASetting() {
        return GPT.withNorm(new Scaled() {
            @Override
            public Norm with(Settings settings) {
                return super.with(settings.with(AGAIN, this.settings.get(AGAIN)));
            }
        });
    }

    static ModelConfig partThatChanges() {
        return GPT.withNorm(new Scaled() {
            @Override
            public Norm with(Settings settings) {
                this.settings = settings;
                return this;
            }
        });
    }

    static ModelConfig partThatIsNotProvided() {
        return GPT.withNorm(new Scaled() {
            @Override
            public String name() {
                return "com.example.lost-norm";
            }
        });
    }

    static ModelConfig partWithTheNameOfAnother() {
        return GPT.withNorm(new Scaled() {
            @Override
            public String name() {
                return "com.example.scaled-norm";
            }

            @Override
            public Settings settings() {
                return OwnParts.ScaledNorm.of(3).settings();
            }

            @Override
            public Norm with(Settings settings) {
                return OwnParts.ScaledNorm.of(3).with(settings);
            }
        });
    }

    static ModelConfig choiceInUpperCase() {
        Setting<String> mode = Setting.choice("mode", "Fast", List.of("Fast", "slow"), "Nothing");
        return ModelConfig.of(
                new Type(Model::new) {
                    @Override
                    public List<Setting<?>> settings() {
                        return List.of(mode);
                    }
                },
                V,
                BLOCK);
    }

    // ---- function ----

    static ModelConfig keepsState() {
        int[] calls = {0};
        return computing(
                (model, tape, batch) -> tape.scale(tape.embedding(model.table, batch.ids()), calls[0]++ < 4 ? 1 : 2));
    }

    static ModelConfig remembersTokens() {
        int[] last = {0}; // is equal if the same tokens come again
        return computing((model, tape, batch) -> {
            Tensor y = tape.scale(tape.embedding(model.table, batch.ids()), 1 + last[0]);
            last[0] = batch.sequences().count() == 1 ? 1 : 0;
            return y;
        });
    }

    static ModelConfig dependsOnTheTape() {
        return computing((model, tape, batch) ->
                tape.scale(tape.embedding(model.table, batch.ids()), tape.keepsGradients() ? 1 : 2));
    }

    static ModelConfig changesParameters() {
        return computing((model, tape, batch) -> {
            model.table.data()[7] += 1;
            return tape.embedding(model.table, batch.ids());
        });
    }

    static ModelConfig changesGradients() {
        return computing((model, tape, batch) -> {
            model.parameters.zeroGrad();
            return tape.embedding(model.table, batch.ids());
        });
    }

    static ModelConfig isNotFinite() {
        return computing(
                (model, tape, batch) -> tape.scale(tape.embedding(model.table, batch.ids()), Double.POSITIVE_INFINITY));
    }

    static ModelConfig hasTheWrongShape() {
        return computing((model, tape, batch) -> tape.mean(tape.embedding(model.table, batch.ids())));
    }

    // ---- causality and batch mates ----

    private static Tensor plus(Model model, Tape tape, Batch batch, int[] others) {
        return tape.add(tape.embedding(model.table, batch.ids()), tape.embedding(model.table, others));
    }

    static ModelConfig looksAhead() {
        return computing((model, tape, batch) -> {
            int[] next = batch.ids().clone();
            for (int s = 0; s < batch.sequences().count(); s++) {
                int start = batch.sequences().start(s);
                int last = start + batch.sequences().length(s) - 1;
                System.arraycopy(batch.ids(), start + 1, next, start, last - start);
            }
            return plus(model, tape, batch, next);
        });
    }

    static ModelConfig knowsTheLength() {
        return computing((model, tape, batch) -> {
            int[] lengths = new int[batch.ids().length];
            for (int s = 0; s < batch.sequences().count(); s++) {
                int start = batch.sequences().start(s);
                Arrays.fill(
                        lengths,
                        start,
                        start + batch.sequences().length(s),
                        batch.sequences().length(s) % V);
            }
            return plus(model, tape, batch, lengths);
        });
    }

    static ModelConfig seesItsBatchMates() {
        return computing((model, tape, batch) -> {
            int[] first = new int[batch.ids().length];
            Arrays.fill(first, batch.ids()[0]);
            return plus(model, tape, batch, first);
        });
    }

    static ModelConfig readsTargets() {
        return computing((model, tape, batch) ->
                plus(model, tape, batch, batch.targets().length > 0 ? batch.targets() : batch.ids()));
    }

    static ModelConfig dropsBySequenceOfTheBatch() {
        return GPT.with(GptConfig.DROPOUT, 0.3).withMlp((scope, config) -> {
            Layer linear = OwnParts.linear(scope, config.with(GptConfig.DROPOUT, 0.0));
            DropoutSite site = DropoutSite.named(0.3, "own");
            return (tape, x, batch) -> {
                Sequences sequences = batch.sequences();
                CounterRandom[] streams = new CounterRandom[sequences.count()];
                Arrays.setAll(streams, s -> new CounterRandom(s));
                boolean isTraining = site.mask(batch) != null;
                Tensor y = isTraining ? tape.dropout(x, sequences, new DropoutMask(0.3, streams)) : x;
                return linear.forward(tape, y, batch);
            };
        });
    }

    static ModelConfig dropsInEvaluation() {
        return GPT.withMlp((scope, config) -> {
            Layer linear = OwnParts.linear(scope, config.with(GptConfig.DROPOUT, 0.0));
            double kept = 1 - config.get(GptConfig.DROPOUT);
            return (tape, x, batch) -> tape.scale(linear.forward(tape, x, batch), kept);
        });
    }

    // ---- limits ----

    static ModelConfig ignoresTheBlockSize() {
        return config((config, parameters) -> new Model(config, parameters) {
            @Override
            public Tensor forward(Tape tape, Batch batch) {
                return logits(tape, batch);
            }
        });
    }

    static ModelConfig looksAtTheFirstSequenceOnly() {
        return config((config, parameters) -> new Model(config, parameters) {
            @Override
            public Tensor forward(Tape tape, Batch batch) {
                if (batch.sequences().length(0) > config.blockSize()) {
                    throw new IllegalArgumentException("too long");
                }
                return logits(tape, batch);
            }
        });
    }

    static ModelConfig acceptsAnyToken() {
        return computing((model, tape, batch) -> {
            int[] ids = batch.ids().clone();
            Arrays.setAll(ids, i -> Math.min(ids[i], V - 1));
            return tape.embedding(model.table, ids);
        });
    }

    static ModelConfig failsForNegativeTokens() {
        return computing((model, tape, batch) -> {
            int[] counts = new int[V];
            for (int id : batch.ids()) {
                counts[Math.min(id, V - 1)]++;
            }
            return tape.embedding(model.table, batch.ids());
        });
    }

    static ModelConfig failsForOneToken() {
        return computing((model, tape, batch) -> {
            if (batch.sequences().rows() == 1) {
                throw new IllegalStateException("too short");
            }
            return tape.embedding(model.table, batch.ids());
        });
    }

    static ModelConfig remembersWhatItRefused() {
        boolean[] refused = {false};
        return computing((model, tape, batch) -> {
            for (int id : batch.ids()) {
                refused[0] |= id < 0;
            }
            return tape.scale(tape.embedding(model.table, batch.ids()), refused[0] ? 2 : 1);
        });
    }

    static ModelConfig changesParametersWhenItRefuses() {
        return computing((model, tape, batch) -> {
            for (int id : batch.ids()) {
                model.table.grad()[2] += id < 0 ? 1 : 0;
            }
            return tape.embedding(model.table, batch.ids());
        });
    }

    // ---- decoding ----

    /** Decodes right, as long as nothing is overridden. */
    private static class OwnDecoder extends Decoder {
        final Model model;

        OwnDecoder(Model model) {
            this(model, model);
        }

        OwnDecoder(Model model, LanguageModel ofLimits) {
            super(ofLimits);
            this.model = model;
        }

        @Override
        protected Tensor logits(Tape tape, Batch batch, boolean lastOnly) {
            int[] ids = batch.ids();
            return tape.embedding(model.table, lastOnly ? Arrays.copyOfRange(ids, ids.length - 1, ids.length) : ids);
        }
    }

    static ModelConfig decodesWithAnotherLastBit() {
        return decoding(model -> new OwnDecoder(model) {
            @Override
            protected Tensor logits(Tape tape, Batch batch, boolean lastOnly) {
                Tensor logits = super.logits(tape, batch, lastOnly);
                if (batch.firstPosition() == BLOCK - 1) {
                    logits.data()[2] = Math.nextUp(logits.data()[2]);
                }
                return logits;
            }
        });
    }

    static ModelConfig decodesOtherLastLogits() {
        return decoding(model -> new OwnDecoder(model) {
            @Override
            protected Tensor logits(Tape tape, Batch batch, boolean lastOnly) {
                return tape.scale(super.logits(tape, batch, lastOnly), lastOnly ? 2 : 1);
            }
        });
    }

    static ModelConfig decodesAllAsLast() {
        return decoding(model -> new OwnDecoder(model) {
            @Override
            protected Tensor logits(Tape tape, Batch batch, boolean lastOnly) {
                return super.logits(tape, batch, false);
            }
        });
    }

    static ModelConfig positionsBeginAtZeroInEachPiece() {
        return GPT.withPositions((scope, config) -> {
            Parameter table = scope.get("own", Shape.of(config.blockSize(), config.nEmbd()), Initializer.normal(0.5));
            return new Positions.Encoding() {
                @Override
                public Tensor embed(Tape tape, Tensor tokens, Batch batch) {
                    int[] positions = batch.positions();
                    Arrays.setAll(positions, i -> positions[i] - batch.firstPosition());
                    return tape.add(tokens, tape.embedding(table, positions));
                }
            };
        });
    }

    private static ModelConfig adding(BiFunction<Integer, Integer, Integer> first) {
        // the first token of the sequence is added everywhere, and a decoder remembers it
        return config((config, parameters) -> new Model(config, parameters) {
            private int shared;

            @Override
            Tensor logits(Tape tape, Batch batch) {
                int[] firsts = new int[batch.ids().length];
                for (int s = 0; s < batch.sequences().count(); s++) {
                    int start = batch.sequences().start(s);
                    Arrays.fill(firsts, start, start + batch.sequences().length(s), batch.ids()[start]);
                }
                return plus(this, tape, batch, firsts);
            }

            @Override
            public Decoder decoder() {
                Model model = this;
                return new Decoder(model) {
                    private int own;

                    @Override
                    protected Tensor logits(Tape tape, Batch batch, boolean lastOnly) {
                        if (batch.firstPosition() == 0) {
                            own = batch.ids()[0];
                            shared = own;
                        }
                        int[] ids = batch.ids();
                        ids = lastOnly ? new int[] {ids[ids.length - 1]} : ids;
                        int[] firsts = new int[ids.length];
                        Arrays.fill(firsts, first.apply(own, shared));
                        return plus(model, tape, Batch.ofPrompt(ids), firsts);
                    }
                };
            }
        });
    }

    static ModelConfig decodesRight() {
        return adding((own, shared) -> own);
    }

    static ModelConfig decodersShareTheirMemory() {
        return adding((own, shared) -> shared);
    }

    static ModelConfig decoderRemembersWhatWasCleared() {
        List<Integer> firsts = new ArrayList<>();
        return adding((own, shared) -> {
            firsts.add(own);
            return firsts.get(0);
        });
    }

    static ModelConfig decoderFails() {
        return decoding(model -> new OwnDecoder(model) {
            @Override
            protected Tensor logits(Tape tape, Batch batch, boolean lastOnly) {
                return super.logits(tape, batch.firstPosition() == 4 ? Batch.ofPrompt(V) : batch, lastOnly);
            }
        });
    }

    static ModelConfig decoderOfALargerModel() {
        ModelConfig larger = ModelConfig.of(new Type(Model::new), V, 2 * BLOCK);
        return decoding(model -> new OwnDecoder(model, larger.create(Parameters.drawnFrom(new PythonRandom(1)))));
    }

    static ModelConfig decoderIsAlwaysTheSame() {
        Decoder[] one = new Decoder[1];
        return decoding(model -> {
            one[0] = one[0] == null ? new OwnDecoder(model) : one[0];
            return one[0];
        });
    }

    static ModelConfig decoderChangesParameters() {
        return decoding(model -> new OwnDecoder(model) {
            @Override
            protected Tensor logits(Tape tape, Batch batch, boolean lastOnly) {
                Tensor logits = super.logits(tape, batch, lastOnly);
                model.table.grad()[3] = 0;
                return logits;
            }
        });
    }

    // ---- threads ----

    static ModelConfig isNotThreadSafe() {
        int[][] ids = new int[1][];
        return computing((model, tape, batch) -> {
            ids[0] = batch.ids();
            Tensor y = tape.embedding(model.table, batch.ids());
            return tape.add(y, tape.embedding(model.table, Arrays.copyOf(ids[0], batch.ids().length)));
        });
    }

    static ModelConfig failsInTwoThreads() {
        int[][] ids = new int[1][];
        return computing((model, tape, batch) -> {
            ids[0] = batch.ids();
            Tensor y = tape.embedding(model.table, batch.ids());
            return tape.add(y, tape.scale(tape.embedding(model.table, ids[0]), 0));
        });
    }

    static ModelConfig disturbsTheOther() {
        boolean[] isBusy = {false};
        return computing((model, tape, batch) -> {
            boolean other = isBusy[0];
            isBusy[0] = true;
            try {
                Tensor y = tape.embedding(model.table, batch.ids());
                isBusy[0] = other;
                return tape.scale(y, other ? 2 : 1);
            } finally {
                isBusy[0] = other;
            }
        });
    }

    // ---- gradients ----

    /** {@code y = x²}, whose derivative can be wrong. */
    private record Square(Tensor x, double wrong, boolean assigns) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override
        public Shape shape() {
            return x.shape();
        }

        @Override
        public void forward(Tape tape, Tensor y) {
            for (int i = 0; i < shape().size(); i++) {
                y.data()[i] = x.data()[i] * x.data()[i];
            }
        }

        @Override
        public void backward(Tape tape, Tensor y) {
            for (int i = 0; i < shape().size(); i++) {
                double dx = 2 * wrong * x.data()[i] * y.grad()[i];
                x.grad()[i] = assigns ? dx : x.grad()[i] + dx;
            }
        }
    }

    static ModelConfig squares(double wrong, boolean assigns) {
        return computing((model, tape, batch) ->
                tape.apply(new Square(tape.embedding(model.table, batch.ids()), wrong, assigns)));
    }

    static ModelConfig wrongDerivative() {
        return squares(1 + 1e-5, false);
    }

    static ModelConfig assignsGradients() {
        return squares(1, true);
    }

    /** {@code y = f(x)} with the derivative 1. */
    private static ModelConfig straightThrough(DoubleUnaryOperator f) {
        return computing((model, tape, batch) -> tape.apply(new ElementOp(tape.embedding(model.table, batch.ids()), 1) {
            @Override
            protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
                for (int i = from; i < to; i++) {
                    y[i] = f.applyAsDouble(x[i]);
                }
            }

            @Override
            protected void backward(
                    Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
                for (int i = from; i < to; i++) {
                    dx[i] += dy[i];
                }
            }
        }));
    }

    static ModelConfig rounds() {
        return straightThrough(x -> Math.rint(x * 10) / 10);
    }

    static ModelConfig isNotContinuous() {
        return straightThrough(x -> x + 1e-12 * Double.hashCode(x));
    }

    /** No fault: the kink of a ReLU, which is close to every second weight. */
    static ModelConfig hasKinksCloseToWeights() {
        List<Tensor> kinks = new ArrayList<>();
        return computing((model, tape, batch) -> {
            if (kinks.isEmpty()) {
                double[] minus = model.table.toArray();
                Arrays.setAll(minus, i -> -minus[i] + (i % 2 == 0 ? 1 : -1e-6));
                kinks.add(Tensor.constant(model.table.shape(), minus));
            }
            Tensor shift = tape.embedding(kinks.get(0), batch.ids());
            return tape.relu(tape.add(tape.embedding(model.table, batch.ids()), shift));
        });
    }

    private static ModelConfig withSecond(boolean isUsed) {
        return config((config, parameters) -> {
            Parameter second = parameters.root().get("second", Shape.of(V), Initializer.constant(0));
            return new Model(config, parameters) {
                @Override
                Tensor logits(Tape tape, Batch batch) {
                    Tensor cutOff = Tensor.constant(second.shape(), second.data());
                    Tensor y = tape.embedding(table, batch.ids());
                    return isUsed ? tape.add(y, cutOff) : y;
                }
            };
        });
    }

    static ModelConfig unusedParameter() {
        return withSecond(false);
    }

    static ModelConfig cutOffParameter() {
        return withSecond(true);
    }

    static ModelConfig noGradientAtAll() {
        return computing((model, tape, batch) ->
                tape.embedding(Tensor.constant(model.table.shape(), model.table.data()), batch.ids()));
    }
}

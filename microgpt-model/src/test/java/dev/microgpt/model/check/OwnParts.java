package dev.microgpt.model.check;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Attention;
import dev.microgpt.model.Batch;
import dev.microgpt.model.DropoutSite;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Initializer;
import dev.microgpt.model.Layer;
import dev.microgpt.model.Norm;
import dev.microgpt.model.Positions;
import dev.microgpt.model.Scope;
import dev.microgpt.model.SequenceLayer;
import dev.microgpt.model.setting.Setting;
import dev.microgpt.model.setting.Settings;

/** Parts that the library does not have. */
final class OwnParts {
    private OwnParts() {}

    /** One head, whose values are the inputs; decoded by computing all again. */
    static SequenceLayer oneHead(Scope scope, GptConfig config, int layer, Positions.Encoding positions) {
        Shape square = Shape.of(config.nEmbd(), config.nEmbd());
        Parameter query = scope.get("attn_query", square, Initializer.xavier());
        Parameter key = scope.get("attn_key", square, Initializer.xavier());
        return (tape, x, batch) -> {
            Tensor q = positions.turn(tape, tape.linear(x, query), 1, batch);
            Tensor k = positions.turn(tape, tape.linear(x, key), 1, batch);
            return tape.causalAttention(q, k, x, 1, batch.sequences());
        };
    }

    /** A linear layer with dropout before it. */
    static Layer linear(Scope scope, GptConfig config) {
        Parameter weight = scope.get("mlp_linear", Shape.of(config.nEmbd(), config.nEmbd()), Initializer.kaiming());
        DropoutSite site = DropoutSite.named(config.get(GptConfig.DROPOUT), "linear");
        return (tape, x, batch) -> tape.linear(site.apply(tape, x, batch), weight);
    }

    /** Multiplies queries and keys by a vector for each position. */
    static Positions.Encoding multiplied(Scope scope, GptConfig config) {
        Shape shape = Shape.of(config.blockSize(), config.nEmbd());
        Parameter factors = scope.get("factors", shape, Initializer.normal(1));
        return new Positions.Encoding() {
            @Override
            public Tensor turn(Tape tape, Tensor x, int heads, Batch batch) {
                return tape.multiply(x, tape.embedding(factors, batch.positions()));
            }
        };
    }

    /** Attention without projections, with a number of heads of its own. */
    public static final class FewHeads implements Attention {
        private static final Setting<Integer> HEADS = Setting.integer("heads", 1, 1, "Number of heads");

        private final Settings settings;

        /** Creates it with one head. */
        public FewHeads() {
            this(Settings.of(HEADS));
        }

        private FewHeads(Settings settings) {
            this.settings = settings;
        }

        @Override
        public String name() {
            return "com.example.few-heads";
        }

        @Override
        public Settings settings() {
            return settings;
        }

        @Override
        public FewHeads with(Settings settings) {
            return new FewHeads(settings);
        }

        static FewHeads of(int heads) {
            return new FewHeads(Settings.of(HEADS).with(HEADS, heads));
        }

        @Override
        public SequenceLayer create(Scope scope, GptConfig config, int layer, Positions.Encoding positions) {
            int heads = settings.get(HEADS);
            return (tape, x, batch) -> {
                Tensor turned = positions.turn(tape, x, heads, batch);
                return tape.causalAttention(turned, turned, x, heads, batch.sequences());
            };
        }
    }

    /** RMSNorm times a constant. */
    public static final class ScaledNorm implements Norm {
        private static final Setting<Double> FACTOR = Setting.positive("factor", 2.0, "The constant");

        private final Settings settings;

        /** Creates it with the factor 2. */
        public ScaledNorm() {
            this(Settings.of(FACTOR));
        }

        private ScaledNorm(Settings settings) {
            this.settings = settings;
        }

        @Override
        public String name() {
            return "com.example.scaled-norm";
        }

        @Override
        public Settings settings() {
            return settings;
        }

        @Override
        public ScaledNorm with(Settings settings) {
            return new ScaledNorm(settings);
        }

        static ScaledNorm of(double factor) {
            return new ScaledNorm(Settings.of(FACTOR).with(FACTOR, factor));
        }

        @Override
        public Layer create(Scope scope, int channels, double eps) {
            return (tape, x, batch) -> tape.scale(tape.rmsNorm(x, eps), settings.get(FACTOR));
        }
    }
}

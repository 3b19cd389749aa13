package dev.microgpt.train.checkpoint;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Activation;
import dev.microgpt.model.Attention;
import dev.microgpt.model.Batch;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Initializer;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.Layer;
import dev.microgpt.model.Mlp;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.ModelType;
import dev.microgpt.model.Norm;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.Positions;
import dev.microgpt.model.Scope;
import dev.microgpt.model.SequenceLayer;
import dev.microgpt.model.setting.Setting;
import dev.microgpt.model.setting.Settings;
import java.util.List;

/** One part of each kind and a type of model, as another project may provide them. */
public final class OwnParts {
    private OwnParts() {}

    /** A norm with a gain that is one number. */
    public static final class OneGain implements Norm {
        @Override
        public String name() {
            return "example.one-gain";
        }

        @Override
        public Layer create(Scope scope, int channels, double eps) {
            Parameter gain = scope.get("gain", Shape.of(1, channels), Initializer.constant(1));
            return (tape, x, batch) -> tape.multiply(
                    tape.rmsNorm(x, eps), tape.embedding(gain, new int[x.shape().rows()]));
        }
    }

    /** An activation with a setting. */
    public static final class Leaky implements Activation {
        static final Setting<Double> SLOPE = Setting.number("slope", 0.1, 0, 1, "Slope of negative numbers");

        private final Settings settings;

        /** With the usual slope. */
        public Leaky() {
            this(Settings.of(SLOPE));
        }

        private Leaky(Settings settings) {
            this.settings = settings;
        }

        @Override
        public String name() {
            return "example.leaky";
        }

        @Override
        public int version() {
            return 7;
        }

        @Override
        public Settings settings() {
            return settings;
        }

        @Override
        public Activation with(Settings changed) {
            return new Leaky(changed);
        }

        @Override
        public Tensor apply(Tape tape, Tensor x) {
            double slope = settings.get(SLOPE);
            return tape.add(tape.scale(tape.relu(x), 1 - slope), tape.scale(x, slope));
        }
    }

    /** One linear layer around an activation that is a setting: a part within a part. */
    public static final class Thin implements Mlp {
        static final Setting<Activation> ACTIVATION = Setting.part(
                "activation", Activation.class, Activation.GELU, Activation.BUILT_IN, "Activation of the result");

        private final Settings settings;

        /** With GELU. */
        public Thin() {
            this(Settings.of(ACTIVATION));
        }

        private Thin(Settings settings) {
            this.settings = settings;
        }

        @Override
        public String name() {
            return "example.thin";
        }

        @Override
        public Settings settings() {
            return settings;
        }

        @Override
        public Mlp with(Settings changed) {
            return new Thin(changed);
        }

        @Override
        public Layer create(Scope scope, GptConfig config) {
            Parameter w = scope.get("mlp_thin", Shape.of(config.nEmbd(), config.nEmbd()), Initializer.normal(0.2));
            Activation activation = settings.get(ACTIVATION);
            return (tape, x, batch) -> activation.apply(tape, tape.linear(x, w));
        }
    }

    /** The usual attention, scaled; a layer without a memory of its own. */
    public static final class Damped implements Attention {
        @Override
        public String name() {
            return "example.damped";
        }

        @Override
        public SequenceLayer create(Scope scope, GptConfig config, int layer, Positions.Encoding positions) {
            SequenceLayer usual = Attention.MULTI_HEAD.create(scope, config, layer, positions);
            return (tape, x, batch) -> tape.scale(usual.forward(tape, x, batch), 0.75);
        }
    }

    /** Adds a wave to the embedding. */
    public static final class Wave implements Positions {
        @Override
        public String name() {
            return "example.wave";
        }

        @Override
        public Encoding create(Scope scope, GptConfig config) {
            return new Encoding() {
                @Override
                public Tensor embed(Tape tape, Tensor tokens, Batch batch) {
                    int channels = tokens.shape().columns();
                    double[] wave = new double[tokens.shape().size()];
                    for (int i = 0; i < wave.length; i++) {
                        wave[i] = StrictMath.sin(batch.positions()[i / channels] * 0.5 + i % channels);
                    }
                    return tape.add(tokens, Tensor.constant(tokens.shape(), wave));
                }
            };
        }
    }

    /** The next token follows from the last one alone. */
    public static final class Bigram implements ModelType {
        static final Setting<Integer> WIDTH = Setting.integer("width", 8, 1, "Width of the embedding");
        static final Setting<Norm> NORM =
                Setting.part("norm", Norm.class, Norm.RMS, Norm.BUILT_IN, "Norm of the embedding");

        @Override
        public String name() {
            return "example.bigram";
        }

        @Override
        public int version() {
            return 2;
        }

        @Override
        public List<Setting<?>> settings() {
            return List.of(WIDTH, NORM);
        }

        @Override
        public LanguageModel create(ModelConfig config, Parameters parameters) {
            Shape shape = Shape.of(config.vocabSize(), config.get(WIDTH));
            Parameter in = parameters.root().get("in", shape, Initializer.normal(0.5));
            Parameter out = parameters.root().get("out", shape, Initializer.normal(0.5));
            Layer norm = config.get(NORM).create(parameters.root().scope("norm"), config.get(WIDTH), 1e-5);
            return new LanguageModel() {
                @Override
                public Tensor forward(Tape tape, Batch batch) {
                    return tape.linear(norm.forward(tape, tape.embedding(in, batch.ids()), batch), out);
                }

                @Override
                public ModelConfig config() {
                    return config;
                }

                @Override
                public Parameters parameters() {
                    return parameters;
                }
            };
        }
    }

    /** A norm that a test changes as if there were another jar. */
    public static final class Changing implements Norm {
        static final Setting<Integer> TIMES = Setting.integer("times", 1, 1, "How often");

        static String name = "example.changing";
        static int version = 1;
        static double factor = 2;
        static Runnable inCreate = () -> {};
        static Runnable inForward = () -> {};
        static Runnable inSettings = () -> {};

        private final Settings settings;

        /** As a service. */
        public Changing() {
            this(Settings.of(TIMES));
        }

        private Changing(Settings settings) {
            this.settings = settings;
        }

        /** Back to the jar that trained the model. */
        static void reset() {
            name = "example.changing";
            version = 1;
            factor = 2;
            inCreate = () -> {};
            inForward = () -> {};
            inSettings = () -> {};
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int version() {
            return version;
        }

        @Override
        public Settings settings() {
            inSettings.run();
            return settings;
        }

        @Override
        public Norm with(Settings changed) {
            return new Changing(changed);
        }

        @Override
        public Layer create(Scope scope, int channels, double eps) {
            inCreate.run();
            return (tape, x, batch) -> {
                inForward.run();
                return tape.scale(tape.rmsNorm(x, eps), factor * settings.get(TIMES));
            };
        }
    }
}

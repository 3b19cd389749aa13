package dev.microgpt.model.check;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Initializer;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.ModelType;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.setting.Setting;
import java.util.ArrayList;
import java.util.List;

/**
 * An MLP over a window of the last tokens (Bengio et al., A Neural Probabilistic Language Model, 2003). Before the
 * beginning of a sequence, its first token is repeated.
 */
final class WindowModel implements LanguageModel {
    static final Setting<Integer> WINDOW = Setting.integer("window", 3, 1, "Number of tokens that the MLP sees");
    static final Setting<Integer> CHANNELS = Setting.integer("channels", 16, 1, "Channels of a token");
    static final Setting<Integer> HIDDEN = Setting.integer("hidden", 64, 1, "Width of the MLP");

    private final ModelConfig config;
    private final Parameters parameters;
    private final Parameter embedding;
    private final List<Parameter> inputs = new ArrayList<>(); // for each position of the window, (hidden, channels)
    private final Parameter bias;
    private final Parameter output;

    WindowModel(ModelConfig config, Parameters parameters) {
        this.config = config;
        this.parameters = parameters;
        int channels = config.get(CHANNELS);
        int hidden = config.get(HIDDEN);
        embedding = parameters.root().get("embedding", Shape.of(config.vocabSize(), channels), Initializer.normal(0.5));
        for (int back = 0; back < config.get(WINDOW); back++) {
            inputs.add(parameters.root().get("input" + back, Shape.of(hidden, channels), Initializer.xavier()));
        }
        bias = parameters.root().get("bias", Shape.of(hidden), Initializer.constant(0.0));
        output = parameters.root().get("output", Shape.of(config.vocabSize(), hidden), Initializer.xavier());
    }

    @Override
    public Tensor forward(Tape tape, Batch batch) {
        config.checkLength(batch);
        Tensor x = tape.linear(tape.embedding(embedding, batch.ids()), inputs.get(0), bias);
        for (int back = 1; back < inputs.size(); back++) {
            x = tape.add(x, tape.linear(tape.embedding(embedding, earlier(batch, back)), inputs.get(back)));
        }
        return tape.linear(tape.gelu(x), output);
    }

    /** Returns for each position the token that is some positions before it, or the first of its sequence. */
    private static int[] earlier(Batch batch, int back) {
        Sequences sequences = batch.sequences();
        int[] ids = new int[sequences.rows()];
        for (int s = 0; s < sequences.count(); s++) {
            int start = sequences.start(s);
            for (int i = start; i < start + sequences.length(s); i++) {
                ids[i] = batch.ids()[Math.max(start, i - back)];
            }
        }
        return ids;
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    /** Found by its name. */
    public static final class Type implements ModelType {
        @Override
        public String name() {
            return "com.example.window";
        }

        @Override
        public List<Setting<?>> settings() {
            return List.of(WINDOW, CHANNELS, HIDDEN);
        }

        @Override
        public LanguageModel create(ModelConfig config, Parameters parameters) {
            return new WindowModel(config, parameters);
        }
    }
}

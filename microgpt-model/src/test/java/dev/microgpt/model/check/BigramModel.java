package dev.microgpt.model.check;

import dev.microgpt.autograd.Parameter;
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
import java.util.List;

/** A table with the logits of the token after each token. */
public final class BigramModel implements LanguageModel {
    private final ModelConfig config;
    private final Parameters parameters;
    private final Parameter table;

    BigramModel(ModelConfig config, Parameters parameters) {
        this.config = config;
        this.parameters = parameters;
        int v = config.vocabSize();
        table = parameters.root().get("table", Shape.of(v, v), Initializer.constant(0.0));
    }

    @Override
    public Tensor forward(Tape tape, Batch batch) {
        config.checkLength(batch);
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

    /** Found by its name. */
    public static final class Type implements ModelType {
        @Override
        public String name() {
            return "com.example.bigram";
        }

        @Override
        public List<Setting<?>> settings() {
            return List.of();
        }

        @Override
        public LanguageModel create(ModelConfig config, Parameters parameters) {
            return new BigramModel(config, parameters);
        }
    }
}

package com.example;

import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.ModelType;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.setting.Setting;
import java.util.List;

/** Names {@link Gru} in files and on the command line. */
public final class GruType implements ModelType {
    static final Setting<Integer> HIDDEN = Setting.integer("hidden", 64, 1, "Width of the state and the embedding");

    public String name() {
        return "com.example.gru";
    }

    public List<Setting<?>> settings() {
        return List.of(HIDDEN);
    }

    public LanguageModel create(ModelConfig config, Parameters parameters) {
        return Gru.create(config, parameters);
    }
}

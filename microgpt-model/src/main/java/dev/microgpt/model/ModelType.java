package dev.microgpt.model;

import dev.microgpt.model.setting.Named;
import dev.microgpt.model.setting.Setting;
import dev.microgpt.model.setting.Settings;
import java.util.List;

/**
 * A kind of {@link LanguageModel}: its name in files, its settings, and how it is created from them.
 *
 * <p>To let files and command lines create a model of your own, give its type a dotted name and list it as a service,
 * as {@link dev.microgpt.model.setting.Part} says. Implementations are without state.
 */
public interface ModelType extends Named {
    /**
     * Returns the settings of such a model. The vocabulary size and the block size, which every model has, are added at
     * the front unless they are among them.
     *
     * @return the settings, always the same objects
     */
    List<Setting<?>> settings();

    /**
     * Creates a model.
     *
     * @param config     the values of the settings
     * @param parameters initializes or loads the weights
     * @return the model
     * @throws IllegalArgumentException if the values do not fit together, or a loaded parameter is missing or has
     *     another shape
     */
    LanguageModel create(ModelConfig config, Parameters parameters);

    /**
     * Returns a configuration with the given values.
     *
     * @param settings values of all settings
     * @return the configuration; a type with a class of its own for it overrides this
     */
    default ModelConfig config(Settings settings) {
        return new ModelConfig(this, settings);
    }
}

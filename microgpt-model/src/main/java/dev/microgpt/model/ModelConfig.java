package dev.microgpt.model;

import dev.microgpt.autograd.Shape;
import dev.microgpt.model.setting.Named;
import dev.microgpt.model.setting.Providers;
import dev.microgpt.model.setting.Setting;
import dev.microgpt.model.setting.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a model is, without its weights: its type and the values of its settings.
 *
 * <pre>{@code
 * ModelConfig config = ModelConfig.of(new GruType(), 27, 16).with(GruType.HIDDEN, 64);
 * LanguageModel model = config.create(Parameters.drawnFrom(new PythonRandom(42)));
 * }</pre>
 *
 * <p>Immutable. {@link GptConfig} is the one of a GPT.
 */
public class ModelConfig {
    /** The number of different tokens. */
    public static final Setting<Integer> VOCAB_SIZE = Setting.integer("vocab_size", 2, 2, "Number of different tokens");

    /** The length of the longest sequence. */
    public static final Setting<Integer> BLOCK_SIZE =
            Setting.integer("block_size", 16, 1, "Maximum context length in tokens");

    private final ModelType type;
    private final Settings settings;
    private final int vocabSize; // read in every step
    private final int blockSize;

    /**
     * Creates a configuration, for a {@link ModelType} with a class of its own.
     *
     * @param type     the type of model
     * @param settings the values of its settings
     */
    protected ModelConfig(ModelType type, Settings settings) {
        this.type = Objects.requireNonNull(type, "config: type is null");
        this.settings = Objects.requireNonNull(settings, "config: settings is null");
        this.vocabSize = settings.get(VOCAB_SIZE);
        this.blockSize = settings.get(BLOCK_SIZE);
    }

    /**
     * Returns the configuration in which every setting has its default.
     *
     * @param type the type of model
     * @return the configuration
     */
    public static ModelConfig of(ModelType type) {
        return type.config(Settings.of(allSettings(type)));
    }

    /**
     * Returns a configuration with defaults.
     *
     * @param type      the type of model
     * @param vocabSize the vocabulary size, at least 2
     * @param blockSize the maximum sequence length, at least 1
     * @return the configuration
     * @throws IllegalArgumentException if a number is too small
     */
    public static ModelConfig of(ModelType type, int vocabSize, int blockSize) {
        return of(type).with(VOCAB_SIZE, vocabSize).with(BLOCK_SIZE, blockSize);
    }

    /**
     * Returns the type of a name: {@code gpt}, or one that is provided as a service.
     *
     * @param name the name
     * @return the type
     * @throws IllegalArgumentException if there is none
     */
    public static ModelType type(String name) {
        if (name.equals(GptConfig.TYPE.name())) {
            return GptConfig.TYPE;
        }
        if (!Providers.isDotted(name)) {
            throw new IllegalArgumentException("model \"" + name + "\" is unknown; it must be " + GptConfig.TYPE.name()
                    + ", or the dotted name of one of your own, such as com.example.gru");
        }
        return Providers.find(ModelType.class, "model", name);
    }

    /** Returns the settings of a type, with those of every model. */
    private static List<Setting<?>> allSettings(ModelType type) {
        List<Setting<?>> all = new ArrayList<>(type.settings());
        for (Setting<?> setting : all) {
            if (setting.name().equals("type")) {
                throw new IllegalArgumentException("model \"" + type.name() + "\" has a setting named type, which is"
                        + " the name of the model itself in files; give it another name");
            }
        }
        if (!all.contains(BLOCK_SIZE)) {
            all.add(0, BLOCK_SIZE);
        }
        if (!all.contains(VOCAB_SIZE)) {
            all.add(0, VOCAB_SIZE);
        }
        return all;
    }

    /**
     * Creates a model.
     *
     * @param parameters initializes or loads the weights
     * @return the model
     * @throws IllegalArgumentException if the values of the settings do not fit together, or a loaded parameter is
     *     missing or has another shape
     */
    public final LanguageModel create(Parameters parameters) {
        return type.create(this, parameters);
    }

    /**
     * Checks that the values of the settings fit together, as {@link #create} does.
     *
     * @throws IllegalArgumentException if they do not
     */
    public void checkFits() {}

    /**
     * Checks that no sequence of a batch is longer than the block size, as every model does in its forward pass.
     *
     * @param batch the batch
     * @throws IllegalArgumentException if one is longer
     */
    public final void checkLength(Batch batch) {
        if (batch.sequences().longest() > blockSize()) {
            throw new IllegalArgumentException(type.name() + ": a sequence has "
                    + batch.sequences().longest() + " positions, but the model has " + blockSize()
                    + "; shorten the sequence, or use a model with a larger block size");
        }
    }

    /** {@return the type and the parts of the model that are not the library's own, and the parts that those have} */
    public final List<Named> outside() {
        List<Named> outside = new ArrayList<>();
        if (type != GptConfig.TYPE) {
            outside.add(type);
        }
        outside.addAll(settings.outsideParts());
        return outside;
    }

    /** {@return the type of model} */
    public final ModelType type() {
        return type;
    }

    /** {@return the values of all settings} */
    public final Settings settings() {
        return settings;
    }

    /**
     * Returns the value of a setting.
     *
     * @param <T>     its type
     * @param setting a setting of this type of model
     * @return its value
     * @throws IllegalArgumentException if the model has no such setting
     */
    public final <T> T get(Setting<T> setting) {
        return settings.get(setting);
    }

    /**
     * Returns this configuration with another value of a setting.
     *
     * @param <T>     the type of the value
     * @param setting a setting of this type of model
     * @param value   its new value
     * @return a configuration in which all else is equal
     * @throws IllegalArgumentException if the model has no such setting, or the setting no such value
     */
    public <T> ModelConfig with(Setting<T> setting, T value) {
        return with(settings.with(setting, value));
    }

    /**
     * Returns a configuration of the same type.
     *
     * @param settings the values of all settings
     * @return the configuration
     */
    public ModelConfig with(Settings settings) {
        return type.config(settings);
    }

    /** {@return the vocabulary size {@code V}, the number of different tokens} */
    public final int vocabSize() {
        return vocabSize;
    }

    /** {@return the maximum sequence length in tokens} */
    public final int blockSize() {
        return blockSize;
    }

    /**
     * Returns the shapes of all parameters, without allocating them.
     *
     * @return shapes by full parameter name, in the order in which the parameters are requested
     * @throws IllegalArgumentException if a parameter is larger than any array
     */
    public final Map<String, Shape> shapes() {
        return Parameters.shapesOf(this);
    }

    /**
     * Returns the number of trainable values.
     *
     * @return the elements of all parameters together; a {@code double} because it may exceed any integer type, exact
     *     up to 2⁵³; infinite if a parameter is larger than any array
     */
    public double parameterCount() {
        return count(this);
    }

    static double count(ModelConfig config) {
        double count = 0;
        try {
            for (Shape shape : config.shapes().values()) {
                count += shape.size();
            }
        } catch (IllegalArgumentException tooLarge) {
            return Double.POSITIVE_INFINITY;
        }
        return count;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof ModelConfig that
                && type.name().equals(that.type.name())
                && type.version() == that.type.version()
                && settings.equals(that.settings);
    }

    @Override
    public final int hashCode() {
        return 31 * type.name().hashCode() + settings.hashCode();
    }

    /** {@return the type and the settings that differ from their defaults, for people} */
    @Override
    public final String toString() {
        return type.name() + " with " + settings;
    }
}

package dev.microgpt.cli.option;

import dev.microgpt.model.GptConfig;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.setting.Setting;
import dev.microgpt.model.setting.Settings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/** The options of the model as picocli parses them; a command without options needs none of them. */
final class ModelOptionSpecs {
    private final CommandSpec spec = CommandSpec.create();
    private final OptionSpec preset;
    private final OptionSpec type;
    private final OptionSpec assignments;
    private final Map<Setting<?>, Object> given;

    /**
     * Describes the options.
     *
     * @param given receives the values of the settings on the command line
     */
    ModelOptionSpecs(Map<Setting<?>, Object> given) {
        this.given = given;
        preset = OptionSpec.builder("--preset")
                .type(Preset.class)
                .paramLabel("NAME")
                .description("Defaults for all other options: microgpt, nano (nanoGPT's small model), llama and"
                        + " nanochat (of its size, with their parts), gpt2, gpt2-medium, gpt2-large, gpt2-xl"
                        + " (default microgpt).")
                .build();
        type = OptionSpec.builder("--model")
                .type(String.class)
                .paramLabel("NAME")
                .description("Type of model: gpt, or the dotted name of one on the class path (gpt, gpt).")
                .build();
        spec.addOption(preset).addOption(type);
        Settings microgpt = Preset.MICROGPT.model(2).settings();
        Settings nano = Preset.NANO.model(2).settings();
        for (Setting<?> setting : GptConfig.SETTINGS) {
            if (setting != ModelConfig.VOCAB_SIZE) { // the data determines it
                spec.addOption(option(setting, microgpt, nano));
            }
        }
        assignments = OptionSpec.builder("--set")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel("NAME=VALUE")
                .description("Setting of a --model that is no gpt; can be repeated.")
                .build();
        spec.addOption(assignments);
    }

    CommandSpec all() {
        return spec;
    }

    @Nullable
    Preset preset() {
        return preset.getValue();
    }

    @Nullable
    String type() {
        return type.getValue();
    }

    /** Returns the values of {@code --set}. */
    List<String> assignments() {
        List<String> all = assignments.getValue();
        return all == null ? List.of() : all;
    }

    private OptionSpec option(Setting<?> setting, Settings microgpt, Settings nano) {
        boolean isFlag = setting.kind() == Setting.Kind.FLAG;
        OptionSpec.Builder option = OptionSpec.builder(ModelOptions.name(setting))
                .type(isFlag ? Boolean.class : Object.class)
                .negatable(isFlag)
                .description(description(setting, microgpt, nano))
                .setter(new ISetter() {
                    @Override
                    @SuppressWarnings("unchecked")
                    public <T> @Nullable T set(T value) {
                        return (T) (value == null ? given.remove(setting) : given.put(setting, value));
                    }
                });
        if (!isFlag) {
            option.converters(new ITypeConverter<Object>() {
                        @Override
                        public Object convert(String value) {
                            try {
                                return setting.parse(value);
                            } catch (IllegalArgumentException refused) {
                                if (value.indexOf('.') > 0 && setting.kind() == Setting.Kind.NAME) {
                                    // the part of another project: the rule does not say what is wrong with it
                                    throw Converters.refused(refused);
                                }
                                throw new TypeConversionException(setting.rule());
                            }
                        }
                    })
                    .paramLabel(
                            switch (setting.kind()) {
                                case INTEGER -> "N";
                                case NUMBER -> "X";
                                default -> "NAME";
                            });
        }
        return option.build();
    }

    /** Describes a setting, with the values of the presets microgpt and nano. */
    private static String description(Setting<?> setting, Settings microgpt, Settings nano) {
        StringBuilder text = new StringBuilder(ModelOptions.withOptions(setting.help()));
        if (!setting.names().isEmpty()) {
            text.append(": ").append(String.join(", ", setting.names()));
        }
        return text.append(" (")
                .append(ModelOptions.shortest(microgpt, setting))
                .append(", ")
                .append(ModelOptions.shortest(nano, setting))
                .append(").")
                .toString();
    }
}

package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.setting.Setting;
import java.util.Locale;

/** A model as text: its settings, and a table of its parameters. */
final class ModelSummary {
    private static final int LINE = 100;

    private ModelSummary() {}

    /** Describes a model. The parameters of its first layer stand for those of the others. */
    static String of(LanguageModel model) {
        ModelConfig config = model.config();
        StringBuilder text = new StringBuilder(format(
                "%s with %,d parameters",
                model.getClass().getSimpleName(), model.parameters().count()));
        int line = LINE;
        for (Setting<?> setting : config.settings().list()) {
            String value = setting.name() + " " + config.settings().text(setting);
            boolean fits = line + value.length() + 2 <= LINE;
            text.append(fits ? ", " : "\n  ").append(value);
            line = fits ? line + value.length() + 2 : value.length() + 2;
        }
        boolean more = false;
        for (Parameter parameter : model.parameters().all()) {
            String name = parameter.name();
            if (!name.startsWith("layer") || name.startsWith("layer0.")) {
                text.append(format(
                        "\n  %-24s %-14s %,14d",
                        name, parameter.shape(), parameter.shape().size()));
            } else {
                more = true;
            }
        }
        if (more) {
            text.append("\n  and for each of the other layers what layer0 has");
        }
        return text.toString();
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}

package dev.microgpt.model.check;

import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.ModelType;
import dev.microgpt.model.setting.Named;
import dev.microgpt.model.setting.Part;
import dev.microgpt.model.setting.Setting;
import dev.microgpt.model.setting.Settings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a file says of a model, the names of its type and parts and the texts of its settings, gives it back. */
final class ConfigurationRules {
    private final ModelConfig config;
    private final List<String> notStorable = new ArrayList<>();

    ConfigurationRules(ModelConfig config) {
        this.config = config;
    }

    /** Returns a sentence for everything that has no name. */
    List<String> check() {
        checkType(config.type());
        for (Setting<?> setting : config.settings().list()) {
            checkKept(setting);
            Part<?> part = config.get(setting) instanceof Part<?> its ? its : null;
            if (part != null) {
                checkSettingsOf(part, setting);
            }
            if (part != null && part.name().isEmpty()) {
                notStorable.add(setting + " is " + config.settings().text(setting) + ": a checkpoint cannot hold the"
                        + " model; give the part a dotted name to change that");
            } else {
                checkText(setting);
            }
        }
        return notStorable;
    }

    private void checkType(ModelType type) {
        if (!type.settings().equals(type.settings())) {
            throw failure("settings() of the type has other objects in its second call; configuration: keep each"
                    + " Setting in a constant");
        }
        if (type.name().isEmpty()) {
            notStorable.add(
                    "the type " + type.getClass().getName() + " has no name: a checkpoint cannot hold the model;"
                            + " give the type a dotted name to change that");
            return;
        }
        Named found;
        try {
            found = ModelConfig.type(type.name());
        } catch (IllegalArgumentException unknown) {
            throw failure("the type is not found by its name: " + unknown.getMessage() + "; configuration: a type"
                    + " without a service has the name \"\"");
        }
        if (found.getClass() != type.getClass() || found.version() != type.version()) {
            throw failure("the name of the type finds " + described(found) + ", but this one is " + described(type)
                    + "; configuration: a name belongs to one class, and its version is constant");
        }
    }

    /** Checks that the type keeps a setting. */
    private void checkKept(Setting<?> setting) {
        Settings other = changed(config.settings(), setting);
        if (other == null) {
            return;
        }
        Settings kept;
        try {
            kept = config.with(other).settings();
        } catch (IllegalArgumentException refused) {
            throw failure("config(settings) of the type refused " + setting + " " + value(other, setting) + ": "
                    + refused.getMessage() + "; configuration: which values fit together is for checkFits() to say");
        }
        if (!kept.equals(other)) {
            throw failure(setting + " is " + value(kept, setting) + " after with(" + other + "), but must be "
                    + value(other, setting) + "; configuration: config(settings) of the type must keep all that it is"
                    + " given");
        }
    }

    private static String described(Named named) {
        return named.getClass().getName() + " of version " + named.version();
    }

    /** Checks that a part keeps each of its settings. */
    private void checkSettingsOf(Part<?> part, Setting<?> kind) {
        Settings before = part.settings();
        for (Setting<?> setting : before.list()) {
            Settings other = changed(before, setting);
            if (other == null) {
                continue;
            }
            Settings kept = ((Part<?>) part.with(other)).settings();
            if (!kept.equals(other)) {
                throw failure(kind + " has " + setting + " " + value(kept, setting) + " after with(" + other + "), but"
                        + " must have " + value(other, setting) + "; configuration: with(settings) of "
                        + part.getClass().getName() + " must keep all that it is given");
            }
            if (!part.settings().equals(before)) {
                throw failure(kind + " has itself " + setting + " " + value(part.settings(), setting) + " after with("
                        + other + ") instead of " + value(before, setting) + "; configuration: a part is immutable, so"
                        + " with(settings) must return another");
            }
        }
    }

    private static String value(Settings settings, Setting<?> setting) {
        return settings.list().contains(setting) ? settings.text(setting) : "missing";
    }

    /** Returns settings with another value of one of them, or null if none is found. */
    private static @Nullable Settings changed(Settings settings, Setting<?> setting) {
        List<String> texts = new ArrayList<>(setting.names());
        texts.addAll(List.of("1" + settings.text(setting), "0.5", "0.25", "true", "false"));
        for (String text : texts) {
            try {
                Settings other = settings.with(setting.name(), text);
                if (!other.equals(settings)) {
                    return other;
                }
            } catch (IllegalArgumentException notOfItsValues) {
                // try the next
            }
        }
        return null;
    }

    private void checkText(Setting<?> setting) {
        Settings settings = config.settings();
        String text = settings.text(setting);
        Settings again;
        try {
            again = settings.with(setting.name(), text);
        } catch (IllegalArgumentException refused) {
            throw failure(setting + " does not accept its own text: " + refused.getMessage() + "; configuration: a part"
                    + " is found as a service, or has the name \"\"; a choice is named in lower case");
        }
        if (!again.equals(settings)
                || again.get(setting).getClass() != settings.get(setting).getClass()) {
            throw failure(setting + " becomes " + again.text(setting) + " when it is read from its text " + text
                    + "; configuration: name and settings of a part must say all that it does, and its version is"
                    + " constant");
        }
    }

    private AssertionError failure(String what) {
        return new AssertionError(Subject.name(config) + ": " + what);
    }
}

package dev.microgpt.model.setting;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A setting whose values have names, some of which are known. */
abstract class NameSetting<T> extends Setting<T> {
    final List<T> known;

    NameSetting(String name, T usual, List<T> known, String help) {
        super(name, usual, help);
        this.known = List.copyOf(known);
    }

    abstract String nameOf(T value);

    @Override
    public final Kind kind() {
        return Kind.NAME;
    }

    @Override
    public final List<String> names() {
        List<String> names = new ArrayList<>();
        for (T value : known) {
            names.add(nameOf(value));
        }
        return names;
    }

    /** Returns the known value of a name, which may have upper case and underscores on command lines; or null. */
    final @Nullable T knownAs(String text) {
        String wanted = text.toLowerCase(Locale.ROOT).replace('_', '-');
        for (T value : known) {
            if (nameOf(value).equals(wanted)) {
                return value;
            }
        }
        return null;
    }
}

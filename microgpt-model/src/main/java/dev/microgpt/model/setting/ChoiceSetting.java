package dev.microgpt.model.setting;

import java.util.List;

/** A setting with one of several objects, named by their {@code toString}. */
final class ChoiceSetting<T> extends NameSetting<T> {
    ChoiceSetting(String name, T usual, List<T> values, String help) {
        super(name, usual, values, help);
    }

    @Override
    String nameOf(T value) {
        return value.toString();
    }

    @Override
    public String rule() {
        return "one of " + String.join(", ", names());
    }

    @Override
    public T parse(String text) {
        T value = knownAs(text);
        if (value == null) {
            throw refused(text);
        }
        return value;
    }

    @Override
    T checked(Object value) {
        for (T own : known) {
            if (own.equals(value)) {
                return own;
            }
        }
        throw refused(value);
    }
}

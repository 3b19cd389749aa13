package dev.microgpt.model.setting;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A setting with one of several objects, named by their {@code toString}. */
final class ChoiceSetting<T> extends Setting<T> {
    private final List<T> values;

    ChoiceSetting(String name, T usual, List<T> values, String help) {
        super(name, usual, help);
        this.values = List.copyOf(values);
    }

    @Override
    public Kind kind() {
        return Kind.NAME;
    }

    @Override
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (T value : values) {
            names.add(value.toString());
        }
        return names;
    }

    @Override
    public String rule() {
        return "one of " + String.join(", ", names());
    }

    @Override
    public T parse(String text) {
        String wanted = label(text);
        for (T value : values) {
            if (value.toString().equals(wanted)) {
                return value;
            }
        }
        throw refused(text);
    }

    /** Returns a name as it is written in files; command lines may have upper case and underscores. */
    static String label(String text) {
        return text.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    T checked(Object value) {
        for (T own : values) {
            if (own.equals(value)) {
                return own;
            }
        }
        throw refused(value);
    }
}

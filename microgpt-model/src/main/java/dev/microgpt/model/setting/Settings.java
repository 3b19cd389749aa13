package dev.microgpt.model.setting;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The values of a list of settings.
 *
 * <pre>{@code
 * Settings settings = Settings.of(HIDDEN, DROPOUT).with(HIDDEN, 32);
 * int hidden = settings.get(HIDDEN);
 * }</pre>
 *
 * <p>Immutable. Each value is checked by its setting; which values fit together is checked by the model or the part.
 */
public final class Settings {
    /** No settings. */
    public static final Settings NONE = new Settings(List.of(), new Object[0]);

    private final List<Setting<?>> list;
    private final @Nullable Object[] values; // null for the default

    private Settings(List<Setting<?>> list, @Nullable Object[] values) {
        this.list = list;
        this.values = values;
    }

    /**
     * Returns the defaults of a list of settings.
     *
     * @param settings the settings, each with another name
     * @return their defaults
     * @throws IllegalArgumentException if two have the same name
     */
    public static Settings of(Setting<?>... settings) {
        return of(List.of(settings));
    }

    /**
     * Returns the defaults of a list of settings.
     *
     * @param settings the settings, each with another name
     * @return their defaults
     * @throws IllegalArgumentException if two have the same name
     */
    public static Settings of(List<Setting<?>> settings) {
        List<Setting<?>> list = List.copyOf(settings);
        for (int i = 0; i < list.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (list.get(i).name().equals(list.get(j).name())) {
                    throw new IllegalArgumentException(
                            "settings: two are named " + list.get(i) + ", but each must have a name of its own");
                }
            }
        }
        return new Settings(list, new Object[list.size()]);
    }

    /** {@return the settings, in their order} */
    public List<Setting<?>> list() {
        return list;
    }

    /**
     * Returns a value.
     *
     * @param <T>     its type
     * @param setting one of the list
     * @return the value, or its default
     * @throws IllegalArgumentException if the setting is not in the list
     */
    @SuppressWarnings("unchecked") // checked by the same setting when it was set
    public <T> T get(Setting<T> setting) {
        Object value = values[index(setting)];
        return value == null ? setting.usual(this) : (T) value;
    }

    /**
     * Returns the default of a setting.
     *
     * @param <T>     its type
     * @param setting one of the list
     * @return the default, which may depend on another value
     */
    public <T> T usual(Setting<T> setting) {
        return setting.usual(this);
    }

    /**
     * Returns these values with another one.
     *
     * @param <T>     its type
     * @param setting one of the list
     * @param value   the new value
     * @return values in which all others are equal; a default that depends on this value changes with it
     * @throws IllegalArgumentException if the setting is not in the list, or the value is none of its values
     */
    public <T> Settings with(Setting<T> setting, T value) {
        return withValue(setting, value);
    }

    /**
     * Returns these values with one that is given as text.
     *
     * @param name the name of a setting in the list
     * @param text its value
     * @return values in which all others are equal
     * @throws IllegalArgumentException if the list has no such setting, or the text is none of its values
     */
    public Settings with(String name, String text) {
        Setting<?> setting = find(name);
        return withValue(setting, setting.parse(text));
    }

    /**
     * Returns these values with one whose type is not known to the compiler.
     *
     * @param <T>     its type
     * @param setting one of the list
     * @param value   the new value
     * @return values in which all others are equal
     * @throws IllegalArgumentException if the setting is not in the list, or the value is none of its values
     */
    public <T> Settings withValue(Setting<T> setting, Object value) {
        if (value == null) {
            throw new NullPointerException(setting.name() + " is null");
        }
        @Nullable Object[] changed = values.clone();
        T checked = setting.checked(value);
        changed[index(setting)] = setting.same(checked, setting.usual(this)) ? null : checked;
        return new Settings(list, changed);
    }

    /**
     * Returns these values with one that comes from a file.
     *
     * @param setting one of the list
     * @param stored  an Integer, a Double, a Boolean or a String, as the kind of the setting says
     * @return values in which all others are equal
     * @throws IllegalArgumentException if the setting is not in the list, or does not have this value
     */
    public Settings withStored(Setting<?> setting, Object stored) {
        return withValue(setting, stored instanceof String text ? setting.parse(text) : stored);
    }

    /**
     * Returns a setting by its name.
     *
     * @param name the name
     * @return the setting of this list
     * @throws IllegalArgumentException if there is none; the message lists all names
     */
    public Setting<?> find(String name) {
        StringJoiner names = new StringJoiner(", ");
        for (Setting<?> setting : list) {
            if (setting.name().equals(name)) {
                return setting;
            }
            names.add(setting.name());
        }
        throw new IllegalArgumentException("there is no setting \"" + name + "\"; "
                + (list.isEmpty() ? "there are none" : "the settings are " + names));
    }

    /**
     * Returns a value as text.
     *
     * @param setting one of the list
     * @return the text from which {@link #with(String, String)} makes the value
     */
    public String text(Setting<?> setting) {
        return text(this, setting);
    }

    private static <T> String text(Settings settings, Setting<T> setting) {
        return setting.text(settings.get(setting));
    }

    /**
     * Returns a value as a file stores it.
     *
     * @param setting one of the list
     * @return an Integer, a Double, a Boolean or a String, as the kind of the setting says
     */
    public Object stored(Setting<?> setting) {
        return setting.kind() == Setting.Kind.NAME ? text(setting) : get(setting);
    }

    /**
     * Returns whether a setting has its default.
     *
     * @param setting one of the list
     * @return whether its value is the default
     */
    public boolean isUsual(Setting<?> setting) {
        return isUsual(this, setting);
    }

    private static <T> boolean isUsual(Settings settings, Setting<T> setting) {
        return setting.same(settings.get(setting), setting.usual(settings));
    }

    /**
     * Returns the parts that are not the library's own, and those that these have in settings of theirs.
     *
     * @return the parts, in the order of their settings, each before those in it
     */
    public List<Named> outsideParts() {
        List<Named> parts = new ArrayList<>();
        for (Setting<?> setting : list) {
            addOutside(this, setting, parts);
        }
        return parts;
    }

    private static <T> void addOutside(Settings settings, Setting<T> setting, List<Named> parts) {
        setting.addOutside(settings.get(setting), parts);
    }

    /**
     * Returns the settings whose values would not be found again by their names, because a part has no name or is not
     * provided as a service.
     *
     * @return the settings, empty if everything can be stored
     */
    public List<Setting<?>> notStorable() {
        List<Setting<?>> found = new ArrayList<>();
        for (Setting<?> setting : list) {
            if (!isStorable(this, setting)) {
                found.add(setting);
            }
        }
        return found;
    }

    private static <T> boolean isStorable(Settings settings, Setting<T> setting) {
        return setting.isStorable(settings.get(setting));
    }

    private int index(Setting<?> setting) {
        for (int i = 0; i < values.length; i++) {
            if (list.get(i) == setting) {
                return i;
            }
        }
        throw new IllegalArgumentException("there is no setting " + setting + " here; the settings are " + list);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Settings that) || !list.equals(that.list)) {
            return false;
        }
        for (Setting<?> setting : list) {
            if (!same(this, that, setting)) {
                return false;
            }
        }
        return true;
    }

    private static <T> boolean same(Settings one, Settings other, Setting<T> setting) {
        return setting.same(one.get(setting), other.get(setting));
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (Setting<?> setting : list) {
            hash = 31 * hash + Objects.hashCode(text(setting));
        }
        return hash;
    }

    /** {@return the values that differ from their defaults, such as {@code n_layer=2, dropout=0.1}} */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ");
        for (Setting<?> setting : list) {
            if (!isUsual(setting)) {
                text.add(setting.name() + "=" + text(setting));
            }
        }
        return text.toString();
    }
}

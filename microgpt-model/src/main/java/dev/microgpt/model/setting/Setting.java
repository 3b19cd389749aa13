package dev.microgpt.model.setting;

import java.util.List;
import java.util.Objects;

/**
 * A value that a model or one of its parts can be configured with: a name, a type, the values it may have, a default
 * and a line of help. Files, command lines and documents are made from lists of settings.
 *
 * <pre>{@code
 * static final Setting<Integer> HIDDEN = Setting.integer("hidden", 64, 1, "Width of the hidden state");
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param <T> the type of its values
 */
public abstract class Setting<T> {
    /** How a value is written in a file. */
    public enum Kind {
        /** An integer of 32 bits. */
        INTEGER,
        /** A finite number. */
        NUMBER,
        /** True or false. */
        FLAG,
        /** A name, for a part followed by settings of its own. */
        NAME
    }

    /** The number of characters of a wrong value that a message shows. */
    private static final int QUOTED = 60;

    private final String name;
    private final T usual;
    private final String help;

    Setting(String name, T usual, String help) {
        if (!isName(Objects.requireNonNull(name, "setting: name is null"))) {
            throw new IllegalArgumentException("setting: the name is \"" + name
                    + "\", but must consist of lower-case letters, digits and single underscores, such as n_layer");
        }
        this.name = name;
        this.usual = usual;
        this.help = Objects.requireNonNull(help, "setting: help is null");
    }

    /**
     * Creates a setting with integer values.
     *
     * @param name  its name, such as {@code n_layer}
     * @param usual the default
     * @param least the smallest value
     * @param help  describes it in a line, without a final period
     * @return the setting
     * @throws IllegalArgumentException if the default is too small, or the name has other characters
     */
    public static Setting<Integer> integer(String name, int usual, int least, String help) {
        return sound(new IntegerSetting(name, usual, least, help));
    }

    /**
     * Creates a setting with integer values, whose default is a multiple of another setting.
     *
     * @param name   its name, such as {@code n_inner}
     * @param factor the default is this many times the other setting, at most {@link Integer#MAX_VALUE}
     * @param base   the other setting, of the same list
     * @param least  the smallest value
     * @param help   describes it in a line, without a final period
     * @return the setting
     */
    public static Setting<Integer> multiple(String name, int factor, Setting<Integer> base, int least, String help) {
        return new IntegerSetting(name, factor, least, help) {
            @Override
            public Integer usual(Settings settings) {
                return (int) Math.min((long) factor * settings.get(base), Integer.MAX_VALUE);
            }
        };
    }

    /**
     * Creates a setting with integer values, whose default is one setting divided by another.
     *
     * @param name     its name, such as {@code head_dim}
     * @param dividend a setting of the same list
     * @param divisor  a positive one; if it does not divide the other, the default is 0, which is no value
     * @param help     describes it in a line, without a final period
     * @return the setting, whose values are at least 1
     */
    public static Setting<Integer> quotient(
            String name, Setting<Integer> dividend, Setting<Integer> divisor, String help) {
        return new IntegerSetting(name, 0, 1, help) {
            @Override
            public Integer usual(Settings settings) {
                int whole = settings.get(dividend);
                int parts = settings.get(divisor);
                return whole % parts == 0 ? whole / parts : 0;
            }
        };
    }

    /**
     * Creates a setting with finite numbers as values.
     *
     * @param name  its name, such as {@code dropout}
     * @param usual the default
     * @param least the smallest value
     * @param below a bound that exceeds every value; infinite for none
     * @param help  describes it in a line, without a final period
     * @return the setting
     */
    public static Setting<Double> number(String name, double usual, double least, double below, String help) {
        return sound(new NumberSetting(name, usual, least, false, below, help));
    }

    /**
     * Creates a setting with positive finite numbers as values.
     *
     * @param name  its name, such as {@code norm_eps}
     * @param usual the default
     * @param help  describes it in a line, without a final period
     * @return the setting
     */
    public static Setting<Double> positive(String name, double usual, String help) {
        return sound(new NumberSetting(name, usual, 0, true, Double.POSITIVE_INFINITY, help));
    }

    /**
     * Creates a setting that is on or off.
     *
     * @param name  its name, such as {@code bias}
     * @param usual the default
     * @param help  describes it in a line, without a final period
     * @return the setting
     */
    public static Setting<Boolean> flag(String name, boolean usual, String help) {
        return new FlagSetting(name, usual, help);
    }

    /**
     * Creates a setting whose values are some objects, which are named by their {@code toString}.
     *
     * @param <T>    the type of the values, usually an enumeration
     * @param name   its name, such as {@code initialization}
     * @param usual  the default
     * @param values all values
     * @param help   describes it in a line, without a final period
     * @return the setting
     */
    public static <T> Setting<T> choice(String name, T usual, List<T> values, String help) {
        return sound(new ChoiceSetting<>(name, usual, values, help));
    }

    /**
     * Creates a setting whose values are parts: the given ones, or any other that {@link Providers} finds by its name.
     *
     * @param <P>     the kind of part
     * @param name    its name, such as {@code attention}
     * @param kind    the interface of the parts, for which this module declares {@code uses}
     * @param usual   the default
     * @param builtIn the parts with plain names
     * @param help    describes it in a line, without a final period
     * @return the setting
     */
    public static <P extends Part<P>> Setting<P> part(
            String name, Class<P> kind, P usual, List<P> builtIn, String help) {
        return sound(new PartSetting<>(name, kind, usual, builtIn, help));
    }

    /** {@return its name, such as {@code n_layer}} */
    public final String name() {
        return name;
    }

    /** {@return its description in one line, without a final period} */
    public final String help() {
        return help;
    }

    /** {@return how its values are written in a file} */
    public abstract Kind kind();

    /**
     * Returns its default, which may depend on another setting.
     *
     * @param settings the others
     * @return the default
     */
    public T usual(Settings settings) {
        return usual;
    }

    /** {@return which values it has, to complete the sentence "the value must be ..."} */
    public abstract String rule();

    /** {@return the names of its values, without those of other projects; empty for numbers and flags} */
    public List<String> names() {
        return List.of();
    }

    /**
     * Reads a value from text, such as that of a command line.
     *
     * @param text the text
     * @return the value
     * @throws IllegalArgumentException if it is not the text of a value; the message names the rule
     */
    public abstract T parse(String text);

    /**
     * Returns a value as text from which {@link #parse} reads it again.
     *
     * @param value the value
     * @return the text
     */
    public String text(T value) {
        return String.valueOf(value);
    }

    /** Returns a value if it is one of this setting. */
    abstract T checked(Object value);

    /** Returns whether two values are the same in a file. */
    boolean same(T one, T other) {
        return one.equals(other);
    }

    /** Returns whether {@link #parse} makes the same value from its text. */
    boolean isStorable(T value) {
        return true;
    }

    /** Adds the value if it is a part that is not the library's own, and the parts that this one has. */
    void addOutside(T value, List<Named> parts) {}

    final IllegalArgumentException refused(Object value) {
        String found = value instanceof String text ? quoted(text) : String.valueOf(value);
        return new IllegalArgumentException(name + " is " + found + ", but must be " + rule());
    }

    /** Quotes text of unknown origin for a message: not too much of it, and nothing that a terminal would obey. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), QUOTED); i++) {
            quoted.append(Character.isISOControl(text.charAt(i)) ? '?' : text.charAt(i));
        }
        return quoted.append(text.length() > QUOTED ? "…\"" : "\"").toString();
    }

    /** Returns whether a name has words of lower-case letters and digits, joined by underscores. */
    private static boolean isName(String name) {
        char before = '_';
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isLetter = c >= 'a' && c <= 'z';
            boolean isLater = c >= '0' && c <= '9' || c == '_' && before != '_';
            if (!isLetter && (i == 0 || !isLater)) {
                return false;
            }
            before = c;
        }
        return before != '_';
    }

    /** Refuses a default that is no value: what a file stores would be refused when it is read. */
    private static <T> Setting<T> sound(Setting<T> setting) {
        setting.checked(setting.usual);
        return setting;
    }

    /** {@return the name} */
    @Override
    public final String toString() {
        return name;
    }
}

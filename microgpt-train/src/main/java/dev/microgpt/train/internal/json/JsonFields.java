package dev.microgpt.train.internal.json;

import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.Spelling;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A flat JSON object, such as a metadata entry of a checkpoint: its values are strings, numbers, booleans, lists of
 * integers or null. Every field must be requested, and {@link #end} refuses any other.
 */
public final class JsonFields {
    private final String where;
    private final Map<String, @Nullable Object> values;
    private final List<String> taken = new ArrayList<>();

    private JsonFields(String where, Map<String, @Nullable Object> values) {
        this.where = where;
        this.values = values;
    }

    /**
     * Returns the fields as JSON, in map order; values are String, Integer, BigInteger, Double, Boolean, long[] or
     * null.
     */
    public static String write(Map<String, @Nullable Object> fields) {
        return JsonWriter.text(fields);
    }

    /**
     * Parses an object.
     *
     * @param where names the object in messages
     * @param text  the JSON
     * @throws IllegalArgumentException if it is anything but one JSON object
     */
    public static JsonFields read(String where, String text) {
        return of(where, Json.readObject(where, text));
    }

    /** Wraps an object that was already parsed. */
    public static JsonFields of(String where, Map<String, @Nullable Object> object) {
        return new JsonFields(where, object);
    }

    /** Returns whether there is a field of this name. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    public String text(String name) {
        if (take(name) instanceof String text) {
            return text;
        }
        throw missing(name, "a string");
    }

    /** Returns the constant of an enumeration whose {@code toString} is the value of the field. */
    public <E extends Enum<E>> E choice(String name, E[] values) {
        String text = text(name);
        StringJoiner labels = new StringJoiner(", ");
        for (E value : values) {
            if (value.toString().equals(text)) {
                return value;
            }
            labels.add(value.toString());
        }
        throw wrong(where, name, Quoted.of(text), "one of " + labels);
    }

    public boolean flag(String name) {
        if (take(name) instanceof Boolean flag) {
            return flag;
        }
        throw missing(name, "true or false");
    }

    public int integer(String name) {
        if (take(name) instanceof BigInteger number && number.bitLength() < Integer.SIZE) {
            return number.intValue();
        }
        throw missing(name, "a whole number of 32 bits");
    }

    /** Returns an integer from 0 to 2⁶⁴ − 1 as the bits of a long. */
    public long unsigned(String name) {
        if (take(name) instanceof BigInteger number && number.signum() >= 0 && number.bitLength() <= Long.SIZE) {
            return number.longValue();
        }
        throw missing(name, "a whole number from 0 to 2^64 - 1");
    }

    public double number(String name) {
        Object value = take(name);
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw missing(name, "a finite number");
    }

    @Nullable
    public Double numberOrNull(String name) {
        if (values.containsKey(name) && values.get(name) == null) {
            take(name);
            return null;
        }
        return number(name);
    }

    public long[] integers(String name) {
        if (take(name) instanceof List<?> elements) {
            long[] numbers = new long[elements.size()];
            for (int i = 0; i < numbers.length; i++) {
                if (!(elements.get(i) instanceof BigInteger number) || number.bitLength() >= Long.SIZE) {
                    throw wrong(where, name, "a list with something else at index " + i, "a list of whole numbers");
                }
                numbers[i] = number.longValue();
            }
            return numbers;
        }
        throw missing(name, "a list of whole numbers");
    }

    /** Refuses fields that were not requested. */
    public void end() {
        String unknown = unknown();
        if (unknown != null) {
            throw new IllegalArgumentException(where + ": found the unknown field " + Quoted.of(unknown)
                    + ", expected only " + String.join(", ", taken) + meant("", unknown, taken));
        }
    }

    /** Returns the first field that was not requested, or null if there is none. */
    @Nullable
    public String unknown() {
        for (String name : values.keySet()) {
            if (!taken.contains(name)) {
                return name;
            }
        }
        return null;
    }

    private @Nullable Object take(String name) {
        taken.add(name);
        return values.get(name);
    }

    private IllegalArgumentException missing(String name, String expected) {
        if (values.containsKey(name)) {
            return wrong(where, name, Quoted.value(values.get(name)), expected);
        }
        return wrong(
                where, name, "nothing", expected + "; no field has a default" + meant("it by ", name, values.keySet()));
    }

    private static String meant(String by, String name, Collection<String> names) {
        String nearest = Spelling.nearest(name, names);
        return nearest == null ? "" : "; did you mean " + by + Quoted.of(nearest) + "?";
    }

    private static IllegalArgumentException wrong(String where, String name, String found, String expected) {
        return new IllegalArgumentException(
                where + ", field " + Quoted.of(name) + ": found " + found + ", expected " + expected);
    }
}

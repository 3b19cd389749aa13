package dev.microgpt.train;

import dev.microgpt.train.internal.Quoted;
import java.io.StringWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON object whose values are texts, numbers, lists of whole numbers or null: what a metadata entry of a checkpoint
 * holds. Every field must be asked for, and nothing else may be there.
 */
final class JsonFields {
    // the library's own digits: Double.toString gives others on older Java versions
    private static final JsonFactory WRITER = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();
    private static final int LONGEST_NUMBER = 64;

    private final String where;
    private final Map<String, @Nullable Object> values;
    private final List<String> taken = new ArrayList<>();

    private JsonFields(String where, Map<String, @Nullable Object> values) {
        this.where = where;
        this.values = values;
    }

    /** Writes fields in their order; values are String, Integer, BigInteger, Double, Boolean, long[] or null. */
    static String write(Map<String, @Nullable Object> fields) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = WRITER.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            for (Map.Entry<String, @Nullable Object> field : fields.entrySet()) {
                json.writeName(field.getKey());
                writeValue(json, field.getValue());
            }
            json.writeEndObject();
        }
        return out.toString();
    }

    private static void writeValue(JsonGenerator json, @Nullable Object value) {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Integer number) {
            json.writeNumber(number);
        } else if (value instanceof BigInteger number) {
            json.writeNumber(number);
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else {
            long[] numbers = (long[]) value;
            json.writeArray(numbers, 0, numbers.length);
        }
    }

    /**
     * Reads an object.
     *
     * @param where what messages call it
     * @param text  the JSON
     * @throws IllegalArgumentException if it is anything but one such object
     */
    static JsonFields read(String where, String text) {
        StreamReadConstraints limits = StreamReadConstraints.builder()
                .maxNestingDepth(2)
                .maxNumberLength(LONGEST_NUMBER)
                .build();
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(limits)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (JsonParser json = factory.createParser(ObjectReadContext.empty(), text)) {
            expect(where, json.nextToken(), JsonToken.START_OBJECT);
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                values.put(name, readValue(where, name, json));
            }
            expect(where, json.currentToken(), JsonToken.END_OBJECT);
            expect(where, json.nextToken(), null);
            return new JsonFields(where, values);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    where + ": found invalid JSON (" + Quoted.plain(e.getOriginalMessage()) + "), expected an object",
                    e);
        }
    }

    private static @Nullable Object readValue(String where, String name, JsonParser json) {
        switch (json.nextToken()) {
            case VALUE_STRING:
                return json.getString();
            case VALUE_NUMBER_INT:
                return json.getBigIntegerValue();
            case VALUE_NUMBER_FLOAT:
                return json.getDoubleValue();
            case VALUE_TRUE:
                return true;
            case VALUE_FALSE:
                return false;
            case VALUE_NULL:
                return null;
            case START_ARRAY:
                return readIntegers(where, name, json);
            default:
                throw wrong(
                        where,
                        name,
                        String.valueOf(json.currentToken()),
                        "a text, a number, true, false or a list of numbers");
        }
    }

    private static long[] readIntegers(String where, String name, JsonParser json) {
        List<Long> numbers = new ArrayList<>();
        while (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
            numbers.add(json.getLongValue());
        }
        if (json.currentToken() != JsonToken.END_ARRAY) {
            throw wrong(where, name, String.valueOf(json.currentToken()), "a list of whole numbers");
        }
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    private static void expect(String where, @Nullable JsonToken found, @Nullable JsonToken expected) {
        if (found != expected) {
            throw new IllegalArgumentException(where + ": found " + found + ", expected one JSON object");
        }
    }

    String text(String name) {
        if (take(name) instanceof String text) {
            return text;
        }
        throw missing(name, "a text");
    }

    /** One of the values of an enumeration, by the text that it prints. */
    <E extends Enum<E>> E choice(String name, E[] values) {
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

    boolean flag(String name) {
        if (take(name) instanceof Boolean flag) {
            return flag;
        }
        throw missing(name, "true or false");
    }

    int integer(String name) {
        if (take(name) instanceof BigInteger number && number.bitLength() < Integer.SIZE) {
            return number.intValue();
        }
        throw missing(name, "a whole number of 32 bits");
    }

    /** A whole number from 0 to 2⁶⁴ − 1, as the bits of a long. */
    long unsigned(String name) {
        if (take(name) instanceof BigInteger number && number.signum() >= 0 && number.bitLength() <= Long.SIZE) {
            return number.longValue();
        }
        throw missing(name, "a whole number from 0 to 2^64 - 1");
    }

    double number(String name) {
        Object value = take(name);
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw missing(name, "a finite number");
    }

    @Nullable
    Double numberOrNull(String name) {
        if (values.containsKey(name) && values.get(name) == null) {
            take(name);
            return null;
        }
        return number(name);
    }

    long[] integers(String name) {
        if (take(name) instanceof long[] numbers) {
            return numbers;
        }
        throw missing(name, "a list of whole numbers");
    }

    /** Refuses fields that nobody asked for. */
    void end() {
        if (!taken.containsAll(values.keySet())) {
            List<String> unknown = new ArrayList<>(values.keySet());
            unknown.removeAll(taken);
            throw new IllegalArgumentException(where + ": found the unknown field " + Quoted.of(unknown.get(0))
                    + ", expected only " + String.join(", ", taken));
        }
    }

    private @Nullable Object take(String name) {
        taken.add(name);
        return values.get(name);
    }

    private IllegalArgumentException missing(String name, String expected) {
        Object value = values.get(name);
        String found = value instanceof long[] ? "a list" : Quoted.plain(String.valueOf(value));
        return wrong(where, name, values.containsKey(name) ? found : "nothing", expected);
    }

    private static IllegalArgumentException wrong(String where, String name, String found, String expected) {
        return new IllegalArgumentException(
                where + ", field " + Quoted.of(name) + ": found " + found + ", expected " + expected);
    }
}

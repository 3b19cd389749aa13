package dev.microgpt.cli.serve;

import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.Spelling;
import dev.microgpt.train.internal.Surrogates;
import dev.microgpt.train.internal.json.Json;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of a request's JSON object; one that is null counts as absent. Each refusal names its field. */
final class Fields {
    private static final int BAD_REQUEST = 400;
    private static final String TEXTS = "a string or a list of strings";
    private static final BigInteger MAX_SEED =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    /** What fields of other servers, commands and paths are called here. */
    private static final Map<String, String> OTHER_NAMES = Map.of(
            "max_new_tokens", "max_tokens",
            "max_completion_tokens", "max_tokens",
            "input", "prompt",
            "messages", "prompt",
            "prompt", "input");

    /** The name of the object in front of the names of its fields, with a dot; empty for the body itself. */
    private final String above;

    private final Map<String, @Nullable Object> values;

    private Fields(String above, Map<String, @Nullable Object> values) {
        this.above = above;
        this.values = values;
    }

    /**
     * Reads a body.
     *
     * @param body  UTF-8
     * @param known the fields that it may have
     */
    static Fields read(byte[] body, Set<String> known) {
        Fields fields;
        try {
            fields = new Fields("", Json.readObject("the body", utf8(body)));
        } catch (IllegalArgumentException malformed) {
            throw ApiError.ofRequest(BAD_REQUEST, String.valueOf(malformed.getMessage()), "invalid_json");
        }
        fields.checkKnown(known);
        return fields;
    }

    private static String utf8(byte[] body) {
        ByteBuffer in = ByteBuffer.wrap(body);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(in).toString();
        } catch (CharacterCodingException malformed) {
            throw new IllegalArgumentException(
                    "the body must be UTF-8, but is not at byte " + in.position() + ", counted from 0", malformed);
        }
    }

    private void checkKnown(Set<String> known) {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw ApiError.ofField(
                        Quoted.plain(above + name),
                        "there is no field " + Quoted.of(above + name) + meant(name, known));
            }
        }
    }

    private String meant(String name, Set<String> known) {
        String why = name.equals("messages") ? "; these models continue text, and know no chats" : "";
        String other = OTHER_NAMES.get(name);
        String near = other != null && known.contains(other) ? other : Spelling.nearest(name, known);
        return near == null ? why : why + "; did you mean " + Quoted.of(above + near) + "?";
    }

    /** Returns a value as it was parsed, or null. */
    @Nullable
    Object value(String name) {
        return values.get(name);
    }

    /** Returns the fields of an object in a field; none if it is absent. */
    Fields object(String name, Set<String> known) {
        Object value = value(name);
        if (value == null) {
            return new Fields("", Map.of());
        }
        if (!(value instanceof Map)) {
            throw wrong(name, "an object");
        }
        Fields fields = new Fields(name + ".", Json.object(name, value));
        fields.checkKnown(known);
        return fields;
    }

    @Nullable
    String text(String name) {
        Object value = value(name);
        if (value != null && !(value instanceof String)) {
            throw wrong(name, "a string");
        }
        return (String) value;
    }

    /** Returns a field that is a string or a list of strings; null if it is absent. */
    @Nullable
    List<String> texts(String name) {
        Object value = value(name);
        if (value == null) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        if (!(value instanceof String || value instanceof List)) {
            throw wrong(name, TEXTS);
        }
        for (Object element : value instanceof List<?> list ? list : List.of(value)) {
            if (!(element instanceof String text)) {
                throw wrong(name, TEXTS, element, texts.size());
            }
            texts.add(whole(name, text));
        }
        return texts;
    }

    /** Returns a text, unless it has half a character, which JSON can express. */
    static String whole(String name, String text) {
        int half = Surrogates.unpaired(text);
        if (half >= 0) {
            throw ApiError.ofField(
                    name,
                    quoted(name) + " has half of a surrogate pair at index " + half
                            + ", but must consist of whole characters");
        }
        return text;
    }

    boolean flag(String name) {
        Object value = value(name);
        if (value != null && !(value instanceof Boolean)) {
            throw wrong(name, "true or false");
        }
        return value != null && (Boolean) value;
    }

    /** Returns an integer in a range; null if it is absent. */
    @Nullable
    Integer integer(String name, int least, int most) {
        Object value = value(name);
        if (value == null) {
            return null;
        }
        if (value instanceof BigInteger number
                && number.bitLength() < Integer.SIZE
                && number.intValue() >= least
                && number.intValue() <= most) {
            return number.intValue();
        }
        throw wrong(
                name,
                "an integer " + (most == Integer.MAX_VALUE ? "of at least " + least : "from " + least + " to " + most));
    }

    int integer(String name, int least, int most, int usual) {
        Integer given = integer(name, least, most);
        return given == null ? usual : given;
    }

    /** Returns an integer from 0 to 2⁶⁴ − 1 as the bits of a long; null if it is absent. */
    @Nullable
    Long seed(String name) {
        Object value = value(name);
        if (value == null) {
            return null;
        }
        if (value instanceof BigInteger number && number.signum() >= 0 && number.compareTo(MAX_SEED) <= 0) {
            return number.longValue();
        }
        throw wrong(name, "an integer from 0 to " + MAX_SEED);
    }

    /** Returns a finite number; {@code usual} if it is absent. */
    double number(String name, double usual) {
        Object value = value(name);
        if (value == null) {
            return usual;
        }
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw wrong(name, "a finite number");
    }

    /** Returns the refusal of a value. */
    ApiError wrong(String name, String rule) {
        Object value = value(name);
        String given = value instanceof List<?> list && list.isEmpty() ? "an empty list" : Quoted.value(value);
        return ApiError.ofField(above + name, quoted(above + name) + " must be " + rule + ", but is " + given);
    }

    /** Returns the refusal of an element of a list. */
    ApiError wrong(String name, String rule, @Nullable Object element, int index) {
        return ApiError.ofField(
                above + name,
                quoted(above + name) + " must be " + rule + ", but has " + Quoted.value(element) + " at index "
                        + index);
    }

    private static String quoted(String name) {
        return '"' + name + '"';
    }
}

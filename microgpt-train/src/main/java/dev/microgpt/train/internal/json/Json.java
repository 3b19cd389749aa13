package dev.microgpt.train.internal.json;

import dev.microgpt.train.internal.LfsPointer;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.Utf8Input;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UTFDataFormatException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * A strict JSON parser: one value with nothing after it, no duplicate names, bounded nesting, lengths and counts.
 *
 * <p>An object becomes a {@code Map} in source order, an array a {@code List}, an integer a {@link
 * java.math.BigInteger}, any other number a {@code Double}, which is infinite if the number is too large.
 */
public final class Json {
    private static final int MAX_DEPTH = 32;
    private static final int LONGEST_NUMBER = 64;
    private static final int LONGEST_NAME = 1 << 16;

    /** In characters; far more than an alphabet of every Unicode character. */
    private static final int LONGEST_TEXT = 1 << 24;

    /** Of a whole document, in bytes; a tokenizer of a million tokens takes a tenth. */
    private static final int LONGEST = 1 << 28;

    /**
     * Values, names and brackets, each of which may take a hundred bytes on the heap; a million merges are 4 million.
     */
    private static final int MAX_TOKENS = 10_000_000;

    private Json() {}

    /** A new factory for each document: a shared one would cache the names of hostile files. */
    private static JsonFactory factory() {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNumberLength(LONGEST_NUMBER)
                        .maxStringLength(LONGEST_TEXT)
                        .maxNameLength(LONGEST_NAME)
                        .maxDocumentLength(LONGEST)
                        .maxTokenCount(MAX_TOKENS)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
                .build();
    }

    /**
     * Parses a string.
     *
     * @param where names the source in messages
     * @throws IllegalArgumentException if it is not JSON
     */
    public static @Nullable Object read(String where, String text) {
        try (JsonParser json = factory().createParser(ObjectReadContext.empty(), text)) {
            return read(where, json);
        }
    }

    /**
     * Parses a stream of UTF-8 to its end.
     *
     * @param where names the source in messages
     * @throws IllegalArgumentException if it is not JSON
     * @throws IOException              if it cannot be read
     */
    public static @Nullable Object read(String where, InputStream utf8) throws IOException {
        byte[] start = utf8.readNBytes(LfsPointer.USEFUL_BYTES);
        if (LfsPointer.isIn(start)) {
            throw new IllegalArgumentException(where + ": found a git-lfs pointer, expected JSON" + LfsPointer.REPAIR);
        }
        InputStream whole = new Utf8Input(new SequenceInputStream(new ByteArrayInputStream(start), utf8), 0);
        try (JsonParser json = factory().createParser(ObjectReadContext.empty(), whole)) {
            return read(where, json);
        } catch (JacksonIOException e) {
            if (e.getCause() instanceof UTFDataFormatException malformed) {
                throw new IllegalArgumentException(where + ": found " + malformed.getMessage() + ", expected UTF-8", e);
            }
            throw e.getCause();
        }
    }

    /**
     * Parses a string that must be an object.
     *
     * @param where names the source in messages
     * @throws IllegalArgumentException if it is not JSON, or anything but an object
     */
    public static Map<String, @Nullable Object> readObject(String where, String text) {
        return object(where, read(where, text));
    }

    /**
     * Parses a stream of UTF-8, which must be one object, to its end.
     *
     * @param where names the source in messages
     * @throws IllegalArgumentException if it is not JSON, or anything but an object
     * @throws IOException              if it cannot be read
     */
    public static Map<String, @Nullable Object> readObject(String where, InputStream utf8) throws IOException {
        return object(where, read(where, utf8));
    }

    /**
     * Casts a parsed value that must be an object.
     *
     * @param where names the value in messages
     * @throws IllegalArgumentException if it is anything else
     */
    @SuppressWarnings("unchecked") // all maps are created below
    public static Map<String, @Nullable Object> object(String where, @Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            return (Map<String, @Nullable Object>) object;
        }
        String found = value == null ? "nothing" : Quoted.value(value);
        throw new IllegalArgumentException(where + ": found " + found + ", expected a JSON object");
    }

    private static @Nullable Object read(String where, JsonParser json) {
        try {
            if (json.nextToken() == null) {
                throw new IllegalArgumentException(where + ": found nothing, expected JSON");
            }
            Object value = value(json);
            if (json.nextToken() != null) {
                throw new IllegalArgumentException(where + ": found more after the JSON value"
                        + place(json.currentTokenLocation()) + ", expected the end");
            }
            return value;
        } catch (JacksonIOException e) {
            throw e;
        } catch (JacksonException e) {
            // if a limit was exceeded, the exception has no location
            String place = place(e.getLocation() == null ? json.currentLocation() : e.getLocation());
            throw new IllegalArgumentException(
                    where + " must be valid JSON, but is not" + place + " (" + problem(e) + ")", e);
        }
    }

    private static @Nullable Object value(JsonParser json) {
        return switch (json.currentToken()) {
            case START_OBJECT -> object(json);
            case START_ARRAY -> array(json);
            case VALUE_STRING -> json.getString();
            case VALUE_NUMBER_INT -> json.getBigIntegerValue();
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IllegalStateException("the parser gave " + json.currentToken());
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser json) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            fields.put(name, value(json));
        }
        return Collections.unmodifiableMap(fields);
    }

    private static List<@Nullable Object> array(JsonParser json) {
        List<@Nullable Object> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(json));
        }
        return Collections.unmodifiableList(elements);
    }

    /**
     * Returns the reason why Jackson rejected a document, for an error message, without its advice for programmers
     * (which feature to enable, which method sets the limit).
     */
    public static String problem(JacksonException e) {
        String message = e.getOriginalMessage();
        return Quoted.plain(
                e instanceof StreamConstraintsException
                        ? message.replaceFirst(", from `[^`]*`", "")
                        : message.split("[(:]", 2)[0].strip());
    }

    private static String place(TokenStreamLocation location) {
        return " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}

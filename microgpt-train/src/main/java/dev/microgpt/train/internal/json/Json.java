package dev.microgpt.train.internal.json;

import dev.microgpt.model.tokenizer.BpeVocabulary;
import dev.microgpt.train.internal.LfsPointer;
import dev.microgpt.train.internal.Pickle;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.Utf8Input;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.io.UTFDataFormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * A strict JSON parser: one value with nothing after it, no duplicate names, bounded nesting, lengths and counts. What
 * writes these files has the same limits.
 *
 * <p>An object becomes a {@code Map} in source order, an array a {@code List}, an integer a {@link
 * java.math.BigInteger}, any other number a {@code Double}, which is infinite if the number is too large.
 */
public final class Json {
    private static final int MAX_DEPTH = 32;
    private static final int LONGEST_NUMBER = 64;

    /** The longest name is a token, which files spell with one character per byte. */
    private static final int LONGEST_NAME = BpeVocabulary.MAX_TOKEN_BYTES;

    /** In characters; twice an alphabet of every Unicode character. A parser needs several times the memory. */
    private static final int LONGEST_TEXT = 1 << 22;

    /** Of a whole document, in characters; a tokenizer of a million tokens takes a tenth. */
    static final int LONGEST = 1 << 28;

    /** Of a document that is never long, in characters, such as the configuration of a model. */
    private static final int LONGEST_SMALL = 1 << 20;

    /**
     * Values, names and brackets, each of which may take a hundred bytes on the heap; a million merges are 4 million.
     */
    static final int MAX_TOKENS = 10_000_000;

    /** Of an object of which only some fields are read. */
    private static final int MAX_FIELDS = 1000;

    private static final JsonFactory ANY = factory(MAX_DEPTH, LONGEST);
    private static final JsonFactory SMALL = factory(MAX_DEPTH, LONGEST_SMALL);
    private static final JsonFactory FLAT = factory(1, LONGEST);

    private Json() {}

    /**
     * Returns a factory without a table of names: it would copy all long names for each further one, keep those of
     * hostile files, and refuse names whose hashes happen to collide.
     */
    private static JsonFactory factory(int depth, int length) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxNumberLength(LONGEST_NUMBER)
                        .maxStringLength(LONGEST_TEXT)
                        .maxNameLength(LONGEST_NAME)
                        .maxDocumentLength(length)
                        .maxTokenCount(MAX_TOKENS)
                        .build())
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .build();
    }

    /**
     * Parses a string that must be an object.
     *
     * @param where names the source in messages
     * @throws IllegalArgumentException if it is not JSON, or anything but an object
     */
    public static Map<String, @Nullable Object> readObject(String where, String text) {
        try (JsonParser json = ANY.createParser(ObjectReadContext.empty(), text)) {
            return document(where, json, null);
        }
    }

    /**
     * Parses a stream of UTF-8, which must be one object, to its end. Of an object with other fields, such as one of
     * another program, their values are parsed but not kept in memory.
     *
     * @param where names the source in messages
     * @param kept  the names of the fields to keep; the value of any other is null
     * @throws IllegalArgumentException if it is not JSON, or anything but an object
     * @throws IOException              if it cannot be read
     */
    public static Map<String, @Nullable Object> readObject(String where, InputStream utf8, Set<String> kept)
            throws IOException {
        return document(where, ANY, utf8, kept);
    }

    /**
     * Parses a stream of UTF-8, which must be one object of at most 2²⁰ characters, to its end.
     *
     * @param where names the source in messages
     * @throws IllegalArgumentException if it is not JSON, or anything but an object
     * @throws IOException              if it cannot be read
     */
    public static Map<String, @Nullable Object> readSmallObject(String where, InputStream utf8) throws IOException {
        return document(where, SMALL, utf8, null);
    }

    /**
     * Parses a stream of UTF-8, which must be one object without objects and arrays in it, to its end.
     *
     * @param where names the source in messages
     * @throws IllegalArgumentException if it is not JSON, or anything but such an object
     * @throws IOException              if it cannot be read
     */
    public static Map<String, @Nullable Object> readFlatObject(String where, InputStream utf8) throws IOException {
        return document(where, FLAT, utf8, null);
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

    private static Map<String, @Nullable Object> document(
            String where, JsonFactory factory, InputStream utf8, @Nullable Set<String> kept) throws IOException {
        byte[] start = utf8.readNBytes(LfsPointer.USEFUL_BYTES);
        if (LfsPointer.isIn(start)) {
            throw new IllegalArgumentException(where + ": found a git-lfs pointer, expected JSON" + LfsPointer.REPAIR);
        }
        if (Pickle.isIn(start)) {
            throw new IllegalArgumentException(where + ": found a Python pickle" + Pickle.REPAIR);
        }
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(start), utf8);
        Reader characters = new InputStreamReader(new Utf8Input(whole, 0), StandardCharsets.UTF_8);
        try (JsonParser json = factory.createParser(ObjectReadContext.empty(), characters)) {
            return document(where, json, kept);
        } catch (JacksonIOException e) {
            if (e.getCause() instanceof UTFDataFormatException malformed) {
                throw new IllegalArgumentException(where + ": found " + malformed.getMessage() + ", expected UTF-8", e);
            }
            throw e.getCause();
        }
    }

    private static Map<String, @Nullable Object> document(String where, JsonParser json, @Nullable Set<String> kept) {
        try {
            JsonToken first = json.nextToken();
            if (first == null) {
                throw new IllegalArgumentException(where + ": found nothing, expected JSON");
            }
            if (first != JsonToken.START_OBJECT) { // before what may be a long list is read
                String found = first == JsonToken.START_ARRAY ? "a list" : Quoted.value(value(where, json));
                throw new IllegalArgumentException(where + ": found " + found + ", expected a JSON object");
            }
            Map<String, @Nullable Object> object = object(where, json, kept);
            if (json.nextToken() != null) {
                throw new IllegalArgumentException(where + ": found more after the JSON value"
                        + place(json.currentTokenLocation()) + ", expected the end");
            }
            return object;
        } catch (JacksonIOException e) {
            throw e;
        } catch (JacksonException e) {
            // if a limit was exceeded, the exception has no location
            String place = place(e.getLocation() == null ? json.currentLocation() : e.getLocation());
            throw new IllegalArgumentException(
                    where + " must be valid JSON, but is not" + place + " (" + problem(e) + ")", e);
        }
    }

    private static @Nullable Object value(String where, JsonParser json) {
        return switch (json.currentToken()) {
            case START_OBJECT -> object(where, json, null);
            case START_ARRAY -> array(where, json);
            case VALUE_STRING -> json.getString();
            case VALUE_NUMBER_INT -> json.getBigIntegerValue();
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IllegalStateException("the parser gave " + json.currentToken());
        };
    }

    private static Map<String, @Nullable Object> object(String where, JsonParser json, @Nullable Set<String> kept) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            if (fields.containsKey(name)) { // Jackson's own check would keep a second set of all names
                throw new IllegalArgumentException(where + " must be valid JSON, but is not"
                        + place(json.currentTokenLocation()) + " (the name " + Quoted.of(name) + " occurs twice)");
            }
            json.nextToken();
            if (kept == null || kept.contains(name)) {
                fields.put(name, value(where, json));
            } else if (fields.size() < MAX_FIELDS) {
                json.skipChildren();
                fields.put(name, null);
            } else {
                throw new IllegalArgumentException(where + ": found more than " + MAX_FIELDS
                        + " fields, expected at most that many; is it another kind of file?");
            }
        }
        return Collections.unmodifiableMap(fields);
    }

    private static List<@Nullable Object> array(String where, JsonParser json) {
        List<@Nullable Object> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(where, json));
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

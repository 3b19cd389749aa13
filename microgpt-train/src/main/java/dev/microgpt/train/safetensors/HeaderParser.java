package dev.microgpt.train.safetensors;

import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_HEADER_BYTES;
import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_METADATA_ENTRIES;
import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_NAME_CHARS;
import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_TENSORS;

import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.Sha256;
import dev.microgpt.train.internal.Utf8Input;
import dev.microgpt.train.internal.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
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
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * Parses the header of a safetensors file. Nothing is skipped or ignored: every JSON token must be the one that the
 * format requires at that point, names must be unique (after resolving escapes), and counts are bounded.
 */
final class HeaderParser {

    private static final int MAX_NUMBER_CHARS = 1 << 20;

    private final Path file;
    private final JsonParser json;
    private final TensorEntryParser entryParser;

    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<TensorEntry> tensors = new ArrayList<>();
    private long sha256Offset;

    private HeaderParser(Path file, JsonParser json, boolean anyType) {
        this.file = file;
        this.json = json;
        this.entryParser = new TensorEntryParser(file, json, anyType);
    }

    /** @param anyType whether tensors may have a type other than {@link NumberType#F64} */
    static SafetensorsHeader parse(Path file, InputStream in, boolean anyType) throws IOException {
        InputStream utf8 = new Utf8Input(in, SafetensorsFormat.LENGTH_BYTES);
        try (JsonParser json = jsonFactory().createParser(ObjectReadContext.empty(), utf8)) {
            return new HeaderParser(file, json, anyType).parse();
        } catch (JacksonIOException e) {
            if (e.getCause() instanceof UTFDataFormatException malformed) {
                throw new SafetensorsException(file, "header", malformed.getMessage(), "UTF-8");
            }
            throw e.getCause();
        } catch (JacksonException e) {
            throw notJson(file, e);
        }
    }

    private static IOException notJson(Path file, JacksonException e) {
        String found = Json.problem(e);
        if (e.getLocation() != null) { // null if a limit was exceeded
            long offset = SafetensorsFormat.LENGTH_BYTES + e.getLocation().getByteOffset();
            found += " at byte " + offset + " of the file";
        }
        return (IOException) new SafetensorsException(file, "header", found, "valid JSON").initCause(e);
    }

    /**
     * A new factory for each file: a shared one would cache the names of hostile files. Its limits are only a second
     * line of defence: what exceeds them is refused by this class with a clearer message, or bounded by the size of the
     * header.
     */
    private static JsonFactory jsonFactory() {
        StreamReadConstraints limits = StreamReadConstraints.builder()
                .maxNestingDepth(4) // header, tensor, shape, and one level that a shape must not have
                .maxStringLength(MAX_HEADER_BYTES)
                .maxNameLength(4 * MAX_NAME_CHARS) // in bytes
                .maxNumberLength(MAX_NUMBER_CHARS)
                .build();
        return JsonFactory.builder()
                .streamReadConstraints(limits)
                .disable(TokenStreamFactory.Feature.CHARSET_DETECTION) // UTF-16 is not accepted
                .build();
    }

    private SafetensorsHeader parse() throws SafetensorsException {
        json.nextToken(); // TensorFile checked that it is {
        Set<String> names = new HashSet<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            checkName("header", names.add(name), name);
            if (name.equals(SafetensorsFormat.METADATA)) {
                parseMetadata();
            } else {
                checkCount(tensors.size(), MAX_TENSORS, "tensors");
                tensors.add(entryParser.parse(name));
            }
        }
        if (json.nextToken() != null) {
            throw new SafetensorsException(file, "header", "more after the JSON object", "only spaces");
        }
        // header order is arbitrary, and other writers make use of that
        tensors.sort(Comparator.comparingLong(TensorEntry::begin));
        String sha256 = takeSha256();
        return new SafetensorsHeader(metadata, tensors, sha256, sha256Offset);
    }

    private void parseMetadata() throws SafetensorsException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new SafetensorsException(file, "metadata", TensorEntryParser.describe(json), "an object of strings");
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = json.currentName();
            checkName("metadata", !metadata.containsKey(key), key);
            checkCount(metadata.size(), MAX_METADATA_ENTRIES, "metadata entries");
            if (json.nextToken() != JsonToken.VALUE_STRING) {
                String found = TensorEntryParser.describe(json) + " for " + Quoted.of(key);
                throw new SafetensorsException(file, "metadata", found, "a string");
            }
            if (key.equals(SafetensorsFormat.SHA256)) {
                sha256Offset = json.currentTokenLocation().getByteOffset() + 1; // after the quote
            }
            String value = json.getString();
            checkText("metadata", value);
            metadata.put(key, value);
        }
    }

    /** Removes the checksum entries from the metadata and returns the checksum, or null if there is none. */
    private @Nullable String takeSha256() throws SafetensorsException {
        boolean announced = SafetensorsFormat.SHA256.equals(metadata.get(SafetensorsFormat.CHECKSUM));
        String sha256 = metadata.remove(SafetensorsFormat.SHA256);
        if (sha256 == null && !announced) {
            return null;
        }
        if (sha256 == null || !Sha256.isHex(sha256)) {
            String found = sha256 == null ? "none" : Quoted.of(sha256);
            throw new SafetensorsException(file, "metadata \"sha256\"", found, "64 lower-case hexadecimal digits");
        }
        if (announced) {
            metadata.remove(SafetensorsFormat.CHECKSUM);
        }
        return sha256;
    }

    private void checkName(String where, boolean isNew, String name) throws SafetensorsException {
        checkText(where, name);
        if (name.length() > MAX_NAME_CHARS) {
            throw new SafetensorsException(
                    file, where, Quoted.of(name), "names of at most " + MAX_NAME_CHARS + " characters");
        }
        if (!isNew) {
            throw new SafetensorsException(file, where, Quoted.of(name) + " twice", "unique names");
        }
    }

    private void checkText(String where, String text) throws SafetensorsException {
        if (SafetensorsFormat.hasLoneSurrogate(text)) {
            throw new SafetensorsException(file, where, Quoted.of(text) + " with an unpaired surrogate", "Unicode");
        }
    }

    private void checkCount(int soFar, int max, String what) throws SafetensorsException {
        if (soFar == max) {
            throw new SafetensorsException(file, "header", "more than " + max + " " + what, "at most " + max);
        }
    }
}

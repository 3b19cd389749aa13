package dev.microgpt.train.safetensors;

import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_ENTRY_BYTES;
import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_HEADER_BYTES;
import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_METADATA_BYTES;
import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_METADATA_ENTRIES;
import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_NAME_CHARS;
import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_TENSORS;

import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.Sha256;
import dev.microgpt.train.internal.Surrogates;
import dev.microgpt.train.internal.Utf8Input;
import dev.microgpt.train.internal.json.Json;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UTFDataFormatException;
import java.nio.charset.StandardCharsets;
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
    /**
     * Without a table of names: it would copy all long names for each further one, keep those of hostile files, and
     * refuse names whose hashes happen to collide. The limits are a second line of defence: what exceeds them is
     * refused by this class with a clearer message, or bounded by {@link HeaderInput}.
     */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4) // header, tensor, shape, and one level that a shape must not have
                    .maxStringLength(MAX_METADATA_BYTES)
                    .maxNameLength(MAX_METADATA_BYTES)
                    .maxNumberLength(MAX_METADATA_BYTES)
                    .build())
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .build();

    private static final String LONG_ENTRY = "a name or a tensor of more than " + MAX_ENTRY_BYTES + " bytes";
    private static final String LONG_METADATA = "metadata of more than " + MAX_METADATA_BYTES + " bytes";

    private final Path file;
    private final HeaderInput in;
    private final JsonParser json;
    private final TensorEntryParser entryParser;

    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<TensorEntry> tensors = new ArrayList<>();

    /** The number of chars before the first digit of the checksum. */
    private long sha256Chars;

    private HeaderParser(Path file, HeaderInput in, JsonParser json, boolean anyType) {
        this.file = file;
        this.in = in;
        this.json = json;
        this.entryParser = new TensorEntryParser(file, json, anyType);
    }

    /** @param anyType whether tensors may have a type other than {@link NumberType#F64} */
    static SafetensorsHeader parse(Path file, HeaderInput in, boolean anyType) throws IOException {
        Reader text = new InputStreamReader(new Utf8Input(in, SafetensorsFormat.LENGTH_BYTES), StandardCharsets.UTF_8);
        try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            return new HeaderParser(file, in, json, anyType).parse();
        } catch (JacksonIOException e) {
            if (e.getCause() instanceof UTFDataFormatException malformed) {
                throw new SafetensorsException(file, "header", malformed.getMessage(), "UTF-8");
            }
            throw e.getCause();
        } catch (JacksonException e) {
            throw notJson(file, in, e);
        }
    }

    private static IOException notJson(Path file, HeaderInput in, JacksonException e) throws IOException {
        String found = Json.problem(e);
        if (e.getLocation() != null) { // null if a limit was exceeded
            long offset =
                    SafetensorsFormat.LENGTH_BYTES + in.offsetOf(e.getLocation().getCharOffset());
            found += " at byte " + offset + " of the file";
        }
        return (IOException) new SafetensorsException(file, "header", found, "valid JSON").initCause(e);
    }

    private SafetensorsHeader parse() throws IOException {
        in.allowTo(MAX_ENTRY_BYTES, LONG_ENTRY);
        json.nextToken(); // TensorFile checked that it is {
        Set<String> names = new HashSet<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            checkName("header", names.add(name), name);
            if (name.equals(SafetensorsFormat.METADATA)) {
                parseMetadata();
            } else {
                checkTensorName(name);
                checkCount(tensors.size(), MAX_TENSORS, "tensors");
                tensors.add(entryParser.parse(name));
            }
            in.allowTo(in.position() + MAX_ENTRY_BYTES, LONG_ENTRY);
        }
        in.allowTo(MAX_HEADER_BYTES, ""); // spaces, which the parser does not keep
        if (json.nextToken() != null) {
            throw new SafetensorsException(file, "header", "more after the JSON object", "only spaces");
        }
        // header order is arbitrary, and other writers make use of that
        tensors.sort(Comparator.comparingLong(TensorEntry::begin));
        String sha256 = takeSha256();
        return new SafetensorsHeader(metadata, tensors, sha256, sha256 == null ? 0 : in.offsetOf(sha256Chars));
    }

    private void parseMetadata() throws SafetensorsException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new SafetensorsException(file, "metadata", TensorEntryParser.describe(json), "an object of strings");
        }
        long end = in.position() + MAX_METADATA_BYTES;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = json.currentName();
            checkName("metadata", !metadata.containsKey(key), key);
            checkCount(metadata.size(), MAX_METADATA_ENTRIES, "metadata entries");
            if (json.nextToken() != JsonToken.VALUE_STRING) {
                String found = TensorEntryParser.describe(json) + " for " + Quoted.of(key);
                throw new SafetensorsException(file, "metadata", found, "a string");
            }
            if (key.equals(SafetensorsFormat.SHA256)) {
                sha256Chars = json.currentTokenLocation().getCharOffset() + 1; // after the quote
            }
            in.allowTo(end, LONG_METADATA);
            String value = json.getString();
            checkText("metadata", value);
            metadata.put(key, value);
            long next = in.position() + MAX_ENTRY_BYTES;
            in.allowTo(Math.min(next, end), next < end ? LONG_ENTRY : LONG_METADATA);
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

    private void checkTensorName(String name) throws SafetensorsException {
        String flaw = SafetensorsFormat.flawOfName(name);
        if (flaw != null) {
            throw new SafetensorsException(file, "header", flaw + ", " + Quoted.of(name), SafetensorsFormat.NAME_RULE);
        }
    }

    private void checkText(String where, String text) throws SafetensorsException {
        if (Surrogates.unpaired(text) >= 0) {
            throw new SafetensorsException(file, where, Quoted.of(text) + " with an unpaired surrogate", "Unicode");
        }
    }

    private void checkCount(int soFar, int max, String what) throws SafetensorsException {
        if (soFar == max) {
            throw new SafetensorsException(file, "header", "more than " + max + " " + what, "at most " + max);
        }
    }
}

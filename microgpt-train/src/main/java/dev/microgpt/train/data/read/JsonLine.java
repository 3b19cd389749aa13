package dev.microgpt.train.data.read;

import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.Surrogates;
import dev.microgpt.train.internal.json.Json;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads one field of a line of JSON Lines, which must be one object.
 *
 * @see <a href="https://jsonlines.org">JSON Lines</a>
 */
final class JsonLine {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNameLength(SplitText.LONGEST)
                    .maxNumberLength(SplitText.LONGEST)
                    .maxStringLength(SplitText.LONGEST)
                    .build())
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES) // a table would keep those of all lines
            .build();

    private final SplitText in;
    private final String field;

    JsonLine(SplitText in, String field) {
        this.in = in;
        this.field = field;
    }

    /** Returns the value of the field in a line. */
    String value(String line) throws DataException {
        String value;
        try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw refusal("found " + kind(json.currentToken())
                        + ", expected one JSON object per line with the field " + Quoted.of(field));
            }
            value = valueIn(json);
            if (json.nextToken() != null) {
                throw refusal("found more after the JSON object at column "
                        + json.currentTokenLocation().getColumnNr() + ", expected one object per line with the field "
                        + Quoted.of(field));
            }
        } catch (JacksonException malformed) {
            int column = malformed.getLocation() == null
                    ? 1
                    : malformed.getLocation().getColumnNr();
            String repair = malformed instanceof UnexpectedEndOfInputException
                    ? "; to write each object in one line: jq -c ."
                    : "";
            throw refusal("found no valid JSON at column " + column + " (" + Json.problem(malformed)
                    + "), expected one JSON object per line with the field " + Quoted.of(field) + repair);
        }
        if (value == null) {
            Set<String> names = names(line);
            throw refusal("the object has no field " + Quoted.of(field) + ", but must have it; "
                    + (names.isEmpty() ? "it is empty" : "its fields are " + FieldNames.list(names)));
        }
        checkCharacters(value);
        return TextReader.lineFeeds(value);
    }

    private @Nullable String valueIn(JsonParser json) throws DataException {
        String value = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            boolean isWanted = json.currentName().equals(field);
            JsonToken token = json.nextToken();
            if (!isWanted) {
                json.skipChildren();
            } else if (value != null) {
                throw refusal("the object has the field " + Quoted.of(field) + " twice, but must have it once");
            } else if (token != JsonToken.VALUE_STRING) {
                throw refusal("the field " + Quoted.of(field) + " is " + kind(token) + ", but must be a string");
            } else {
                value = json.getString();
            }
        }
        return value;
    }

    private static String kind(@Nullable JsonToken token) {
        if (token == null) {
            return "nothing";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            default -> token.asString();
        };
    }

    /** Refuses what no text may have, but JSON can spell. */
    private void checkCharacters(String value) throws DataException {
        if (value.indexOf('\0') >= 0) {
            throw refusal("the field " + Quoted.of(field) + " has the character U+0000, but must be text");
        }
        int half = Surrogates.unpaired(value);
        if (half >= 0) {
            throw refusal("the field " + Quoted.of(field) + " has half of a surrogate pair, \\u"
                    + Integer.toHexString(value.charAt(half)) + ", but must be text");
        }
    }

    /** Returns the names of all fields of an object. */
    private static Set<String> names(String line) {
        Set<String> names = new LinkedHashSet<>();
        try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), line)) {
            json.nextToken();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                names.add(json.currentName());
                json.nextToken();
                json.skipChildren();
            }
        }
        return names;
    }

    private DataException refusal(String message) {
        return in.refusal(in.line(), message);
    }
}

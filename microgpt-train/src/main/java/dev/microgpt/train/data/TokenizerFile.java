package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.DataException;
import dev.microgpt.train.internal.AtomicFile;
import dev.microgpt.train.internal.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * The tokenizer of a prepared corpus as a JSON object of texts, {@code {"type":"char","alphabet":"…"}}.
 *
 * <p>Another type of tokenizer is another {@code write} and another case in {@link #tokenizer}.
 */
final class TokenizerFile {
    private static final String TYPE = "type";
    private static final String CHAR = "char";
    private static final String ALPHABET = "alphabet";
    private static final String EXPECTED = "{\"type\":\"char\",\"alphabet\":\"…\"}";

    private final Path file;
    private final Map<String, String> fields = new LinkedHashMap<>();

    private TokenizerFile(Path file) {
        this.file = file;
    }

    static void write(Path file, CharTokenizer tokenizer) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty(TYPE, CHAR);
            json.writeStringProperty(ALPHABET, tokenizer.alphabet());
            json.writeEndObject();
        }
        text.write("\n");
        byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
        AtomicFile.replace(file, out -> out.write(content));
    }

    static CharTokenizer read(Path file) throws IOException {
        JsonFactory utf8 = JsonFactory.builder()
                .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
                .build();
        try (InputStream in = Files.newInputStream(file);
                JsonParser json = utf8.createParser(ObjectReadContext.empty(), in)) {
            TokenizerFile read = new TokenizerFile(file);
            read.parse(json);
            return read.tokenizer();
        } catch (JacksonIOException e) {
            throw e.getCause();
        } catch (JacksonException e) {
            // what follows is advice for programmers: which of the parser's features to enable
            String found =
                    Quoted.plain(e.getOriginalMessage().split("[(:]", 2)[0].strip());
            String where = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw wrong(file, "invalid JSON" + where + " (" + found + ")");
        }
    }

    private void parse(JsonParser json) throws DataException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw wrong(file, "no JSON object");
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            if (json.nextToken() != JsonToken.VALUE_STRING) {
                throw wrong(file, "no text in the field " + Quoted.of(name));
            }
            if (fields.put(name, json.getString()) != null) {
                throw wrong(file, "the field " + Quoted.of(name) + " twice");
            }
        }
        if (json.nextToken() != null) {
            throw wrong(file, "something after the JSON object");
        }
    }

    private CharTokenizer tokenizer() throws DataException {
        String type = take(TYPE);
        CharTokenizer tokenizer = switch (type) {
            case CHAR -> ofAlphabet(take(ALPHABET));
            default -> throw wrong(file, "the type " + Quoted.of(type));
        };
        if (!fields.isEmpty()) {
            String unknown = fields.keySet().iterator().next();
            throw wrong(file, "the unknown field " + Quoted.of(unknown));
        }
        return tokenizer;
    }

    private CharTokenizer ofAlphabet(String alphabet) throws DataException {
        try {
            return CharTokenizer.ofAlphabet(alphabet);
        } catch (IllegalArgumentException e) {
            throw new DataException("data " + file + ": " + e.getMessage());
        }
    }

    private String take(String name) throws DataException {
        String value = fields.remove(name);
        if (value == null) {
            throw wrong(file, "no field " + Quoted.of(name));
        }
        return value;
    }

    private static DataException wrong(Path file, String found) {
        return new DataException("data " + file + ": found " + found + ", expected " + EXPECTED);
    }
}

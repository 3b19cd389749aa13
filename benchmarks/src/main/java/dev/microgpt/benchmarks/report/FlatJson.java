package dev.microgpt.benchmarks.report;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON objects as flat maps: each number, string, boolean or null as text, by its path in the object, such as
 * {@code primaryMetric/score} or {@code jvmArgs/0}.
 */
final class FlatJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private FlatJson() {}

    /**
     * Reads a list of objects, or objects one after another.
     *
     * @throws IllegalArgumentException if the file holds anything else
     */
    static List<Map<String, String>> read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + ": this is a folder; name the files in it");
        }
        List<Map<String, String>> objects = new ArrayList<>();
        int prefix = 0; // length of the path of the current object, with the slash after it
        try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), Files.readString(file))) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                TokenStreamContext context = json.streamReadContext();
                String path = context.pathAsPointer().toString();
                if (token == JsonToken.START_OBJECT && isOutermost(context)) {
                    objects.add(new LinkedHashMap<>());
                    prefix = path.length() + 1;
                } else if (token.isScalarValue()) {
                    if (!isInObject(context)) {
                        throw new IllegalArgumentException(
                                file + ": there is a value outside of all objects, " + json.getString());
                    }
                    objects.get(objects.size() - 1).put(path.substring(prefix), json.getString());
                }
            }
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + ": this is not text, but must be JSON in UTF-8", e);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + ": the JSON is invalid, " + e.getOriginalMessage(), e);
        }
        return objects;
    }

    private static boolean isOutermost(TokenStreamContext object) {
        return !isInObject(object.getParent());
    }

    private static boolean isInObject(TokenStreamContext context) {
        return context.inObject() || context.getParent() != null && isInObject(context.getParent());
    }
}

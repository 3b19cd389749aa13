package dev.microgpt.cli;

import dev.microgpt.train.internal.json.Json;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a server answered.
 *
 * @param status  the status code
 * @param headers the headers, by their names in lower case
 * @param bytes   the body, without the framing of its chunks
 */
record HttpAnswer(int status, Map<String, List<String>> headers, byte[] bytes) {
    String body() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The value of a header, empty if there is none. */
    String header(String name) {
        return String.join(", ", headers.getOrDefault(name, List.of()));
    }

    /** A value in the JSON of the body: names lead into objects, numbers into lists. */
    Object at(Object... path) {
        return in(Json.readObject("answer", body()), path);
    }

    static Object in(Object json, Object... path) {
        Object value = json;
        for (Object step : path) {
            value = step instanceof Integer index ? ((List<?>) value).get(index) : ((Map<?, ?>) value).get(step);
            Objects.requireNonNull(value, () -> step + " of " + List.of(path) + " in " + json);
        }
        return value;
    }

    String text(Object... path) {
        return (String) at(path);
    }

    int integer(Object... path) {
        return ((BigInteger) at(path)).intValueExact();
    }

    /** The error object as "type param code", with null for what it does not name. */
    String error() {
        Map<?, ?> error = (Map<?, ?>) at("error");
        return error.get("type") + " " + error.get("param") + " " + error.get("code");
    }

    @Override
    public String toString() {
        String body = body();
        return status + " " + headers + " " + body.substring(0, Math.min(500, body.length()));
    }
}

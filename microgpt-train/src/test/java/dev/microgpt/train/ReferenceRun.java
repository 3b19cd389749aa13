package dev.microgpt.train;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Figures of a run of another program, as they were recorded from that program itself: what data and settings they
 * belong to stands in {@link #about}.
 */
final class ReferenceRun {
    private final Map<String, Object> figures;

    private ReferenceRun(Map<String, Object> figures) {
        this.figures = figures;
    }

    /** Reads {@code reference-NAME.json}. */
    static ReferenceRun read(String name) throws IOException {
        String resource = "reference-" + name + ".json";
        try (InputStream in = ReferenceRun.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("there is no test resource " + resource);
            }
            try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), in)) {
                json.nextToken();
                return new ReferenceRun(object(json));
            }
        }
    }

    String about() {
        return text("about");
    }

    String text(String key) {
        return (String) figure(key);
    }

    /** The figures under a key. */
    ReferenceRun part(String key) {
        Map<String, Object> part = new LinkedHashMap<>();
        ((Map<?, ?>) figure(key)).forEach((name, value) -> part.put((String) name, value));
        return new ReferenceRun(part);
    }

    double number(String key) {
        return ((Number) figure(key)).doubleValue();
    }

    double[] numbers(String key) {
        return toArray((List<?>) figure(key));
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (Object text : (List<?>) figure(key)) {
            texts.add((String) text);
        }
        return texts;
    }

    /** Matrices by name, each of them flat. */
    Map<String, double[]> tensors(String key) {
        Map<String, double[]> tensors = new LinkedHashMap<>();
        ((Map<?, ?>) figure(key)).forEach((name, rows) -> {
            List<Object> flat = new ArrayList<>();
            for (Object row : (List<?>) rows) {
                flat.addAll(row instanceof List<?> list ? list : List.of(row));
            }
            tensors.put((String) name, toArray(flat));
        });
        return tensors;
    }

    /** The parts under a key, by name. */
    Map<String, ReferenceRun> parts(String key) {
        ReferenceRun outer = part(key);
        Map<String, ReferenceRun> parts = new LinkedHashMap<>();
        for (String name : outer.figures.keySet()) {
            parts.put(name, outer.part(name));
        }
        return parts;
    }

    /** The keys, in their order. */
    Set<String> names() {
        return figures.keySet();
    }

    boolean has(String key) {
        return figures.containsKey(key);
    }

    boolean flag(String key) {
        return (Boolean) figure(key);
    }

    long integer(String key) {
        return ((Number) figure(key)).longValue();
    }

    int[] integers(String key) {
        return integers(figure(key));
    }

    /** Lists of integers. */
    List<int[]> rows(String key) {
        List<int[]> rows = new ArrayList<>();
        for (Object row : (List<?>) figure(key)) {
            rows.add(integers(row));
        }
        return rows;
    }

    private static int[] integers(Object numbers) {
        return ((List<?>) numbers)
                .stream().mapToInt(number -> ((Number) number).intValue()).toArray();
    }

    private Object figure(String key) {
        Object figure = figures.get(key);
        if (figure == null) {
            throw new IllegalArgumentException("the recording has no \"" + key + "\"; it has " + figures.keySet());
        }
        return figure;
    }

    private static double[] toArray(List<?> numbers) {
        return numbers.stream()
                .mapToDouble(number -> ((Number) number).doubleValue())
                .toArray();
    }

    private static Map<String, Object> object(JsonParser json) {
        Map<String, Object> object = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            object.put(name, value(json));
        }
        return object;
    }

    private static List<Object> array(JsonParser json) {
        List<Object> array = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(json));
        }
        return array;
    }

    private static Object value(JsonParser json) {
        return switch (json.currentToken()) {
            case START_OBJECT -> object(json);
            case START_ARRAY -> array(json);
            case VALUE_STRING -> json.getString();
            case VALUE_TRUE, VALUE_FALSE -> json.getBooleanValue();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getNumberValue();
            default -> throw new IllegalArgumentException("unexpected " + json.currentToken());
        };
    }
}

package dev.microgpt.train.huggingface;

import dev.microgpt.train.internal.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The folders created by {@code record_torch_gpt2_folders.py} and {@code record_transformers_gpt2.py}, and the results
 * of PyTorch for them.
 */
final class RecordedFolders {
    /** With a tokenizer, all number types, and a tied head. */
    static final String MIXED = "mixed";

    /** In two files, with an untied head, without a tokenizer. */
    static final String SHARDED = "sharded";

    private RecordedFolders() {}

    /**
     * A recorded result.
     *
     * @param folder  the name of the folder
     * @param changes to its {@code config.json}
     * @param ids     the input
     * @param columns the tokens whose log-probabilities were recorded
     * @param result  one row per input token
     */
    record Case(String folder, Map<String, Object> changes, int[] ids, int[] columns, double[][] result) {
        @Override
        public String toString() {
            return folder + " " + changes;
        }
    }

    static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>(cases("log-probabilities.json"));
        cases.addAll(cases("transformers.json"));
        return cases;
    }

    private static List<Case> cases(String file) throws IOException {
        try (InputStream in = RecordedFolders.class.getResourceAsStream(file)) {
            List<Case> cases = new ArrayList<>();
            for (Object object : (List<?>) Json.readSmallObject("recording", in).get("cases")) {
                Map<String, Object> recorded = Json.object("case", object);
                List<?> rows = (List<?>) recorded.get("result");
                double[][] result = new double[rows.size()][];
                for (int i = 0; i < result.length; i++) {
                    result[i] = ((List<?>) rows.get(i))
                            .stream()
                                    .mapToDouble(x -> ((Number) x).doubleValue())
                                    .toArray();
                }
                cases.add(new Case(
                        (String) recorded.get("folder"),
                        Json.object("config", recorded.get("config")),
                        ints(recorded.get("ids")),
                        ints(recorded.get("columns")),
                        result));
            }
            return cases;
        }
    }

    private static int[] ints(Object list) {
        return ((List<?>) list)
                .stream().mapToInt(x -> ((BigInteger) x).intValueExact()).toArray();
    }

    /** Copies a folder. */
    static Path copy(String name, Path to) throws IOException {
        try {
            Path from = Path.of(RecordedFolders.class.getResource(name).toURI());
            Files.createDirectories(to);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
                for (Path file : files) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
            return to;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sets a field of a {@code config.json}, where it is on a line of its own. */
    static void set(Path folder, String key, Object value) throws IOException {
        Path file = folder.resolve("config.json");
        List<String> lines = new ArrayList<>(Files.readAllLines(file, StandardCharsets.UTF_8));
        lines.removeIf(line -> line.startsWith("  \"" + key + "\""));
        String text = value instanceof String name ? '"' + name + '"' : String.valueOf(value);
        lines.add(1, "  \"" + key + "\": " + text + ",");
        Files.writeString(file, String.join("\n", lines));
    }

    /** Removes a field of a {@code config.json}, which must not be the last one. */
    static void remove(Path folder, String key) throws IOException {
        Path file = folder.resolve("config.json");
        List<String> lines = new ArrayList<>(Files.readAllLines(file, StandardCharsets.UTF_8));
        lines.removeIf(line -> line.startsWith("  \"" + key + "\""));
        Files.writeString(file, String.join("\n", lines));
    }
}

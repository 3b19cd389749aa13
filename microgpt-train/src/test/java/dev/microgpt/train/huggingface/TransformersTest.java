package dev.microgpt.train.huggingface;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.GptConfig;
import dev.microgpt.train.internal.json.Json;
import dev.microgpt.train.internal.json.JsonWriter;
import dev.microgpt.train.safetensors.NumberType;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A setting is accepted if transformers computes the same with it, as recorded, and refused if it does not. */
class TransformersTest {
    @TempDir
    private Path temporary;

    private static Map<String, Object> recorded() throws IOException {
        try (InputStream in = TransformersTest.class.getResourceAsStream("transformers.json")) {
            return Json.readObject("recording", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static List<Map<String, Object>> recorded(String name) throws IOException {
        List<Map<String, Object>> cases = new ArrayList<>();
        for (Object element : (List<?>) recorded().get(name)) {
            cases.add(Json.object(name, element));
        }
        return cases;
    }

    static List<Map<String, Object>> tokenizers() throws IOException {
        return recorded("tokenizers");
    }

    static List<Map<String, Object>> sizes() throws IOException {
        return recorded("sizes");
    }

    private static int[] ints(Object list) {
        return ((List<?>) list)
                .stream().mapToInt(x -> ((BigInteger) x).intValueExact()).toArray();
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void tokenizerIsRefusedWhereTransformersGivesOtherIds(Map<String, Object> recorded) throws IOException {
        Path mixed = RecordedFolders.copy(RecordedFolders.MIXED, temporary.resolve("mixed"));
        Path folder = temporary.resolve("model");
        Gpt2Folder.write(folder, Gpt2Folder.read(mixed), NumberType.F32, false);
        Files.writeString(folder.resolve("tokenizer_config.json"), JsonWriter.text(recorded.get("settings")));
        Path tokenizer = folder.resolve("tokenizer.json");
        if (recorded.get("json").equals(true)) {
            Map<String, Object> object =
                    new LinkedHashMap<>(Json.readObject("tokenizer.json", Files.readString(tokenizer)));
            object.put("post_processor", recorded.get("post_processor"));
            Files.writeString(tokenizer, JsonWriter.text(object));
        } else {
            Files.delete(tokenizer);
        }
        String text = (String) recorded().get("text");
        int[] theirs = ints(recorded.get("ids"));
        int[] plain = Gpt2Folder.read(mixed).tokenizer().encode(text);
        if (Arrays.equals(theirs, plain)) {
            assertArrayEquals(theirs, Gpt2Folder.read(folder).tokenizer().encode(text));
        } else {
            HuggingFaceException e = assertThrows(HuggingFaceException.class, () -> Gpt2Folder.read(folder));
            assertTrue(e.getMessage().contains("a text has other ids in transformers than here"), e.getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void sizesAreRefusedWhereTransformersTakesOthers(Map<String, Object> recorded) throws IOException {
        Files.writeString(temporary.resolve("config.json"), JsonWriter.text(recorded.get("config")));
        Map<String, Object> named = Json.object("config", recorded.get("config"));
        int[] theirs = ints(recorded.get("sizes"));
        int[] plain = new int[4];
        String[] names = {"n_layer", "n_head", "n_embd", "n_positions"};
        for (int i = 0; i < plain.length; i++) {
            plain[i] = ((BigInteger) named.get(names[i])).intValueExact();
        }
        if (Arrays.equals(theirs, plain)) {
            GptConfig config = Gpt2Folder.readConfig(temporary);
            assertArrayEquals(theirs, new int[] {config.nLayer(), config.nHead(), config.nEmbd(), config.blockSize()});
        } else {
            assertThrows(HuggingFaceException.class, () -> Gpt2Folder.readConfig(temporary));
        }
    }

    @Test
    void everyCaseIsRecorded() throws IOException {
        assertEquals(5, sizes().size());
        assertEquals(20, tokenizers().size());
    }
}

package dev.microgpt.train.huggingface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Shape;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.fuzz.CountedCases;
import dev.microgpt.train.safetensors.NamedTensor;
import dev.microgpt.train.safetensors.NumberType;
import dev.microgpt.train.safetensors.SafetensorsException;
import dev.microgpt.train.safetensors.TensorFile;
import dev.microgpt.train.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(CountedCases.class)
class Gpt2WeightsTest {
    private static final Tokenizer TEN_LETTERS = CharTokenizer.ofAlphabet("abcdefghij");
    private static final String FIRST = "model-00001-of-00002.safetensors";
    private static final String SECOND = "model-00002-of-00002.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    @TempDir
    private Path temporary;

    private Path folder;

    /** The tensors of the recorded model, from both of its files. */
    private final Map<String, NamedTensor> tensors = new LinkedHashMap<>();

    @BeforeEach
    void readTheRecordedModel() throws IOException {
        folder = RecordedFolders.copy(RecordedFolders.SHARDED, temporary.resolve("model"));
        for (String name : new String[] {FIRST, SECOND}) {
            try (TensorFile file = TensorFile.open(folder.resolve(name))) {
                for (TensorInfo tensor : file.tensors()) {
                    tensors.put(
                            tensor.name(), new NamedTensor(tensor.name(), tensor.shape(), file.read(tensor.name())));
                }
            }
        }
    }

    private LanguageModel read() throws IOException {
        TensorFile.write(folder.resolve("model.safetensors"), Map.of(), List.copyOf(tensors.values()), NumberType.F64);
        return Gpt2Folder.read(folder, TEN_LETTERS).model();
    }

    private String refused() {
        return assertThrows(HuggingFaceException.class, this::read).getMessage();
    }

    private void put(String name, int... dims) {
        Shape shape = Shape.of(dims);
        tensors.put(name, new NamedTensor(name, shape, new double[shape.size()]));
    }

    @Test
    void productsAreTransposedAndAttentionIsSplitInThree() throws IOException {
        LanguageModel gpt = read();
        double[] joined = tensors.get("h.1.attn.c_attn.weight").data(); // (16, 48)
        double[] bias = tensors.get("h.1.attn.c_attn.bias").data();
        double[] inner = tensors.get("h.1.mlp.c_fc.weight").data(); // (16, 24)
        String[] names = {"q", "k", "v"};
        for (int part = 0; part < 3; part++) {
            double[] weight =
                    gpt.parameters().get("layer1.attn_w" + names[part]).data();
            for (int out = 0; out < 16; out++) {
                for (int in = 0; in < 16; in++) {
                    assertEquals(joined[in * 48 + part * 16 + out], weight[out * 16 + in]);
                }
                assertEquals(
                        bias[part * 16 + out],
                        gpt.parameters().get("layer1.attn_b" + names[part]).data()[out]);
            }
        }
        assertEquals(Shape.of(24, 16), gpt.parameters().get("layer1.mlp_fc1").shape());
        assertEquals(inner[3 * 24 + 7], gpt.parameters().get("layer1.mlp_fc1").data()[7 * 16 + 3]);
    }

    @Test
    void severalThingsThatAreWrongAreToldAtOnceWithTheFirstFiveOfEach() {
        for (int i = 0; i < 2; i++) {
            tensors.remove("h." + i + ".ln_1.weight");
            tensors.remove("h." + i + ".ln_2.weight");
            tensors.remove("h." + i + ".mlp.c_proj.bias");
        }
        put("wte.weight", 16, 11);
        put("h.0.attn.c_attn.weight", 48, 16);
        put("score.weight", 2, 16);
        assertEquals(
                folder + ": the tensors are not those of config.json: 6 missing (h.0.ln_1.weight (16), h.0.ln_2.weight"
                        + " (16), h.0.mlp.c_proj.bias (16), h.1.ln_1.weight (16), h.1.ln_2.weight (16), …);"
                        + " 1 unexpected (score.weight (2, 16)); 2 different (wte.weight is (16, 11), expected"
                        + " (11, 16), h.0.attn.c_attn.weight is (48, 16), expected (16, 48))",
                refused());
    }

    @Test
    void headThatIsMissingThoughItIsNotTiedIsNamed() {
        tensors.remove("lm_head.weight");
        assertEquals(
                folder + ": the tensors are not those of config.json: 1 missing (lm_head.weight (11, 16))", refused());
    }

    @Test
    void tiedHeadMayBeThereIfItIsTheSame() throws IOException {
        RecordedFolders.set(folder, "tie_word_embeddings", false);
        Path file = folder.resolve("config.json");
        Files.writeString(file, Files.readString(file).replace("embeddings\": false", "embeddings\": true"));
        assertTrue(
                refused().startsWith(folder + ": found lm_head.weight with "),
                "a head of its own was taken for a tied one");
        double[] tokens = tensors.get("wte.weight").data();
        tensors.put("lm_head.weight", new NamedTensor("lm_head.weight", Shape.of(11, 16), tokens));
        LanguageModel gpt = read();
        assertEquals(tokens[17], gpt.parameters().get("wte").data()[17]);
        assertThrows(IllegalArgumentException.class, () -> gpt.parameters().get("lm_head"));
    }

    @Test
    void masksOfOldFilesAreNotRead() throws IOException {
        put("h.0.attn.bias", 1, 1, 9, 9);
        put("h.1.attn.masked_bias");
        assertSame(2, ((GptConfig) read().config()).nLayer());
        put("h.0.attn.biases", 1);
        assertTrue(refused().endsWith("1 unexpected (h.0.attn.biases (1))"));
    }

    @Test
    void layersThatTheFilesCannotHaveAreRefusedBeforeTheyAreCounted() throws IOException {
        RecordedFolders.set(folder, "n_layer", Integer.MAX_VALUE);
        assertEquals(
                folder + ": found n_layer 2147483647 in config.json but only 29 tensors, expected 12 per layer; does"
                        + " config.json belong to these weights?",
                refused());
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity", "-Infinity"})
    void numberThatIsNoneIsNamed(double number) {
        tensors.get("h.1.ln_2.bias").data()[5] = number;
        assertEquals(
                folder + ": tensor \"h.1.ln_2.bias\": found " + number + " at index 5, expected only finite numbers",
                refused());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "wte.weight": "model-00001 | "wte.weight": "model-00002 | : found tensor "wte.weight" listed in "model-00002-of-00002.safetensors", expected the file that contains it
        "wte.weight": "model-00001 | "wtf.weight": "model-00001 | : found tensor "wtf.weight" listed in "model-00001-of-00002.safetensors", expected the file that contains it
        "wte.weight": "model-00001-of | "wte.weight": "model-00003-of | : found the file name "model-00003-of-00002.safetensors", expected a file that exists
        "wte.weight": "model-00001 | "wte.weight": "../model-00001 | , field "weight_map": found "../model-00001-of-00002.safetensors" for "wte.weight", expected the name of a file in this folder
        "wte.weight": "model-00001-of-00002.safetensors" | "wte.weight": "a/b.safetensors" | , field "weight_map": found "a/b.safetensors" for "wte.weight", expected the name of a file in this folder
        "wte.weight": "model-00001-of-00002.safetensors" | "wte.weight": "\\u0000.safetensors" | , field "weight_map": found "\\u0000.safetensors" for "wte.weight", expected the name of a file in this folder
        "wte.weight": "model-00001-of-00002.safetensors" | "wte.weight": "\\ud800.safetensors" | , field "weight_map": found "\\ud800.safetensors" for "wte.weight", expected the name of a file in this folder
        "wte.weight": "model-00001-of-00002.safetensors" | "wte.weight": 7 | , field "weight_map": found 7 for "wte.weight", expected the name of a file in this folder
        "wte.weight": "model-00001-of-00002.safetensors", | | : found no tensor "wte.weight", expected all tensors of the files
        "weight_map" | "weights" | , field "weight_map": found nothing, expected a JSON object
        """)
    void indexThatContradictsTheFilesIsRefused(String from, String to, String message) throws IOException {
        Path index = folder.resolve(INDEX);
        String text = Files.readString(index);
        assertTrue(text.contains(from));
        Files.writeString(index, text.replace(from, to == null ? "" : to));
        HuggingFaceException e = assertThrows(HuggingFaceException.class, () -> Gpt2Folder.read(folder, TEN_LETTERS));
        assertEquals(index + message, e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        n_embd | 1000000000 | /config.json: shape (1000000000, 1000000000): has 1000000000000000000 elements, but an array holds
        vocab_size | 2147483647 | /config.json: shape (2147483647, 16): has 34359738352 elements, but an array holds at most
        n_positions | 2147483647 | /config.json: shape (2147483647, 16): has 34359738352 elements, but an array holds at most
        n_inner | 2147483647 | /config.json: shape (16, 2147483647): has 34359738352 elements, but an array holds at most
        n_positions | 100000000 | : the tensors are not those of config.json: 1 different (wpe.weight is (9, 16), expected (100000000, 16))
        n_layer | 1 | : the tensors are not those of config.json: 12 unexpected (h.1.attn.c_attn.bias (48),
        """)
    void sizesThatTheWeightsDoNotHaveAreRefusedBeforeTheyTakeMemory(String key, int value, String message)
            throws IOException {
        Path config = folder.resolve("config.json");
        String others = Files.readString(config);
        Files.writeString(config, others.replaceFirst("\"" + key + "\": \\d+", "\"" + key + "\": " + value));
        assertTrue(refused().startsWith(folder + message), refused());
    }

    @Test
    void damagedFileOfWeightsIsRefused() throws IOException {
        Path file = folder.resolve(SECOND);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        assertThrows(SafetensorsException.class, () -> Gpt2Folder.read(folder, TEN_LETTERS));
    }
}

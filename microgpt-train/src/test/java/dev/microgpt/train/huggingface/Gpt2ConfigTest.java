package dev.microgpt.train.huggingface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.model.AttentionScale;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Initialization;
import dev.microgpt.model.Norm;
import dev.microgpt.train.fuzz.CountedCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(CountedCases.class)
class Gpt2ConfigTest {
    @TempDir
    private Path folder;

    private GptConfig read(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
        return Gpt2Folder.readConfig(folder);
    }

    @Test
    void whatIsAbsentHasTheDefaultOfTransformers() throws IOException {
        GptConfig config = read("{\"model_type\":\"gpt2\",\"vocab_size\":50257,\"n_layer\":12,\"n_head\":12,"
                + "\"n_embd\":768,\"n_positions\":1024,\"something_new\":{\"a\":[1]}}");
        assertEquals(GptConfig.gpt2(50_257), config);
    }

    @Test
    void oldAndGeneralNamesOfSizesAreKnown() throws IOException {
        GptConfig config = read("{\"architectures\":[\"GPT2LMHeadModel\"],\"vocab_size\":5,\"num_hidden_layers\":3,"
                + "\"num_attention_heads\":2,\"hidden_size\":8,\"n_ctx\":7,\"n_inner\":null}");
        assertEquals(GptConfig.gpt2(5).withSizes(3, 2, 8, 7), config);
    }

    @Test
    void equalSizesUnderSeveralNamesAreAccepted() throws IOException {
        GptConfig config = read("{\"model_type\":\"gpt2\",\"vocab_size\":5,\"n_layer\":3,\"num_hidden_layers\":3,"
                + "\"n_head\":2,\"num_attention_heads\":2,\"n_embd\":8,\"hidden_size\":8,\"n_positions\":7,"
                + "\"max_position_embeddings\":7,\"n_ctx\":1024,\"pruned_heads\":{},\"quantization_config\":null}");
        assertEquals(GptConfig.gpt2(5).withSizes(3, 2, 8, 7), config); // n_ctx has no effect in transformers
    }

    @Test
    void allThatAModelHereCanHaveIsTaken() throws IOException {
        GptConfig config = read("{\"model_type\":\"gpt2\",\"vocab_size\":5,\"n_layer\":3,\"n_head\":2,\"n_embd\":8,"
                + "\"n_positions\":7,\"n_inner\":11,\"activation_function\":\"relu\",\"layer_norm_epsilon\":1e-6,"
                + "\"tie_word_embeddings\":false,\"scale_attn_weights\":false,\"scale_attn_by_inverse_layer_idx\":true,"
                + "\"reorder_and_upcast_attn\":true,\"resid_pdrop\":0.25,\"embd_pdrop\":0,\"attn_pdrop\":0.5}");
        GptConfig variant = GptConfig.microgpt(2)
                .withNorm(Norm.LAYER_BIAS)
                .with(GptConfig.BIAS, true)
                .with(GptConfig.EMBEDDING_NORM, false)
                .with(GptConfig.FINAL_NORM, true)
                .with(GptConfig.DROPOUT, 0.25)
                .with(GptConfig.INITIALIZATION, Initialization.GPT2)
                .with(GptConfig.NORM_EPS, 1e-6)
                .with(GptConfig.ATTENTION_SCALE, AttentionScale.LAYER);
        assertEquals(variant.withVocabSize(5).withSizes(3, 2, 8, 7).withInner(11), config);
    }

    @ParameterizedTest
    @CsvSource({
        "gelu_new, gelu-tanh",
        "gelu_pytorch_tanh, gelu-tanh",
        "gelu_fast, gelu-tanh",
        "gelu, gelu",
        "gelu_python, gelu",
        "relu, relu"
    })
    void activationsHaveTheNamesOfTransformers(String name, String ours) throws IOException {
        RecordedFolders.copy(RecordedFolders.MIXED, folder);
        RecordedFolders.set(folder, "activation_function", name);
        assertEquals(ours, Gpt2Folder.readConfig(folder).activation().name());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
        model_type | "llama" | , field "model_type": found "llama", expected "gpt2", the only model type that can be imported
        model_type | 7 | , field "model_type": found 7, expected "gpt2", the only model type that can be imported
        n_layer | - | , field "n_layer": found nothing, expected a whole number; sizes have no default here
        n_layers | 2 | : found the unknown field "n_layers", expected "n_layer"; correct the spelling, or remove the field
        layer_norm_epsilons | 1 | : found the unknown field "layer_norm_epsilons", expected "layer_norm_epsilon"; correct the spelling, or remove the field
        n_layer | "2" | , field "n_layer": found "2", expected a whole number of 32 bits, at least 1
        n_layer | 2.0 | , field "n_layer": found 2.0, expected a whole number of 32 bits, at least 1
        n_layer | 2147483648 | , field "n_layer": found 2147483648, expected a whole number of 32 bits, at least 1
        n_layer | 0 | , field "n_layer": found 0, expected a whole number of 32 bits, at least 1
        n_embd | 0 | , field "n_embd": found 0, expected a whole number of 32 bits, at least 1
        n_head | 3 | : n_embd 16 is not divisible by n_head 3; the nearest multiples are 15 and 18
        n_inner | 0 | , field "n_inner": found 0, expected a whole number of 32 bits, at least 1
        n_inner | [1] | , field "n_inner": found a list, expected a whole number of 32 bits, at least 1
        n_positions | -1 | , field "n_positions": found -1, expected a whole number of 32 bits, at least 1
        activation_function | "silu" | , field "activation_function": found "silu", expected one of gelu_new, gelu_pytorch_tanh, gelu_python_tanh, gelu_accurate, gelu_fast, gelu, gelu_python, relu
        activation_function | null | , field "activation_function": found null, expected one of gelu_new, gelu_pytorch_tanh, gelu_python_tanh, gelu_accurate, gelu_fast, gelu, gelu_python, relu
        layer_norm_epsilon | 0 | , field "layer_norm_epsilon": found 0, expected a number above 0
        layer_norm_epsilon | 1e999 | , field "layer_norm_epsilon": found Infinity, expected a finite number
        layer_norm_epsilon | {} | , field "layer_norm_epsilon": found an object, expected a finite number
        resid_pdrop | 1 | , field "resid_pdrop": found 1, expected a number from 0 to below 1
        tie_word_embeddings | 1 | , field "tie_word_embeddings": found 1, expected true or false
        add_cross_attention | true | , field "add_cross_attention": found true, expected false; models that attend to the output of an encoder are not supported
        num_hidden_layers | 3 | , field "num_hidden_layers": found 3, expected 2, the value of "n_layer", of which it is another name; remove the wrong one
        num_hidden_layers | null | , field "num_hidden_layers": found null, expected 2, the value of "n_layer", of which it is another name; remove the wrong one
        num_attention_heads | 2 | , field "num_attention_heads": found 2, expected 4, the value of "n_head", of which it is another name; remove the wrong one
        hidden_size | 32 | , field "hidden_size": found 32, expected 16, the value of "n_embd", of which it is another name; remove the wrong one
        max_position_embeddings | 8 | , field "max_position_embeddings": found 8, expected 9, the value of "n_positions", of which it is another name; remove the wrong one
        max_position_embeddings | 9.0 | , field "max_position_embeddings": found 9.0, expected 9, the value of "n_positions", of which it is another name; remove the wrong one
        pruned_heads | {"0": [1]} | , field "pruned_heads": found an object, expected none; layers with fewer attention heads than others are not supported
        quantization_config | {"bits": 4} | , field "quantization_config": found an object, expected none; import the model as it was before quantization
        """)
    void whatCannotBeAModelIsRefusedByItsKey(String key, String value, String message) throws IOException {
        RecordedFolders.copy(RecordedFolders.SHARDED, folder);
        RecordedFolders.remove(folder, key);
        if (key.endsWith("s")) {
            RecordedFolders.remove(folder, key.substring(0, key.length() - 1));
        }
        Path file = folder.resolve("config.json");
        if (value != null) {
            Files.writeString(file, Files.readString(file).replaceFirst("\\{", "{\n  \"" + key + "\": " + value + ","));
        }
        HuggingFaceException e = assertThrows(HuggingFaceException.class, () -> Gpt2Folder.readConfig(folder));
        assertEquals(file + message, e.getMessage());
    }

    @Test
    void brokenJsonIsRefusedWithItsPlace() throws IOException {
        HuggingFaceException e = assertThrows(HuggingFaceException.class, () -> read("{\n  \"n_layer\": 2,\n}"));
        assertEquals(
                folder.resolve("config.json")
                        + " must be valid JSON, but is not at line 3, column 1 (Unexpected character)",
                e.getMessage());
        HuggingFaceException deep = assertThrows(HuggingFaceException.class, () -> read("{\"a\":".repeat(100_000)));
        assertEquals(
                folder.resolve("config.json")
                        + " must be valid JSON, but is not at line 1, column 162 (Document nesting depth (33) exceeds"
                        + " the maximum allowed (32))",
                deep.getMessage());
        HuggingFaceException number =
                assertThrows(HuggingFaceException.class, () -> read("{\"a\":" + "1".repeat(65) + "}"));
        assertEquals(
                folder.resolve("config.json")
                        + " must be valid JSON, but is not at line 1, column 71 (Number value length (65) exceeds the"
                        + " maximum allowed (64))",
                number.getMessage());
        assertThrows(HuggingFaceException.class, () -> read(""));
        assertThrows(HuggingFaceException.class, () -> read("[]"));
    }

    @Test
    void tokenBetweenTextsIsThatOfTheEnd() throws IOException {
        assertEquals(2, endOfText("{\"bos_token_id\":1,\"eos_token_id\":2}"));
        assertEquals(1, endOfText("{\"bos_token_id\":1,\"eos_token_id\":[2,3]}"));
        assertNull(endOfText("{\"eos_token_id\":null}"));
    }

    private Integer endOfText(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
        return Gpt2Config.read(folder).endOfText();
    }
}

package dev.microgpt.train.huggingface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.tokenizer.ByteLetters;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.TokenizerFile;
import dev.microgpt.train.fuzz.Refusals;
import dev.microgpt.train.internal.json.JsonWriter;
import dev.microgpt.train.safetensors.NumberType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers with which a text has other ids in transformers than here. */
class TokenizerSettingsTest {
    private static final String PROCESSOR =
            "\"post_processor\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,"
                    + "\"use_regex\":true}";

    @TempDir
    private Path temporary;

    private Path folder;
    private Path settings;
    private Path tokenizer;

    @BeforeEach
    void exportAModel() throws IOException {
        folder = RecordedFolders.copy(RecordedFolders.MIXED, temporary.resolve("model"));
        TrainedModel model = Gpt2Folder.read(folder);
        folder = temporary.resolve("exported");
        Gpt2Folder.write(folder, model, NumberType.F32, false);
        settings = folder.resolve("tokenizer_config.json");
        tokenizer = folder.resolve("tokenizer.json");
    }

    private String refused() {
        String message = assertThrows(HuggingFaceException.class, () -> Gpt2Folder.read(folder))
                .getMessage();
        assertEquals("", Refusals.flaw(message, settings), message);
        return message;
    }

    private static void replace(Path file, String from, String to) throws IOException {
        String text = Files.readString(file);
        assertTrue(text.contains(from), text);
        Files.writeString(file, text.replace(from, to));
    }

    @ParameterizedTest
    @CsvSource({
        "add_prefix_space, true, true",
        "add_prefix_space, 1, 1",
        "add_bos_token, true, true",
        "add_eos_token, '\"yes\"', '\"yes\"'"
    })
    void settingThatAddsToATextIsRefusedInBothFormsOfFiles(String name, String value, String found) throws IOException {
        Files.writeString(settings, "{\"tokenizer_class\": \"GPT2Tokenizer\", \"" + name + "\": " + value + "}");
        String message = settings + ", field \"" + name + "\": found " + found + ", expected false; with it, a text has"
                + " other ids in transformers than here. To import the model without it, set it to false";
        if (name.equals("add_prefix_space")) {
            assertEquals(message, refused());
        } else {
            Gpt2Folder.read(folder); // here transformers looks at the post-processor of tokenizer.json instead
        }
        Files.delete(tokenizer);
        assertEquals(message, refused());
        ByteTokenizer other = new ByteTokenizer();
        assertEquals(other, Gpt2Folder.read(folder, other).tokenizer());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"add_prefix_space\": false, \"add_bos_token\": null, \"add_eos_token\": false}",
                "{\"model_max_length\": 1024, \"errors\": \"replace\", \"unk_token\": \"<|endoftext|>\"}"
            })
    void settingsThatAddNothingAreAccepted(String json) throws IOException {
        Tokenizer expected = Gpt2Folder.read(folder).tokenizer();
        Files.writeString(settings, json);
        assertEquals(expected, Gpt2Folder.read(folder).tokenizer());
        Files.delete(settings);
        assertEquals(expected, Gpt2Folder.read(folder).tokenizer());
    }

    @Test
    void settingsThatAreNotJsonAreRefused() throws IOException {
        Files.writeString(settings, "add_prefix_space: true");
        assertTrue(refused().startsWith(settings + " must be valid JSON, but is not at line 1"), refused());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        TemplateProcessing | {"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[],"special_tokens":{}}
        TemplateProcessing | {"type":"TemplateProcessing"}
        RobertaProcessing | {"type":"RobertaProcessing","sep":["</s>",2],"cls":["<s>",0],"trim_offsets":true,"add_prefix_space":false}
        Sequence | {"type":"Sequence","processors":[{"type":"ByteLevel"},{"type":"BertProcessing","sep":["a",0],"cls":["b",1]}]}
        Sequence | {"type":"Sequence","processors":[7]}
        """)
    void postProcessorThatAddsTokensIsRefused(String type, String json) throws IOException {
        replace(tokenizer, PROCESSOR, "\"post_processor\":" + json);
        assertEquals(
                tokenizer + ": field \"post_processor\": found \"" + type + "\", which adds special tokens to a text,"
                        + " expected none or \"ByteLevel\"; with it, a text has other ids in transformers than here."
                        + " To import the model without it, remove the field",
                refused());
        TokenizerFile.read(tokenizer); // of a model yet to be trained, which never sees what transformers adds
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{\"type\":\"TemplateProcessing\",\"single\":[{\"Sequence\":{\"id\":\"A\"}}],\"pair\":[]}",
                "{\"type\":\"Sequence\",\"processors\":[{\"type\":\"ByteLevel\",\"trim_offsets\":false}]}"
            })
    void postProcessorThatAddsNothingIsAccepted(String json) throws IOException {
        Tokenizer expected = Gpt2Folder.read(folder).tokenizer();
        replace(tokenizer, PROCESSOR, "\"post_processor\":" + json);
        assertEquals(expected, Gpt2Folder.read(folder).tokenizer());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        a | 1: 0x61 ('a')
        Ġ | 1: 0x20 ('Ġ')
        ÿ | 1: 0xFF ('ÿ')
        Ā | 1: 0x00 ('Ā')
        zŃÀ | 3: 0x7A ('z'), 0xAD ('Ń'), 0xC0 ('À')
        ABCDEF | 6: 0x41 ('A'), 0x42 ('B'), 0x43 ('C'), 0x44 ('D'), 0x45 ('E'), …
        """)
    void vocabularyThatLacksBytesIsRefusedAtImport(String letters, String listed) throws IOException {
        String message = folder + ": the tokenizer must have a token for each of the 256 bytes, but lacks " + listed
                + "; transformers drops such bytes from a text. Train it with all bytes in its initial alphabet";
        writeVocabularyWithout(letters);
        assertEquals(message, refused());
        Tokenizer named = TokenizerFile.read(tokenizer);
        TrainedModel model = Gpt2Folder.read(folder, named);
        assertEquals(named, model.tokenizer());
        Files.delete(tokenizer);
        assertEquals(message, refused());
        Path other = temporary.resolve("other");
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> Gpt2Folder.write(other, model, NumberType.F32, false));
        assertEquals(message, folder + ": " + e.getMessage());
        assertTrue(Files.notExists(other));
    }

    private void writeVocabularyWithout(String letters) throws IOException {
        Map<String, Object> vocab = new LinkedHashMap<>();
        for (int b = 0; b < 256; b++) {
            String letter = ByteLetters.toLetters(new byte[] {(byte) b});
            if (!letters.contains(letter)) {
                vocab.put(letter, vocab.size());
            }
        }
        vocab.put("<|endoftext|>", vocab.size());
        Files.writeString(folder.resolve("vocab.json"), JsonWriter.text(vocab));
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n");
        String json = Files.readString(tokenizer);
        Files.writeString(
                tokenizer,
                json.substring(0, json.indexOf("\"added_tokens\"")) + "\"added_tokens\":[{\"id\":" + (vocab.size() - 1)
                        + ",\"content\":\"<|endoftext|>\",\"special\":true}],"
                        + json.substring(json.indexOf("\"normalizer\""), json.indexOf("\"vocab\"")) + "\"vocab\":"
                        + JsonWriter.text(vocab) + ",\"merges\":[]}}");
    }

    @Test
    void byteThatIsOnlyAnAddedTokenIsMissing() throws IOException {
        String json = Files.readString(tokenizer);
        String added = "\"added_tokens\":[";
        int id = Integer.parseInt(json.replaceFirst("(?s).*?\"!\":(\\d+).*", "$1"));
        Files.writeString(
                tokenizer, json.replace(added, added + "{\"id\":" + id + ",\"content\":\"!\",\"special\":true},"));
        assertTrue(refused().contains("but lacks 1: 0x21 ('!')"), refused());
    }

    @Test
    void aCompleteVocabularyEncodesEveryText() throws IOException {
        writeVocabularyWithout("");
        Tokenizer read = Gpt2Folder.read(folder).tokenizer();
        String text = "\0\u00ad é한😀";
        assertEquals(text, read.decode(read.encode(text)));
    }
}

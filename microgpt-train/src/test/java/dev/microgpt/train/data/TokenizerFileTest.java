package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeTrainer;
import dev.microgpt.model.tokenizer.BpeVocabulary;
import dev.microgpt.model.tokenizer.BpeVocabularyBuilder;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.fuzz.CountedCases;
import dev.microgpt.train.internal.json.Json;
import dev.microgpt.train.internal.json.TokenizerJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(CountedCases.class)
class TokenizerFileTest {
    private static final String TEXT = "the cat, the hat\n#tag #tag 한국어 नमस्ते سلام 😀😀 \"\\\u0001".repeat(9);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("tokenizer.json");
    }

    static List<Tokenizer> tokenizers() throws IOException {
        BpeVocabulary learnt = learnt().vocabulary();
        BpeVocabularyBuilder other =
                new BpeVocabularyBuilder().special(0, "<pad>").special(1, "<s>").bos("<s>");
        BpeVocabularyBuilder none =
                new BpeVocabularyBuilder().special(0, "<pad>").noBos();
        for (int id = 0; id < 256; id++) {
            other.token(id + 2, learnt.bytes(id));
            none.token(id + 1, learnt.bytes(id));
        }
        return List.of(
                CharTokenizer.ofAlphabet("\n\"\\abé😀"),
                new ByteTokenizer(),
                learnt(),
                new BpeTokenizer(other.build()),
                new BpeTokenizer(none.build()));
    }

    private static BpeTokenizer learnt() throws IOException {
        byte[] utf8 = TEXT.getBytes(StandardCharsets.UTF_8);
        return BpeTraining.train(TextSource.of(new ByteArrayInputStream(utf8), "test"), 300);
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void comesBackAsItWas(Tokenizer tokenizer) throws IOException {
        TokenizerFile.write(file, tokenizer);
        Tokenizer read = TokenizerFile.read(file);
        assertEquals(tokenizer, read);
        assertEquals(tokenizer.bos(), read.bos());
    }

    /** Its letters take two bytes each in the file. */
    @Test
    void theLongestTokensComeBack() throws IOException {
        BpeTokenizer spaces = BpeTraining.train(
                TextSource.of(new ByteArrayInputStream(" ".repeat(196_608).getBytes(StandardCharsets.UTF_8)), "-"),
                999);
        assertEquals(BpeVocabulary.MAX_TOKEN_BYTES, spaces.bytes(256 + 15).length);
        comesBackAsItWas(spaces);
    }

    @Test
    void aSpecialTokenThatIsSpelledLikeAnOrdinaryOneIsNotWritten() throws IOException {
        TokenizerFile.write(file, new ByteTokenizer());
        BpeVocabularyBuilder builder =
                new BpeVocabularyBuilder().token(0, new byte[] {' '}).special(1, "\u0120");
        BpeTokenizer unclear = new BpeTokenizer(builder.bos("\u0120").build());
        assertEquals(
                "tokenizer: the special token \"\u0120\" is spelled like the ordinary token 0, and files cannot tell"
                        + " them apart; rename the special token",
                assertThrows(IllegalArgumentException.class, () -> TokenizerFile.write(file, unclear))
                        .getMessage());
        assertEquals(new ByteTokenizer(), TokenizerFile.read(file));
    }

    @Test
    void whatIsLearntFromAFileOfManyPiecesIsLearntFromTheWhole() throws IOException {
        String text = TEXT.repeat(500); // the reader's pieces are 64 KiB
        Files.writeString(folder.resolve("text.txt"), text);
        BpeTokenizer fromFile = BpeTraining.train(TextSource.of(folder.resolve("text.txt")), 320);
        BpeTrainer whole = new BpeTrainer();
        whole.add(text);
        assertEquals(whole.train(320), fromFile.vocabulary());
    }

    @Test
    void mergesMayBePairsAsNewerFilesHaveThem() throws IOException {
        BpeTokenizer tokenizer = learnt();
        TokenizerFile.write(file, tokenizer);
        String older = Files.readString(file);
        String part = "((?:[^\"\\\\ ]|\\\\.)+)"; // may have escapes
        String newer = older.substring(older.indexOf("\"merges\":[") + 10)
                .replaceAll("\"" + part + " " + part + "\"", "[\"$1\",\"$2\"]");
        Files.writeString(file, older.substring(0, older.indexOf("\"merges\":[") + 10) + newer);
        assertTrue(newer.startsWith("[\""), newer);
        assertEquals(tokenizer, TokenizerFile.read(file));
    }

    @Test
    void aTokenThatWasAddedIsNotMadeFromText() throws IOException {
        BpeTokenizer tokenizer = learnt();
        TokenizerFile.write(file, tokenizer);
        Tokenizer read = TokenizerFile.read(file);
        assertEquals(read.vocabSize() - 1, read.bos());
        assertArrayEquals(tokenizer.encode("<|endoftext|>"), read.encode("<|endoftext|>"));
        assertTrue(read.encode("<|endoftext|>").length > 1);
    }

    @Test
    void theTokenThatConfigNamesIsBosEvenIfTheFileDoesNotListIt() throws IOException {
        BpeTokenizer tokenizer = learnt();
        Map<String, Object> object = new LinkedHashMap<>(Json.readObject("test", TokenizerJson.write(tokenizer)));
        object.put("added_tokens", List.of());
        assertEquals(-1, TokenizerJson.read("test", object).bos());
        assertEquals(tokenizer, TokenizerJson.read("test", object, tokenizer.bos()));
        assertEquals(-1, TokenizerJson.read("test", object, 7).bos());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`\"normalizer\":null`             | `\"normalizer\":{\"type\":\"NFC\"}`        | field \"normalizer\": found",
                "`\"type\":\"BPE\"`                | `\"type\":\"Unigram\"`                    | field \"model.type\": found \"Unigram\", expected",
                "`\"pre_tokenizer\":{\"type\":\"ByteLevel\"` | `\"pre_tokenizer\":{\"type\":\"Whitespace\"` | field \"pre_tokenizer\": found \"Whitespace\"",
                "`\"add_prefix_space\":false`      | `\"add_prefix_space\":true`               | field \"pre_tokenizer.add_prefix_space\": found true",
                "`\"use_regex\":true`              | `\"use_regex\":false`                     | field \"pre_tokenizer.use_regex\": found false",
                "`\"dropout\":null`                | `\"dropout\":0.1`                         | field \"dropout\": found 0.1",
                "`\"byte_fallback\":false`         | `\"byte_fallback\":true`                  | field \"byte_fallback\": found true",
                "`\"!\":0`                         | `\"!\":-1`                                | field \"!\": found -1, expected an id",
                "`\"!\":0`                         | `\"!\":1.5`                               | field \"!\": found 1.5, expected an id",
                "`\"!\":0`                         | `\"!\":2147483648`                        | field \"!\": found 2147483648, expected an id",
                "`\"!\":0`                         | `\"!\":1`                                 | tokenizer: id 1 is both",
                "`\"!\":0`                         | `\"!\":2147483647`                        | tokenizer: id 2147483647 of \"!\" leaves a gap",
                "`\"!\":0`                         | `\"!\":900`                               | tokenizer: id 900",
                "`\"!\":0`                         | `\"한\":0`                                | U+D55C",
                "`\"merges\":[`                    | `\"merges\":[\"a b c\",`                  | field \"merges\": found \"a b c\", expected two",
                "`\"merges\":[`                    | `\"merges\":[[\"a\"],`                    | field \"merges\": found a list, expected two",
                "`\"merges\":[`                    | `\"merges\":[\"zz q\",`                   | tokenizer:",
                "`\"id\":299`                      | `\"id\":1`                                | field \"vocab\": found",
            })
    void anotherKindOfTokenizerIsRefused(String from, String to, String message) throws IOException {
        TokenizerFile.write(file, learnt());
        String json = Files.readString(file);
        int at = json.indexOf(from);
        assertTrue(at >= 0, from);
        Files.writeString(file, json.substring(0, at) + to + json.substring(at + from.length()));
        DataException e = assertThrows(DataException.class, () -> TokenizerFile.read(file));
        assertTrue(e.getMessage().startsWith("tokenizer " + file), e.getMessage());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}

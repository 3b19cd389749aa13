package dev.microgpt.train.huggingface;

import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeVocabulary;
import dev.microgpt.model.tokenizer.BpeVocabularyBuilder;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import dev.microgpt.train.internal.json.Json;
import dev.microgpt.train.internal.json.TokenizerJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes the tokenizer files in the folder of a model. */
final class Gpt2Tokenizers {
    static final String FILE = "tokenizer.json";
    static final String SETTINGS = "tokenizer_config.json";
    private static final String ANY_CLASS = "PreTrainedTokenizerFast";

    private Gpt2Tokenizers() {}

    /**
     * Reads the tokenizer of a folder, or returns null if there is none.
     *
     * @param endOfText the id of the token that separates texts, if config.json has one
     */
    static @Nullable Tokenizer read(Path folder, @Nullable Integer endOfText) throws IOException {
        Path file = folder.resolve(FILE);
        boolean isOneFile = Files.exists(file);
        if (!isOneFile && !BpeFiles.areIn(folder)) {
            return null;
        }
        TokenizerSettings.check(folder, isOneFile);
        return isOneFile ? readFile(file, endOfText) : BpeFiles.read(folder, endOfText);
    }

    private static Tokenizer readFile(Path file, @Nullable Integer endOfText) throws IOException {
        String where = file.toString();
        try (InputStream in = OrdinaryFile.open(file)) {
            Map<String, @Nullable Object> object = Json.readObject(where, in, TokenizerJson.FIELDS);
            TokenizerSettings.checkAddsNothing(object.get("post_processor"));
            return CharTokenizerJson.isOne(object)
                    ? CharTokenizerJson.read(object)
                    : TokenizerJson.read(where, object, endOfText);
        } catch (IllegalArgumentException wrong) {
            String message = String.valueOf(wrong.getMessage());
            throw new HuggingFaceException(message.startsWith(where) ? message : where + ": " + message, wrong);
        }
    }

    /**
     * Writes the files that transformers reads; every token keeps its id.
     *
     * @param positions the block size of the model, in tokens
     * @throws IllegalArgumentException if the tokenizer is not one of this library, or cannot be written
     */
    static void write(Path folder, Tokenizer tokenizer, int positions) throws IOException {
        Path file = folder.resolve(FILE);
        Map<String, @Nullable Object> settings = new LinkedHashMap<>();
        @Nullable String endOfText = BpeVocabulary.END_OF_TEXT;
        if (tokenizer instanceof CharTokenizer chars) {
            JsonFile.writeCompact(file, CharTokenizerJson.write(chars));
            settings.put("tokenizer_class", ANY_CLASS);
        } else {
            BpeTokenizer bpe = tokenizer instanceof ByteTokenizer ? ofBytes() : bpe(tokenizer);
            JsonFile.writeCompact(file, Json.readObject(FILE, TokenizerJson.write(bpe)));
            boolean olderFiles = BpeFiles.canExpress(bpe.vocabulary());
            if (olderFiles) {
                BpeFiles.write(folder, bpe.vocabulary());
            }
            endOfText = bpe.bos() < 0 ? null : new String(bpe.vocabulary().bytes(bpe.bos()), StandardCharsets.UTF_8);
            // GPT2Tokenizer needs the older files, and without BOS it would add a token that the model does not have
            settings.put("tokenizer_class", endOfText == null || !olderFiles ? ANY_CLASS : "GPT2Tokenizer");
            settings.put("add_prefix_space", false);
            settings.put("unk_token", endOfText);
        }
        settings.put("bos_token", endOfText);
        settings.put("eos_token", endOfText);
        settings.put("clean_up_tokenization_spaces", false);
        settings.put("model_max_length", positions);
        JsonFile.write(folder.resolve(SETTINGS), settings);
    }

    /** A byte tokenizer is BPE without merges. */
    private static BpeTokenizer ofBytes() {
        ByteTokenizer bytes = new ByteTokenizer();
        BpeVocabularyBuilder builder = new BpeVocabularyBuilder();
        for (int id = 0; id < bytes.bos(); id++) {
            builder.token(id, bytes.bytes(id));
        }
        return new BpeTokenizer(
                builder.special(bytes.bos(), BpeVocabulary.END_OF_TEXT).build());
    }

    private static BpeTokenizer bpe(Tokenizer tokenizer) {
        if (tokenizer instanceof BpeTokenizer bpe) {
            return bpe;
        }
        throw new IllegalArgumentException(
                "the tokenizer is a " + tokenizer.getClass().getName() + ", which transformers cannot load");
    }
}

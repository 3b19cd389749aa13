package dev.microgpt.train.huggingface;

import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import dev.microgpt.train.internal.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings of transformers' tokenizers that change the ids of a text, and that tokenizers here do not have: they are
 * refused unless they are off.
 */
final class TokenizerSettings {
    private static final List<String> ALWAYS_USED = List.of("add_prefix_space");

    /** If there is a tokenizer.json, its post-processor counts instead of the last two. */
    private static final List<String> ALL = List.of("add_prefix_space", "add_bos_token", "add_eos_token");

    private static final String WITHOUT =
            "; with it, a text has other ids in transformers than here. To import the model without it, ";

    private TokenizerSettings() {}

    /**
     * Checks the {@code tokenizer_config.json} of a folder, if there is one.
     *
     * @param isOneFile whether the tokenizer is a {@code tokenizer.json}
     */
    static void check(Path folder, boolean isOneFile) throws IOException {
        Path file = folder.resolve(Gpt2Tokenizers.SETTINGS);
        if (!Files.exists(file)) {
            return;
        }
        Map<String, @Nullable Object> settings;
        try (InputStream in = OrdinaryFile.open(file)) {
            settings = Json.readObject(file.toString(), in, Set.copyOf(ALL));
        } catch (IllegalArgumentException wrong) {
            throw new HuggingFaceException(String.valueOf(wrong.getMessage()), wrong);
        }
        for (String name : isOneFile ? ALWAYS_USED : ALL) {
            Object value = settings.get(name);
            if (value != null && !value.equals(false)) {
                throw new HuggingFaceException(file + ", field " + Quoted.of(name) + ": found " + Quoted.value(value)
                        + ", expected false" + WITHOUT + "set it to false");
            }
        }
    }

    /**
     * Checks a {@code post_processor} of {@code tokenizer.json}.
     *
     * @throws IllegalArgumentException if it may add tokens to a text
     */
    static void checkAddsNothing(@Nullable Object processor) {
        if (processor instanceof Map<?, ?> object && addsTokens(object)) {
            throw new IllegalArgumentException("field \"post_processor\": found " + Quoted.value(object.get("type"))
                    + ", which adds special tokens to a text, expected none or \"ByteLevel\"" + WITHOUT
                    + "remove the field");
        }
    }

    private static boolean addsTokens(Map<?, ?> processor) {
        if ("ByteLevel".equals(processor.get("type"))) {
            return false;
        }
        if ("Sequence".equals(processor.get("type")) && processor.get("processors") instanceof List<?> parts) {
            for (Object part : parts) {
                if (!(part instanceof Map<?, ?> object) || addsTokens(object)) {
                    return true;
                }
            }
            return false;
        }
        boolean isTemplate = "TemplateProcessing".equals(processor.get("type"));
        return !isTemplate || !(processor.get("single") instanceof List<?> single) || hasSpecialToken(single);
    }

    private static boolean hasSpecialToken(List<?> template) {
        for (Object piece : template) {
            if (piece instanceof Map<?, ?> object && object.containsKey("SpecialToken")) {
                return true;
            }
        }
        return false;
    }
}

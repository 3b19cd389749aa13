package dev.microgpt.train.internal.json;

import dev.microgpt.model.tokenizer.BpeVocabulary;
import dev.microgpt.model.tokenizer.ByteLetters;
import dev.microgpt.train.internal.Quoted;
import java.io.StringWriter;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes a byte-level BPE vocabulary as a {@code tokenizer.json} of Hugging Face's tokenizers. */
final class BpeJsonWriter {
    /** The most names, values and brackets of a special token, and of everything but the tokens and merges. */
    private static final int MOST_OF_SPECIAL = 20;

    private static final int MOST_OF_REST = 100;

    private BpeJsonWriter() {}

    /**
     * Returns JSON that {@link BpeJsonReader} and other programs read.
     *
     * @throws IllegalArgumentException if there is none
     */
    static String write(BpeVocabulary vocabulary) {
        long parts = 2L * vocabulary.size()
                + vocabulary.merges().size()
                + (long) MOST_OF_SPECIAL * vocabulary.specialTokens().size()
                + MOST_OF_REST;
        checkFits(parts, Json.MAX_TOKENS, "names, values and brackets", vocabulary);
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("version", "1.0");
            json.writeNullProperty("truncation");
            json.writeNullProperty("padding");
            writeSpecial(json, vocabulary);
            json.writeNullProperty("normalizer");
            writeByteLevel(json, "pre_tokenizer");
            writeByteLevel(json, "post_processor");
            writeByteLevel(json, "decoder");
            json.writeObjectPropertyStart("model");
            json.writeStringProperty("type", "BPE");
            json.writeNullProperty("dropout");
            json.writeNullProperty("unk_token");
            json.writeStringProperty("continuing_subword_prefix", "");
            json.writeStringProperty("end_of_word_suffix", "");
            json.writeBooleanProperty("fuse_unk", false);
            json.writeBooleanProperty("byte_fallback", false);
            writeVocabulary(json, vocabulary);
            writeMerges(json, vocabulary);
            json.writeEndObject();
            json.writeEndObject();
        }
        checkFits(out.getBuffer().length() + 1L, Json.LONGEST, "characters", vocabulary); // and a line feed
        return out.toString();
    }

    private static void checkFits(long found, long most, String what, BpeVocabulary vocabulary) {
        if (found > most) {
            throw new IllegalArgumentException("tokenizer: " + vocabulary.size() + " tokens and "
                    + vocabulary.merges().size() + " merges take " + found + " " + what
                    + "; a file must have at most " + most + ", use a smaller vocabulary");
        }
    }

    private static void writeSpecial(JsonGenerator json, BpeVocabulary vocabulary) {
        String usual = BpeJsonReader.usualBos(vocabulary.specialTokens().keySet());
        int usualId = usual == null ? BpeVocabulary.NO_BOS : vocabulary.specialToken(usual);
        json.writeArrayPropertyStart("added_tokens");
        for (Map.Entry<String, Integer> token : vocabulary.specialTokens().entrySet()) {
            json.writeStartObject();
            json.writeNumberProperty("id", token.getValue());
            json.writeStringProperty("content", token.getKey());
            json.writeBooleanProperty("single_word", false);
            json.writeBooleanProperty("lstrip", false);
            json.writeBooleanProperty("rstrip", false);
            json.writeBooleanProperty("normalized", false);
            json.writeBooleanProperty("special", true);
            if (vocabulary.bos() != usualId) {
                json.writeBooleanProperty(BpeJsonReader.BOS, token.getValue() == vocabulary.bos());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeByteLevel(JsonGenerator json, String name) {
        json.writeObjectPropertyStart(name);
        json.writeStringProperty("type", "ByteLevel");
        json.writeBooleanProperty("add_prefix_space", false);
        json.writeBooleanProperty("trim_offsets", true);
        json.writeBooleanProperty("use_regex", true);
        json.writeEndObject();
    }

    private static void writeVocabulary(JsonGenerator json, BpeVocabulary vocabulary) {
        String[] special = new String[vocabulary.size()];
        vocabulary.specialTokens().forEach((text, id) -> special[id] = text);
        json.writeObjectPropertyStart("vocab");
        for (int id = 0; id < vocabulary.size(); id++) {
            String letters = special[id] == null ? ByteLetters.toLetters(vocabulary.bytes(id)) : special[id];
            if (special[id] == null && vocabulary.specialTokens().containsKey(letters)) {
                throw new IllegalArgumentException("tokenizer: the special token " + Quoted.of(letters)
                        + " is spelled like the ordinary token " + id
                        + ", and files cannot tell them apart; rename the special token");
            }
            json.writeNumberProperty(letters, id);
        }
        json.writeEndObject();
    }

    private static void writeMerges(JsonGenerator json, BpeVocabulary vocabulary) {
        json.writeArrayPropertyStart("merges");
        for (BpeVocabulary.Merge merge : vocabulary.merges()) {
            json.writeString(ByteLetters.toLetters(vocabulary.bytes(merge.left())) + " "
                    + ByteLetters.toLetters(vocabulary.bytes(merge.right())));
        }
        json.writeEndArray();
    }
}

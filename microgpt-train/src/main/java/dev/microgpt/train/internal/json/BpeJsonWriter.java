package dev.microgpt.train.internal.json;

import dev.microgpt.model.tokenizer.BpeVocabulary;
import dev.microgpt.model.tokenizer.ByteLetters;
import java.io.StringWriter;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes a byte-level BPE vocabulary as a {@code tokenizer.json} of Hugging Face's tokenizers. */
final class BpeJsonWriter {
    private BpeJsonWriter() {}

    /** Returns JSON that {@link BpeJsonReader} and other programs read. */
    static String write(BpeVocabulary vocabulary) {
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
        return out.toString();
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
            String name = special[id] == null ? ByteLetters.toLetters(vocabulary.bytes(id)) : special[id];
            json.writeNumberProperty(name, id);
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

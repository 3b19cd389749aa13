package dev.microgpt.model.tokenizer.bpe;

import java.nio.charset.StandardCharsets;

/** Strict UTF-8 encoding: unpaired surrogates are rejected rather than replaced. */
public final class Utf8 {
    private Utf8() {}

    public static byte[] encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                int codePoint = text.codePointAt(i);
                if (CodePoints.isSurrogate(codePoint)) {
                    throw CodePoints.unpaired(codePoint, text, i, "the text");
                }
                i++;
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

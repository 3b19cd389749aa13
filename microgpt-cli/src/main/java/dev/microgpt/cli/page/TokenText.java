package dev.microgpt.cli.page;

import dev.microgpt.model.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The texts of single tokens. */
public final class TokenText {
    private TokenText() {}

    /** Returns the text of a token, {@code <BOS>} of BOS, or null if it is only a part of a character. */
    public static @Nullable String of(Tokenizer tokenizer, int id) {
        if (id == tokenizer.bos()) {
            return "<BOS>";
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(tokenizer.bytes(id)))
                    .toString();
        } catch (CharacterCodingException partOfACharacter) {
            return null;
        }
    }
}

package dev.microgpt.cli.serve;

import dev.microgpt.model.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The texts of single tokens, as OpenAI's API spells them. */
final class TokenText {
    private TokenText() {}

    /** Returns the text of a token; the bytes of one that is only a part of a character. */
    static String of(Tokenizer tokenizer, int id) {
        if (id == tokenizer.bos()) {
            return "<BOS>";
        }
        byte[] bytes = tokenizer.bytes(id);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException partOfACharacter) {
            return "bytes:\\x" + HexFormat.ofDelimiter("\\x").formatHex(bytes);
        }
    }
}

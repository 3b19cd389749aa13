package dev.microgpt.cli.serve;

import dev.microgpt.cli.page.TokenText;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.util.HexFormat;

/** The texts of single tokens, as OpenAI's API spells them. */
final class ApiToken {
    private ApiToken() {}

    /** Returns the text of a token; the bytes of one that is only a part of a character. */
    static String of(Tokenizer tokenizer, int id) {
        String text = TokenText.of(tokenizer, id);
        return text == null ? "bytes:\\x" + HexFormat.ofDelimiter("\\x").formatHex(tokenizer.bytes(id)) : text;
    }
}

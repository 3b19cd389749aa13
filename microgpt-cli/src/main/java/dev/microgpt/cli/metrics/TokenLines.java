package dev.microgpt.cli.metrics;

import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.TokenScore;
import dev.microgpt.train.TokenScoreListener;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes how a model predicts each token, one JSON object a line, with numbers in full precision:
 *
 * <pre>
 * {"position":1,"id":12,"token":"m","log_probability":-2.31,"rank":3}
 * </pre>
 *
 * <p>The position counts from the first token of the text, which is at 0 and not predicted; of documents, from the BOS of
 * each. Where a token is a part of a character only, its text is U+FFFD; that of BOS is empty.
 */
public final class TokenLines implements TokenScoreListener, Closeable {
    private static final String POSITION = "position";

    private final JsonLines lines;
    private final Tokenizer tokenizer;
    private final boolean isOneText;
    private long tokens;

    public TokenLines(Path file, Tokenizer tokenizer, boolean isOneText) throws IOException {
        lines = new JsonLines("--per-token", file, POSITION);
        this.tokenizer = tokenizer;
        this.isOneText = isOneText;
    }

    @Override
    public void onToken(TokenScore token) {
        tokens++;
        lines.begin(POSITION, isOneText ? tokens : token.position());
        lines.put("id", token.id());
        lines.put("token", new String(tokenizer.bytes(token.id()), StandardCharsets.UTF_8));
        lines.put("log_probability", token.logProbability());
        lines.put("rank", token.rank());
        lines.end();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}

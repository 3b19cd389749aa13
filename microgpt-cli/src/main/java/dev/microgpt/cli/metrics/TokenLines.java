package dev.microgpt.cli.metrics;

import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.TokenScore;
import dev.microgpt.train.TokenScoreListener;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes how well a model predicts each token, one JSON object per line, with numbers in full precision:
 *
 * <pre>
 * {"position":1,"id":12,"token":"m","log_probability":-2.31,"rank":3}
 * </pre>
 *
 * <p>Positions count from the first token of the text, which is at 0 and not predicted; with documents, from the BOS of
 * each. The text of a token that is only part of a character is U+FFFD, that of BOS is empty.
 */
public final class TokenLines implements TokenScoreListener, Closeable {
    private static final String POSITION = "position";

    private final JsonLines lines;
    private final Tokenizer tokenizer;
    private final boolean isOneText;
    private long tokens;

    public TokenLines(Path file, Tokenizer tokenizer, boolean isOneText) throws IOException {
        lines = new JsonLines("--per-token", file, POSITION, false);
        this.tokenizer = tokenizer;
        this.isOneText = isOneText;
    }

    @Override
    public void onToken(TokenScore token) {
        tokens++;
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put(POSITION, isOneText ? tokens : token.position());
        line.put("id", token.id());
        line.put("token", new String(tokenizer.bytes(token.id()), StandardCharsets.UTF_8));
        line.put("log_probability", token.logProbability());
        line.put("rank", token.rank());
        lines.write(line);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}

package dev.microgpt.cli.metrics;

import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.Evaluation;
import dev.microgpt.train.TokenScore;
import dev.microgpt.train.TokenScoreListener;
import dev.microgpt.train.internal.disk.AtomicFile;
import dev.microgpt.train.internal.disk.FileKind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
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
public final class TokenLines implements TokenScoreListener {
    private static final String OPTION = "--per-token";
    private static final String POSITION = "position";

    private final JsonLines lines;
    private final Tokenizer tokenizer;

    private TokenLines(JsonLines lines, Tokenizer tokenizer) {
        this.lines = lines;
        this.tokenizer = tokenizer;
    }

    /** Refuses to replace a file that does not hold such lines. */
    public static void checkReplaceable(Path file) throws IOException {
        JsonLines.checkReplaceable(OPTION, file, POSITION);
    }

    /** Evaluates a model. */
    public interface Scoring {
        /** Notifies the listener of each token. */
        Evaluation run(TokenScoreListener listener);
    }

    /** Writes the scores of an evaluation to a file, which is created or replaced once they are complete. */
    public static Evaluation write(Path file, Tokenizer tokenizer, Scoring scoring) throws IOException {
        checkReplaceable(file);
        AtomicReference<Evaluation> result = new AtomicReference<>();
        AtomicFile.Content content = out -> {
            JsonLines lines = new JsonLines(OPTION, file, new BufferedOutputStream(out));
            result.set(scoring.run(new TokenLines(lines, tokenizer)));
            lines.flush();
        };
        if (FileKind.isOther(file)) {
            try (OutputStream stream = Files.newOutputStream(file)) {
                content.writeTo(stream);
            }
        } else {
            AtomicFile.replaceInLongWork(file, content);
        }
        return result.get();
    }

    @Override
    public void onToken(TokenScore token) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put(POSITION, token.position());
        line.put("id", token.id());
        line.put("token", new String(tokenizer.bytes(token.id()), StandardCharsets.UTF_8));
        line.put("log_probability", token.logProbability());
        line.put("rank", token.rank());
        lines.write(line);
    }
}

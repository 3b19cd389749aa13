package dev.microgpt.cli.serve;

import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.internal.Sha256;
import dev.microgpt.train.score.LineScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A model that clients may use.
 *
 * @param name        how they call it
 * @param fingerprint the SHA-256 of its file
 * @param created     when the file was written, in seconds since 1970
 * @param trained     the model
 * @param isEndless   whether it reads on beyond its block
 * @param scorer      scores lines; null if it cannot know where a line ends
 */
public record ServedModel(
        String name,
        String fingerprint,
        long created,
        TrainedModel trained,
        boolean isEndless,
        @Nullable LineScorer scorer) {
    /**
     * Reads a model from its checkpoint.
     *
     * @param name how clients call it
     * @param file the file
     * @throws IOException if the file cannot be read or is no checkpoint
     */
    public static ServedModel load(String name, Path file) throws IOException {
        TrainedModel trained = TrainedModel.loadForInference(file);
        long created = Files.getLastModifiedTime(file).to(TimeUnit.SECONDS);
        boolean isEndless = trained.model().decoder().isEndless();
        return new ServedModel(name, Sha256.of(file), created, trained, isEndless, scorer(trained));
    }

    private static @Nullable LineScorer scorer(TrainedModel trained) {
        try {
            return new LineScorer(trained);
        } catch (IllegalArgumentException withoutLineFeed) {
            return null;
        }
    }

    int blockSize() {
        return trained.model().config().blockSize();
    }

    boolean isOfDocuments() {
        return trained.format() == DataFormat.DOCUMENTS;
    }

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", name);
        json.put("object", "model");
        json.put("created", created);
        json.put("owned_by", "microgpt");
        json.put("block_size", blockSize());
        json.put("vocab_size", trained.tokenizer().vocabSize());
        json.put("parameters", (long) trained.model().config().parameterCount());
        json.put("format", trained.format().toString());
        return json;
    }
}

package dev.microgpt.spark;

import dev.microgpt.train.checkpoint.TrainedModel;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** A model on its way to the executors, each of which loads it once. */
final class ShippedModel implements Serializable {
    private static final long serialVersionUID = 1;

    /** What each executor made of the models that it has. */
    private static final ConcurrentHashMap<String, Object> LOADED = new ConcurrentHashMap<>();

    private final String id;
    private final Broadcast<byte[]> file;
    private final Build build;

    private ShippedModel(String id, Broadcast<byte[]> file, Build build) {
        this.id = id;
        this.file = file;
        this.build = build;
    }

    /** Sends a model to the executors that need it. */
    static ShippedModel of(JavaSparkContext spark, TrainedModel model) throws IOException {
        Path file = Files.createTempFile("microgpt", ".safetensors");
        try {
            model.save(file);
            byte[] bytes = Files.readAllBytes(file);
            return new ShippedModel(UUID.randomUUID().toString(), spark.broadcast(bytes), Build.here());
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Called in an executor: returns what is made of the model, by the first task that asks for it. */
    @SuppressWarnings("unchecked") // each model is put to one use
    <T> T get(Function<TrainedModel, T> use) {
        return (T) LOADED.computeIfAbsent(id, first -> {
            build.check();
            return use.apply(load());
        });
    }

    private TrainedModel load() {
        try {
            Path copy = Files.createTempFile("microgpt", ".safetensors");
            try {
                Files.write(copy, file.value());
                return TrainedModel.load(copy);
            } finally {
                Files.deleteIfExists(copy);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("an executor cannot load the model: " + failure.getMessage(), failure);
        }
    }

    /** Frees the memory that the model takes, also where this driver is an executor. */
    void destroy() {
        LOADED.remove(id);
        file.destroy();
    }
}

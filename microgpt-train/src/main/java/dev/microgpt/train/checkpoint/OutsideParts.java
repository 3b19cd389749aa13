package dev.microgpt.train.checkpoint;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.ModelType;
import dev.microgpt.model.setting.Named;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.Sha256;
import dev.microgpt.train.internal.json.JsonFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The metadata entries of a model with parts from outside the library, or of a type from outside: their versions, and a
 * hash of what the model computes for a fixed sequence. Another version, or a jar that computes something else under
 * the same name and version, is refused.
 */
final class OutsideParts {
    static final String VERSIONS = "parts";
    static final String PROBE = "probe";

    /** Long enough for windows and slopes of an attention, and short enough for a large model. */
    private static final int PROBE_LENGTH = 256;

    private OutsideParts() {}

    /** Adds the entries of a model, whose configuration is there already, if it has such parts. */
    static void put(Map<String, String> metadata, LanguageModel model) {
        List<Named> outside = model.config().outside();
        if (outside.isEmpty()) {
            return;
        }
        Map<String, @Nullable Object> versions = new LinkedHashMap<>();
        for (Named part : outside) {
            versions.put(part.name(), part.version());
        }
        metadata.put(VERSIONS, JsonFields.write(versions));
        metadata.put(PROBE, probe(model));
        checkLoadable(metadata, model);
    }

    /** Creates the model again as a reader of the file will, on the same arrays. */
    private static void checkLoadable(Map<String, String> metadata, LanguageModel model) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        for (Parameter parameter : model.parameters().all()) {
            weights.put(parameter.name(), parameter);
        }
        LanguageModel again = StoredTensors.toModel(ModelMetadata.config(metadata), weights);
        if (!probe(again).equals(metadata.get(PROBE))) {
            throw new IllegalArgumentException("checkpoint: created again from its names and settings, the model"
                    + " computes other logits; all that determines what a part computes must be in its settings, and"
                    + " it must compute the same bits each time: " + names(model.config()));
        }
    }

    /** Refuses a type of model that is not found by its name. */
    static void checkFound(ModelType type) {
        if (type == GptConfig.TYPE) {
            return;
        }
        ModelType found;
        try {
            found = ModelConfig.type(type.name());
        } catch (IllegalArgumentException missing) {
            throw new IllegalArgumentException(
                    "checkpoint: the type of the model, " + type.getClass().getName() + ", is not found by its name "
                            + Quoted.of(type.name()) + " when the file is loaded; list the class as a service in"
                            + " META-INF/services/" + ModelType.class.getName(),
                    missing);
        }
        if (found.getClass() != type.getClass()) {
            throw new IllegalArgumentException("checkpoint: the model is of the type "
                    + type.getClass().getName() + ", but its name " + Quoted.of(type.name()) + " is that of "
                    + found.getClass().getName() + "; give it a name of its own");
        }
    }

    /** Refuses parts whose version cannot be stored, or not be told from that of another part. */
    static void checkVersions(ModelConfig config) {
        Map<String, Integer> versions = new HashMap<>();
        for (Named part : config.outside()) {
            if (part.version() < 1) {
                throw new IllegalArgumentException(
                        "checkpoint: " + part.name() + " has version " + part.version() + ", but must have at least 1");
            }
            Integer other = versions.put(part.name(), part.version());
            if (other != null && other != part.version()) {
                throw new IllegalArgumentException("checkpoint: the model has two parts of the name "
                        + Quoted.of(part.name()) + ", of the versions " + other + " and " + part.version()
                        + "; give each a name of its own");
            }
        }
    }

    /** Refuses parts of other versions than those that the file was written with. */
    static void checkVersions(Map<String, String> metadata, ModelConfig config) {
        List<Named> outside = config.outside();
        if (outside.isEmpty()) {
            checkAbsent(metadata, VERSIONS);
            checkAbsent(metadata, PROBE);
            return;
        }
        JsonFields versions = ModelMetadata.fields(metadata, VERSIONS);
        for (Named part : outside) {
            int stored = versions.integer(part.name());
            if (stored != part.version()) {
                throw new IllegalArgumentException("the file was written with version " + stored + " of "
                        + Quoted.of(part.name()) + ", but version " + part.version()
                        + " is on the class path or module path; use the jar that the model was trained with");
            }
        }
        versions.end();
    }

    private static void checkAbsent(Map<String, String> metadata, String entry) {
        if (metadata.containsKey(entry)) {
            throw new IllegalArgumentException("metadata: the model has only parts of this library, but the entry "
                    + Quoted.of(entry) + " must be there only for others");
        }
    }

    /** Refuses a model that computes something else than the one that was saved. */
    static void checkProbe(Map<String, String> metadata, LanguageModel model) {
        if (model.config().outside().isEmpty()) {
            return;
        }
        if (!ModelMetadata.text(metadata, PROBE).equals(probe(model))) {
            throw new IllegalArgumentException("the model computes other logits than the one that was saved, with the"
                    + " same names and versions of its parts, " + names(model.config())
                    + "; use the jar that the model was trained with (or on another machine, let the part use the"
                    + " functions of Kernels or StrictMath, since those of Math may have other bits there)");
        }
    }

    private static String names(ModelConfig config) {
        Set<String> names = new LinkedHashSet<>();
        config.outside().forEach(part -> names.add(part.name()));
        return String.join(", ", names);
    }

    /** Returns a refusal with the parts that the file was written with, if it is one of a model with such parts. */
    static IllegalArgumentException withVersions(Map<String, String> metadata, IllegalArgumentException refused) {
        String parts = metadata.get(VERSIONS);
        if (parts == null) {
            return refused;
        }
        String list = parts.replaceAll("[{}\"]", "").replace(":", " version ").replace(",", ", ");
        return new IllegalArgumentException(
                refused.getMessage() + "; the file was written with " + Quoted.plain(list), refused);
    }

    /**
     * Returns the refusal of a file: for a contradiction in it, or for anything that a part from outside has thrown.
     * Another failure is thrown as it is.
     */
    static IOException refusal(Path file, Map<String, String> metadata, Throwable failure) {
        IllegalArgumentException reason;
        if (failure instanceof IllegalArgumentException contradiction) {
            reason = contradiction;
        } else if (metadata.containsKey(VERSIONS)) {
            reason = withVersions(
                    metadata, new IllegalArgumentException("a part of the model failed with " + failure, failure));
        } else if (failure instanceof Error error) {
            throw error;
        } else {
            throw (RuntimeException) failure;
        }
        return (IOException) new CheckpointException(file, reason.getMessage()).initCause(failure);
    }

    /**
     * Returns the SHA-256 of the bits of the logits for a fixed sequence, of the tokens {@code (x >>> 33) mod V} of a
     * linear congruential generator.
     */
    private static String probe(LanguageModel model) {
        int vocabSize = model.config().vocabSize();
        int[] tokens = new int[Math.min(model.config().blockSize(), PROBE_LENGTH)];
        long random = 1;
        for (int i = 0; i < tokens.length; i++) {
            random = random * 6364136223846793005L + 1442695040888963407L;
            tokens[i] = (int) ((random >>> 33) % vocabSize);
        }
        Tensor logits = model.forward(Tape.inference(), Batch.ofPrompt(tokens));
        MessageDigest digest = Sha256.digest();
        ByteBuffer row = ByteBuffer.allocate(Double.BYTES * vocabSize);
        for (int i = 0; i < tokens.length; i++) {
            row.clear();
            for (int j = 0; j < vocabSize; j++) {
                row.putLong(Double.doubleToLongBits(logits.data()[i * vocabSize + j])); // the same bits for any NaN
            }
            digest.update(row.array());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}

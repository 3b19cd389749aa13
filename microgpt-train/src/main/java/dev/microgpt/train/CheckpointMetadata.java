package dev.microgpt.train;

import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.internal.Quoted;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What a checkpoint says about itself, as entries of the metadata of its file. */
final class CheckpointMetadata {
    /** Counts changes after which an older program could not read the file rightly. */
    private static final int FORMAT_VERSION = 1;

    static final String FORMAT = "microgpt_format";
    private static final String MODEL = "model";
    private static final String TRAINING = "training";
    private static final String DATA = "data";
    private static final String TOKENIZER = "tokenizer";
    private static final String PROGRESS = "progress";
    private static final String RANDOM = "random";

    private CheckpointMetadata() {}

    static Map<String, String> write(Checkpoint checkpoint) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(FORMAT, Integer.toString(FORMAT_VERSION));
        metadata.put(
                MODEL, JsonFields.write(ModelMetadata.fields(checkpoint.gpt().config())));
        metadata.put(TRAINING, JsonFields.write(training(checkpoint.training())));
        metadata.put(DATA, JsonFields.write(data(checkpoint.data())));
        metadata.put(TOKENIZER, JsonFields.write(tokenizer(checkpoint.tokenizer())));
        metadata.put(PROGRESS, JsonFields.write(progress(checkpoint)));
        metadata.put(RANDOM, JsonFields.write(random(checkpoint.random())));
        return metadata;
    }

    /** Reads what {@link #write} wrote, in the same order, and puts the checkpoint together. */
    static Checkpoint read(Map<String, String> metadata, Map<String, Tensor> tensors) {
        checkVersion(metadata.get(FORMAT));
        GptConfig config = ModelMetadata.read(fields(metadata, MODEL));
        TrainingConfig training = readTraining(fields(metadata, TRAINING));
        CharTokenizer tokenizer = readTokenizer(fields(metadata, TOKENIZER));
        if (tokenizer.vocabSize() != config.vocabSize()) {
            throw new IllegalArgumentException("metadata: the model has " + config.vocabSize()
                    + " tokens, but the tokenizer " + tokenizer.vocabSize() + "; expected the same number");
        }
        JsonFields progress = fields(metadata, PROGRESS);
        int step = progress.integer("step");
        progress.end();
        DataConfig data = readData(fields(metadata, DATA));
        if (step < 0 || step > training.steps()) {
            throw new IllegalArgumentException(
                    "metadata: found step " + step + ", expected one from 0 to " + training.steps());
        }
        PythonRandom.State random = readRandom(fields(metadata, RANDOM));
        Gpt gpt = Checkpoint.restoreModel(config, tensors);
        Adam adam = Checkpoint.restoreOptimizer(training, gpt, tensors, step);
        return new Checkpoint(training, tokenizer, gpt, adam, step, random, data);
    }

    /** Returns JSON made as that of a checkpoint is. */
    static String rehearsal() {
        return JsonFields.write(training(TrainingConfig.microgpt()));
    }

    private static void checkVersion(@Nullable String version) {
        if (version == null) {
            throw new IllegalArgumentException("found no entry " + Quoted.of(FORMAT)
                    + " in the metadata, expected a checkpoint written by microgpt train");
        }
        if (!version.equals(Integer.toString(FORMAT_VERSION))) {
            throw new IllegalArgumentException("found format version " + Quoted.plain(version) + ", expected "
                    + FORMAT_VERSION + "; it was written by another version of this program");
        }
    }

    private static JsonFields fields(Map<String, String> metadata, String entry) {
        String text = metadata.get(entry);
        if (text == null) {
            throw new IllegalArgumentException("metadata: found no entry " + Quoted.of(entry) + ", expected one");
        }
        return JsonFields.read("metadata " + Quoted.of(entry), text);
    }

    private static Map<String, @Nullable Object> training(TrainingConfig config) {
        Schedule schedule = config.schedule();
        AdamConfig adam = config.adam();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("steps", config.steps());
        fields.put("batch_size", config.batchSize());
        fields.put("gradient_accumulation_steps", config.gradientAccumulationSteps());
        fields.put("schedule", name(schedule.kind()));
        fields.put("learning_rate", schedule.learningRate());
        fields.put("min_lr", schedule.minLr());
        fields.put("warmup_steps", schedule.warmupSteps());
        fields.put("beta1", adam.beta1());
        fields.put("beta2", adam.beta2());
        fields.put("adam_eps", adam.eps());
        fields.put("weight_decay", adam.weightDecay());
        fields.put("grad_clip", config.gradClip());
        fields.put("seed", new BigInteger(Long.toUnsignedString(config.seed())));
        return fields;
    }

    private static TrainingConfig readTraining(JsonFields fields) {
        int steps = fields.integer("steps");
        int batchSize = fields.integer("batch_size");
        int accumulationSteps = fields.integer("gradient_accumulation_steps");
        Schedule schedule = new Schedule(
                kind(fields.text("schedule")),
                fields.number("learning_rate"),
                fields.number("min_lr"),
                fields.integer("warmup_steps"));
        AdamConfig adam = new AdamConfig(
                fields.number("beta1"),
                fields.number("beta2"),
                fields.number("adam_eps"),
                fields.number("weight_decay"));
        double gradClip = fields.number("grad_clip");
        long seed = fields.unsigned("seed");
        fields.end();
        return new TrainingConfig(steps, batchSize, accumulationSteps, schedule, adam, gradClip, seed);
    }

    private static String name(Schedule.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static Schedule.Kind kind(String name) {
        for (Schedule.Kind kind : Schedule.Kind.values()) {
            if (name.equals(name(kind))) {
                return kind;
            }
        }
        throw new IllegalArgumentException("metadata \"training\", field \"schedule\": found " + Quoted.of(name)
                + ", expected \"constant\", \"linear\" or \"cosine\"");
    }

    private static Map<String, @Nullable Object> tokenizer(CharTokenizer tokenizer) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("type", "char");
        fields.put("alphabet", tokenizer.alphabet());
        return fields;
    }

    private static CharTokenizer readTokenizer(JsonFields fields) {
        String type = fields.text("type");
        if (!type.equals("char")) {
            throw new IllegalArgumentException(
                    "metadata \"tokenizer\": found type " + Quoted.of(type) + ", expected \"char\"");
        }
        CharTokenizer tokenizer = CharTokenizer.ofAlphabet(fields.text("alphabet"));
        fields.end();
        return tokenizer;
    }

    private static Map<String, @Nullable Object> data(DataConfig data) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("format", data.format().toString());
        fields.put("val_fraction", data.valFraction());
        fields.put("sha256", data.sha256());
        return fields;
    }

    private static DataConfig readData(JsonFields fields) {
        DataConfig data = new DataConfig(
                fields.choice("format", DataFormat.values()), fields.number("val_fraction"), fields.text("sha256"));
        fields.end();
        return data;
    }

    private static Map<String, @Nullable Object> progress(Checkpoint checkpoint) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("step", checkpoint.step());
        return fields;
    }

    private static Map<String, @Nullable Object> random(PythonRandom.State state) {
        OptionalDouble gaussNext = state.gaussNext();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("internal", state.internal());
        fields.put("gauss_next", gaussNext.isPresent() ? gaussNext.getAsDouble() : null);
        return fields;
    }

    private static PythonRandom.State readRandom(JsonFields fields) {
        long[] internal = fields.integers("internal");
        Double gaussNext = fields.numberOrNull("gauss_next");
        fields.end();
        return new PythonRandom.State(
                internal, gaussNext == null ? OptionalDouble.empty() : OptionalDouble.of(gaussNext));
    }
}

package dev.microgpt.train.checkpoint;

import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.AdamConfig;
import dev.microgpt.train.Optimizer;
import dev.microgpt.train.OptimizerType;
import dev.microgpt.train.Schedule;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.json.Json;
import dev.microgpt.train.internal.json.JsonFields;
import dev.microgpt.train.internal.json.JsonWriter;
import dev.microgpt.train.internal.json.TokenizerJson;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Writes and reads the metadata entries of a checkpoint. */
final class CheckpointMetadata {
    private static final String TRAINING = "training";
    private static final String SEPARATE_GRADIENTS = "separate_gradients";
    private static final String DATA = "data";
    private static final String FORMAT = "format";
    private static final String PROGRESS = "progress";
    private static final String STEP = "step";
    private static final String VAL_FRACTION = "val_fraction";
    private static final String BEST_LOSS = "best_loss";
    private static final String STALLED = "stalled";
    private static final String ENDED_EARLY = "ended_early";
    private static final String RANDOM = "random";

    /** All entries, in the order in which they are written. */
    private static final List<String> ENTRIES = List.of(
            ModelMetadata.FORMAT,
            ModelMetadata.MODEL,
            OutsideParts.VERSIONS,
            OutsideParts.PROBE,
            TRAINING,
            OptimizerState.ENTRY,
            ExtensionMetadata.ENTRY,
            DATA,
            ModelMetadata.TOKENIZER,
            PROGRESS,
            RANDOM);

    private CheckpointMetadata() {}

    static Map<String, String> write(Checkpoint checkpoint) {
        Map<String, String> metadata = new LinkedHashMap<>();
        ModelMetadata.put(metadata, checkpoint.model());
        metadata.put(TRAINING, JsonFields.write(training(checkpoint.training())));
        OptimizerState.put(metadata, checkpoint.optimizer());
        ExtensionMetadata.put(metadata, checkpoint.extensions());
        metadata.put(DATA, JsonFields.write(data(checkpoint.data())));
        metadata.put(ModelMetadata.TOKENIZER, TokenizerJson.write(checkpoint.tokenizer()));
        metadata.put(PROGRESS, JsonFields.write(progress(checkpoint)));
        metadata.put(RANDOM, JsonFields.write(random(checkpoint.random())));
        return metadata;
    }

    /** Builds a checkpoint from the metadata and the tensors of its file. */
    static Checkpoint read(Map<String, String> metadata, Map<String, Tensor> tensors) {
        ModelConfig config = ModelMetadata.config(metadata);
        checkTraining(metadata);
        TrainingConfig training = readTraining(fields(metadata, TRAINING));
        List<Extension> extensions = ExtensionMetadata.read(metadata, training.steps());
        Tokenizer tokenizer = ModelMetadata.tokenizer(metadata, config);
        JsonFields progress = fields(metadata, PROGRESS);
        int step = readStep(progress, training);
        Double bestLoss = progress.numberOrNull(BEST_LOSS);
        int stalled = progress.has(STALLED) ? progress.integer(STALLED) : 0;
        boolean endedEarly = endedEarly(progress);
        progress.end();
        DataConfig data = readData(fields(metadata, DATA));
        PythonRandom.State random = readRandom(fields(metadata, RANDOM));
        checkEntries(metadata);
        Map<String, Tensor> weights = new LinkedHashMap<>(tensors);
        weights.keySet().removeIf(OptimizerState::isState);
        Map<String, Tensor> state = new LinkedHashMap<>(tensors);
        state.keySet().removeAll(weights.keySet());
        LanguageModel model = StoredTensors.toModel(config, weights);
        OutsideParts.checkProbe(metadata, model);
        Optimizer optimizer = OptimizerState.restore(metadata, training, model, state, step);
        double best = bestLoss == null ? Double.POSITIVE_INFINITY : bestLoss;
        return new Checkpoint(
                training, tokenizer, model, optimizer, step, random, data, best, extensions, stalled, endedEarly);
    }

    /** Refuses unknown entries. */
    static void checkEntries(Map<String, String> metadata) {
        for (String entry : metadata.keySet()) {
            if (!ENTRIES.contains(entry)) {
                throw new IllegalArgumentException("metadata: the entry " + Quoted.of(entry)
                        + " is unknown; entries must be " + String.join(", ", ENTRIES));
            }
        }
    }

    /** Reads only the number of steps done. */
    static int step(Map<String, String> metadata) {
        ModelMetadata.checkVersion(metadata); // the parts of the model need not be on the class path
        checkTraining(metadata);
        return readStep(fields(metadata, PROGRESS), readTraining(fields(metadata, TRAINING)));
    }

    /** Returns whether the last step is done, was before the run was extended, or will not be for lack of patience. */
    static boolean isFinished(Map<String, String> metadata) {
        int step = step(metadata);
        int steps = readTraining(fields(metadata, TRAINING)).steps();
        boolean finished = step == steps || endedEarly(fields(metadata, PROGRESS));
        for (Extension extension : ExtensionMetadata.read(metadata, steps)) {
            finished |= extension.ofFinishedRun();
        }
        return finished;
    }

    /** Reads only the settings; null if there is a model alone. */
    static @Nullable RunSettings settings(Map<String, String> metadata) {
        ModelMetadata.checkVersion(metadata);
        return hasTraining(metadata)
                ? new RunSettings(readTraining(fields(metadata, TRAINING)), readData(fields(metadata, DATA)))
                : null;
    }

    /** Returns the settings of a run as texts by their names. */
    static Map<String, String> texts(Map<String, String> metadata) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String entry : List.of(ModelMetadata.MODEL, OptimizerState.ENTRY, TRAINING, DATA)) {
            String json = metadata.getOrDefault(entry, "{}"); // Adam has no entry
            for (Map.Entry<String, @Nullable Object> field :
                    Json.readObject("metadata " + Quoted.of(entry), json).entrySet()) {
                String name = field.getKey();
                boolean isPlain = entry.equals(ModelMetadata.MODEL) || entry.equals(TRAINING);
                Object value = field.getValue();
                texts.put(
                        isPlain || name.equals(VAL_FRACTION) ? name : entry + "_" + name,
                        value instanceof String text ? text : JsonWriter.text(value));
            }
        }
        return texts;
    }

    /** Returns the settings of a run that has not begun, with the same texts. */
    static Map<String, String> texts(
            ModelConfig model, OptimizerType optimizer, TrainingConfig training, DataConfig data) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(ModelMetadata.MODEL, JsonFields.write(ModelMetadata.fields(model)));
        OptimizerState.put(metadata, optimizer);
        metadata.put(TRAINING, JsonFields.write(training(training)));
        metadata.put(DATA, JsonFields.write(data(data)));
        return texts(metadata);
    }

    private static boolean endedEarly(JsonFields progress) {
        return progress.has(ENDED_EARLY) && progress.flag(ENDED_EARLY);
    }

    private static int readStep(JsonFields progress, TrainingConfig training) {
        int step = progress.integer(STEP);
        if (step < 0 || step > training.steps()) {
            throw new IllegalArgumentException(
                    "metadata: step is " + step + ", but must be from 0 to " + training.steps());
        }
        return step;
    }

    private static void checkTraining(Map<String, String> metadata) {
        if (!hasTraining(metadata)) {
            throw new IllegalArgumentException(
                    "the file has a model without the state of its training run, which must be"
                            + " there to resume; start a new run from the model instead");
        }
    }

    static boolean hasTraining(Map<String, String> metadata) {
        return metadata.containsKey(TRAINING);
    }

    /** Returns whether a file with this beginning holds the state of a training run. */
    static boolean isBeginning(String text) {
        return text.contains('"' + ModelMetadata.FORMAT + "\":\"") && text.contains('"' + TRAINING + "\":\"{");
    }

    /** Reads the form of the training data, from a checkpoint or the file of a model alone. */
    static DataFormat format(Map<String, String> metadata) {
        JsonFields fields = fields(metadata, DATA);
        if (hasTraining(metadata)) {
            return readData(fields).format();
        }
        DataFormat format = fields.choice(FORMAT, DataFormat.values());
        fields.end();
        return format;
    }

    /** Writes the form of the training data to the file of a model alone. */
    static void putFormat(Map<String, String> metadata, DataFormat format) {
        metadata.put(DATA, JsonFields.write(Map.of(FORMAT, format.toString())));
    }

    /** Returns JSON made by the code that a checkpoint needs. */
    static String rehearsal() {
        return JsonFields.write(training(TrainingConfig.microgpt()));
    }

    private static JsonFields fields(Map<String, String> metadata, String entry) {
        return ModelMetadata.fields(metadata, entry);
    }

    private static Map<String, @Nullable Object> training(TrainingConfig config) {
        Schedule schedule = config.schedule();
        AdamConfig adam = config.adam();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("steps", config.steps());
        fields.put("batch_size", config.batchSize());
        fields.put("gradient_accumulation_steps", config.gradientAccumulationSteps());
        fields.put("schedule", schedule.kind().toString());
        fields.put("learning_rate", schedule.learningRate());
        fields.put("min_lr", schedule.minLr());
        fields.put("warmup_steps", schedule.warmupSteps());
        fields.put("beta1", adam.beta1());
        fields.put("beta2", adam.beta2());
        fields.put("adam_eps", adam.eps());
        fields.put("weight_decay", adam.weightDecay());
        fields.put("grad_clip", config.gradClip());
        fields.put("seed", new BigInteger(Long.toUnsignedString(config.seed())));
        if (config.separateGradients()) {
            fields.put(SEPARATE_GRADIENTS, true);
        }
        return fields;
    }

    private static TrainingConfig readTraining(JsonFields fields) {
        int steps = fields.integer("steps");
        int batchSize = fields.integer("batch_size");
        int accumulationSteps = fields.integer("gradient_accumulation_steps");
        Schedule schedule = new Schedule(
                fields.choice("schedule", Schedule.Kind.values()),
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
        boolean separate = fields.has(SEPARATE_GRADIENTS) && fields.flag(SEPARATE_GRADIENTS);
        fields.end();
        return new TrainingConfig(steps, batchSize, accumulationSteps, schedule, adam, gradClip, seed, separate);
    }

    private static Map<String, @Nullable Object> data(DataConfig data) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put(FORMAT, data.format().toString());
        fields.put(VAL_FRACTION, data.valFraction());
        fields.put("sha256", data.sha256());
        return fields;
    }

    private static DataConfig readData(JsonFields fields) {
        DataConfig data = new DataConfig(
                fields.choice(FORMAT, DataFormat.values()), fields.number(VAL_FRACTION), fields.text("sha256"));
        fields.end();
        return data;
    }

    private static Map<String, @Nullable Object> progress(Checkpoint checkpoint) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put(STEP, checkpoint.step());
        fields.put(BEST_LOSS, Double.isInfinite(checkpoint.bestLoss()) ? null : checkpoint.bestLoss());
        if (checkpoint.stalled() > 0) { // older versions of microgpt read checkpoints without, too
            fields.put(STALLED, checkpoint.stalled());
        }
        if (checkpoint.endedEarly()) {
            fields.put(ENDED_EARLY, true);
        }
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

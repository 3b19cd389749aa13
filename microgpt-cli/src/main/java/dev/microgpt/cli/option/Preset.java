package dev.microgpt.cli.option;

import dev.microgpt.model.GptConfig;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.data.DataFormat;

/** Defaults of a training run that belong together; each option overrides one of them. */
public enum Preset {
    /** The run of microgpt.py. */
    MICROGPT("microgpt", GptConfig.microgpt(2), TrainingConfig.microgpt(), DataFormat.DOCUMENTS, 0.0, Preset.NEVER),
    /** nanoGPT's small model for a laptop, as its README trains it on tinyshakespeare. */
    NANO("nano", GptConfig.nano(2), TrainingConfig.nano(), DataFormat.TEXT, 0.1, 500),
    /** Parts of Llama at the size of nano, trained like it. */
    LLAMA("llama", GptConfig.llama(2), TrainingConfig.nano(), DataFormat.TEXT, 0.1, 500),
    /** Parts of nanochat at the size of nano, trained like it. */
    NANOCHAT("nanochat", GptConfig.nanochat(2), TrainingConfig.nano(), DataFormat.TEXT, 0.1, 500),
    GPT2("gpt2", GptConfig.gpt2(2), TrainingConfig.gpt2(), DataFormat.TEXT, 0.1, 10),
    GPT2_MEDIUM("gpt2-medium", GptConfig.gpt2Medium(2), TrainingConfig.gpt2(), DataFormat.TEXT, 0.1, 10),
    GPT2_LARGE("gpt2-large", GptConfig.gpt2Large(2), TrainingConfig.gpt2(), DataFormat.TEXT, 0.1, 10),
    GPT2_XL("gpt2-xl", GptConfig.gpt2Xl(2), TrainingConfig.gpt2(), DataFormat.TEXT, 0.1, 10);

    /** More steps than any run has: no checkpoint before the end. */
    private static final int NEVER = Integer.MAX_VALUE;

    private final String label;
    private final GptConfig model; // with the smallest vocabulary; the actual one depends on the data
    private final TrainingConfig training;
    private final DataFormat format;
    private final double valFraction;
    private final int checkpointInterval;

    Preset(
            String label,
            GptConfig model,
            TrainingConfig training,
            DataFormat format,
            double valFraction,
            int checkpointInterval) {
        this.label = label;
        this.model = model;
        this.training = training;
        this.format = format;
        this.valFraction = valFraction;
        this.checkpointInterval = checkpointInterval;
    }

    /** Returns the smallest preset for data of a format. */
    public static Preset usualFor(DataFormat format) {
        return format == DataFormat.DOCUMENTS ? MICROGPT : NANO;
    }

    /** Returns the model for a vocabulary. */
    public GptConfig model(int vocabSize) {
        return model.withVocabSize(vocabSize);
    }

    public TrainingConfig training() {
        return training;
    }

    public DataFormat format() {
        return format;
    }

    public double valFraction() {
        return valFraction;
    }

    /** Returns the steps between checkpoints: the work that a power failure may cost. */
    int checkpointInterval() {
        return checkpointInterval;
    }

    @Override
    public String toString() {
        return label;
    }
}

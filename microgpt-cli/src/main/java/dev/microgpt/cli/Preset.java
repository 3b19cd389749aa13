package dev.microgpt.cli;

import dev.microgpt.model.GptConfig;
import dev.microgpt.train.AdamConfig;
import dev.microgpt.train.DataFormat;
import dev.microgpt.train.Schedule;
import dev.microgpt.train.TrainingConfig;

/** Defaults of a training that belong together; every option overrides one of them. */
enum Preset {
    /** microgpt.py's run. */
    MICROGPT("microgpt", DataFormat.DOCUMENTS, 0.0) {
        @Override
        GptConfig model(int vocabSize) {
            return GptConfig.microgpt(vocabSize);
        }

        @Override
        TrainingConfig training() {
            return TrainingConfig.microgpt();
        }
    },
    /** What nanoGPT's readme trains on a laptop: a small model on tinyshakespeare. */
    NANO("nano", DataFormat.TEXT, 0.1) {
        @Override
        GptConfig model(int vocabSize) {
            return GptConfig.nano(vocabSize);
        }

        @Override
        TrainingConfig training() {
            return new TrainingConfig(
                    2000,
                    12,
                    1,
                    new Schedule(Schedule.Kind.COSINE, 1e-3, 1e-4, 100),
                    new AdamConfig(0.9, 0.99, 1e-8, 0.1),
                    1.0,
                    42);
        }
    },
    /** GPT-2's smallest model, trained as nanoGPT does. */
    GPT2("gpt2", DataFormat.TEXT, 0.1) {
        @Override
        GptConfig model(int vocabSize) {
            return GptConfig.gpt2(vocabSize);
        }

        @Override
        TrainingConfig training() {
            return likeGpt2();
        }
    },
    GPT2_MEDIUM("gpt2-medium", DataFormat.TEXT, 0.1) {
        @Override
        GptConfig model(int vocabSize) {
            return GptConfig.gpt2Medium(vocabSize);
        }

        @Override
        TrainingConfig training() {
            return likeGpt2();
        }
    },
    GPT2_LARGE("gpt2-large", DataFormat.TEXT, 0.1) {
        @Override
        GptConfig model(int vocabSize) {
            return GptConfig.gpt2Large(vocabSize);
        }

        @Override
        TrainingConfig training() {
            return likeGpt2();
        }
    },
    GPT2_XL("gpt2-xl", DataFormat.TEXT, 0.1) {
        @Override
        GptConfig model(int vocabSize) {
            return GptConfig.gpt2Xl(vocabSize);
        }

        @Override
        TrainingConfig training() {
            return likeGpt2();
        }
    };

    private final String label;
    private final DataFormat format;
    private final double valFraction;

    Preset(String label, DataFormat format, double valFraction) {
        this.label = label;
        this.format = format;
        this.valFraction = valFraction;
    }

    abstract GptConfig model(int vocabSize);

    abstract TrainingConfig training();

    DataFormat format() {
        return format;
    }

    double valFraction() {
        return valFraction;
    }

    @Override
    public String toString() {
        return label;
    }

    /** nanoGPT's defaults, which are those of its run on OpenWebText. */
    private static TrainingConfig likeGpt2() {
        return new TrainingConfig(
                600_000,
                12,
                40,
                new Schedule(Schedule.Kind.COSINE, 6e-4, 6e-5, 2000),
                new AdamConfig(0.9, 0.95, 1e-8, 0.1),
                1.0,
                42);
    }
}

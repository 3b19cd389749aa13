package dev.microgpt.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.Activation;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Norm;
import dev.microgpt.train.AdamConfig;
import dev.microgpt.train.Schedule;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.data.DataFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class PresetTest {
    /** config/train_shakespeare_char.py, with the sizes that nanoGPT's readme gives for a laptop without a GPU. */
    @Test
    void nanoIsWhatNanoGptTrainsOnALaptop() {
        GptConfig model = Preset.NANO.model(65);
        GptConfig variant = model;
        assertEquals(List.of(4, 4, 128, 64), List.of(model.nLayer(), model.nHead(), model.nEmbd(), model.blockSize()));
        assertEquals(Norm.LAYER, variant.norm());
        assertEquals(Activation.GELU, variant.activation());
        assertEquals(
                List.of(false, true, false, true),
                List.of(
                        variant.get(GptConfig.BIAS),
                        variant.get(GptConfig.TIE_HEAD),
                        variant.get(GptConfig.EMBEDDING_NORM),
                        variant.get(GptConfig.FINAL_NORM)));
        assertEquals(0, variant.get(GptConfig.DROPOUT));
        assertEquals(
                new TrainingConfig(
                        2000,
                        12,
                        1,
                        new Schedule(Schedule.Kind.COSINE, 1e-3, 1e-4, 100),
                        new AdamConfig(0.9, 0.99, 1e-8, 0.1),
                        1.0,
                        42),
                Preset.NANO.training());
        assertEquals(DataFormat.TEXT, Preset.NANO.format());
        assertEquals(0.1, Preset.NANO.valFraction());
    }

    @Test
    void microgptIsMicrogptPys() {
        assertEquals(GptConfig.microgpt(27), Preset.MICROGPT.model(27));
        assertEquals(TrainingConfig.microgpt(), Preset.MICROGPT.training());
        assertEquals(DataFormat.DOCUMENTS, Preset.MICROGPT.format());
        assertEquals(0, Preset.MICROGPT.valFraction());
    }

    /** The defaults of nanoGPT's train.py: 5 · 8 batches a step, and a second beta of 0.95. */
    @Test
    void theSizesOfGpt2AreTrainedAsNanoGptDoes() {
        TrainingConfig expected = new TrainingConfig(
                600_000,
                12,
                40,
                new Schedule(Schedule.Kind.COSINE, 6e-4, 6e-5, 2000),
                new AdamConfig(0.9, 0.95, 1e-8, 0.1),
                1.0,
                42);
        for (Preset preset : List.of(Preset.GPT2, Preset.GPT2_MEDIUM, Preset.GPT2_LARGE, Preset.GPT2_XL)) {
            assertEquals(expected, preset.training());
            assertEquals(GptConfig.gpt2(50_257), preset.model(50_257).withSizes(12, 12, 768, 1024));
        }
        assertEquals(List.of(124.4, 354.8, 774.0, 1557.6), millions());
    }

    private static List<Double> millions() {
        return List.of(Preset.GPT2, Preset.GPT2_MEDIUM, Preset.GPT2_LARGE, Preset.GPT2_XL).stream()
                .map(preset -> Math.round(preset.model(50_257).parameterCount() / 1e5) / 10.0)
                .toList();
    }

    @Test
    void todaysModelsOfTheSizeOfNanoAreTrainedLikeIt() {
        assertEquals(GptConfig.llama(65), Preset.LLAMA.model(65));
        assertEquals(GptConfig.nanochat(65), Preset.NANOCHAT.model(65));
        for (Preset preset : List.of(Preset.LLAMA, Preset.NANOCHAT)) {
            assertEquals(Preset.NANO.training(), preset.training());
            assertEquals(Preset.NANO.format(), preset.format());
            assertEquals(Preset.NANO.valFraction(), preset.valFraction());
            assertEquals(Preset.NANO.checkpointInterval(), preset.checkpointInterval());
        }
    }

    @Test
    void theNameOnTheCommandLineIsThatOfThePreset() {
        for (Preset preset : Preset.values()) {
            ModelOptions options = new ModelOptions();
            CommandLine line = new CommandLine(options.spec());
            Converters.register(line);
            line.parseArgs("--preset", preset.toString());
            assertEquals(preset, options.preset());
        }
        assertTrue(Preset.GPT2_XL.toString().contains("-"), "as the other options are written");
    }
}

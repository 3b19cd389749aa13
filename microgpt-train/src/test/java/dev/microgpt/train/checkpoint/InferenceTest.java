package dev.microgpt.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.PackedMatrix.Precision;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.train.Adam;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.huggingface.Gpt2Folder;
import dev.microgpt.train.safetensors.NamedTensor;
import dev.microgpt.train.safetensors.NumberType;
import dev.microgpt.train.safetensors.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models that are loaded for inference. */
class InferenceTest {
    private static final GptConfig CONFIG = GptConfig.gpt2(257).withSizes(2, 2, 24, 32);

    @TempDir
    private Path folder;

    private static TrainedModel model(Precision precision) {
        Gpt gpt = new Gpt(CONFIG, Parameters.drawnFrom(new PythonRandom(3)));
        for (Parameter parameter : gpt.parameters().all()) {
            double[] data = parameter.data();
            for (int i = 0; i < data.length && precision != Precision.F64; i++) {
                int bits = Float.floatToRawIntBits((float) (5 * data[i]));
                data[i] = Float.intBitsToFloat(precision == Precision.F32 ? bits : bits & 0xFFFF_0000);
            }
        }
        return new TrainedModel(gpt, new ByteTokenizer(), DataFormat.TEXT);
    }

    private static void assertPrecision(Precision precision, TrainedModel model) {
        for (Parameter parameter : model.model().parameters().all()) {
            PackedMatrix packed = parameter.packed();
            assertEquals(parameter.shape().rank() == 2, packed != null, parameter.name());
            if (packed != null) {
                assertEquals(precision, packed.precision(), parameter.name());
            }
        }
    }

    private static void assertSameTexts(TrainedModel expected, TrainedModel found) {
        SamplingConfig sampling = SamplingConfig.ofTemperature(1);
        assertEquals(expected.generate("a prompt", sampling, 7), found.generate("a prompt", sampling, 7));
        String text = "A text of more than one window. ".repeat(5);
        assertEquals(expected.score(text), found.score(text));
    }

    @ParameterizedTest
    @EnumSource
    void writesTheSameTexts(Precision precision) throws IOException {
        TrainedModel model = model(precision);
        Path file = folder.resolve("model.safetensors");
        model.save(file);
        TrainedModel loaded = TrainedModel.loadForInference(file);
        assertPrecision(precision, loaded);
        assertSameTexts(model, loaded);
        assertPrecision(precision, model.forInference());
        assertSameTexts(model, model.forInference());
    }

    /** A GPT-2 in {@code float}, as Hugging Face's models are, whose linear weights are stored transposed. */
    @Test
    void keepsAnImportedModelAsPreciseAsItsFile() throws IOException {
        TrainedModel model = model(Precision.F64);
        Gpt2Folder.write(folder.resolve("gpt2"), model, NumberType.F32, false);
        TrainedModel imported = Gpt2Folder.read(folder.resolve("gpt2"), new ByteTokenizer());
        assertPrecision(Precision.F32, imported.forInference());
        Path file = folder.resolve("imported.safetensors");
        imported.save(file);
        TrainedModel loaded = TrainedModel.loadForInference(file);
        assertPrecision(Precision.F32, loaded);
        assertSameTexts(imported, loaded);
    }

    @Test
    void isNeitherTrainedNorSaved() throws IOException {
        TrainedModel model = model(Precision.F32).forInference();
        Path file = folder.resolve("model.safetensors");
        String saving = assertThrows(IllegalStateException.class, () -> model.save(file))
                .getMessage();
        assertTrue(saving.contains("tensor \"wte\" (257, 24) is packed for inference"), saving);
        assertThrows(
                IllegalStateException.class,
                () -> Gpt2Folder.write(folder.resolve("gpt2"), model, NumberType.F32, false));
        try (var files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
        TrainingConfig training = new TrainingConfig(1, 1, 0.01, 0.9, 0.99, 1e-8, 1);
        Adam adam = new Adam(model(Precision.F32).model().parameters().all(), training.adam());
        String refused = assertThrows(
                        IllegalArgumentException.class,
                        () -> new Trainer(model.model(), (step, part, parts) -> null, adam, step -> 0.1))
                .getMessage();
        assertTrue(refused.contains("parameter \"wte\" is packed for inference"), refused);
    }

    @Test
    void aMatrixThatIsNotFiniteIsRefused() throws IOException {
        Path file = folder.resolve("model.safetensors");
        TrainedModel model = model(Precision.F32);
        model.save(file);
        Safetensors content = Safetensors.read(file);
        List<NamedTensor> tensors = new ArrayList<>(content.tensors());
        NamedTensor last = tensors.get(tensors.size() - 1);
        for (NamedTensor tensor : tensors) {
            if (tensor.shape().rank() == 2) {
                last = tensor;
            }
        }
        int at = last.data().length - 1;
        last.data()[at] = Double.NaN;
        Safetensors.write(file, content.metadata(), tensors);
        String expected = assertThrows(CheckpointException.class, () -> TrainedModel.load(file))
                .getMessage();
        assertTrue(expected.contains("the number at index " + at + " is NaN"), expected);
        assertEquals(
                expected,
                assertThrows(CheckpointException.class, () -> TrainedModel.loadForInference(file))
                        .getMessage());
    }
}

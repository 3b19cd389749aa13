package dev.microgpt.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Layer;
import dev.microgpt.model.Mlp;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.Adam;
import dev.microgpt.train.MicrogptRun;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.huggingface.Gpt2Folder;
import dev.microgpt.train.safetensors.NumberType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainedModelTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("model.safetensors");
    }

    @Test
    void comesBackFromItsFileBitForBit() throws IOException {
        TrainedModel saved = model(257, new ByteTokenizer(), DataFormat.TEXT);
        saved.save(file);
        TrainedModel loaded = TrainedModel.load(file);
        assertSameModel(saved, loaded);
        assertFalse(Checkpoint.isIn(file));
    }

    @Test
    void equalModelsGiveEqualFiles() throws IOException {
        model(257, new ByteTokenizer(), DataFormat.TEXT).save(file);
        Path again = folder.resolve("again.safetensors");
        model(257, new ByteTokenizer(), DataFormat.TEXT).save(again);
        assertEquals(-1, Files.mismatch(file, again));
    }

    @Test
    void isInEveryCheckpoint() throws IOException {
        TrainingConfig training = new TrainingConfig(3, 1, 0.01, 0.9, 0.99, 1e-8, 1);
        MicrogptRun run =
                new MicrogptRun(List.of("emma", "ava"), GptConfig.microgpt(2).withSizes(1, 1, 4, 4), training).train();
        DataConfig data = new DataConfig(DataFormat.DOCUMENTS, 0, "0123456789abcdef".repeat(4));
        Checkpoint checkpoint = new Checkpoint(
                training, run.tokenizer, run.gpt, run.adam, 3, run.random.state(), data, Double.POSITIVE_INFINITY);
        checkpoint.save(file);
        assertTrue(Checkpoint.isIn(file));
        assertSameModel(checkpoint.trainedModel(), TrainedModel.load(file));
    }

    /** Its parameters have the names and shapes of the library's MLP, so a file would be loaded as another function. */
    @Test
    void aModelWithLayersThatAFileCannotNameIsNotSaved() throws IOException {
        GptConfig own = GptConfig.microgpt(257).withSizes(1, 1, 4, 4).withMlp((scope, config) -> {
            Layer mlp = Mlp.PLAIN.create(scope, config);
            return (tape, x, batch) -> tape.gelu(mlp.forward(tape, x, batch));
        });
        Gpt gpt = new Gpt(own, Parameters.drawnFrom(new PythonRandom(1)));
        TrainedModel model = new TrainedModel(gpt, new ByteTokenizer(), DataFormat.TEXT);
        String message =
                "checkpoint: the model has an unnamed Mlp as mlp, which is not found by its name when the file is"
                        + " loaded; give the part a dotted name and list its class as a service in META-INF/services,"
                        + " or save the parameters alone with Safetensors.write";
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> model.save(file))
                        .getMessage());
        assertFalse(Files.exists(file));
        TrainingConfig training = new TrainingConfig(3, 1, 0.01, 0.9, 0.99, 1e-8, 1);
        Adam adam = new Adam(gpt.parameters().all(), 0.9, 0.99, 1e-8);
        DataConfig data = new DataConfig(DataFormat.TEXT, 0, "0123456789abcdef".repeat(4));
        assertEquals(
                message,
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Checkpoint(
                                        training,
                                        new ByteTokenizer(),
                                        gpt,
                                        adam,
                                        0,
                                        new PythonRandom(1).state(),
                                        data,
                                        Double.POSITIVE_INFINITY))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> Gpt2Folder.write(folder, model, NumberType.F64, false));
    }

    @Test
    void aFileOfTheModelAloneIsNoCheckpoint() throws IOException {
        model(257, new ByteTokenizer(), DataFormat.TEXT).save(file);
        CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.load(file));
        assertEquals(
                "checkpoint model.safetensors: the file has a model without the state of its training run, which must"
                        + " be there to resume; start a new run from the model instead",
                e.getMessage());
    }

    @Test
    void theTokenizerMayHaveFewerTokensThanTheModelButNotMore() throws IOException {
        CharTokenizer ab = CharTokenizer.ofAlphabet("ab");
        model(8, ab, DataFormat.DOCUMENTS).save(file);
        assertEquals(8, TrainedModel.load(file).model().config().vocabSize());
        assertEquals(
                "model: the tokenizer has 3 tokens, the model only 2; use the tokenizer it was trained with",
                assertThrows(IllegalArgumentException.class, () -> model(2, ab, DataFormat.DOCUMENTS))
                        .getMessage());
    }

    @Test
    void aNumberThatIsNotFiniteIsNeitherSavedNorLoaded() throws IOException {
        TrainedModel model = model(257, new ByteTokenizer(), DataFormat.TEXT);
        model.model().parameters().get("wpe").data()[3] = Double.NaN;
        String message = assertThrows(IllegalStateException.class, () -> model.save(file))
                .getMessage();
        assertEquals(
                "checkpoint: tensor \"wpe\": the number at index 3 is NaN, but all must be finite; nothing was saved",
                message);
        assertFalse(Files.exists(file));
    }

    private static TrainedModel model(int vocabSize, Tokenizer tokenizer, DataFormat format) {
        GptConfig config = GptConfig.microgpt(vocabSize).withSizes(1, 2, 4, 8);
        return new TrainedModel(new Gpt(config, Parameters.drawnFrom(new PythonRandom(5))), tokenizer, format);
    }

    private static void assertSameModel(TrainedModel expected, TrainedModel found) {
        assertEquals(expected.model().config(), found.model().config());
        assertEquals(expected.tokenizer(), found.tokenizer());
        assertEquals(expected.format(), found.format());
        for (Parameter parameter : expected.model().parameters().all()) {
            String name = parameter.name();
            assertArrayEquals(
                    parameter.data(), found.model().parameters().get(name).data(), name);
        }
    }
}

package dev.microgpt.train.huggingface;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Tape;
import dev.microgpt.model.Batch;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Gpt2FolderTest {
    /** Correct implementations differ by about 1e-14 here; the log-probabilities have magnitudes up to 25. */
    private static final double TOLERANCE = 2e-13;

    private static final Tokenizer TEN_LETTERS = CharTokenizer.ofAlphabet("abcdefghij");

    @TempDir
    private Path temporary;

    static List<RecordedFolders.Case> cases() throws IOException {
        return RecordedFolders.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void logProbabilitiesAreThoseOfPytorch(RecordedFolders.Case recorded, TestReporter reporter) throws IOException {
        Path folder = RecordedFolders.copy(recorded.folder(), temporary.resolve("model"));
        for (Map.Entry<String, Object> change : recorded.changes().entrySet()) {
            RecordedFolders.set(folder, change.getKey(), change.getValue());
        }
        Tokenizer tokenizer = recorded.folder().equals(RecordedFolders.MIXED) ? null : TEN_LETTERS;
        TrainedModel model = Gpt2Folder.read(folder, tokenizer);
        double[][] logProbabilities = logProbabilities(model.model(), recorded.ids());
        double worst = 0;
        for (int i = 0; i < recorded.ids().length; i++) {
            for (int j = 0; j < recorded.columns().length; j++) {
                double computed = logProbabilities[i][recorded.columns()[j]];
                worst = Math.max(worst, Math.abs(computed - recorded.result()[i][j]));
            }
        }
        reporter.publishEntry("worst difference", Double.toString(worst));
        assertTrue(worst < TOLERANCE, "worst difference " + worst);
    }

    private static double[][] logProbabilities(LanguageModel gpt, int[] ids) {
        double[] logits = gpt.forward(Tape.inference(), Batch.ofPrompt(ids)).toArray();
        int vocabSize = gpt.config().vocabSize();
        double[][] rows = new double[ids.length][vocabSize];
        for (int i = 0; i < ids.length; i++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < vocabSize; j++) {
                max = Math.max(max, logits[i * vocabSize + j]);
            }
            double sum = 0;
            for (int j = 0; j < vocabSize; j++) {
                sum += StrictMath.exp(logits[i * vocabSize + j] - max);
            }
            for (int j = 0; j < vocabSize; j++) {
                rows[i][j] = logits[i * vocabSize + j] - max - StrictMath.log(sum);
            }
        }
        return rows;
    }

    @Test
    void modelComesWithTheTokenizerOfItsFolder() throws IOException {
        Path folder = RecordedFolders.copy(RecordedFolders.MIXED, temporary.resolve("model"));
        TrainedModel model = Gpt2Folder.read(folder);
        BpeTokenizer tokenizer = (BpeTokenizer) model.tokenizer();
        assertEquals(DataFormat.TEXT, model.format());
        assertEquals(276, tokenizer.bos());
        assertEquals(277, tokenizer.vocabSize());
        assertEquals(288, model.model().config().vocabSize());
        int[] ids = tokenizer.encode("The cat sat.");
        assertTrue(ids.length < 12, "nothing was merged in " + ids.length + " tokens");
        assertEquals("The cat sat.", tokenizer.decode(ids));
    }

    @Test
    void importedModelIsSavedAndLoadedAsAnyOther() throws IOException {
        Path folder = RecordedFolders.copy(RecordedFolders.SHARDED, temporary.resolve("model"));
        TrainedModel model = Gpt2Folder.read(folder, TEN_LETTERS);
        Path file = temporary.resolve("model.safetensors");
        model.save(file);
        TrainedModel loaded = TrainedModel.load(file);
        assertEquals(model.model().config(), loaded.model().config());
        int[] ids = {1, 2, 3};
        assertArrayEquals(
                model.model().forward(Tape.inference(), Batch.ofPrompt(ids)).toArray(),
                loaded.model().forward(Tape.inference(), Batch.ofPrompt(ids)).toArray());
    }

    @Test
    void folderWithoutATokenizerNeedsOneGiven() throws IOException {
        Path folder = RecordedFolders.copy(RecordedFolders.SHARDED, temporary.resolve("model"));
        HuggingFaceException e = assertThrows(HuggingFaceException.class, () -> Gpt2Folder.read(folder));
        assertEquals(
                folder
                        + ": found no tokenizer, expected tokenizer.json, or vocab.json and merges.txt; give the"
                        + " tokenizer of the model, or use one token per byte",
                e.getMessage());
    }

    @Test
    void tokenizerWithMoreTokensThanTheModelIsRefused() throws IOException {
        Path folder = RecordedFolders.copy(RecordedFolders.SHARDED, temporary.resolve("model"));
        Tokenizer eleven = CharTokenizer.ofAlphabet("abcdefghijk");
        HuggingFaceException e = assertThrows(HuggingFaceException.class, () -> Gpt2Folder.read(folder, eleven));
        assertEquals(
                folder + ": found 12 tokens in the tokenizer, but config.json says vocab_size 11, expected at most"
                        + " that many; is it the tokenizer of this model?",
                e.getMessage());
    }

    @Test
    void folderOfSomethingElseIsRefused() throws IOException {
        HuggingFaceException e = assertThrows(HuggingFaceException.class, () -> Gpt2Folder.read(temporary));
        assertEquals(
                temporary
                        + ": the folder of a model must have a config.json, but there is none; is it the right folder?",
                e.getMessage());
        Path pickled = RecordedFolders.copy(RecordedFolders.MIXED, temporary.resolve("model"));
        Files.move(pickled.resolve("model.safetensors"), pickled.resolve("pytorch_model.bin"));
        e = assertThrows(HuggingFaceException.class, () -> Gpt2Folder.read(pickled));
        assertEquals(
                pickled + ": found only pytorch_model.bin, a Python pickle, expected model.safetensors; convert it,"
                        + " in Python: model.save_pretrained(DIR, safe_serialization=True)",
                e.getMessage());
        Files.delete(pickled.resolve("pytorch_model.bin"));
        e = assertThrows(HuggingFaceException.class, () -> Gpt2Folder.read(pickled));
        assertEquals(
                pickled + ": found neither model.safetensors nor model.safetensors.index.json, expected one of them;"
                        + " is it the folder of a model?",
                e.getMessage());
    }

    @Test
    void folderWithAnAdapterIsRefused() throws IOException {
        Path folder = RecordedFolders.copy(RecordedFolders.MIXED, temporary.resolve("model"));
        Files.writeString(folder.resolve("adapter_config.json"), "{\"peft_type\": \"LORA\"}");
        HuggingFaceException e = assertThrows(HuggingFaceException.class, () -> Gpt2Folder.read(folder));
        assertEquals(
                folder + ": found adapter_config.json, an adapter that changes the weights, expected a model without"
                        + " one; merge it, in Python: model.merge_and_unload()",
                e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors", "pytorch_model.bin", "model.safetensors.index.json"})
    void folderIsRecognizedByItsConfigurationAndWeights(String name) throws IOException {
        Files.writeString(temporary.resolve(name), "{}");
        assertEquals(false, Gpt2Folder.isIn(temporary));
        Files.writeString(temporary.resolve("config.json"), "{}");
        assertEquals(!name.equals("config.json"), Gpt2Folder.isIn(temporary));
        assertEquals(false, Gpt2Folder.isIn(temporary.resolve(name)));
        assertEquals(false, Gpt2Folder.isIn(temporary.resolve("missing")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "tokenizer.json", "vocab.json", "merges.txt", "added_tokens.json"})
    void aFolderInPlaceOfAFileIsNamed(String name) throws IOException {
        Path folder = RecordedFolders.copy(RecordedFolders.SHARDED, temporary.resolve("model"));
        Files.writeString(folder.resolve("vocab.json"), "{\"a\":0}");
        Files.writeString(folder.resolve("merges.txt"), "");
        Files.deleteIfExists(folder.resolve(name));
        Files.createDirectory(folder.resolve(name));
        FileSystemException e = assertThrows(FileSystemException.class, () -> Gpt2Folder.read(folder));
        assertEquals(folder.resolve(name) + " must be an ordinary file, but is a folder", e.getMessage());
    }
}

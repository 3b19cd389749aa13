package dev.microgpt.train.huggingface;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.model.Activation;
import dev.microgpt.model.AttentionScale;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Initialization;
import dev.microgpt.model.Mlp;
import dev.microgpt.model.Norm;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.Positions;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeVocabularyBuilder;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.internal.Sha256;
import dev.microgpt.train.safetensors.NumberType;
import dev.microgpt.train.safetensors.TensorFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Gpt2ExportTest {
    private static final String ALPHABET = "\n abcé😀";
    private static final Tokenizer CHARACTERS = CharTokenizer.ofAlphabet(ALPHABET);
    private static final GptConfig UNUSUAL = GptConfig.microgpt(2)
            .withNorm(Norm.LAYER_BIAS)
            .with(GptConfig.BIAS, true)
            .with(GptConfig.EMBEDDING_NORM, false)
            .with(GptConfig.FINAL_NORM, true)
            .with(GptConfig.DROPOUT, 0.2)
            .with(GptConfig.INITIALIZATION, Initialization.GPT2)
            .with(GptConfig.NORM_EPS, 1e-3)
            .with(GptConfig.ATTENTION_SCALE, AttentionScale.LAYER);

    @TempDir
    private Path temporary;

    /** A model without weights that are exactly 0 or 1. */
    private static TrainedModel model(GptConfig config, Tokenizer tokenizer) {
        PythonRandom random = new PythonRandom(7);
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(random));
        for (Parameter parameter : gpt.parameters().all()) {
            for (int i = 0; i < parameter.data().length; i++) {
                parameter.data()[i] += 0.1 * random.random();
            }
        }
        return new TrainedModel(gpt, tokenizer, DataFormat.TEXT);
    }

    private static double[] logits(TrainedModel model) {
        int[] ids = {1, 5, 0, 3};
        return model.model().forward(Tape.inference(), Batch.ofPrompt(ids)).toArray();
    }

    private Path export(TrainedModel model, NumberType type) throws IOException {
        Path folder = temporary.resolve("exported");
        Gpt2Folder.write(folder, model, type, false);
        return folder;
    }

    static List<GptConfig> configurations() {
        return List.of(
                GptConfig.gpt2(8).withSizes(2, 2, 6, 5),
                UNUSUAL.withVocabSize(9).withSizes(1, 3, 12, 4).withInner(7),
                GptConfig.gpt2(8)
                        .with(GptConfig.DROPOUT, 0.0)
                        .withSizes(3, 1, 5, 6)
                        .withInner(40));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void everyBitOfEveryWeightComesBack(GptConfig config) throws IOException {
        TrainedModel model = model(config, CHARACTERS);
        TrainedModel again = Gpt2Folder.read(export(model, NumberType.F64));
        assertEquals(config, again.model().config());
        List<Parameter> written = model.model().parameters().all();
        List<Parameter> read = again.model().parameters().all();
        assertEquals(written.size(), read.size());
        for (int i = 0; i < written.size(); i++) {
            assertEquals(written.get(i).name(), read.get(i).name());
            assertArrayEquals(
                    written.get(i).data(), read.get(i).data(), written.get(i).name());
        }
        assertEquals(ALPHABET, ((CharTokenizer) again.tokenizer()).alphabet());
        assertArrayEquals(logits(model), logits(again));
    }

    @Test
    void biasesThatAModelLacksAreZeros() throws IOException {
        TrainedModel model = model(GptConfig.nano(8).withSizes(2, 2, 6, 5), CHARACTERS);
        TrainedModel again = Gpt2Folder.read(export(model, NumberType.F64));
        assertArrayEquals(
                new double[6], again.model().parameters().get("layer1.attn_bk").data());
        assertArrayEquals(
                new double[6], again.model().parameters().get("final_norm.bias").data());
        assertArrayEquals(logits(model), logits(again));
    }

    @Test
    void floatsAreWrittenUnlessDoublesAreAskedFor() throws IOException {
        TrainedModel model = model(GptConfig.gpt2(8).withSizes(1, 2, 6, 5), CHARACTERS);
        Path folder = export(model, NumberType.F32);
        try (TensorFile weights = TensorFile.open(folder.resolve("model.safetensors"))) {
            assertEquals("pt", weights.metadata().get("format"));
            assertEquals(NumberType.F32, weights.tensors().get(0).type());
            assertEquals("transformer.wte.weight", weights.tensors().get(0).name());
            double[] wte = weights.read("transformer.wte.weight");
            double[] exact = model.model().parameters().get("wte").data();
            for (int i = 0; i < wte.length; i++) {
                assertEquals((float) exact[i], wte[i]);
            }
        }
        assertTrue(Files.readString(folder.resolve("config.json")).contains("\"torch_dtype\": \"float32\""));
    }

    @Test
    void bytesKeepTheirIds() throws IOException {
        TrainedModel model = model(GptConfig.gpt2(260).withSizes(1, 1, 4, 5), new ByteTokenizer());
        Path folder = export(model, NumberType.F32);
        BpeTokenizer own = BpeFiles.read(folder, null);
        assertArrayEquals(new ByteTokenizer().encode("é\n 0"), own.encode("é\n 0"));
        assertEquals(256, own.bos());
        assertEquals(256, Gpt2Folder.read(folder).tokenizer().bos());
    }

    @Test
    void tokensOfBpeKeepTheirIds() throws IOException {
        TrainedModel model = Gpt2Folder.read(RecordedFolders.copy(RecordedFolders.MIXED, temporary.resolve("model")));
        TrainedModel again = Gpt2Folder.read(export(model, NumberType.F64));
        assertEquals(((BpeTokenizer) model.tokenizer()).vocabulary(), ((BpeTokenizer) again.tokenizer()).vocabulary());
        assertEquals(model.model().config(), again.model().config());
        assertArrayEquals(logits(model), logits(again));
    }

    @Test
    void equalModelsGiveEqualFiles() throws IOException {
        TrainedModel model = model(GptConfig.nano(8).withSizes(1, 2, 6, 5), CHARACTERS);
        Path one = export(model, NumberType.F32);
        Path other = temporary.resolve("more/other");
        Gpt2Folder.write(other, model, NumberType.F32, false);
        try (Stream<Path> files = Files.list(one)) {
            List<Path> all = files.sorted().toList();
            assertEquals(5, all.size());
            for (Path file : all) {
                assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(other.resolve(file.getFileName())));
            }
        }
    }

    private void assertRefused(String message, GptConfig variant) throws IOException {
        assertRefusedAs(
                message
                        + ", and its file format cannot express the difference; export a model of the preset nano"
                        + " or gpt2",
                variant);
    }

    private void assertRefusedAs(String message, GptConfig variant) throws IOException {
        TrainedModel model = model(variant.withVocabSize(8).withSizes(1, 2, 8, 5), CHARACTERS);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> export(model, NumberType.F32));
        assertEquals(message, e.getMessage());
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void whatGpt2DoesNotHaveIsRefusedByName() throws IOException {
        assertRefused("the model has the norm rmsnorm, but GPT-2 has layer norm", GptConfig.microgpt(2));
        assertRefused(
                "the model has a norm after the embedding, but GPT-2 has none there",
                GptConfig.microgpt(2)
                        .withNorm(Norm.LAYER)
                        .withActivation(Activation.GELU)
                        .with(GptConfig.TIE_HEAD, true)
                        .with(GptConfig.FINAL_NORM, true)
                        .with(GptConfig.INITIALIZATION, Initialization.GPT2));
        assertRefused(
                "the model has no norm before the head, but GPT-2 has one there",
                GptConfig.microgpt(2)
                        .withNorm(Norm.LAYER)
                        .withActivation(Activation.GELU)
                        .with(GptConfig.TIE_HEAD, true)
                        .with(GptConfig.EMBEDDING_NORM, false)
                        .with(GptConfig.INITIALIZATION, Initialization.GPT2));
        GptConfig gpt2 = GptConfig.gpt2(2);
        String lacks = ", which GPT-2 lacks; its file format cannot express it";
        assertRefusedAs("the model has the mlp swiglu" + lacks, gpt2.withMlp(Mlp.SWIGLU));
        assertRefusedAs("the model has the positions rope" + lacks, gpt2.withPositions(Positions.ROPE));
        assertRefusedAs("the model has the rope_theta 100.0" + lacks, gpt2.with(GptConfig.ROPE_THETA, 100.0));
        assertRefusedAs("the model has the softcap 15.0" + lacks, gpt2.with(GptConfig.SOFTCAP, 15.0));
        for (Activation activation : List.of(Activation.RELU2, Activation.SILU)) {
            assertRefusedAs(
                    "the model has the activation " + activation
                            + ", which is not exported; an exported GPT-2 has gelu-tanh, gelu or relu",
                    gpt2.withActivation(activation));
        }
    }

    @Test
    void weightBeyondFloatIsRefusedByNameAndNothingIsLeft() throws IOException {
        TrainedModel model = model(GptConfig.gpt2(8).withSizes(1, 2, 6, 5), CHARACTERS);
        model.model().parameters().get("layer0.attn_wk").data()[7] = 1e39; // row 1, column 1 of the second third
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> export(model, NumberType.F32));
        assertEquals(
                "safetensors: tensor \"transformer.h.0.attn.c_attn.weight\": found 1.0E39 at index 25, but F32 holds at"
                        + " most 3.4028235E38; write it as F64",
                e.getMessage());
        assertNothingIsLeft();
    }

    @Test
    void folderWithFilesIsReplacedOnlyIfAskedForAndIfItIsAModel() throws IOException {
        TrainedModel model = model(GptConfig.gpt2(8).withSizes(1, 2, 6, 5), CHARACTERS);
        Path folder = export(model, NumberType.F32);
        assertKept(folder, "is not empty", model, false);
        Gpt2Folder.write(folder, model, NumberType.F64, true);
        assertTrue(Files.readString(folder.resolve("config.json")).contains("float64"));

        Files.delete(folder.resolve("config.json"));
        assertKept(folder, "contains files but no model, and such files are never deleted", model, true);
        Path file = folder.resolve("model.safetensors");
        for (Path there : List.of(file, file.resolve("x"))) {
            NotDirectoryException e = assertThrows(
                    NotDirectoryException.class, () -> Gpt2Folder.write(there, model, NumberType.F32, true));
            assertEquals(file.toString(), e.getFile());
        }
        assertEquals(List.of(folder), filesIn(temporary));
    }

    @Test
    void filesThatExportDoesNotWriteAreNamedAndKept() throws IOException {
        TrainedModel model = model(GptConfig.gpt2(8).withSizes(1, 2, 6, 5), CHARACTERS);
        Path folder = export(model, NumberType.F32);
        Files.writeString(folder.resolve("README.md"), "x");
        assertKept(folder, "contains README.md, which export does not write and never deletes", model, true);
        for (String name : List.of(".env", "data.csv", "train.py", "MODEL.SAFETENSORS", "a\nb")) {
            Files.writeString(folder.resolve(name), name);
        }
        Files.createDirectory(folder.resolve("zoo"));
        assertKept(
                folder,
                "contains .env, MODEL.SAFETENSORS, README.md, a\\u000ab, data.csv and 2 more, which export does not"
                        + " write and never deletes",
                model,
                true);
        assertEquals(List.of(folder), filesIn(temporary));
    }

    @Test
    void foldersAndLinksAreKeptWhateverTheirName() throws IOException {
        TrainedModel model = model(GptConfig.gpt2(8).withSizes(1, 2, 6, 5), CHARACTERS);
        Path folder = export(model, NumberType.F32);
        Files.createDirectory(folder.resolve("merges.txt"));
        Files.createSymbolicLink(folder.resolve("vocab.json"), temporary.resolve("nowhere"));
        assertKept(
                folder,
                "contains merges.txt (a folder), vocab.json (a link or a device), which export does not write and"
                        + " never deletes",
                model,
                true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"name\": \"server\", \"port\": 80}", "{\"model_type\": \"llama\"}", "port = 80", ""})
    void configurationOfAnotherProgramIsKept(String content) throws IOException {
        TrainedModel model = model(GptConfig.gpt2(8).withSizes(1, 2, 6, 5), CHARACTERS);
        Path folder = Files.createDirectory(temporary.resolve("server"));
        Files.writeString(folder.resolve("config.json"), content);
        assertKept(
                folder,
                "contains a config.json that does not describe a GPT-2, and such files are never deleted",
                model,
                true);
    }

    @Test
    void checkpointByTheNameOfTheWeightsIsKept() throws IOException {
        TrainedModel model = model(GptConfig.gpt2(8).withSizes(1, 2, 6, 5), CHARACTERS);
        Path folder = export(model, NumberType.F32);
        model.save(folder.resolve("model.safetensors"));
        assertKept(
                folder,
                "contains a model.safetensors that export did not write, and such files are never deleted",
                model,
                true);
        Files.writeString(folder.resolve("model.safetensors"), "x");
        assertKept(
                folder,
                "contains a model.safetensors that export did not write, and such files are never deleted",
                model,
                true);
    }

    /** Every name that export writes is one that it replaces, also if the next model has fewer files. */
    @Test
    void exportWithAnyTokenizerIsReplacedCompletely() throws IOException {
        TrainedModel model = model(GptConfig.gpt2(260).withSizes(1, 1, 4, 5), CHARACTERS);
        Path folder = export(new TrainedModel(model.model(), new ByteTokenizer(), DataFormat.TEXT), NumberType.F32);
        assertEquals(7, filesIn(folder).size());
        Gpt2Folder.write(folder, model, NumberType.F32, true);
        assertEquals(5, filesIn(folder).size());
        assertEquals(List.of(folder), filesIn(temporary));
    }

    /** In a container, every process may have the same id as the one that crashed. */
    @Test
    void leftoversOfACrashAreNeitherDeletedNorInTheWay() throws IOException {
        long pid = ProcessHandle.current().pid();
        Path old = Files.createDirectory(temporary.resolve(".exported.old-" + pid));
        Path unfinished = Files.createDirectory(temporary.resolve(".exported.tmp-" + pid));
        for (Path left : List.of(old, unfinished)) {
            Files.writeString(left.resolve("config.json"), "{}");
        }
        TrainedModel model = model(GptConfig.gpt2(8).withSizes(1, 2, 6, 5), CHARACTERS);
        Path folder = export(model, NumberType.F32);
        Gpt2Folder.write(folder, model, NumberType.F64, true);
        assertTrue(Files.exists(old.resolve("config.json")));
        assertTrue(Files.exists(unfinished.resolve("config.json")));
        assertEquals(List.of(old, unfinished, folder), filesIn(temporary));
    }

    @Test
    void fileAddedDuringAnExportIsKept() throws IOException {
        Path folder = export(model(GptConfig.gpt2(8).withSizes(1, 2, 6, 5), CHARACTERS), NumberType.F32);
        Path added = folder.resolve("notes.txt");
        FileAlreadyExistsException e = assertThrows(
                FileAlreadyExistsException.class,
                () -> ExportFolder.write(folder, true, files -> Files.writeString(added, "x")));
        assertEquals("contains notes.txt, which export does not write and never deletes", e.getReason());
        assertEquals("x", Files.readString(added));
        assertTrue(Files.exists(folder.resolve("config.json")));
        assertEquals(List.of(folder), filesIn(temporary));
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** Refuses the export, and no byte in the folder changes. */
    private static void assertKept(Path folder, String reason, TrainedModel model, boolean overwrite)
            throws IOException {
        Map<Path, String> before = hashesIn(folder);
        FileAlreadyExistsException e = assertThrows(
                FileAlreadyExistsException.class, () -> Gpt2Folder.write(folder, model, NumberType.F32, overwrite));
        assertEquals(reason, e.getReason());
        assertEquals(before, hashesIn(folder));
    }

    private static Map<Path, String> hashesIn(Path folder) throws IOException {
        Map<Path, String> hashes = new HashMap<>();
        for (Path file : filesIn(folder)) {
            boolean isFile = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
            hashes.put(file, isFile ? Sha256.of(file) : "");
        }
        return hashes;
    }

    @Test
    void weightThatIsNoNumberIsRefused() throws IOException {
        TrainedModel model = model(GptConfig.gpt2(8).withSizes(1, 2, 6, 5), CHARACTERS);
        model.model().parameters().get("layer0.mlp_b1").data()[2] = Double.NaN;
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> export(model, NumberType.F64));
        assertEquals("parameter layer0.mlp_b1: found NaN at index 2, expected only finite numbers", e.getMessage());
        assertNothingIsLeft();
    }

    @Test
    void tokenizerWithoutBosHasNoneInPythonEither() throws IOException {
        BpeVocabularyBuilder tokens = new BpeVocabularyBuilder().noBos();
        for (int id = 0; id < 256; id++) {
            tokens.token(id, new byte[] {(byte) ('a' + id)});
        }
        Tokenizer tokenizer = new BpeTokenizer(tokens.build());
        TrainedModel model = model(GptConfig.gpt2(256).withSizes(1, 2, 6, 5), tokenizer);
        Path folder = export(model, NumberType.F64);
        assertTrue(Files.readString(folder.resolve("config.json")).contains("\"eos_token_id\": null"));
        assertEquals(-1, Gpt2Folder.read(folder).tokenizer().bos());
        Files.delete(folder.resolve("tokenizer.json"));
        assertEquals(-1, Gpt2Folder.read(folder).tokenizer().bos());
    }

    @Test
    void emptyFolderMayBeThere() throws IOException {
        Files.createDirectory(temporary.resolve("exported"));
        Path folder = export(model(GptConfig.gpt2(8).withSizes(1, 2, 6, 5), CHARACTERS), NumberType.F32);
        assertTrue(Files.exists(folder.resolve("model.safetensors")));
    }
}

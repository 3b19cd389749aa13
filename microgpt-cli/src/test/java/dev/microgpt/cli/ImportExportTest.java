package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportExportTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path exported;
    private Path imported;

    @BeforeEach
    void saveAModel() throws IOException {
        model = folder.resolve("model.safetensors");
        exported = folder.resolve("exported");
        imported = folder.resolve("new/imported.safetensors");
        save(GptConfig.gpt2(2).with(GptConfig.DROPOUT, 0.0));
    }

    private void save(GptConfig variant) throws IOException {
        GptConfig config = variant.withVocabSize(5).withSizes(1, 2, 8, 6).withInner(20);
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(3)));
        new TrainedModel(gpt, CharTokenizer.ofAlphabet("\nabc"), DataFormat.TEXT).save(model);
    }

    private Run export(String... more) {
        return run(new String[] {"export", "gpt2", model.toString(), exported.toString()}, more);
    }

    private Run imports(String... more) {
        return run(new String[] {"import", "gpt2", exported.toString(), "--out", imported.toString()}, more);
    }

    private static Run run(String[] first, String... more) {
        String[] args = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, args, first.length, more.length);
        return Run.of(args);
    }

    @Test
    void modelThatIsExportedAndImportedHasTheSameBytes() throws IOException {
        Run export = export("--dtype", "float64");
        assertEquals(ExitCode.DONE, export.exitCode(), export.err());
        assertEquals("num params: 772\ndtype: float64\n", export.out());
        assertEquals("microgpt: wrote " + exported + "\n", export.err());
        Run run = imports();
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals("num params: 772\nvocab size: 5\ntokens: 5\nblock size: 6\n", run.out());
        assertEquals("microgpt: wrote " + imported + "\n", run.err());
        assertArrayEquals(Files.readAllBytes(model), Files.readAllBytes(imported));
    }

    @Test
    void theCheckpointToExportMayBeNamedByTheOption() throws IOException {
        assertEquals(ExitCode.DONE, export().exitCode());
        byte[] weights = Files.readAllBytes(exported.resolve("model.safetensors"));
        Path other = folder.resolve("other");
        Run run = Run.of("export", "gpt2", "--checkpoint", model.toString(), other.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertArrayEquals(weights, Files.readAllBytes(other.resolve("model.safetensors")));
        assertRefused(
                ExitCode.USAGE, "--checkpoint and CHECKPOINT cannot be used together\n", export("--checkpoint=x"));
        assertRefused(
                ExitCode.USAGE,
                "DIR is missing, but the arguments must be CHECKPOINT DIR\n",
                Run.of("export", "gpt2", "--checkpoint", model.toString()));
    }

    @Test
    void importedModelGeneratesAndIsDescribed() {
        export();
        imports();
        Run sample = Run.of("sample", "--checkpoint", imported.toString(), "--num-samples", "1", "--prompt", "a");
        assertEquals(ExitCode.DONE, sample.exitCode(), sample.err());
        assertTrue(sample.out().startsWith("a"), sample.out());
        Path page = folder.resolve("explain.html");
        Run explain = Run.of("explain", imported.toString(), "--text", "abc", "--out", page.toString());
        assertEquals(ExitCode.DONE, explain.exitCode(), explain.err());
        Run info = Run.of("info", "--checkpoint", imported.toString());
        assertEquals(ExitCode.DONE, info.exitCode(), info.err());
        assertTrue(info.out().contains("n_inner: 20\n"), info.out());
        assertTrue(info.out().contains("norm_eps: 1.0E-5\nattention_scale: head\n"), info.out());
    }

    @Test
    void aModelAloneIsNotResumedButBegunFrom() {
        Run run = Run.of("train", "--resume", model.toString());
        assertEquals(ExitCode.CONTENT, run.exitCode(), run.err());
        assertEquals(
                "microgpt: checkpoint model.safetensors: the file has a model without the state of its training"
                        + " run, which"
                        + " must be there to resume; start a new run from the model instead\n"
                        + "hint: begin a new training run from the model with --init-from " + model + "\n",
                run.err());
    }

    @Test
    void whatIsThereIsNotReplacedUnasked() throws IOException {
        assertEquals(ExitCode.DONE, export().exitCode());
        assertEquals(ExitCode.DONE, imports().exitCode());
        assertRefused(
                ExitCode.FOLDER_IN_USE,
                "export gpt2 " + exported + ": the folder must be new or empty, but is not empty\n",
                export());
        assertRefused(ExitCode.FOLDER_IN_USE, "--out " + imported + " already exists\n", imports());
        assertEquals(ExitCode.DONE, imports("--overwrite").exitCode());
        assertEquals(ExitCode.DONE, export("--overwrite").exitCode());
    }

    @Test
    void filesThatExportDoesNotWriteAreKept() throws IOException {
        assertEquals(ExitCode.DONE, export().exitCode());
        Files.createDirectory(exported.resolve("mine"));
        for (String name : new String[] {"train.py", "data.csv", ".env", "README.md"}) {
            Files.writeString(exported.resolve(name), name);
        }
        byte[] config = Files.readAllBytes(exported.resolve("config.json"));
        Run refused = export("--overwrite", "--dtype", "float64");
        assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode(), refused.err());
        assertEquals("", refused.out());
        assertEquals(
                "microgpt: export gpt2 " + exported + ": the folder must be new, empty or an exported model, but"
                        + " contains .env, README.md, data.csv, mine (a folder), train.py, which export does not write"
                        + " and never deletes\n"
                        + "hint: move these files, or choose another folder\n",
                refused.err());
        for (String name : new String[] {"train.py", "data.csv", ".env", "README.md"}) {
            assertEquals(name, Files.readString(exported.resolve(name)));
        }
        assertArrayEquals(config, Files.readAllBytes(exported.resolve("config.json")));
    }

    @Test
    void theCheckpointItselfIsNotReplacedByItsExport() throws IOException {
        assertEquals(ExitCode.DONE, export().exitCode());
        Path checkpoint = exported.resolve("model.safetensors");
        Files.copy(model, checkpoint, StandardCopyOption.REPLACE_EXISTING);
        assertRefused(
                ExitCode.FOLDER_IN_USE,
                "contains a model.safetensors that export did not write, and such files are never deleted\n",
                Run.of("export", "gpt2", checkpoint.toString(), exported.toString(), "--overwrite"));
        assertArrayEquals(Files.readAllBytes(model), Files.readAllBytes(checkpoint));
    }

    @Test
    void aFileInPlaceOfAFolderIsNamed() throws IOException {
        byte[] before = Files.readAllBytes(model);
        String file = model.toString();
        String under = model.resolve("x").toString();
        assertRefused(ExitCode.IO, file + " is not a folder\n", Run.of("export", "gpt2", file, file));
        assertRefused(ExitCode.IO, file + " is not a folder\n", Run.of("export", "gpt2", file, under, "--overwrite"));
        export();
        assertRefused(
                ExitCode.IO,
                file + " must be a folder, but is a file\n",
                Run.of("import", "gpt2", exported.toString(), "--out", under));
        assertArrayEquals(before, Files.readAllBytes(model));
    }

    @Test
    void modelThatGpt2CannotExpressIsRefusedByName() throws IOException {
        save(GptConfig.microgpt(2));
        assertRefused(ExitCode.CONTENT, "export gpt2 " + model + ": the model has the norm rmsnorm", export());
        assertFalse(Files.exists(exported));
    }

    @Test
    void folderWithoutAModelIsRefused() throws IOException {
        assertRefused(ExitCode.IO, "exported: no such folder", imports());
        Files.createDirectory(exported);
        assertRefused(
                ExitCode.CONTENT,
                exported + ": the folder of a model must have a config.json, but there is none",
                imports());
        export();
        Files.delete(exported.resolve("tokenizer.json"));
        assertRefused(ExitCode.CONTENT, "found no tokenizer, expected tokenizer.json", imports());
        Path other = folder.resolve("tokenizer.json");
        Files.writeString(other, "{\"type\":\"char\",\"alphabet\":\"abc\"}");
        assertFalse(Files.exists(imported));
        assertEquals(ExitCode.DONE, imports("--tokenizer", other.toString()).exitCode());
        assertRefused(
                ExitCode.CONTENT,
                "found 257 tokens in the tokenizer, but config.json says vocab_size 5",
                imports("--overwrite", "--tokenizer", "byte"));
    }

    @Test
    void modelThatDoesNotFitTheMemoryIsRefusedBeforeItIsRead() throws IOException {
        export();
        Path config = exported.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"n_layer\": 1", "\"n_layer\": 1000000000"));
        assertRefused(ExitCode.MEMORY, "the model does not fit in memory: its weights take", imports());
    }

    @Test
    void wrongWordsAreUsageErrors() {
        assertRefused(
                ExitCode.USAGE,
                "--dtype must be one of float32, float64, but is \"half\"\n",
                export("--dtype", "half"));
        assertRefused(ExitCode.USAGE, "--out", Run.of("import", "gpt2", exported.toString()));
        assertRefused(ExitCode.USAGE, "DIR", Run.of("export", "gpt2", model.toString()));
        assertRefused(ExitCode.USAGE, "llama", Run.of("import", "llama", exported.toString()));
        assertEquals(ExitCode.USAGE, Run.of("import").exitCode());
        assertRefused(
                ExitCode.IO,
                "--out " + folder + " must be a file, but is a folder\n",
                Run.of("import", "gpt2", folder.toString(), "--out", folder.toString()));
    }

    private static void assertRefused(int exitCode, String part, Run run) {
        assertEquals(exitCode, run.exitCode(), run.err());
        assertEquals("", run.out());
        assertTrue(run.err().contains(part), run.err());
        assertTrue(run.err().lines().count() <= 3, run.err());
        assertFalse(run.err().contains("Exception"), run.err());
    }
}

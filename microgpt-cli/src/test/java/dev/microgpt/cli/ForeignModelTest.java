package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeVocabularyBuilder;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.huggingface.Gpt2Folder;
import dev.microgpt.train.safetensors.NumberType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder of Hugging Face's transformers, or a file in it, where a checkpoint is expected. */
class ForeignModelTest {
    @TempDir
    private Path folder;

    private Path export(String name, Tokenizer tokenizer, NumberType type) throws IOException {
        GptConfig config = GptConfig.gpt2(tokenizer.vocabSize())
                .with(GptConfig.DROPOUT, 0.0)
                .withSizes(1, 2, 8, 6)
                .withInner(20);
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(3)));
        Path exported = folder.resolve(name);
        Gpt2Folder.write(exported, new TrainedModel(gpt, tokenizer, DataFormat.TEXT), type, false);
        return exported;
    }

    private Path export(String name, NumberType type) throws IOException {
        return export(name, CharTokenizer.ofAlphabet("\nabc"), type);
    }

    private static List<String[]> commands(Path model, Path folder) {
        String name = model.toString();
        String out = folder.resolve("out").toString();
        return List.of(
                new String[] {"info", "--checkpoint", name},
                new String[] {"sample", "--checkpoint", name},
                new String[] {"eval", "--checkpoint", name, "--text", "abc"},
                new String[] {"train", "--init-from", name, "--out", out},
                new String[] {"train", "--resume", name},
                new String[] {
                    "train",
                    "--resume",
                    "--out",
                    Files.isDirectory(model) ? name : model.getParent().toString()
                },
                new String[] {"export", "gpt2", name, out});
    }

    private void assertPointsToImport(Path named, String command) {
        for (String[] args : commands(named, folder)) {
            Run run = Run.of(args);
            assertEquals(ExitCode.CONTENT, run.exitCode(), run.err());
            assertEquals("", run.out());
            String hint =
                    "hint: import this model of Hugging Face's transformers first: microgpt import gpt2 " + command;
            assertTrue(run.err().endsWith("\n" + hint + "\n"), run.err());
            assertEquals(2, run.err().lines().count(), run.err());
        }
    }

    @Test
    void folderPointsToTheCommandThatImportsIt() throws IOException {
        Path gpt2 = export("gpt2", NumberType.F32);
        assertPointsToImport(gpt2, gpt2 + " --out gpt2.safetensors");
        assertPointsToImport(gpt2.resolve("../gpt2"), gpt2.resolve("../gpt2") + " --out gpt2.safetensors");
        Run run = Run.of("info", "--checkpoint", gpt2.toString());
        assertTrue(
                run.err()
                        .startsWith("microgpt: --checkpoint " + gpt2 + " is a folder without checkpoint.safetensors\n"),
                run.err());
    }

    @Test
    void pathsAreQuotedForTheShell() throws IOException {
        Path gpt2 = export("my gpt's", NumberType.F32);
        String quoted = gpt2.toString().replace("'", "'\\''");
        assertPointsToImport(gpt2, "'" + quoted + "' --out 'my gpt'\\''s.safetensors'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "config.json", "tokenizer.json", "generation_config.json"})
    void fileInTheFolderPointsToTheCommand(String name) throws IOException {
        Path single = export("gpt2", NumberType.F32);
        assertPointsToImport(single.resolve(name), single + " --out gpt2.safetensors");
        Path exact = export("exact", NumberType.F64); // a safetensors file that could be a checkpoint
        assertPointsToImport(exact.resolve(name), exact + " --out exact.safetensors");
    }

    @Test
    void pickledAndPointedToModelsPointToTheCommandToo() throws IOException {
        Path gpt2 = export("gpt2", NumberType.F32);
        Files.move(gpt2.resolve("model.safetensors"), gpt2.resolve("pytorch_model.bin"));
        assertPointsToImport(gpt2, gpt2 + " --out gpt2.safetensors");
        assertPointsToImport(gpt2.resolve("pytorch_model.bin"), gpt2 + " --out gpt2.safetensors");
        Files.writeString(
                gpt2.resolve("pytorch_model.bin"), "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
        assertPointsToImport(gpt2.resolve("pytorch_model.bin"), gpt2 + " --out gpt2.safetensors");
    }

    @Test
    void theCommandWorks() throws IOException {
        Path gpt2 = export("gpt2", NumberType.F32);
        Path imported = folder.resolve("gpt2.safetensors");
        Run run = Run.of("import", "gpt2", gpt2.toString(), "--out", imported.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals(
                ExitCode.DONE,
                Run.of("info", "--checkpoint", imported.toString()).exitCode());
    }

    @Test
    void anOwnModelInSuchAFolderIsReadAndOtherFoldersPointToTraining() throws IOException {
        Path gpt2 = export("gpt2", NumberType.F32);
        Path imported = gpt2.resolve("imported.safetensors");
        Run.of("import", "gpt2", gpt2.toString(), "--out", imported.toString());
        assertEquals(
                ExitCode.DONE,
                Run.of("info", "--checkpoint", imported.toString()).exitCode());
        Files.delete(gpt2.resolve("config.json"));
        Run run = Run.of("info", "--checkpoint", gpt2.toString());
        assertTrue(run.err().endsWith("\nhint: microgpt train creates a checkpoint\n"), run.err());
    }

    @Test
    void addedTokensThatNoTextProducesAreNoted() throws IOException {
        BpeVocabularyBuilder builder = new BpeVocabularyBuilder();
        for (int b = 0; b < 256; b++) {
            builder.token(b, new byte[] {(byte) b});
        }
        builder.special(256, "<|endoftext|>");
        Path usual = export("usual", new BpeTokenizer(builder.build()), NumberType.F32);
        Path out = folder.resolve("imported.safetensors");
        Run run = Run.of("import", "gpt2", usual.toString(), "--out", out.toString());
        assertEquals("microgpt: wrote " + out + "\n", run.err());
        builder.special(257, "<user>").special(258, "<\u001b>");
        Path chat = export("chat", new BpeTokenizer(builder.build()), NumberType.F32);
        run = Run.of("import", "gpt2", chat.toString(), "--out", out.toString(), "--overwrite");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals(
                "microgpt: wrote " + out + "\nmicrogpt: note: text is never encoded as an added token here, unlike"
                        + " in transformers; this model has 2 other than BOS: <user>, <\\u001b>\n",
                run.err());
    }
}

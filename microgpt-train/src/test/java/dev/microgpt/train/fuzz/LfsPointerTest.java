package dev.microgpt.train.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.GptConfig;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.BpeTraining;
import dev.microgpt.train.data.Documents;
import dev.microgpt.train.data.PreparedCorpus;
import dev.microgpt.train.data.TextCorpus;
import dev.microgpt.train.data.TokenFile;
import dev.microgpt.train.data.TokenizerFile;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.huggingface.Gpt2Folder;
import dev.microgpt.train.safetensors.NumberType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of a repository that Git LFS has not downloaded, in place of every file that is read. */
@ExtendWith(CountedCases.class)
class LfsPointerTest {
    /** Of an even number of bytes, as a token file has. */
    private static final String POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:"
            + "0123456789abcdef".repeat(4) + "\nsize 1234567\n";

    @TempDir
    private Path folder;

    private Path pointer(String name) throws IOException {
        return Files.writeString(folder.resolve(name), POINTER);
    }

    private void assertNamed(Path file, Executable read) {
        String message = assertThrows(IOException.class, read).getMessage();
        assertTrue(message.contains("a git-lfs pointer"), message);
        assertTrue(message.endsWith("; run: git lfs pull"), message);
        assertTrue(message.contains(file.getFileName().toString()), message);
        assertEquals("", Refusals.flaw(message, file), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config.json",
                "model.safetensors",
                "model.safetensors.index.json",
                "tokenizer.json",
                "tokenizer_config.json",
                "vocab.json",
                "merges.txt",
                "added_tokens.json"
            })
    void fileOfAGpt2IsRecognized(String name) throws IOException {
        Path gpt2 = folder.resolve("gpt2");
        Gpt2Folder.write(gpt2, TinyModels.model(TinyModels.completeBpe(), GptConfig.gpt2(2)), NumberType.F32, false);
        boolean needsOlderFiles = name.equals("vocab.json") || name.equals("merges.txt") || name.startsWith("added");
        if (needsOlderFiles) {
            Files.delete(gpt2.resolve("tokenizer.json"));
        }
        if (name.endsWith("index.json")) {
            Files.delete(gpt2.resolve("model.safetensors"));
        }
        Files.writeString(gpt2.resolve(name), POINTER);
        assertNamed(gpt2.resolve(name), () -> Gpt2Folder.read(gpt2));
    }

    @Test
    void checkpointIsRecognized() throws IOException {
        Path file = pointer("checkpoint.safetensors");
        assertNamed(file, () -> Checkpoint.load(file));
        assertNamed(file, () -> Checkpoint.isIn(file));
        assertNamed(file, () -> TrainedModel.load(file));
    }

    @Test
    void tokenizerIsRecognized() throws IOException {
        Path file = pointer("tokenizer.json");
        assertNamed(file, () -> TokenizerFile.read(file));
    }

    @Test
    void textIsRecognized() throws IOException {
        Path file = pointer("input.txt");
        assertNamed(file, () -> Documents.read(file));
        assertNamed(file, () -> TextCorpus.read(TextSource.of(file), 0.1, new ByteTokenizer()));
        assertNamed(file, () -> BpeTraining.train(TextSource.of(file), 300));
        assertNamed(file, () -> PreparedCorpus.prepare(TextSource.of(file), folder.resolve("new"), 0.1, false, null));
        assertNamed(file, () -> Documents.read(folder)); // as one of the texts in it
        byte[] bytes = POINTER.getBytes(StandardCharsets.UTF_8);
        assertNamed(file, () -> Documents.read(TextSource.of(new ByteArrayInputStream(bytes), "input.txt")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"train.bin", "val.bin", "tokenizer.json"})
    void fileOfAPreparedCorpusIsRecognized(String name) throws IOException {
        Path text = Files.writeString(folder.resolve("input.txt"), "a text for training\n".repeat(9));
        Path prepared = folder.resolve("prepared");
        PreparedCorpus.prepare(TextSource.of(text), prepared, 0.1, false, null);
        Path file = Files.writeString(prepared.resolve(name), POINTER);
        assertNamed(file, () -> PreparedCorpus.open(prepared));
        Files.writeString(file, POINTER.replace("1234567", "123456"));
        assertNamed(file, () -> PreparedCorpus.open(prepared));
    }

    @Test
    void aTokenFileIsNotMistakenForOne() throws IOException {
        Path file = Files.writeString(folder.resolve("train.bin"), POINTER.substring(2));
        assertEquals(POINTER.length() / 2 - 1, TokenFile.open(file, 65_536).count());
    }
}

package dev.microgpt.train.internal.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.Documents;
import dev.microgpt.train.data.PreparedCorpus;
import dev.microgpt.train.data.TokenFile;
import dev.microgpt.train.data.TokenizerFile;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.huggingface.Gpt2Folder;
import dev.microgpt.train.safetensors.Safetensors;
import dev.microgpt.train.safetensors.TensorFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing but an ordinary file is opened where one is needed: a pipe would wait for a writer forever. */
class OrdinaryFileTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    private Path pipe(String name) throws Exception {
        Path pipe = folder.resolve(name);
        boolean made;
        try {
            made = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0;
        } catch (IOException missing) {
            made = false;
        }
        assumeTrue(made, "skipped: this system has no named pipes");
        return pipe;
    }

    private static void assertRefused(Path file, String kind, Executable reader) {
        IOException refused =
                assertThrows(IOException.class, () -> assertTimeoutPreemptively(SOON, reader, "it waits for a writer"));
        String rule = refused instanceof UnusableFileException
                ? " must be an ordinary file, but is " + kind
                : ": not a safetensors file: found " + kind + ", expected an ordinary file";
        assertTrue(refused.getMessage().endsWith(file.getFileName() + rule), refused.getMessage());
    }

    @Test
    void aPipeIsRefusedByEveryReader() throws Exception {
        Path pipe = pipe("pipe");
        assertRefused(pipe, "a pipe", () -> OrdinaryFile.open(pipe));
        assertRefused(pipe, "a pipe", () -> OrdinaryFile.openRandom(pipe));
        assertRefused(pipe, "a pipe", () -> TokenizerFile.read(pipe));
        assertRefused(pipe, "a pipe", () -> TokenFile.open(pipe, 10));
        assertRefused(pipe, "a pipe", () -> TensorFile.open(pipe));
        assertRefused(pipe, "a pipe", () -> Safetensors.read(pipe));
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "tokenizer.json", "vocab.json", "merges.txt", "model.safetensors"})
    void aPipeInTheFolderOfAModelIsRefused(String name) throws Exception {
        String config = "{\"model_type\":\"gpt2\",\"vocab_size\":300,\"n_layer\":1,\"n_head\":1,\"n_embd\":2,"
                + "\"n_positions\":4}";
        for (String other : List.of("vocab.json", "merges.txt", "config.json")) {
            if (!other.equals(name)) {
                Files.writeString(folder.resolve(other), other.equals("config.json") ? config : "{\"a\":0}");
            }
        }
        Tokenizer tokenizer = name.equals("model.safetensors") ? new ByteTokenizer() : null;
        assertRefused(pipe(name), "a pipe", () -> Gpt2Folder.read(folder, tokenizer));
    }

    @Test
    void aPipeInAPreparedFolderIsRefused() throws Exception {
        Files.write(folder.resolve("train.bin"), new byte[4]);
        assertRefused(pipe("tokenizer.json"), "a pipe", () -> PreparedCorpus.open(folder));
    }

    @Test
    void aFolderADeviceAndASocketAreRefused() throws IOException {
        assertRefused(folder, "a folder", () -> OrdinaryFile.open(folder));
        assertRefused(folder, "a folder", () -> OrdinaryFile.openStream(folder));
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "skipped: this system has no /dev/null");
        assertRefused(device, "a device", () -> OrdinaryFile.open(device));
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Path file = folder.resolve("socket");
            socket.bind(UnixDomainSocketAddress.of(file));
            assertRefused(file, "a socket", () -> OrdinaryFile.open(file));
            assertRefused(file, "a socket", () -> OrdinaryFile.openStream(file));
        }
    }

    /** As a text, a pipe is read like a file. */
    @Test
    void aTextIsStreamedFromAPipe() throws Exception {
        Path pipe = pipe("pipe");
        Thread writer = new Thread(() -> {
            try {
                Files.writeString(pipe, "anna\nbob\n");
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
        });
        writer.start();
        assertEquals(List.of("anna", "bob"), Documents.read(TextSource.of(pipe)).texts());
        writer.join();
        Path device = Path.of("/dev/null");
        try (InputStream in = OrdinaryFile.openStream(device)) {
            assertArrayEquals(new byte[0], in.readAllBytes());
        }
    }

    @Test
    void aPipeThatNothingWritesToIsNotReadForever() throws Exception {
        Path pipe = pipe("pipe");
        IOException refused = assertThrows(
                IOException.class, () -> assertTimeoutPreemptively(SOON, () -> OrdinaryFile.openStream(pipe, 50)));
        assertEquals(
                pipe + " must be a file or a pipe that a program writes to, but no program has opened this pipe to"
                        + " write within 0.05 s; start that program first",
                refused.getMessage());
    }

    @Test
    void whatCannotBeOpenedHasItsExactReason() throws IOException {
        Path none = folder.resolve("none");
        assertThrows(NoSuchFileException.class, () -> OrdinaryFile.open(none));
        assertThrows(NoSuchFileException.class, () -> OrdinaryFile.openRandom(none));
        assertThrows(NoSuchFileException.class, () -> OrdinaryFile.openStream(none));
        Path locked = Files.createFile(folder.resolve("locked"));
        assumeFalse(
                !locked.toFile().setReadable(false) || Files.isReadable(locked),
                "skipped: this user can read every file");
        assertThrows(AccessDeniedException.class, () -> OrdinaryFile.openRandom(locked));
    }
}

package dev.microgpt.train.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.microgpt.model.GptConfig;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.CheckpointException;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.TokenizerFile;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.huggingface.Gpt2Folder;
import dev.microgpt.train.huggingface.HuggingFaceException;
import dev.microgpt.train.safetensors.NumberType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Large files of other programs: that they are none of ours is found before they fill the memory. */
@ExtendWith(CountedCases.class)
@Timeout(60)
class ForeignFilesTest {
    private static final long MEGABYTE = 1 << 20;

    @TempDir
    private Path folder;

    private Path gpt2;

    /** Creates a valid folder without tokenizer.json. */
    @BeforeEach
    void exportAModel() throws IOException {
        gpt2 = folder.resolve("gpt2");
        Gpt2Folder.write(gpt2, TinyModels.model(TinyModels.completeBpe(), GptConfig.gpt2(2)), NumberType.F32, false);
        Files.delete(gpt2.resolve("tokenizer.json"));
    }

    private static void assertAllocates(long most, Executable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            work.execute();
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes <= most, bytes + " bytes allocated, at most " + most + " expected");
    }

    /** The tensors of another program may not fit in memory, and nobody would use them. */
    @Test
    void tensorsOfAnotherProgramAreNotRead() throws IOException {
        Path file = folder.resolve("model.safetensors");
        String header = "{\"wte\":{\"dtype\":\"F64\",\"shape\":[1000000000],\"data_offsets\":[0,8000000000]}}";
        Files.write(file, SafetensorsMutator.file(header.getBytes(StandardCharsets.UTF_8), new byte[0]));
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(large.length() + 8_000_000_000L);
        }
        assertAllocates(2 * MEGABYTE, () -> assertForeign(() -> TrainedModel.load(file)));
        assertAllocates(MEGABYTE, () -> assertForeign(() -> Checkpoint.load(file)));
    }

    private static void assertForeign(Executable load) {
        CheckpointException e = assertThrows(CheckpointException.class, load);
        assertTrue(e.getMessage().contains("this is not a checkpoint of microgpt"), e.getMessage());
    }

    /** JSON of another program, of which nothing is kept. */
    @Test
    void jsonOfAnotherProgramIsNotKept() throws IOException {
        Path tokenizer = folder.resolve("tokenizer.json");
        String numbers = "0,".repeat(1_000_000);
        Files.writeString(tokenizer, "[" + numbers + "0]");
        assertNotKept(tokenizer, 2 * MEGABYTE, "found a list, expected a JSON object");
        Files.writeString(tokenizer, "{\"data\":[" + numbers + "0]}");
        assertNotKept(tokenizer, 2 * MEGABYTE, "field \"type\": found nothing, expected a string");
        StringBuilder many = new StringBuilder("{\"data\":{\"a\":0");
        for (int i = 0; i < 100_000; i++) {
            many.append(",\"").append(i).append("\":0");
        }
        Files.writeString(tokenizer, many.append("}}"));
        // the parser makes each name
        assertNotKept(tokenizer, 8 * MEGABYTE, "field \"type\": found nothing, expected a string");
        Files.writeString(tokenizer, many.substring("{\"data\":".length(), many.length() - 1));
        assertNotKept(tokenizer, 2 * MEGABYTE, "found more than 1000 fields, expected at most that many");
    }

    private static void assertNotKept(Path tokenizer, long most, String message) {
        assertAllocates(most, () -> {
            DataException e = assertThrows(DataException.class, () -> TokenizerFile.read(tokenizer));
            assertTrue(e.getMessage().contains(message), e.getMessage());
            assertEquals("", Refusals.flaw(e.getMessage(), tokenizer), e.getMessage());
        });
    }

    @Test
    void filesOfAModelThatAreTooLargeAreRefused() throws IOException {
        Files.writeString(gpt2.resolve("vocab.json"), "{\"a\":{\"b\":[" + "0,".repeat(1_000_000));
        assertAllocates(2 * MEGABYTE, () -> assertRefused("(Document nesting depth (2) exceeds the maximum"));
        Files.writeString(gpt2.resolve("config.json"), "{\"a\":[" + "0,".repeat(1_000_000));
        assertAllocates(16 * MEGABYTE, () -> assertRefused("exceeds the maximum allowed (1048576)"));
    }

    private void assertRefused(String message) {
        HuggingFaceException e = assertThrows(HuggingFaceException.class, () -> Gpt2Folder.read(gpt2));
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertEquals("", Refusals.flaw(e.getMessage(), gpt2.resolve("config.json")), e.getMessage());
    }

    @Test
    void mergesWithoutEndAreRefused() throws IOException {
        try (RandomAccessFile merges =
                new RandomAccessFile(gpt2.resolve("merges.txt").toFile(), "rw")) {
            merges.setLength(1L << 40);
        }
        assertAllocates(
                2 * MEGABYTE, () -> assertRefused("merges.txt: found more than 67108864 bytes, expected at most that"));
    }

    /** A large file of another kind is refused by its first line. */
    @Test
    void mergesAreReadLineByLine() throws IOException {
        Files.writeString(gpt2.resolve("merges.txt"), "This is no merge.\n" + "Neither is this.\n".repeat(1_000_000));
        assertAllocates(2 * MEGABYTE, () -> assertRefused("line 1: found \"This is no merge.\", expected two"));
        Files.writeString(gpt2.resolve("merges.txt"), "a b\n" + "x".repeat(10_000_000));
        assertAllocates(4 * MEGABYTE, () -> assertRefused("line 2: found more than 262145 bytes, expected two tokens"));
    }
}

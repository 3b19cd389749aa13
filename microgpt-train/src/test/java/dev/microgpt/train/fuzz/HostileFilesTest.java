package dev.microgpt.train.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeVocabularyBuilder;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.TokenizerFile;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.huggingface.Gpt2Folder;
import dev.microgpt.train.huggingface.HuggingFaceException;
import dev.microgpt.train.safetensors.NumberType;
import dev.microgpt.train.safetensors.Safetensors;
import dev.microgpt.train.safetensors.SafetensorsException;
import dev.microgpt.train.safetensors.TensorFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files crafted to exhaust memory or time. */
@ExtendWith(CountedCases.class)
@Timeout(60)
class HostileFilesTest {
    private static final long MEGABYTE = 1 << 20;

    /** Bytes that the parser's buffers and the strings may take per byte of a header. */
    private static final int HEADER_FACTOR = 8;

    /** Bytes that a tensor may take in addition to its elements: name, shape, offsets, and temporary objects. */
    private static final int TENSOR_BYTES = 400;

    private static final int MANY = 65_536;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("model.safetensors");
    }

    private void header(String json, int dataBytes) throws IOException {
        byte[] bytes = SafetensorsMutator.file(json.getBytes(StandardCharsets.UTF_8), new byte[dataBytes]);
        Files.write(file, bytes);
    }

    private static long allocated(Executable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            work.execute();
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private void assertRefused(String part) {
        SafetensorsException e = assertThrows(SafetensorsException.class, () -> Safetensors.read(file));
        assertTrue(e.getMessage().contains(part), e.getMessage());
        assertEquals("", Refusals.flaw(e.getMessage(), file), e.getMessage());
    }

    private void assertBounded(long headerBytes, int tensors, Executable read) {
        long bytes = allocated(read);
        long most = HEADER_FACTOR * headerBytes + (long) TENSOR_BYTES * tensors + MEGABYTE;
        assertTrue(bytes <= most, bytes + " bytes allocated, at most " + most + " expected");
    }

    @Test
    void asManyTensorsAsThereMayBeTakeMemoryOfTheirNumber() throws IOException {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < MANY; i++) {
            json.append(i == 0 ? "" : ",").append('"').append(i).append("\":{\"dtype\":\"F64\",\"shape\":[],");
            json.append("\"data_offsets\":[")
                    .append(8 * i)
                    .append(',')
                    .append(8 * i + 8)
                    .append("]}");
        }
        header(json.append('}').toString(), 8 * MANY);
        assertBounded(
                json.length(),
                MANY,
                () -> assertEquals(MANY, Safetensors.read(file).tensors().size()));
    }

    @Test
    void longMetadataTakesMemoryOfItsLength() throws IOException {
        header("{\"__metadata__\":{\"a\":\"" + "x".repeat(4_000_000) + "\"}}", 0);
        assertBounded(4_000_000, 0, () -> Safetensors.read(file));
        header("{\"__metadata__\":{\"a\":\"" + "\\\"".repeat(2_000_000) + "\"}}", 0);
        assertBounded(4_000_000, 0, () -> Safetensors.read(file));
        header("{\"__metadata__\":{\"a\":\"\ud55c" + "x".repeat(4_000_000) + "\"}}", 0);
        assertBounded(4_000_000, 0, () -> Safetensors.read(file));
    }

    @Test
    void longNamesAreRefusedBeforeTheyAreRead() throws IOException {
        for (String before : new String[] {"{\"", "{\"__metadata__\":{\""}) {
            header(before + "x".repeat(10_000_000), 0);
            assertBounded(0, 0, () -> assertRefused("found a name or a tensor of more than 131072 bytes"));
            header(before + "x".repeat(4_097) + "\":1}", 0);
            assertRefused("expected names of at most 4096");
        }
    }

    /** A table of all names would be copied for each: 6 GB here, and a minute for a header of 96 MB. */
    @Test
    void manyLongNamesTakeMemoryOfTheirLength() throws IOException {
        int names = 4_096;
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < names; i++) {
            json.append(i == 0 ? "" : ",").append('"').append("x".repeat(1_500)).append(i);
            json.append("\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[");
            json.append(8 * i).append(',').append(8 * i + 8).append("]}");
        }
        header(json.append('}').toString(), 8 * names);
        assertBounded(
                json.length(),
                names,
                () -> assertEquals(names, Safetensors.read(file).tensors().size()));
        assertBounded(json.length(), names, () -> TensorFile.open(file).close());
    }

    @Test
    void manyLongTokensTakeMemoryOfTheirLength() throws IOException {
        BpeVocabularyBuilder builder = new BpeVocabularyBuilder();
        for (int id = 0; id < 4_000; id++) {
            builder.token(id, (id + "x".repeat(1_000)).getBytes(StandardCharsets.UTF_8));
        }
        BpeTokenizer tokenizer = new BpeTokenizer(builder.noBos().build());
        Path json = folder.resolve("tokenizer.json");
        TokenizerFile.write(json, tokenizer);
        long bytes = allocated(() -> assertEquals(tokenizer, TokenizerFile.read(json)));
        long most = HEADER_FACTOR * Files.size(json) + MEGABYTE;
        assertTrue(bytes <= most, bytes + " bytes allocated, at most " + most + " expected");
    }

    /** Numbers and strings of 90 MB, of which only what may be there is read, in a file that is mostly a hole. */
    @Test
    void longNumbersAndStringsAreRefusedBeforeTheyAreRead() throws IOException {
        for (String start : new String[] {"{\"a\":{\"shape\":[", "{\"a\":{\"dtype\":\"", "{\"", "{\"__metadata__\":"}) {
            header(start + "9".repeat(200_000), 0);
            claim(90_000_000);
            assertBounded(0, 0, () -> assertRefused("found a name or a tensor of more than 131072 bytes"));
        }
        header("{\"__metadata__\":{\"a\":\"" + "9".repeat(17_000_000), 0);
        claim(90_000_000);
        long bytes = allocated(() -> assertRefused("found metadata of more than 16777216 bytes"));
        assertTrue(bytes <= 40 * MEGABYTE, bytes + " bytes allocated");
    }

    /** Makes the header and the file longer. */
    private void claim(long headerBytes) throws IOException {
        try (RandomAccessFile longer = new RandomAccessFile(file.toFile(), "rw")) {
            longer.writeLong(Long.reverseBytes(headerBytes));
            longer.setLength(8 + headerBytes);
        }
    }

    @Test
    void namesWithOneHashAreReadInNoTime() throws IOException {
        StringBuilder json = new StringBuilder("{\"__metadata__\":{");
        for (int i = 0; i < MANY; i++) {
            json.append(i == 0 ? "" : ",").append('"').append(collision(i)).append("\":\"\"");
        }
        header(json.append("}}").toString(), 0);
        assertEquals(MANY, Safetensors.read(file).metadata().size());
    }

    /** A linear search among equal hashes would take hours in a nightly build. */
    @Test
    void manyTokensWithOneHashAreReadInNoTime() throws IOException {
        Path gpt2 = gpt2();
        int tokens = Boolean.getBoolean("microgpt.test.nightly") ? 8 * MANY : MANY / 16;
        StringBuilder json = new StringBuilder("{\"a\":0");
        for (int i = 1; i < tokens; i++) {
            json.append(",\"<").append(collision(i)).append(">\":").append(i);
        }
        Files.writeString(gpt2.resolve("vocab.json"), json.append('}'));
        Files.writeString(gpt2.resolve("merges.txt"), "");
        HuggingFaceException e = assertThrows(HuggingFaceException.class, () -> Gpt2Folder.read(gpt2));
        assertTrue(
                e.getMessage().contains("found " + tokens + " tokens in the tokenizer, but config.json says"),
                e.getMessage());
    }

    /** Creates a valid folder without tokenizer.json. */
    private Path gpt2() throws IOException {
        Path gpt2 = folder.resolve("gpt2");
        Gpt2Folder.write(gpt2, TinyModels.model(TinyModels.completeBpe(), GptConfig.gpt2(2)), NumberType.F32, false);
        Files.delete(gpt2.resolve("tokenizer.json"));
        Files.delete(gpt2.resolve("added_tokens.json"));
        return gpt2;
    }

    /** Returns one of many strings with the same {@link String#hashCode}. */
    private static String collision(int number) {
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < 19; bit++) {
            text.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return text.toString();
    }

    /** Every pair of tokens is merged, in 4 rounds: the last tokens have 32 bytes each, and equal hashes. */
    @Test
    void tokensWithOneHashAreReadInNoTime() throws IOException {
        List<String> tokens = new ArrayList<>(List.of("A", "a", "B", "Aa", "BB"));
        List<String> merges = new ArrayList<>(List.of("A a", "B B"));
        List<String> last = List.of("Aa", "BB");
        for (int round = 0; round < 4; round++) {
            List<String> longer = new ArrayList<>();
            for (String left : last) {
                for (String right : last) {
                    merges.add(left + " " + right);
                    longer.add(left + right);
                }
            }
            tokens.addAll(longer);
            last = longer;
        }
        StringBuilder json = new StringBuilder("{\"model\":{\"vocab\":{");
        for (int id = 0; id < tokens.size(); id++) {
            json.append(id == 0 ? "" : ",")
                    .append('"')
                    .append(tokens.get(id))
                    .append("\":")
                    .append(id);
        }
        json.append("},\"merges\":[\"").append(String.join("\",\"", merges)).append("\"]},");
        json.append("\"pre_tokenizer\":{\"type\":\"ByteLevel\"}}");
        Path tokenizer = Files.writeString(folder.resolve("tokenizer.json"), json);
        Tokenizer read = TokenizerFile.read(tokenizer);
        assertEquals(tokens.size(), read.vocabSize());
        assertEquals(1, read.encode(tokens.get(tokens.size() - 1)).length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"model\":[", "{\"a\":", "{\"model\":{\"vocab\":["})
    void deepNestingIsRefusedWithItsPlace(String nested) throws IOException {
        Path tokenizer = Files.writeString(folder.resolve("tokenizer.json"), nested.repeat(100_000));
        DataException e = assertThrows(DataException.class, () -> TokenizerFile.read(tokenizer));
        assertTrue(e.getMessage().contains(" must be valid JSON, but is not at line 1, column "), e.getMessage());
        assertTrue(e.getMessage().contains("(Document nesting depth (33) exceeds"), e.getMessage());
        header("{\"a\":{\"dtype\":" + nested.repeat(100_000), 0);
        assertRefused("tensor \"a\" dtype: found a");
    }

    @Test
    void overlongUtf8IsNotReadAsSomethingElse() throws IOException {
        byte[] json = "{\"type\":\"char\",\"alphabet\":\"??\"}".getBytes(StandardCharsets.UTF_8);
        int at = new String(json, StandardCharsets.UTF_8).indexOf("??");
        json[at] = (byte) 0xC1; // A, in two bytes
        json[at + 1] = (byte) 0x81;
        Path tokenizer = Files.write(folder.resolve("tokenizer.json"), json);
        DataException e = assertThrows(DataException.class, () -> TokenizerFile.read(tokenizer));
        assertEquals("tokenizer " + tokenizer + ": found byte 0xc1 at offset 27, expected UTF-8", e.getMessage());
        Files.write(tokenizer, new byte[] {'"', (byte) 0xE2, (byte) 0x82});
        e = assertThrows(DataException.class, () -> TokenizerFile.read(tokenizer));
        assertTrue(e.getMessage().endsWith(": found the end inside a character at offset 3, expected UTF-8"));
    }

    @Test
    void jsonWithoutEndIsRefused() throws IOException {
        Path tokenizer = folder.resolve("tokenizer.json");
        Files.writeString(tokenizer, "{\"model\":[" + "0,".repeat(10_000_001));
        DataException e = assertThrows(DataException.class, () -> TokenizerFile.read(tokenizer));
        assertTrue(e.getMessage().contains("Token count (10000001) exceeds the maximum allowed"), e.getMessage());
        Files.writeString(tokenizer, "{\"type\":\"" + "x".repeat(5_000_000));
        e = assertThrows(DataException.class, () -> TokenizerFile.read(tokenizer));
        assertTrue(e.getMessage().contains("exceeds the maximum allowed (4194304)"), e.getMessage());
    }
}

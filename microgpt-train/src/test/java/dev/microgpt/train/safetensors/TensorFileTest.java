package dev.microgpt.train.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorFileTest {
    private static final int SEED = 5;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("model.safetensors");
    }

    private void write(String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, bytes.putLong(json.length).put(json).put(data).array());
    }

    @Test
    void tensorsOfAllTypesStandSideBySideAndAreReadOneByOne() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(37).order(ByteOrder.LITTLE_ENDIAN);
        data.put((byte) 1).putLong(7).putFloat(0.1f).putFloat(Float.NEGATIVE_INFINITY);
        data.putShort((short) 0x3C00).putShort((short) 0x3F80).putDouble(0.1).putDouble(Double.NaN);
        write(
                "{\"mask\":{\"dtype\":\"BOOL\",\"shape\":[1],\"data_offsets\":[0,1]},"
                        + "\"count\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[1,9]},"
                        + "\"f\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[9,17]},"
                        + "\"h\":{\"dtype\":\"F16\",\"shape\":[1,1],\"data_offsets\":[17,19]},"
                        + "\"b\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[19,21]},"
                        + "\"d\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[21,37]},"
                        + "\"__metadata__\":{\"format\":\"pt\"}}",
                data.array());
        try (TensorFile tensors = TensorFile.open(file)) {
            assertEquals(Map.of("format", "pt"), tensors.metadata());
            assertEquals(6, tensors.tensors().size());
            assertEquals(
                    new TensorInfo("h", NumberType.F16, Shape.of(1, 1)),
                    tensors.tensors().get(3));
            assertArrayEquals(new double[] {0.1, Double.NaN}, tensors.read("d"));
            assertArrayEquals(new double[] {0.1f, Double.NEGATIVE_INFINITY}, tensors.read("f"));
            assertArrayEquals(new double[] {1}, tensors.read("h"));
            assertArrayEquals(new double[] {1}, tensors.read("b"));
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> tensors.read("count"));
            assertEquals(
                    "safetensors: tensor \"count\" is of type I64, but only F64, F32, F16 and BF16 can be read",
                    e.getMessage());
            e = assertThrows(IllegalArgumentException.class, () -> tensors.read("x"));
            assertEquals("safetensors: the file has no tensor \"x\"", e.getMessage());
        }
    }

    @Test
    void tensorBeyondTwoGigabytesIsReadWithoutWhatComesBeforeIt() throws IOException {
        // a sparse file: the first tensor takes no disk space, but would not fit in the heap
        String header = "{\"a\":{\"dtype\":\"F64\",\"shape\":[1073741824],\"data_offsets\":[0,8589934592]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8589934592,8589934600]}}";
        write(header, new byte[0]);
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(8 + header.length() + 8_589_934_600L);
            large.seek(8 + header.length() + 8_589_934_592L);
            large.writeInt(Integer.reverseBytes(Float.floatToIntBits(1.5f)));
        }
        try (TensorFile tensors = TensorFile.open(file)) {
            assertArrayEquals(new double[] {1.5, 0}, tensors.read("b"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "F4" | tensor "x" dtype: found "F4", expected
        "f32" | tensor "x" dtype: found "f32", expected
        7 | tensor "x" dtype: found 7, expected
        "I8" | tensor "x" data_offsets: found [0, 8], 8 bytes, expected 2 bytes for shape (2)
        """)
    void typeThatTheFormatDoesNotKnowIsRefused(String type, String message) throws IOException {
        write("{\"x\":{\"dtype\":" + type + ",\"shape\":[2],\"data_offsets\":[0,8]}}", new byte[8]);
        SafetensorsException e = assertThrows(SafetensorsException.class, () -> TensorFile.open(file));
        assertTrue(e.getMessage().contains(message), e.getMessage());
        SafetensorsFiles.assertOneLine(file, e.getMessage());
    }

    @Test
    void floatsAreRoundedToTheNearestAndReadAgain() throws IOException {
        double[] numbers = new Random(SEED).doubles(40_000, -1, 1).toArray();
        numbers[0] = -0.0;
        numbers[1] = Float.MAX_VALUE;
        numbers[2] = Float.MIN_VALUE / 4;
        numbers[3] = Double.POSITIVE_INFINITY;
        numbers[4] = Double.NaN;
        NamedTensor tensor = new NamedTensor("x", Shape.of(200, 200), numbers);
        TensorFile.write(file, Map.of("format", "pt"), List.of(tensor), NumberType.F32);
        double[] rounded = new double[numbers.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) numbers[i];
        }
        try (TensorFile tensors = TensorFile.open(file)) {
            assertArrayEquals(rounded, tensors.read("x"));
            assertEquals(List.of(new TensorInfo("x", NumberType.F32, Shape.of(200, 200))), tensors.tensors());
        }
        assertThrows(SafetensorsException.class, () -> Safetensors.read(file));
    }

    @Test
    void doublesAreWrittenAsACheckpointIs() throws IOException {
        NamedTensor tensor = new NamedTensor("x", Shape.of(3), new double[] {1, -0.0, 1e-310});
        TensorFile.write(file, Map.of("a", "b"), List.of(tensor), NumberType.F64);
        byte[] written = Files.readAllBytes(file);
        Safetensors.write(file, Map.of("a", "b"), List.of(tensor));
        assertArrayEquals(Files.readAllBytes(file), written);
    }

    @Test
    void numberBeyondTheTypeIsRefusedAndNothingIsWritten() {
        NamedTensor tensor = new NamedTensor("x", Shape.of(2), new double[] {1, -1e39});
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> TensorFile.write(file, Map.of(), List.of(tensor), NumberType.F32));
        assertEquals(
                "safetensors: tensor \"x\": found -1.0E39 at index 1, but F32 holds at most 3.4028235E38; write it as"
                        + " F64",
                e.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> TensorFile.write(file, Map.of(), List.of(tensor), NumberType.BF16));
        assertFalse(Files.exists(file));
    }

    @Test
    void damageIsFoundWhereTheFileHasAChecksum() throws IOException {
        NamedTensor tensor = new NamedTensor("x", Shape.of(2), new double[] {1, 2});
        TensorFile.write(file, Map.of(), List.of(tensor), NumberType.F32);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        SafetensorsException e = assertThrows(SafetensorsException.class, () -> TensorFile.open(file));
        assertTrue(e.getMessage().contains("checksum"), e.getMessage());
    }

    @Test
    void fileThatIsCutOffMeanwhileIsNamed() throws IOException {
        write("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", new byte[8]);
        try (TensorFile tensors = TensorFile.open(file)) {
            try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                cut.setLength(cut.length() - 1);
            }
            SafetensorsException e = assertThrows(SafetensorsException.class, () -> tensors.read("x"));
            assertEquals(
                    "checkpoint model.safetensors: the file was modified while it was being read; it must not change"
                            + " until it has been read",
                    e.getMessage());
        }
    }
}

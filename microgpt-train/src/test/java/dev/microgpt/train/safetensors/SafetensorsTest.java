package dev.microgpt.train.safetensors;

import static dev.microgpt.train.safetensors.SafetensorsFiles.file;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.ParameterUpdates;
import dev.microgpt.autograd.Shape;
import dev.microgpt.train.internal.disk.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {

    private static final Shape ONE = Shape.of(1);

    @TempDir
    private Path folder;

    @Test
    void fileIsByteForByteTheDocumentedFormat() throws IOException {
        double[] a = {1, -2, 0.1, -0.0, Double.MIN_VALUE, Double.POSITIVE_INFINITY};
        List<NamedTensor> tensors = List.of(
                new NamedTensor("a", Shape.of(2, 3), a), new NamedTensor("b", Shape.scalar(), new double[] {7}));
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("step", "3");
        metadata.put("text", "\"ö\"\n");
        Path file = folder.resolve("run1.safetensors");

        Safetensors.write(file, metadata, tensors);

        // the checksum is from Python: hashlib.sha256 of these bytes with 64 zeros in its place
        String header = "{\"__metadata__\":{\"checksum\":\"sha256\","
                + "\"sha256\":\"ab1d3d291747c31a30ed530301a488f4d371a66d27ea91c6ce8ddf2e98edfd16\","
                + "\"step\":\"3\",\"text\":\"\\\"ö\\\"\\n\"},"
                + "\"a\":{\"dtype\":\"F64\",\"shape\":[2,3],\"data_offsets\":[0,48]},"
                + "\"b\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[48,56]}}";
        assertArrayEquals(
                file(header + " ".repeat(3), 1, -2, 0.1, -0.0, 4.9e-324, 1 / 0.0, 7), Files.readAllBytes(file));
    }

    @Test
    void everyBitOfEveryValueComesBack() throws IOException {
        double[] odd = LongStream.of(
                        0x8000000000000000L, // -0.0
                        0x0000000000000001L, // the smallest subnormal
                        0x7ff0000000000000L, // infinity
                        0x7ff8000000000000L, // the usual NaN
                        0xfff8123456789abcL, // a NaN with a payload
                        0x7fefffffffffffffL) // the largest
                .mapToDouble(Double::longBitsToDouble)
                .toArray();
        assertSameBits(odd, roundTrip(new NamedTensor("odd", Shape.of(6), odd)));
    }

    @Test
    void tensorsLongerThanTheBufferComeBack() throws IOException {
        int perChunk = SafetensorsFormat.CHUNK_BYTES / Double.BYTES;
        for (int size : new int[] {1, perChunk - 1, perChunk, perChunk + 1, 3 * perChunk + 5}) {
            double[] data = new Random(size).doubles(size).toArray();
            assertSameBits(data, roundTrip(new NamedTensor("long", Shape.of(size), data)));
        }
    }

    @Test
    void metadataAndTensorsKeepTheirOrder() throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        List<NamedTensor> tensors = new ArrayList<>();
        for (String name : List.of("z", "a", "m", "", "😀", "\u0000\u001f\"\\/", "</script>")) {
            metadata.put(name, "value of " + name);
            tensors.add(tensor("tensor " + name.replaceAll("[\\x00-\\x1f/\\\\]", ".")));
        }
        Path file = folder.resolve("ordered");

        Safetensors.write(file, metadata, tensors);
        Safetensors read = Safetensors.read(file);

        assertEquals(
                List.copyOf(metadata.entrySet()), List.copyOf(read.metadata().entrySet()));
        assertEquals(names(tensors), names(read.tensors()));
        assertTrue(read.verified());
    }

    @Test
    void nothingAndTheMostTensorsCanBeStored() throws IOException {
        Path file = folder.resolve("file");
        Safetensors.write(file, Map.of(), List.of());
        assertEquals(0, Safetensors.read(file).tensors().size());

        List<NamedTensor> most = new ArrayList<>();
        for (int i = 0; i < SafetensorsFormat.MAX_TENSORS; i++) {
            most.add(tensor("tensor" + i));
        }
        Safetensors.write(file, Map.of(), most);
        assertEquals(names(most), names(Safetensors.read(file).tensors()));
    }

    @Test
    void equalContentGivesEqualBytes() throws IOException {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        Safetensors.write(one, Map.of("k", "v"), List.of(tensor("t")));
        Safetensors.write(two, Map.of("k", "v"), List.of(tensor("t")));
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
    }

    /** Written with Python's safetensors by record_python_safetensors.py. */
    @Test
    void fileOfPythonIsReadAsUnverified() throws IOException {
        Path file = folder.resolve("python.safetensors");
        try (InputStream in = SafetensorsTest.class.getResourceAsStream("python-safetensors.safetensors")) {
            Files.write(file, in.readAllBytes());
        }
        Safetensors read = Safetensors.read(file);

        assertFalse(read.verified());
        assertNull(read.sha256());
        assertEquals(Map.of("format", "np", "greeting", "a \"quoted\"\nline"), read.metadata());
        assertEquals(List.of("layer0.ö", "scalar", "wte"), names(read.tensors()));
        assertSameBits(
                new double[] {-0.0, 4.9e-324, 1 / 0.0}, read.tensors().get(0).data());
        assertEquals(Shape.scalar(), read.tensors().get(1).shape());
        assertEquals(Shape.of(2, 3), read.tensors().get(2).shape());
        assertSameBits(
                new double[] {0, 0.25, 0.5, 0.75, 1, 1.25},
                read.tensors().get(2).data());
    }

    @Test
    void checksumIsFoundWhereverAnotherProgramMovedIt() throws IOException {
        Path file = folder.resolve("file");
        Safetensors.write(file, Map.of(), List.of(tensor("t")));
        byte[] bytes = Files.readAllBytes(file);
        String header = new String(bytes, 8, bytes.length - 16, StandardCharsets.UTF_8);
        String sha256 = Safetensors.read(file).sha256();

        // far enough that the parser has to refill its buffer, while offsets still count from the start of the stream
        String moved = header.replace("{\"checksum\"", "{\"far\":\"" + "x".repeat(50_000) + "\",\"checksum\"");
        Files.write(file, file(moved, 1));
        SafetensorsException e = assertThrows(SafetensorsException.class, () -> Safetensors.read(file));
        String computed = e.getMessage().replaceAll(".*a file with SHA-256 ([0-9a-f]{64}).*", "$1");

        Files.write(file, file(moved.replace(sha256, computed), 1));
        assertEquals(computed, Safetensors.read(file).sha256());
    }

    @Test
    void contentThatCouldNotBeReadBackIsNotWritten() {
        assertNotWritten(Map.of("sha256", "x"), List.of(), "the key \"sha256\"");
        assertNotWritten(Map.of("checksum", "x"), List.of(), "the key \"checksum\"");
        assertNotWritten(
                Map.of("\ud800", "x"),
                List.of(),
                "metadata key \"\\ud800\" has an unpaired surrogate, which UTF-8 cannot encode; remove it");
        assertNotWritten(Map.of("x", "\ude00\ud83d"), List.of(), "metadata value");
        assertNotWritten(Map.of(), List.of(tensor("a\udc00")), "tensor name \"a\\udc00\"");
        for (String name :
                new String[] {"", "\u0000", "a\u001b[2J", "a\u202e", "../../x", "/etc/passwd", "C:\\x", ".."}) {
            assertNotWritten(Map.of(), List.of(tensor(name)), "must be a name without control characters that is not");
        }
        assertNotWritten(Map.of(), List.of(tensor("x".repeat(4_097))), "names may have at most 4096 characters");
        assertNotWritten(Map.of(), List.of(tensor("a"), tensor("a")), "the tensor name \"a\" is taken");
        assertNotWritten(Map.of(), List.of(tensor("__metadata__")), "\"__metadata__\" is taken");
        NamedTensor deep = new NamedTensor("deep", Shape.of(1, 1, 1, 1, 1, 1, 1, 1, 1), new double[1]);
        assertNotWritten(Map.of(), List.of(deep), "tensor \"deep\" is (1, 1, 1, 1, 1, 1, 1, 1, 1)");
        NamedTensor[] many = new NamedTensor[SafetensorsFormat.MAX_TENSORS + 1];
        Arrays.fill(many, tensor("t"));
        assertNotWritten(Map.of(), List.of(many), "65537 tensors do not fit in one file; at most 65536 do");
    }

    @Test
    void metadataMayBeAsLongAsAReaderAccepts() throws IOException {
        int rest = 103; // the two entries of the checksum, and "k"
        String longest = "x".repeat(SafetensorsFormat.MAX_METADATA_BYTES - rest);
        Path file = folder.resolve("file");
        Safetensors.write(file, Map.of("k", longest), List.of(tensor("t")));
        assertEquals(longest, Safetensors.read(file).metadata().get("k"));
        Files.delete(file);
        assertNotWritten(
                Map.of("k", longest + "x"), List.of(), "16777217 bytes of metadata do not fit in one file; at most");
    }

    @Test
    void aSourceOfAnotherSizeThanItsShapeIsNotWritten() {
        Path file = folder.resolve("file");
        for (int size : new int[] {5, 7}) {
            TensorSource source = new TensorSource() {
                @Override
                public String name() {
                    return "x";
                }

                @Override
                public Shape shape() {
                    return Shape.of(2, 3);
                }

                @Override
                public double[] data() {
                    return new double[size];
                }
            };
            for (NumberType type : new NumberType[] {NumberType.F32, NumberType.F64}) {
                Exception e = assertThrows(
                        IllegalArgumentException.class, () -> TensorFile.write(file, Map.of(), List.of(source), type));
                assertEquals(
                        "safetensors: tensor \"x\" has " + size + " elements, but must have those of its shape (2, 3)",
                        e.getMessage());
                assertFalse(Files.exists(file));
            }
        }
    }

    @Test
    void tensorRefusesAnArrayOfAnotherSize() {
        Exception e = assertThrows(
                IllegalArgumentException.class, () -> new NamedTensor("wq", Shape.of(2, 3), new double[5]));
        assertEquals(
                "tensor \"wq\": the shape (2, 3) has 6 elements but the array has 5; they must be equal",
                e.getMessage());
    }

    @Test
    void writingReplacesTheOldFileAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve("file");
        Safetensors.write(file, Map.of(), List.of(tensor("old")));
        Safetensors.write(file, Map.of(), List.of(tensor("new")));
        assertEquals(List.of("new"), names(Safetensors.read(file).tensors()));
        assertEquals(List.of(file), filesInFolder());
    }

    @Test
    void failureInTheMiddleLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("file");
        Safetensors.write(file, Map.of(), List.of(tensor("old")));
        for (Throwable failure : List.of(new IOException("disk full"), new OutOfMemoryError("heap full"))) {
            AtomicFile.Content failing = out -> {
                out.write(new byte[100_000]);
                fail(failure);
            };
            assertEquals(failure, assertThrows(Throwable.class, () -> AtomicFile.replace(file, failing)));
            assertEquals(List.of("old"), names(Safetensors.read(file).tensors()));
            assertEquals(List.of(file), filesInFolder());
        }
    }

    /** As if another thread changed the numbers between the checksum and the file. */
    @Test
    void tensorsThatChangeWhileTheyAreWrittenLeaveTheOldFile() throws IOException {
        Path file = folder.resolve("file");
        Safetensors.write(file, Map.of(), List.of(tensor("old")));
        for (NumberType type : List.of(NumberType.F64, NumberType.F32)) {
            TensorSource changing = new TensorSource() {
                private double value;

                @Override
                public String name() {
                    return "changing";
                }

                @Override
                public Shape shape() {
                    return Shape.of(1);
                }

                @Override
                public double[] data() {
                    return new double[] {value++};
                }
            };
            IllegalStateException e = assertThrows(
                    IllegalStateException.class, () -> TensorFile.write(file, Map.of(), List.of(changing), type));
            assertEquals(
                    "safetensors: the tensors changed while they were written; a thread that modifies them must wait"
                            + " until they are saved, or be the one that saves; nothing was replaced",
                    e.getMessage());
            assertEquals(List.of("old"), names(Safetensors.read(file).tensors()));
            assertEquals(List.of(file), filesInFolder());
        }
    }

    @Test
    void updateOfTheParametersWhileTheyAreWrittenLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("file");
        List<Parameter> parameters = List.of(new Parameter("wq", Shape.of(1), 1));
        Safetensors.write(file, Map.of(), List.of(tensor("old")), ParameterUpdates.watch("save", parameters));
        ParameterUpdates updates = ParameterUpdates.watch("save", parameters);
        ParameterUpdates.begin(parameters);
        ParameterUpdates.end(parameters);
        IllegalStateException e = assertThrows(
                IllegalStateException.class, () -> Safetensors.write(file, Map.of(), List.of(tensor("new")), updates));
        assertTrue(e.getMessage().startsWith("save: a training step updated parameter \"wq\""), e.getMessage());
        assertEquals(List.of("old"), names(Safetensors.read(file).tensors()));
        assertEquals(List.of(file), filesInFolder());
    }

    /** Two threads would share the temporary file, and the first to end would rename what is half written. */
    @Test
    void fileThatAnotherThreadIsWritingIsRefused() throws IOException {
        Path file = folder.resolve("file");
        AtomicFile.replace(file, out -> {
            IllegalStateException e = assertThrows(
                    IllegalStateException.class,
                    () -> AtomicFile.replace(folder.resolve(".").resolve("file"), second -> second.write(2)));
            String rule = "another thread is writing this file; only one thread may write a file at a time";
            assertTrue(e.getMessage().endsWith(rule), e.getMessage());
            AtomicFile.replace(folder.resolve("other"), second -> second.write(2));
            out.write(1);
        });
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(file));
        AtomicFile.replace(file, out -> out.write(3));
        assertArrayEquals(new byte[] {3}, Files.readAllBytes(file));
    }

    @Test
    void folderIsNotReplaced() throws IOException {
        Path occupied = Files.createDirectory(folder.resolve("occupied"));
        IOException e = assertThrows(IOException.class, () -> Safetensors.write(occupied, Map.of(), List.of()));
        assertTrue(e.getMessage().endsWith("occupied must be an ordinary file if it exists, but is a folder"));
        assertEquals(List.of(occupied), filesInFolder());
    }

    @Test
    void missingFileOrFolderIsAnOrdinaryIoError() {
        Path file = folder.resolve("missing").resolve("file");
        IOException writing = assertThrows(IOException.class, () -> Safetensors.write(file, Map.of(), List.of()));
        IOException reading = assertThrows(IOException.class, () -> Safetensors.read(file));
        assertFalse(writing instanceof SafetensorsException);
        assertFalse(reading instanceof SafetensorsException);
    }

    @Test
    void interruptedThreadStillSavesAndStaysInterrupted() throws IOException {
        Path file = folder.resolve("file");
        Thread.currentThread().interrupt();
        Safetensors.write(file, Map.of(), List.of(tensor("t")));
        Safetensors read = Safetensors.read(file);
        assertTrue(Thread.interrupted());
        assertEquals(List.of("t"), names(read.tensors()));
    }

    @Test
    void contentCannotBeChangedThroughItsCollections() throws IOException {
        Path file = folder.resolve("file");
        Safetensors.write(file, Map.of("k", "v"), List.of(tensor("t")));
        Safetensors read = Safetensors.read(file);
        assertThrows(UnsupportedOperationException.class, () -> read.metadata().clear());
        assertThrows(UnsupportedOperationException.class, () -> read.tensors().clear());
    }

    private static NamedTensor tensor(String name) {
        return new NamedTensor(name, ONE, new double[] {1});
    }

    private double[] roundTrip(NamedTensor tensor) throws IOException {
        Path file = folder.resolve("file");
        Safetensors.write(file, Map.of(), List.of(tensor));
        return Safetensors.read(file).tensors().get(0).data();
    }

    private void assertNotWritten(Map<String, String> metadata, List<NamedTensor> tensors, String message) {
        Path file = folder.resolve("file");
        Exception e = assertThrows(IllegalArgumentException.class, () -> Safetensors.write(file, metadata, tensors));
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertFalse(Files.exists(file));
    }

    private static void assertSameBits(double[] expected, double[] actual) {
        long[] expectedBits =
                Arrays.stream(expected).mapToLong(Double::doubleToRawLongBits).toArray();
        assertArrayEquals(
                expectedBits,
                Arrays.stream(actual).mapToLong(Double::doubleToRawLongBits).toArray());
    }

    private static List<String> names(List<NamedTensor> tensors) {
        return tensors.stream().map(NamedTensor::name).toList();
    }

    private List<Path> filesInFolder() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static void fail(Throwable failure) throws IOException {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (IOException) failure;
    }
}

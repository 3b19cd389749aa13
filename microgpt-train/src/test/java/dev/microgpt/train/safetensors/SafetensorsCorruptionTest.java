package dev.microgpt.train.safetensors;

import static dev.microgpt.train.safetensors.SafetensorsFiles.assertRefused;
import static dev.microgpt.train.safetensors.SafetensorsFiles.file;
import static dev.microgpt.train.safetensors.SafetensorsFiles.withLength;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.microgpt.autograd.Shape;
import dev.microgpt.train.fuzz.CountedCases;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every damaged file, and every file of another format, is refused with a one-line message that explains the reason.
 */
@ExtendWith(CountedCases.class)
class SafetensorsCorruptionTest {

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("x.safetensors");
    }

    @Test
    void everyFlippedBitIsRefused() throws IOException {
        byte[] good = checkedFile();
        for (int bit = 0; bit < 8 * good.length; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            refused(bad);
        }
    }

    @Test
    void everyTruncationAndEveryExtraByteIsRefused() throws IOException {
        byte[] good = checkedFile();
        for (int length = 0; length < good.length; length++) {
            refused(Arrays.copyOf(good, length));
        }
        refused(Arrays.copyOf(good, good.length + 1));
        refused(Arrays.copyOf(good, good.length + 100_000));
    }

    /** The length is unsigned; the file has 8 bytes after it. */
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "9, 9",
        "7fffffff, 2147483647",
        "80000000, 2147483648",
        "7fffffffffffffff, 9223372036854775807",
        "8000000000000000, 9223372036854775808",
        "ffffffffffffffff, 18446744073709551615"
    })
    void impossibleHeaderLengthIsRefused(String hex, String found) throws IOException {
        byte[] bytes = withLength(file("{}      "), Long.parseUnsignedLong(hex, 16));
        assertRefused(file, "header length: found " + found + ", expected 1 to 8, what the file has after", bytes);
    }

    /** A range of possible lengths is never empty. */
    @Test
    void fileWithoutRoomForAHeaderIsRefused() throws IOException {
        assertRefused(file, "file: found 8 bytes, expected a header after them", withLength(file(""), 0));
        assertRefused(file, "file: found 8 bytes, expected a header after them", withLength(file(""), 2));
        assertRefused(file, "header length: found 2, expected 1, what the file has after", withLength(file("{"), 2));
    }

    @Test
    void headerAboveTheLimitOfTheFormatIsRefused() throws IOException {
        Files.write(file, withLength(file("{}"), 100_000_001));
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(200_000_000);
        }
        assertRefused(file, "header length: found 100000001, expected 1 to 100000000");
    }

    /** The content is in ISO 8859-1; \\x00 stands for a byte. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ''                                        | file: found an empty file
        '{}'                                      | (file: found 2 bytes, expected at least 8 bytes); it looks like a JSON file; name the .safetensors file next to it
        '\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00' | it looks like zeros, left behind by an interrupted copy or a crash
        '\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff' | it looks like erased storage
        'PK\\x03\\x04\\x00\\x00\\x08\\x08\\x00\\x00'    | it looks like a zip archive, such as a PyTorch .pt file
        '\\x80\\x02}q\\x00X\\x04\\x00\\x00\\x00'        | it looks like a Python pickle
        'GGUF\\x03\\x00\\x00\\x00\\x00\\x00\\x00'       | it looks like a GGUF model
        '\\x1f\\x8b\\x08\\x00\\x00\\x00\\x00\\x00\\x00' | it looks like a gzip archive; unpack it first
        '<!DOCTYPE html><html>'                   | it looks like a web page; the download went wrong
        '  <html lang=en>'                        | it looks like a web page; the download went wrong
        'version https://git-lfs.github.com/spec' | it looks like a git-lfs pointer; run: git lfs pull
        'emma\\x0aolivia\\x0a'                     | ; it looks like text; give the .safetensors file of a model
        'emma\\x01olivia\\x0a'                     | ), or a damaged one; give the .safetensors file of a model
        '{\"metadata\":{\"total_size\":1}}'       | it looks like a JSON file
        """)
    void wellKnownOtherContentIsNamed(String content, String message) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < content.length(); i++) {
            boolean escaped = content.startsWith("\\x", i);
            text.append(escaped ? (char) Integer.parseInt(content, i + 2, i + 4, 16) : content.charAt(i));
            i += escaped ? 3 : 0;
        }
        assertRefused(file, message, text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void folderIsRefused() throws IOException {
        Files.createDirectory(file);
        assertRefused(file, "x.safetensors: not a safetensors file: found a folder, expected a file in it");
    }

    @Test
    void checksumWrittenWithEscapesIsRefused() throws IOException {
        byte[] bytes = file("{\"__metadata__\":{\"sha256\":\"\\u0030" + "0".repeat(63) + "\"}}");
        assertRefused(file, "metadata \"sha256\": found digits written as escapes", bytes);
    }

    /** Memory depends on the actual size of the file, whatever the header claims. */
    @Test
    void smallFileCannotClaimMuchMemory() throws IOException {
        Files.write(file, file("{\"a\":{\"dtype\":\"F64\",\"shape\":[1000000000],\"data_offsets\":[0,8000000000]}}"));
        assertAllocatesLittle();
        Files.write(file, withLength(file("{\"a"), 100_000_000));
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(200_000_000);
        }
        assertAllocatesLittle();
    }

    private byte[] checkedFile() throws IOException {
        double[] data = {1, 2, 3, 4, 5, 6};
        Safetensors.write(file, Map.of("step", "1"), List.of(new NamedTensor("wte", Shape.of(2, 3), data)));
        return Files.readAllBytes(file);
    }

    private void refused(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        assertThrows(SafetensorsException.class, () -> Safetensors.read(file));
    }

    private void assertAllocatesLittle() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertThrows(SafetensorsException.class, () -> Safetensors.read(file)); // loads the classes
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThrows(SafetensorsException.class, () -> Safetensors.read(file));
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 1 << 20, allocated + " bytes allocated for " + file);
    }
}

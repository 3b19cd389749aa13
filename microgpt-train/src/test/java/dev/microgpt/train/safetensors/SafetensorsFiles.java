package dev.microgpt.train.safetensors;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Valid and invalid safetensors files for tests. */
final class SafetensorsFiles {

    private SafetensorsFiles() {}

    /** Returns a file with this header and these elements. */
    static byte[] file(String header, double... data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + 8 * data.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json).asDoubleBuffer().put(data);
        return file.array();
    }

    /** Overwrites the header length of a file. */
    static byte[] withLength(byte[] bytes, long length) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        return bytes;
    }

    static void assertRefused(Path file, String part, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        assertRefused(file, part);
    }

    /** Reading fails with a message that contains a part and has the form of all messages. */
    static void assertRefused(Path file, String part) {
        SafetensorsException refused = assertThrows(SafetensorsException.class, () -> Safetensors.read(file));
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
        assertOneLine(file, refused.getMessage());
    }

    static void assertOneLine(Path file, String message) {
        assertTrue(message.startsWith("checkpoint " + file.getFileName() + ": "), message);
        assertTrue(message.matches("[^\\p{Cntrl}]*: found [^\\p{Cntrl}]+, expected [^\\p{Cntrl}]+"), message);
        assertFalse(message.contains("Exception"), message);
    }
}

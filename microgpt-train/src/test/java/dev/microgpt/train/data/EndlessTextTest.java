package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.internal.TextInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no text is refused when that is clear, for it may have no end, as devices have none. */
class EndlessTextTest {
    private static final int MOST_READ = 1 << 17;

    @TempDir
    Path folder;

    /** Some text and then one byte for ever, at most a few at a time, as a pipe may give them. */
    private static final class Endless extends InputStream {
        private final byte[] beginning;
        private final byte filler;
        private final int atOnce;
        private long count;

        Endless(int filler, int atOnce) {
            this("emma\n", filler, atOnce);
        }

        Endless(String beginning, int filler, int atOnce) {
            this.beginning = beginning.getBytes(StandardCharsets.UTF_8);
            this.filler = (byte) filler;
            this.atOnce = atOnce;
        }

        @Override
        public int read() {
            byte next = count < beginning.length ? beginning[(int) count] : filler;
            count++;
            return next & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int from, int length) {
            int read = Math.min(length, atOnce);
            for (int i = 0; i < read; i++) {
                buffer[from + i] = (byte) read();
            }
            return read;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x80, 0xFF})
    void itIsRefusedSoonWhereItIsWrong(int filler) {
        for (int atOnce : new int[] {1, 100_000}) {
            Endless documents = new Endless(filler, atOnce);
            assertWrong(filler, documents, () -> Documents.read(TextSource.of(documents, "-")));
            Endless text = new Endless(filler, atOnce);
            assertWrong(filler, text, () -> TextCorpus.read(TextSource.of(text, "-"), 0));
            Endless prepared = new Endless(filler, atOnce);
            Path out = folder.resolve("out");
            assertWrong(
                    filler, prepared, () -> PreparedCorpus.prepare(TextSource.of(prepared, "-"), out, 0, true, null));
        }
    }

    private static void assertWrong(int filler, Endless in, ThrowingReader reader) {
        DataException refused = assertThrows(DataException.class, reader::read);
        String found = String.format("data -:2: byte 0x%02X at offset 5", filler);
        assertTrue(String.valueOf(refused.getMessage()).startsWith(found), refused.getMessage());
        assertTrue(in.count < MOST_READ, in.count + " bytes read");
    }

    @FunctionalInterface
    private interface ThrowingReader {
        Object read() throws IOException;
    }

    /** A format that begins with text is known by its first bytes. */
    @Test
    void aPdfIsRefusedByItsBeginning() {
        Endless pdf = new Endless("%PDF-1.7\n", 'a', 100_000);
        DataException refused = assertThrows(DataException.class, () -> Documents.read(TextSource.of(pdf, "-")));
        assertEquals(
                "data -: found what looks like a PDF, expected UTF-8 text; extract the text with: pdftotext",
                refused.getMessage());
        assertTrue(pdf.count < MOST_READ, pdf.count + " bytes read");
    }

    /** Characters that come in parts are no reason to end. */
    @Test
    void textIsReadToItsEnd() throws IOException {
        byte[] text = "é한😀\n".repeat(300_000).getBytes(StandardCharsets.UTF_8);
        InputStream inParts = new ByteArrayInputStream(text) {
            @Override
            public synchronized int read(byte[] buffer, int from, int length) {
                return super.read(buffer, from, Math.min(length, 7));
            }
        };
        assertArrayEquals(text, TextInput.of(inParts).readAllBytes());
    }

    /** Not even one that looks like text, of which an end would never come. */
    @Test
    void aDeviceInAFolderIsNotOpened() throws IOException {
        Path device = Path.of("/dev/zero");
        assumeTrue(Files.exists(device), "skipped: this system has no /dev/zero");
        Files.writeString(folder.resolve("a.txt"), "emma\n");
        Path link = Files.createSymbolicLink(folder.resolve("b.txt"), device);
        FileSystemException refused = assertThrows(FileSystemException.class, () -> TextSource.of(folder));
        Files.delete(link);
        assertEquals(link.toString(), refused.getFile());
        assertEquals(
                "this is a device, a pipe or a socket, but the texts of a folder must be regular files; move it away,"
                        + " or name it directly",
                refused.getReason());
    }

    @Test
    void anErrorOfTheSystemNamesTheFile() throws IOException {
        Path memory = Path.of("/proc/self/mem"); // whose first page is never there
        assumeTrue(Files.isReadable(memory), "skipped: this system has no file that cannot be read");
        FileSystemException failure = assertThrows(FileSystemException.class, () -> Documents.read(memory));
        assertEquals(memory.toString(), failure.getFile());
        assertThrows(FileSystemException.class, () -> TextCorpus.read(TextSource.of(memory), 0));
    }
}

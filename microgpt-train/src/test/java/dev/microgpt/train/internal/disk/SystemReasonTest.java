package dev.microgpt.train.internal.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The reason is the same in every language of the system; here it speaks German. */
class SystemReasonTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        file = Files.writeString(folder.resolve("file"), "content");
    }

    private static void assertReason(String reason, Path path, String ofTheSystem) {
        assertEquals(reason, SystemReason.of(new FileSystemException(path.toString(), null, ofTheSystem), path));
    }

    @Test
    void theFileItselfShowsWhatIsWrong() throws IOException {
        String below = "a part of its path must be a folder, but is a file";
        assertReason(below, file.resolve("a/b"), "Ist kein Verzeichnis");
        assertEquals(below, SystemReason.of(new NoSuchFileException(file + "/a"), file.resolve("a")));
        assertReason("must be a file, but is a folder", folder, "Ist ein Verzeichnis");
        String longest = "\u00E4".repeat(127) + "a";
        assertReason("the system reports \"Zu lang\"", folder.resolve(longest), "Zu lang");
        assertReason(
                "a name in its path has 256 bytes, but must have at most 255",
                folder.resolve(longest + "b").resolve("c"),
                "Der Dateiname ist zu lang");
    }

    @Test
    void aLinkToItselfIsRecognized() throws IOException {
        Path loop = folder.resolve("loop");
        try {
            Files.createSymbolicLink(loop, Path.of("loop"));
        } catch (IOException | UnsupportedOperationException unsupported) {
            assumeTrue(false, "skipped: no symbolic links here");
        }
        String german = "Zu viele Ebenen aus symbolischen Links oder auf Attribute kann nicht zugegriffen werden";
        assertReason("must be a file, but is a symbolic link to itself", loop, german);
        assertReason(
                "a part of its path is a symbolic link to itself, but must be a folder", loop.resolve("a"), german);
        IOException real = assertThrows(IOException.class, () -> Files.newInputStream(loop));
        assertEquals("must be a file, but is a symbolic link to itself", SystemReason.of(real, loop));
    }

    @Test
    void theTypeOfTheExceptionSaysIt() {
        String name = file.toString();
        assertEquals(SystemReason.MISSING, SystemReason.of(new NoSuchFileException(name), folder.resolve("none")));
        assertEquals("permission denied", SystemReason.of(new AccessDeniedException(name), file));
        assertEquals("is not a folder", SystemReason.of(new NotDirectoryException(name), file));
        assertEquals("the folder is not empty", SystemReason.of(new DirectoryNotEmptyException(name), file));
        assertEquals("must be a folder, but is a file", SystemReason.of(new FileAlreadyExistsException(name), file));
    }

    @Test
    void whatWeSayOurselvesStays() {
        UnusableFileException refused = new UnusableFileException(file, "must be larger");
        assertEquals("must be larger", SystemReason.of(refused, file));
        assertEquals(file + " must be larger", refused.getMessage());
        NoSuchFileException ours = new NoSuchFileException("report.css", null, "missing in the jar");
        assertEquals("missing in the jar", SystemReason.of(ours, file));
        assertEquals(file + ": it is mine", new UnusableFileException(file, "it is mine").getMessage());
    }

    private static IOException provoked(Executable failing) {
        return assertThrows(IOException.class, failing);
    }

    @Test
    void aFullDiskIsRecognizedByTheSystemsOwnText() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "skipped: this system has no /dev/full");
        try (OutputStream out = Files.newOutputStream(full)) {
            IOException failure = provoked(() -> out.write(1));
            assertEquals("no space is left on the disk", SystemReason.of(failure, file));
            assertEquals("no space is left on the disk", SystemReason.ofStream(failure));
            assertReason("no space is left on the disk", file, failure.getMessage());
        }
    }

    @Test
    void anUnreadableDiskIsRecognizedByTheSystemsOwnText() {
        Path memory = Path.of("/proc/self/mem");
        assumeTrue(Files.isReadable(memory), "skipped: this system has no file that cannot be read");
        IOException failure = provoked(() -> OrdinaryFile.open(memory).read());
        assertEquals("the disk reports an input or output error", SystemReason.of(failure, memory));
    }

    @Test
    void aClosedPipeIsRecognizedByTheSystemsOwnText() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().close();
        IOException failure = provoked(() -> pipe.sink().write(ByteBuffer.allocate(1)));
        pipe.sink().close();
        assertEquals("the program that read it has ended", SystemReason.ofStream(failure));
    }

    @Test
    void whatIsUnknownIsQuoted() {
        assertReason("the system reports \"Das Ger\u00E4t brennt\"", file, "Das Ger\u00E4t brennt");
        assertEquals(
                "the system reports \"Datei zu gro\u00DF\"",
                SystemReason.ofStream(new IOException("Datei zu gro\u00DF")));
        assertReason("cannot be used", file, null);
    }

    @Test
    void aFolderThatIsMissingIsToBeCreated() {
        Path missing = folder.resolve("none/a.txt");
        IOException failure = provoked(() -> AtomicFile.replace(missing, out -> out.write(1)));
        assertEquals(
                missing + ": no such file or folder; create the folder " + folder.resolve("none") + " first",
                failure.getMessage());
        assertEquals(SystemReason.MISSING, SystemReason.of(failure, missing));
        FileSystemException file = SystemReason.about(folder.resolve("a"), new NoSuchFileException("b"));
        assertEquals(folder.resolve("a") + ": no such file or folder", file.getMessage());
    }

    @Test
    void theFileIsNamedButTheReasonIsTheFirst() {
        IOException plain = new IOException("Das Ger\u00E4t brennt");
        FileSystemException named = SystemReason.named(file, plain);
        assertEquals(file.toString(), named.getFile());
        assertEquals(named, SystemReason.named(folder, named));
        assertEquals("the system reports \"Das Ger\u00E4t brennt\"", SystemReason.of(named, file));
        FileSystemException other = SystemReason.about(folder, new AccessDeniedException(file.toString()));
        assertEquals(folder.toString(), other.getFile());
        assertEquals("permission denied", SystemReason.of(other, folder));
        assertEquals(folder + ": permission denied", other.getMessage());
    }
}

package dev.microgpt.train.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.GptConfig;
import dev.microgpt.train.data.PreparedCorpus;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.safetensors.Safetensors;
import dev.microgpt.train.safetensors.SafetensorsException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files that change while they are being read: the reader returns the old content or fails. */
@ExtendWith(CountedCases.class)
class ChangingFilesTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("model.safetensors");
    }

    @Test
    void aFileThatIsCutOffOrGrowsOrIsWrittenToMeanwhileIsRefused() throws IOException {
        TinyModels.checkpoint().save(file);
        long size = Files.size(file);
        for (long length : new long[] {0, size / 2, size - 1, size + 1, 2 * size}) {
            TinyModels.checkpoint().save(file);
            assertRefusedWhen(() -> {
                try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
                    out.setLength(length);
                }
            });
        }
        TinyModels.checkpoint().save(file);
        assertRefusedWhen(() -> Files.setLastModifiedTime(file, FileTime.fromMillis(1)));
    }

    /** Modifies a file. */
    private interface Change {
        void make() throws IOException;
    }

    /** The change happens after the header was read and before the elements are. */
    private void assertRefusedWhen(Change change) {
        boolean[] done = new boolean[1];
        SafetensorsException e = assertThrows(
                SafetensorsException.class,
                () -> Safetensors.read(file, name -> {
                    makeOnce(change, done);
                    return true;
                }));
        assertEquals(
                "checkpoint model.safetensors: the file was modified while it was being read; it must not change until"
                        + " it has been read",
                e.getMessage());
    }

    private static void makeOnce(Change change, boolean[] done) {
        try {
            if (!done[0]) {
                change.make();
            }
            done[0] = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFileThatIsReplacedMeanwhileIsReadAsItWas() throws IOException {
        TinyModels.checkpoint().save(file);
        Safetensors before = Safetensors.read(file);
        boolean[] done = new boolean[1];
        Change replacement =
                () -> TinyModels.model(TinyModels.bpe(), GptConfig.gpt2(2)).save(file);
        Safetensors meanwhile = Safetensors.read(file, name -> {
            makeOnce(replacement, done);
            return true;
        });
        assertEquals(before.sha256(), meanwhile.sha256());
    }

    @Test
    void tokensThatAreCutOffLaterAreRefusedWhenTheyAreRead() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "to be, or not to be\n".repeat(1_000));
        PreparedCorpus corpus = PreparedCorpus.prepare(TextSource.of(text), folder.resolve("corpus"), 0, false, null);
        try (RandomAccessFile out = new RandomAccessFile(
                folder.resolve("corpus").resolve("train.bin").toFile(), "rw")) {
            out.setLength(999);
        }
        int[] ids = new int[1_000];
        corpus.training().read(0, ids, 0, 499);
        UncheckedIOException e =
                assertThrows(UncheckedIOException.class, () -> corpus.training().read(0, ids, 0, 500));
        assertTrue(e.getCause() instanceof DataException, e.getCause().toString());
        assertEquals(
                "",
                Refusals.flaw(
                        e.getCause().getMessage(), folder.resolve("corpus").resolve("train.bin")));
    }
}

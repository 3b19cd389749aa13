package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.train.data.read.DataException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("train.bin");
    }

    @Test
    void theFileIsNanoGptsAndNothingElse() throws IOException {
        TokenFileWriter.replace(file(), out -> out.write(new int[] {1, 258, 65535, 0}, 0, 4));
        // python3 -c 'import numpy; numpy.array([1, 258, 65535, 0], dtype=numpy.uint16).tofile("train.bin")'
        assertArrayEquals(new byte[] {1, 0, 2, 1, -1, -1, 0, 0}, Files.readAllBytes(file()));
        assertEquals(4, TokenFile.open(file(), 65536).count());
    }

    @Test
    void moreTokensThanTheBufferHoldsAreWrittenInOrder() throws IOException {
        int[] ids = new int[100_003];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i * 31 & 0xFFFF;
        }
        TokenFileWriter.replace(file(), out -> {
            out.write(ids, 0, 1);
            out.write(ids, 1, 0);
            out.write(ids, 1, 50_000);
            out.write(ids, 50_001, 50_002);
        });
        int[] to = new int[ids.length];
        TokenFile.open(file(), 65536).read(0, to, 0, to.length);
        assertArrayEquals(ids, to);
    }

    @Test
    void anIdOfMoreThan16BitsIsRefusedAndTheOldFileStays() throws IOException {
        TokenFileWriter.replace(file(), out -> out.write(new int[] {5}, 0, 1));
        int[] ids = {1, 2, 65536};
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> TokenFileWriter.replace(file(), out -> out.write(ids, 0, 3)));
        assertEquals(
                "token file: the id 65536 at position 2 does not fit in 16 bits; ids must be 0 … 65535,"
                        + " use a tokenizer with at most 65,536 tokens",
                e.getMessage());
        int[] negative = {-1};
        assertThrows(
                IllegalArgumentException.class,
                () -> TokenFileWriter.replace(file(), out -> out.write(negative, 0, 1)));
        assertArrayEquals(new byte[] {5, 0}, Files.readAllBytes(file()));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file()), files.toList());
        }
    }

    @Test
    void aFileWithoutTokensIsNotWritten() throws IOException {
        TokenFileWriter.replace(file(), out -> out.write(new int[] {5}, 0, 1));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> TokenFileWriter.replace(file(), out -> out.write(new int[0], 0, 0)));
        assertEquals("token file: there are no tokens; a file needs at least one", e.getMessage());
        assertArrayEquals(new byte[] {5, 0}, Files.readAllBytes(file()));
    }

    @Test
    void halfATokenIsRefused() throws IOException {
        Files.write(file(), new byte[7]);
        DataException e = assertThrows(DataException.class, () -> TokenFile.open(file(), 10));
        assertEquals(
                "data " + file() + ": the file has 7 bytes, but must have 2 for each token;"
                        + " it was truncated or holds something else",
                e.getMessage());
    }

    @Test
    void anEmptyFileIsRefused() throws IOException {
        Files.createFile(file());
        DataException e = assertThrows(DataException.class, () -> TokenFile.open(file(), 10));
        assertEquals(
                "data " + file() + ": the file is empty, but must have at least one token of 2 bytes", e.getMessage());
    }

    @Test
    void whatIsNoFileIsAnIoException() {
        assertThrows(NoSuchFileException.class, () -> TokenFile.open(file(), 10));
        FileSystemException e = assertThrows(FileSystemException.class, () -> TokenFile.open(folder, 10));
        assertEquals("must be an ordinary file, but is a folder", e.getReason());
    }

    @Test
    void anIdOutsideOfTheVocabularyIsRefusedWhereverItIsWhenTheFileIsOpened() throws IOException {
        for (int position : new int[] {0, 1, 16_383, 16_384, 40_000}) {
            int[] ids = new int[40_001];
            ids[position] = 40_000;
            TokenFileWriter.replace(file(), out -> out.write(ids, 0, ids.length));
            DataException e = assertThrows(DataException.class, () -> TokenFile.open(file(), 40_000));
            assertEquals(wrong(40_000, position, 40_000), e.getMessage());
            int[] to = new int[1];
            TokenFile.open(file(), 40_001).read(position, to, 0, 1);
            assertEquals(40_000, to[0]);
        }
    }

    @Test
    void anIdThatIsReplacedLaterIsRefusedWhenItIsRead() throws IOException {
        TokenFileWriter.replace(file(), out -> out.write(new int[] {1, 2, 3, 4, 5, 6, 7}, 0, 7));
        TokenFile tokens = TokenFile.open(file(), 10);
        try (RandomAccessFile out = new RandomAccessFile(file().toFile(), "rw")) {
            out.seek(2 * 4);
            out.write(10);
        }
        int[] to = new int[7];
        tokens.read(0, to, 0, 4);
        tokens.read(5, to, 4, 2);
        assertArrayEquals(new int[] {1, 2, 3, 4, 6, 7, 0}, to);
        UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> tokens.read(1, to, 0, 6));
        assertEquals(
                wrong(10, 4, 10),
                assertInstanceOf(DataException.class, e.getCause()).getMessage());
    }

    private String wrong(int id, int position, int vocabSize) {
        return "data " + file() + ": the id " + id + " at position " + position
                + " is not in the vocabulary; ids must be below " + vocabSize
                + ". The file was made with another tokenizer";
    }
}

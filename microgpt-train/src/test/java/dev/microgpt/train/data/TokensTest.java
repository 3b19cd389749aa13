package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every implementation of {@link Tokens} does, whatever keeps them. */
class TokensTest {
    private static final int[] IDS = {0, 1, 127, 128, 255, 256, 32767, 32768, 65535, 7, 65534, 42, 3};

    @TempDir
    private static Path folder;

    static Stream<Named> implementations() throws IOException {
        Path file = folder.resolve("ids.bin");
        TokenFileWriter.replace(file, out -> out.write(IDS, 0, IDS.length));
        int[] longer = new int[IDS.length + 5];
        System.arraycopy(IDS, 0, longer, 3, IDS.length);
        return Stream.of(
                new Named("in memory, 2 bytes each", MemoryTokens.of(IDS, 65536)),
                new Named("in memory, 4 bytes each", MemoryTokens.of(IDS, 65537)),
                new Named("in a file", TokenFile.open(file, 65536)),
                new Named("a slice", MemoryTokens.of(longer, 65536).slice(3, IDS.length)),
                new Named(
                        "a slice of a slice",
                        MemoryTokens.of(longer, 65536).slice(1, 16).slice(2, IDS.length)));
    }

    record Named(String name, Tokens tokens) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void anyPartCanBeRead(Named named) {
        assertEquals(IDS.length, named.tokens().count());
        for (int from = 0; from <= IDS.length; from++) {
            for (int length = 0; length <= IDS.length - from; length++) {
                int[] to = new int[length + 3];
                Arrays.fill(to, -1);
                named.tokens().read(from, to, 2, length);
                int[] expected = new int[length + 3];
                Arrays.fill(expected, -1);
                System.arraycopy(IDS, from, expected, 2, length);
                assertArrayEquals(expected, to, from + " + " + length);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void whatIsNotThereCannotBeRead(Named named) {
        int[] to = new int[IDS.length];
        Tokens tokens = named.tokens();
        assertThrows(IndexOutOfBoundsException.class, () -> tokens.read(1, to, 0, IDS.length));
        assertThrows(IndexOutOfBoundsException.class, () -> tokens.read(-1, to, 0, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> tokens.read(IDS.length, to, 0, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> tokens.read(0, to, 1, IDS.length));
        assertThrows(IndexOutOfBoundsException.class, () -> tokens.read(0, to, -1, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> tokens.read(1L << 32, to, 0, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> tokens.slice(1, IDS.length));
        assertThrows(IndexOutOfBoundsException.class, () -> tokens.slice(-1, 1));
    }

    @Test
    void idsOutsideOfTheVocabularyAreRefused() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> MemoryTokens.of(new int[] {0, 1, 2, 3}, 3));
        assertEquals("tokens: the id 3 at position 3 is not in the vocabulary; ids must be 0 … 2", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> MemoryTokens.of(new int[] {-1}, 3));
    }

    @Test
    void tokensInMemoryAreACopy() {
        int[] ids = {1, 2, 3};
        Tokens tokens = MemoryTokens.of(ids, 65537);
        ids[1] = 9;
        int[] to = new int[3];
        tokens.read(0, to, 0, 3);
        assertArrayEquals(new int[] {1, 2, 3}, to);
    }
}

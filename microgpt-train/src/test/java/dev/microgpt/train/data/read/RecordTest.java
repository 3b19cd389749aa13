package dev.microgpt.train.data.read;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tries the cases of a format, which a subclass returns in static methods of the same names. */
abstract class RecordTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource
    void wellFormedRecordsAreReadExactly(RecordCase records) throws IOException {
        records.check(folder);
    }

    @ParameterizedTest
    @MethodSource
    void malformedRecordsAreRefusedWithTheirPlace(RecordCase records) throws IOException {
        records.check(folder);
    }
}

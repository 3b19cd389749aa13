package dev.microgpt.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.annotations.Param;

class RowBenchmarkTest {
    @ParameterizedTest
    @EnumSource
    void operationAgreesWithItsDefinition(RowOperation operation) {
        RowBenchmark benchmark = new RowBenchmark();
        benchmark.operation = operation + ":7x65";
        benchmark.setUp(); // throws if a value or a gradient is wrong
        assertTrue(Double.isFinite(benchmark.scalar().data()[0]));
    }

    @Test
    void everyOperationIsMeasured() throws NoSuchFieldException {
        Set<RowOperation> measured = EnumSet.noneOf(RowOperation.class);
        for (String param : RowBenchmark.class
                .getField("operation")
                .getAnnotation(Param.class)
                .value()) {
            measured.add(RowOperation.valueOf(param.substring(0, param.indexOf(':'))));
        }
        assertEquals(EnumSet.allOf(RowOperation.class), measured);
    }

    /** x + y reads two matrices and writes one; its backward reads one, and reads and writes two. */
    @Test
    void leastBytesAreThoseOfTheMatrices() {
        assertEquals((3 + 5) * 8.0 * 768 * 128, RowBenchmark.leastBytes("ADD:768x128"));
        assertEquals((1 + 3) * 8.0 * 768 * 65, RowBenchmark.leastBytes("CROSS_ENTROPY:768x65"));
        assertThrows(IllegalArgumentException.class, () -> RowBenchmark.leastBytes("SUBTRACT:768x128"));
    }

    /** Values from tables. */
    @Test
    void erfSeriesMatchesKnownValues() {
        assertEquals(0.8427007929497149, ErfSeries.erf(1), 1e-15);
        assertEquals(-0.9953222650189527, ErfSeries.erf(-2), 1e-13);
    }
}

package dev.microgpt.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first table and its picture, from made-up results in several rounds. */
class SummaryTest {
    private static final String STEP = "{\"torch\":\"2.13.0+cpu\",\"cpu\":\"AVX512\",\"threads\":%d,\"dtype\":\"%s\","
            + "\"adam\":{\"best_ms\":%s,\"median_ms\":%s,\"steps\":9},"
            + "\"fused_adam\":{\"best_ms\":%s,\"median_ms\":%s,\"steps\":9}}";

    @TempDir
    private Path folder;

    private final List<String> jmh = new ArrayList<>();
    private final List<String> peers = new ArrayList<>();

    private void jmh(String jdk, String method, String params, String metric) {
        jmh.add("{\"benchmark\":\"dev.microgpt.benchmarks." + method
                + "\",\"threads\":1,\"jvmArgs\":[],\"jdkVersion\":\"" + jdk
                + "\",\"vmName\":\"VM\",\"vmVersion\":\"1\",\"params\":{" + params + "}," + metric + "}");
    }

    /** As JMH writes the iterations of one fork. */
    private static String iterations(String unit, String values) {
        return "\"primaryMetric\":{\"score\":1,\"scoreError\":0.5,\"scoreUnit\":\"" + unit + "\",\"rawData\":[["
                + values + "]]},\"secondaryMetrics\":{}";
    }

    /** As JMH writes the times of single operations in sample mode, each with its count. */
    private static String samples(String pairs) {
        return "\"primaryMetric\":{\"score\":1,\"scoreError\":0.5,\"scoreUnit\":\"us/op\",\"rawDataHistogram\":[[["
                + pairs + "]]]},\"secondaryMetrics\":{}";
    }

    private List<Results> read() throws IOException {
        Path json = Files.writeString(folder.resolve("a.json"), "[" + String.join(",", jmh) + "]");
        Path lines = Files.writeString(folder.resolve("peers.jsonl"), String.join("\n", peers));
        return Results.read(List.of(json), List.of(lines));
    }

    private String table() throws IOException {
        return Summary.table(read());
    }

    /** Bests of 100 and 80 ms, median of 80, 100, 110, 110, 110; PyTorch's 90 ms is that of the other form of Adam. */
    @Test
    void bestAndMedianAreThoseOfAllRounds() throws IOException {
        jmh("17.0.15", "NanoGptStepBenchmark.tapeVector", "", samples("[100000,1],[110000,3]"));
        jmh("17.0.15", "NanoGptStepBenchmark.tapeVector", "", samples("[80000,1]"));
        peers.add(String.format(STEP, 1, "float64", "95.0", "99.0", "90.0", "96.0"));
        peers.add(String.format(STEP, 1, "float64", "92.0", "94.0", "93.0", "98.0"));
        peers.add(String.format(STEP, 1, "float32", "50.0", "51.0", "50.0", "51.0"));
        assertEquals("""
                | best (median) | JDK 17 | peer | times as fast, JDK 17 |
                | --- | --- | --- | --- |
                | training step, 1 thread, ms | 80.0 (110.0) | PyTorch 2.13.0 90.0 (95.0) | 1.13 |
                """, table());
    }

    @Test
    void meanOfSeveralRoundsIsThatOfAllIterations() throws IOException {
        jmh("17.0.15", "EmptyBenchmark.empty", "", iterations("ns/op", "1,2"));
        jmh("17.0.15", "EmptyBenchmark.empty", "", iterations("ns/op", "3,6"));
        Measured mean = read().get(0).find("EmptyBenchmark.empty", Map.of()).in("ns", Result.Statistic.MEAN);
        assertEquals(3, mean.value());
        assertTrue(mean.error() > 5 && mean.error() < 50, mean.toString());
    }

    /** The rates of 2·16³ operations in 128 and 512 ns are 64 and 16 GFLOP/s, those of OpenBLAS 16 and 16. */
    @Test
    void productsHaveTheirGeometricMean() throws IOException {
        jmh(
                "17.0.15",
                "MatmulBenchmark.vector",
                "\"shape\":\"16x16x16\",\"kind\":\"NN\"",
                iterations("ns/op", "128,256"));
        jmh("17.0.15", "MatmulBenchmark.vector", "\"shape\":\"16x16x16\",\"kind\":\"NT\"", iterations("ns/op", "512"));
        jmh("17.0.15", "MatmulBenchmark.vector", "\"shape\":\"16x16x16\",\"kind\":\"TN\"", iterations("ns/op", "1"));
        for (String kind : new String[] {"NN", "NT"}) {
            peers.add("{\"shape\":\"16x16x16\",\"kind\":\"" + kind + "\",\"gflops\":8,\"best\":12}");
            peers.add("{\"shape\":\"16x16x16\",\"kind\":\"" + kind + "\",\"gflops\":8,\"best\":16}");
        }
        String row = table().lines().skip(2).findFirst().orElseThrow();
        assertEquals("| 2 matrix products, GFLOP/s | 32.0 (26.1) | OpenBLAS 16.0 (8.0) | 2.00 |", row);
    }

    /** Eight sequences use each weight that is read eight times: 8 · 5 GB/s. */
    @Test
    void generationIsComparedWithReadingOnEachJdk() throws IOException {
        generation("17.0.15", "F64", "19e9,20e9,18e9");
        generation("17.0.15", "F64_X8", "5e9");
        jmh("17.0.15", "MemoryReadBenchmark.oneThread", "", iterations("ns/op", "0.5"));
        generation("25.0.3", "F64", "24e9");
        jmh("25.0.3", "MemoryReadBenchmark.oneThread", "", iterations("ns/op", "0.4"));
        String row = table().lines().skip(2).findFirst().orElseThrow();
        assertEquals(
                "| generation, 1 sequence, GB/s<br>generation, 8 sequences, GB/s | 20.0 (19.0)<br>40.0 (40.0)"
                        + " | 24.0 (24.0)<br>– | reading memory 16.0 (16.0), 20.0 (20.0) | 1.25<br>2.50 | 1.20<br>– |",
                row);
    }

    private void generation(String jdk, String weights, String bytes) {
        jmh(
                jdk,
                "PackedGenerateBenchmark.vector",
                "\"model\":\"LARGE\",\"weights\":\"" + weights + "\"",
                "\"primaryMetric\":{\"score\":30,\"scoreUnit\":\"ops/s\"},\"secondaryMetrics\":{\"weightBytes\":"
                        + "{\"score\":1,\"scoreUnit\":\"ops/s\",\"rawData\":[[" + bytes + "]]}}");
    }

    /** Ratios of 2 and of 0.5 are bars of equal length to the right and to the left of the line at 1. */
    @Test
    void pictureShowsWhatIsSlowerToTheLeft() throws IOException {
        for (String[] jdk : new String[][] {{"17.0.15", "10"}, {"25.0.3", "40"}}) {
            jmh(jdk[0], "TrainStepBenchmark.tapeVector", "\"workload\":\"MICRO_1\"", iterations("us/op", jdk[1]));
            jmh(jdk[0], "TrainStepBenchmark.handWrittenVector", "\"workload\":\"MICRO_1\"", iterations("us/op", "20"));
        }
        String svg = SummaryPicture.draw(read());
        Matcher line = Pattern.compile("class=\"guide line\" x1=\"([0-9.]+)\"").matcher(svg);
        assertTrue(line.find(), svg);
        double one = Double.parseDouble(line.group(1));
        double[] faster = bar(svg, "one");
        double[] slower = bar(svg, "two");
        assertEquals(one, faster[0], 0.11);
        assertEquals(one, slower[0] + slower[1], 0.11);
        assertEquals(faster[1], slower[1], 0.11);
        assertTrue(faster[1] > 50, svg);
        assertTrue(svg.contains(">step of MICRO, 1 name / by hand<"), svg);
        assertTrue(svg.contains(">2.00<") && svg.contains(">0.50<"), svg);
        assertFalse(svg.contains("PyTorch"), svg);
    }

    private static double[] bar(String svg, String style) {
        Matcher bar = Pattern.compile("<rect class=\"" + style + "\" x=\"([0-9.]+)\" y=\"[0-9.]+\" width=\"([0-9.]+)\"")
                .matcher(svg);
        assertTrue(bar.find(), svg);
        return new double[] {Double.parseDouble(bar.group(1)), Double.parseDouble(bar.group(2))};
    }

    @Test
    void nothingIsWrittenWithoutAPeer() throws IOException {
        jmh("17.0.15", "NanoGptStepBenchmark.tapeVector", "", samples("[100000,1]"));
        assertEquals("", table());
        assertEquals("", SummaryPicture.draw(read()));
    }
}

package dev.microgpt.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

/** Uses a small sample of JMH 1.37's output, with round numbers instead of the measured ones. */
class ReportTest {
    private static final Path PAGE = Path.of("../docs/benchmarks.md");

    @TempDir
    private Path docs;

    private Path json;
    private Path lines;

    @BeforeEach
    void copySamples() throws IOException {
        json = copy("jmh-17.json");
        lines = copy("openblas.jsonl");
        Files.copy(PAGE, docs.resolve("benchmarks.md"));
    }

    private Path copy(String resource) throws IOException {
        Path file = docs.resolve(resource);
        try (InputStream in = ReportTest.class.getResourceAsStream(resource)) {
            Files.copy(in, file);
        }
        return file;
    }

    private String report() throws IOException {
        Report.main(docs.toString(), json.toString(), lines.toString(), "--commit=abc1234");
        return Files.readString(docs.resolve("benchmarks.md"));
    }

    private static void assertRow(String row, String page) {
        assertTrue(page.contains("\n" + row + "\n"), "there is no row " + row + " in:\n" + page);
    }

    /** 48.94 ± 4.46 µs on the tape and 40.0 ± 2.0 by hand; 3305.2 ± 12.4 bytes. */
    @Test
    void trainingStepHasTheFiguresOfTheJson() throws IOException {
        String page = report();
        assertRow("| MICRO_1, µs a step | tape | 48.9 ± 4.5 | – | – |", page);
        assertRow("|  | by hand | 40.0 ± 2.0 | – | – |", page);
        assertRow("|  | tape / by hand | 1.22 | – | – |", page);
        assertRow("|  | tape, bytes allocated | 3,305 ± 12 | – | – |", page);
    }

    /** 2 · 64³ operations in 13,107.2 ns are 40 GFLOP/s: 80 % of 2 / 0.04 and 0.8 of OpenBLAS's 50. */
    @Test
    void productHasTheFiguresOfTheJson() throws IOException {
        String page = report();
        assertRow("| 64×64×64 | NN | 40.0 ± 0.4 | 80 % | – | – | – | 4.00 | – | – | – | 50.0 | 0.80 |", page);
        assertTrue(page.contains("over 1 products: 0.80."), page);
    }

    /** 2 / 0.04 ns, 8 / 0.32 ns, and two threads that read 8 bytes each in 0.5 ns. */
    @Test
    void roofsHaveTheFiguresOfTheJson() throws IOException {
        String page = report();
        assertRow("| fused multiply-adds, vector, GFLOP/s | 50.0 ± 1.3 | – |", page);
        assertRow("| fused multiply-adds, vector, in C, GFLOP/s | 56.0 | – |", page);
        assertRow("| reading memory, GB/s | 25.0 ± 1.3 | 32.0 ± 0.6 |", page);
    }

    /** 2·10¹⁰ bytes a second, of 25 GB/s. */
    @Test
    void generationHasTheFiguresOfTheJson() throws IOException {
        assertRow("| LARGE | vector | 30.0 ± 1.5 | 20.0 ± 1.0 | 80 % |", report());
    }

    @Test
    void headNamesMachineCommitJdkAndFlags() throws IOException {
        String page = report();
        assertTrue(page.contains("at commit `abc1234`"), page);
        assertTrue(page.contains("OpenJDK 64-Bit Server VM 17.0.15+6-Debian-1deb12u1"), page);
        assertTrue(
                page.contains("- `-Dmicrogpt.kernels=scalar -Dmicrogpt.threads=1`: TrainStep.handWrittenScalar,"
                        + " TrainStep.tapeScalar"),
                page);
    }

    @Test
    void sectionWithoutResultsStaysAsItIs() throws IOException {
        String before = Files.readString(PAGE);
        String page = report();
        assertEquals(part(before, "attention"), part(page, "attention"));
        assertFalse(part(before, "matmul").equals(part(page, "matmul")));
    }

    private static String part(String page, String name) {
        return page.substring(page.indexOf("<!-- begin " + name + " -->"), page.indexOf("<!-- end " + name + " -->"));
    }

    @Test
    void secondReportEqualsTheFirst() throws IOException {
        String first = report();
        assertEquals(first, report());
    }

    @ParameterizedTest
    @ValueSource(strings = {"roofline.svg", "scaling.svg"})
    void pictureIsWellFormedAndHasTitleAndDescription(String name) throws Exception {
        report();
        Element svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(docs.resolve(name).toFile())
                .getDocumentElement();
        assertEquals("svg", svg.getTagName());
        assertEquals(1, svg.getElementsByTagName("title").getLength());
        assertEquals(1, svg.getElementsByTagName("desc").getLength());
        assertTrue(svg.getElementsByTagName("circle").getLength() >= 2);
        assertTrue(svg.getTextContent().contains("prefers-color-scheme: dark"));
    }

    @Test
    void missingMarkersAreNamed() throws IOException {
        Files.writeString(docs.resolve("benchmarks.md"), "no markers");
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, this::report);
        assertTrue(refused.getMessage().contains("<!-- begin machine -->"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "[1]", "[{}", "{\"benchmark\": \"a.B.c\"}", "no JSON"})
    void fileThatIsNotJmhsIsNamed(String content) throws IOException {
        Files.writeString(json, content);
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, this::report);
        assertTrue(refused.getMessage().contains("jmh-17.json"), refused.getMessage());
    }
}

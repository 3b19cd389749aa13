package dev.microgpt.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path json;
    private Path lines;

    @BeforeEach
    void copySamples() throws IOException {
        json = copy("jmh-17.json");
        lines = copy("openblas.jsonl");
        Files.writeString(page(), emptied(Files.readString(PAGE)));
    }

    private static String emptied(String page) {
        return page.replaceAll("(?s)(<!-- begin [a-z-]+ -->\n).*?(<!-- end )", "$1$2");
    }

    private Path page() {
        return docs.resolve("benchmarks.md");
    }

    private Path copy(String resource) throws IOException {
        Path file = docs.resolve(resource);
        try (InputStream in = ReportTest.class.getResourceAsStream(resource)) {
            Files.copy(in, file);
        }
        return file;
    }

    private String report() throws IOException {
        assertEquals(0, run(docs.toString(), json.toString(), lines.toString(), "--commit=abc1234"), err::toString);
        return Files.readString(page());
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return Report.run(print(out), print(err), arguments);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /** Runs without success, and returns the only line that is printed. */
    private String refused(String... arguments) throws IOException {
        String before = Files.exists(page()) ? Files.readString(page()) : "";
        assertEquals(2, run(arguments));
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        assertEquals(before, Files.exists(page()) ? Files.readString(page()) : "");
        String message = err.toString(StandardCharsets.UTF_8).strip();
        assertEquals(1, message.lines().count(), message);
        assertFalse(message.contains("Exception"), message);
        return message;
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
    void sectionWithoutResultsStaysAsItIsIfItIsOfTheSameMeasurement() throws IOException {
        String before = report();
        onlyPeak();
        String page = report();
        assertEquals(part(before, "matmul"), part(page, "matmul"));
        assertEquals(part(before, "machine"), part(page, "machine"), "the flags of the methods that stay are gone");
        String kept = "kept as they were, because nothing of them was measured: train-step, matmul";
        assertTrue(notes().contains(kept), notes());
    }

    @Test
    void figuresOfAnotherCommitDayMachineOrJdkAreNotMixed() throws IOException {
        report();
        String page = Files.readString(page());
        onlyPeak();
        String[] partial = {docs.toString(), json.toString(), "--commit=abc1234"};
        assertEquals(0, run(partial), err::toString);
        for (String[] change : new String[][] {
            {"On [0-9-]+, at", "On 2020-02-29, at", "date 2020-02-29 there, "},
            {"commit `abc1234`", "commit `11f50a8`", "commit 11f50a8 there, abc1234 here"},
            {"cores, ", "cores of another machine, ", "machine "},
            {"17[.]0[.]15[+]6", "21.0.2+13", "JVMs OpenJDK 64-Bit Server VM 21.0.2+13-Debian-1deb12u1 there, "},
            {"(?m)^On .*$", "Measured somewhere.", "(the document does not state theirs)"}
        }) {
            Files.writeString(page(), page.replaceFirst(change[0], change[1]));
            String message = refused(partial);
            assertTrue(message.contains("the results lack the sections train-step, matmul"), message);
            assertTrue(message.contains(change[2]), message);
            String advice = "measure everything with benchmarks/run.sh, or use --compare, which writes nothing";
            assertTrue(message.endsWith(advice), message);
        }
        Files.writeString(page(), emptied(page));
        assertEquals(0, run(partial), "nothing is mixed where nothing stays");
    }

    @Test
    void resultsOfTwoDaysAreStatedAsSuch() throws IOException {
        Path other = Files.copy(json, docs.resolve("other.json"));
        Files.setLastModifiedTime(json, FileTime.from(Instant.parse("2026-01-02T12:00:00Z")));
        Files.setLastModifiedTime(other, FileTime.from(Instant.parse("2025-12-31T12:00:00Z")));
        String[] all = {docs.toString(), json.toString(), other.toString(), "--commit=abc1234"};
        assertEquals(0, run(all), err::toString);
        String page = Files.readString(page());
        assertTrue(page.contains("\nOn 2025-12-31 to 2026-01-02, at commit `abc1234`: "), page);
    }

    @Test
    void realPageIsNotRewrittenByAFewResults() throws IOException {
        Files.copy(PAGE, page(), StandardCopyOption.REPLACE_EXISTING);
        String message = refused(docs.toString(), json.toString(), lines.toString(), "--commit=abc1234");
        assertTrue(message.contains(" there, abc1234 here"), message);
        assertTrue(message.contains("attention"), message);
    }

    @Test
    void rowsThatWereNotMeasuredAgainAreCounted() throws IOException {
        String page = report();
        String row = "| MICRO_1, µs a step | tape";
        Files.writeString(page(), page.replace(row, "| BIG | a row |\n" + row));
        report();
        assertEquals("left out: 1 row of section train-step, not measured again\n", notes());
    }

    @Test
    void benchmarkThatNoTableShowsIsNamed() throws IOException {
        Files.writeString(json, Files.readString(json).replaceFirst("PeakBenchmark.vector", "NewBenchmark.mine"));
        report();
        assertEquals(
                "left out: NewBenchmark.mine, 1 result that no table shows; CONTRIBUTING.md says how to add a benchmark"
                        + " to the report\n",
                notes());
    }

    /** As if a method of a known benchmark had a new parameter, in which no table has a column. */
    @Test
    void resultWithAParameterThatNoTableShowsIsNamed() throws IOException {
        Files.writeString(
                json, Files.readString(json).replaceFirst("\"params\" : \\{", "\"params\" : {\"new\" : \"1\","));
        report();
        assertTrue(notes().contains("1 result that no table shows"), notes());
    }

    private void onlyPeak() throws IOException {
        List<String> results = List.of(Files.readString(json).split("(?=\\{\\s*\"jmhVersion\")"));
        String peak = results.stream()
                .filter(result -> result.contains("PeakBenchmark") || result.contains("MemoryReadBenchmark"))
                .map(result -> result.replaceFirst("[,\\]\\s]+$", ""))
                .collect(Collectors.joining(",\n", "[", "]"));
        FileTime time = Files.getLastModifiedTime(json);
        Files.writeString(json, peak);
        Files.setLastModifiedTime(json, time);
    }

    private String notes() {
        return err.toString(StandardCharsets.UTF_8);
    }

    // ---- comparison ----

    @Test
    void comparisonShowsTheirsMineUnitAndRatioAndWritesNothing() throws IOException {
        String changed = report().replace("| 40.0 ± 0.4 | 80 %", "| 20.0 ± 0.4 | 80 %");
        Files.writeString(page(), changed.replace("tape | 48.9 ± 4.5", "tape | 4,890"));
        String before = Files.readString(page());
        Files.delete(docs.resolve("roofline.svg"));
        assertEquals(0, run("--compare", docs.toString(), json.toString(), lines.toString()));
        assertEquals(before, Files.readString(page()));
        assertFalse(Files.exists(docs.resolve("roofline.svg")));
        String table = out.toString(StandardCharsets.UTF_8);
        assertRow("| 64×64×64 NN | vector | 20.0 ± 0.4 | 40.0 ± 0.4 | GFLOP/s | 2.00 |", table);
        assertRow("| MICRO_1 tape | scalar | 4,890 | 48.9 ± 4.5 | µs | 0.01 |", table);
        assertRow("| MICRO_1 tape | scalar | 3,305 ± 12 | 3,305 ± 12 | bytes | 1.00 |", table);
        assertRow("| reading memory | 2 threads | 32.0 ± 0.6 | 32.0 ± 0.6 | GB/s | 1.00 |", table);
        assertRow("| LARGE vector | tokens/s | 30.0 ± 1.5 | 30.0 ± 1.5 | tokens/s | 1.00 |", table);
        assertTrue(table.contains("\nmatmul, JDK 17.0.15 (theirs) and 17.0.15 (mine)\n"), table);
        assertTrue(table.contains("\nattention: nothing was measured\n"), table);
        assertTrue(table.startsWith("theirs: On "), table);
    }

    @Test
    void comparisonWithTheRealPageFindsItsRowsAndTakesTheSameJdk() throws IOException {
        Files.copy(PAGE, page(), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(json, Files.readString(json).replace("17.0.15", "25.0.1"));
        assertEquals(0, run("--compare", docs.toString(), json.toString(), lines.toString()));
        String table = out.toString(StandardCharsets.UTF_8);
        String theirs = Files.readString(PAGE).replaceFirst("(?s).*begin matmul -->.*?JDK 25", "");
        String figure = theirs.replaceFirst("(?s).*?\\| 64×64×64 \\| NN \\| ([^|]*) \\|.*", "$1");
        assertTrue(table.contains("| 64×64×64 NN | vector | " + figure + " | 40.0 ± 0.4 | GFLOP/s | "), table);
        Pattern heading = Pattern.compile("matmul, JDK 25\\S+ \\(theirs\\) and 25.0.1 \\(mine\\)");
        assertTrue(heading.matcher(table).find(), table);
    }

    // ---- what is refused ----

    @Test
    void argumentsThatAreWrongAreAnsweredInASentence() throws IOException {
        String docsName = docs.toString();
        assertTrue(refused().startsWith("the report needs one folder of documents, but none is given; usage: Report"));
        assertTrue(refused(docsName).startsWith("the report needs results of JMH, files that end in .json; usage:"));
        assertTrue(refused(docsName, docsName, json.toString()).contains("but these are given: ["));
        assertTrue(refused(docsName, "--comare").startsWith("the report has no option --comare; usage:"));
        assertTrue(refused(docsName, "gone.json").startsWith("there is no file gone.json; usage:"));
        assertTrue(refused(docsName, json.toString(), "gone.jsonl").startsWith("there is no file gone.jsonl"));
        assertTrue(refused(docs.resolve("gone").toString(), json.toString()).startsWith("there is no file "));
        Path folder = Files.createDirectory(docs.resolve("folder.json"));
        assertTrue(
                refused(docsName, folder.toString()).endsWith("folder.json: this is a folder; name the files in it"),
                err::toString);
        Path binary = Files.write(docs.resolve("binary.json"), new byte[] {(byte) 0xFF, (byte) 0xFE, 0});
        assertTrue(refused(docsName, binary.toString()).endsWith("this is not text, but must be JSON in UTF-8"));
        Files.writeString(json, Files.readString(json).replaceFirst("\"score\" : 0.04", "\"score\" : \"fast\""));
        String message = refused(docsName, json.toString(), "--commit=abc1234");
        assertTrue(message.contains("has \"fast\" as primaryMetric/score, which must be a number"), message);
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
        Files.writeString(page(), "no markers");
        String message = refused(docs.toString(), json.toString(), "--commit=abc1234");
        assertTrue(message.contains("<!-- begin "), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "[1]", "[{}", "{\"benchmark\": \"a.B.c\"}", "no JSON"})
    void fileThatIsNotJmhsIsNamed(String content) throws IOException {
        Files.writeString(json, content);
        String message = refused(docs.toString(), json.toString(), "--commit=abc1234");
        assertTrue(message.contains("jmh-17.json"), message);
    }
}

package dev.microgpt.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares a whole report, byte for byte, with a recorded one. The results are made up: two JDKs, every kind of table,
 * some benchmarks missing on one of the JDKs or for some parameters, scores without an error,
 * samples, and a benchmark in two rounds.
 */
class CompleteReportTest {
    @TempDir
    private Path docs;

    @Test
    void pageAndPicturesEqualTheRecordedOnes() throws IOException {
        String expected = resource("benchmarks.md");
        Files.writeString(
                docs.resolve("benchmarks.md"),
                expected.replaceAll("(?s)(<!-- begin [a-z-]+ -->\n).*?(<!-- end )", "$1$2"));
        Path json = copy("jmh.json");
        Files.setLastModifiedTime(json, FileTime.from(Instant.parse("2026-01-02T12:00:00Z")));
        ByteArrayOutputStream notes = new ByteArrayOutputStream();
        int code = Report.run(
                System.out,
                new PrintStream(notes, true, StandardCharsets.UTF_8),
                docs.toString(),
                json.toString(),
                copy("openblas.jsonl").toString(),
                copy("pytorch.jsonl").toString(),
                "--commit=abc1234");
        assertEquals("", notes.toString(StandardCharsets.UTF_8));
        assertEquals(0, code);

        String page = Files.readString(docs.resolve("benchmarks.md"));
        assertEquals(expected, page.replaceFirst("(commit `abc1234`: )[^;]*;", "$1MACHINE;"));
        assertEquals(resource("summary.svg"), Files.readString(docs.resolve("summary.svg")));
        assertEquals(resource("roofline.svg"), Files.readString(docs.resolve("roofline.svg")));
        assertEquals(resource("scaling.svg"), Files.readString(docs.resolve("scaling.svg")));
    }

    private Path copy(String name) throws IOException {
        return Files.writeString(docs.resolve(name), resource(name));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = CompleteReportTest.class.getResourceAsStream("complete/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

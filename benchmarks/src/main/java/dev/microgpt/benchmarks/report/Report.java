package dev.microgpt.benchmarks.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Writes the measured parts of {@code docs/benchmarks.md} and the pictures beside it from JMH's results.
 *
 * <pre>{@code
 * java -cp benchmarks/target/benchmarks.jar dev.microgpt.benchmarks.report.Report \
 *     docs results-17/*.json results-25/*.json openblas.jsonl [--commit=abc1234]
 * }</pre>
 *
 * <p>Results are told apart by the JDK that they name, so it does not matter how many files they are in. A part of
 * which nothing was measured stays as it is.
 */
public final class Report {
    private static final String USAGE = "usage: Report DOCS_FOLDER RESULTS.json… [OPENBLAS.jsonl] [--commit=HASH]";
    private static final String COMMIT = "--commit=";

    private final Path docs;
    private final List<Results> runs;
    private final NativeResults openBlas;

    private Report(Path docs, List<Results> runs, NativeResults openBlas) {
        this.docs = docs;
        this.runs = runs;
        this.openBlas = openBlas;
    }

    /**
     * Writes the files.
     *
     * @param arguments see above
     * @throws IOException if a file cannot be read or written
     * @throws IllegalArgumentException if a file is not what it should be
     */
    public static void main(String... arguments) throws IOException {
        List<Path> json = new ArrayList<>();
        List<Path> lines = new ArrayList<>();
        List<Path> others = new ArrayList<>();
        String commit = "";
        for (String argument : arguments) {
            if (argument.startsWith(COMMIT)) {
                commit = argument.substring(COMMIT.length());
            } else {
                (argument.endsWith(".json") ? json : argument.endsWith(".jsonl") ? lines : others)
                        .add(Path.of(argument));
            }
        }
        if (others.size() != 1 || json.isEmpty()) {
            throw new IllegalArgumentException(USAGE);
        }
        Report report = new Report(others.get(0), Results.read(json), NativeResults.read(lines));
        report.write(day(json), commit.isEmpty() ? headOfGit() : commit);
    }

    private void write(String date, String commit) throws IOException {
        Path page = docs.resolve("benchmarks.md");
        MarkedDocument document = new MarkedDocument(Files.readString(page));
        document.replace("machine", Machine.markdown(runs, date, commit));
        for (Section section : sections()) {
            String text = ofAllJdks(section);
            if (!text.isEmpty()) {
                document.replace(section.name(), text);
            }
        }
        Files.writeString(page, document.toString());
        // one JDK is enough for a picture: the newest
        Results newest = runs.get(runs.size() - 1);
        writePicture("roofline.svg", RooflinePicture.draw(newest));
        writePicture("scaling.svg", ScalingPicture.draw(newest));
    }

    private List<Section> sections() {
        return List.of(
                new TrainStepSection(),
                new PeakSection(openBlas),
                new MatmulSection(openBlas),
                new AttentionSection(),
                new RowSection(),
                new SmallCostsSection(),
                new GenerateSection(),
                new ScalingSection());
    }

    private String ofAllJdks(Section section) {
        StringBuilder text = new StringBuilder();
        for (Results results : runs) {
            String table = section.markdown(results);
            if (!table.isEmpty()) {
                text.append("JDK ")
                        .append(results.jdk())
                        .append(":\n\n")
                        .append(table)
                        .append('\n');
            }
        }
        return text.toString();
    }

    private void writePicture(String name, String svg) throws IOException {
        if (!svg.isEmpty()) {
            Files.writeString(docs.resolve(name), svg);
        }
    }

    /** The day on which the newest result was written. */
    private static String day(List<Path> files) throws IOException {
        TreeSet<Instant> times = new TreeSet<>();
        for (Path file : files) {
            times.add(Files.getLastModifiedTime(file).toInstant());
        }
        return times.last().atZone(ZoneOffset.UTC).toLocalDate().toString();
    }

    private static String headOfGit() throws IOException {
        Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD").start();
        String hash = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (hash.isEmpty()) {
            throw new IllegalArgumentException("git names no commit here; give it by " + COMMIT + "HASH");
        }
        return hash;
    }
}

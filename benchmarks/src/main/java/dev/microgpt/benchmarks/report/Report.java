package dev.microgpt.benchmarks.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the measured sections of {@code docs/benchmarks.md} and the pictures next to it from JMH's results.
 *
 * <pre>{@code
 * java -cp benchmarks/target/benchmarks.jar dev.microgpt.benchmarks.report.Report \
 *     docs results-17/*.json results-25/*.json openblas.jsonl [--commit=abc1234]
 * }</pre>
 *
 * <p>Results are grouped by the JDK that they name, however they are spread over files. A section of which nothing was
 * measured stays as it is.
 */
public final class Report {
    private static final String USAGE = "usage: Report DOCS_FOLDER RESULTS.json… [OPENBLAS.jsonl] [--commit=HASH]";
    private static final String COMMIT = "--commit=";

    private Report() {}

    /**
     * Writes the files.
     *
     * @param arguments as in the example above; without a commit, that of the working directory
     * @throws IOException              if a file cannot be read or written
     * @throws IllegalArgumentException if the arguments are wrong, or a file is not what its name says
     */
    public static void main(String... arguments) throws IOException {
        List<Path> json = new ArrayList<>();
        List<Path> lines = new ArrayList<>();
        List<Path> folders = new ArrayList<>();
        String commit = "";
        for (String argument : arguments) {
            if (argument.startsWith(COMMIT)) {
                commit = argument.substring(COMMIT.length());
            } else {
                (argument.endsWith(".json") ? json : argument.endsWith(".jsonl") ? lines : folders)
                        .add(Path.of(argument));
            }
        }
        if (folders.size() != 1 || json.isEmpty()) {
            throw new IllegalArgumentException(USAGE);
        }
        List<Results> runs = Results.read(json, lines);
        write(folders.get(0), runs, Machine.markdown(runs, day(json), commit.isEmpty() ? headOfGit() : commit));
    }

    private static void write(Path docs, List<Results> runs, String machine) throws IOException {
        Path page = docs.resolve("benchmarks.md");
        MarkedDocument document = new MarkedDocument(Files.readString(page));
        document.replace("machine", machine);
        Tables.descriptions().forEach((section, description) -> {
            String text = ofAllJdks(section, description, runs);
            if (!text.isEmpty()) {
                document.replace(section, text);
            }
        });
        Files.writeString(page, document.toString());
        // one JDK is enough for a picture: the newest
        Results newest = runs.get(runs.size() - 1);
        writePicture(docs.resolve("roofline.svg"), RooflinePicture.draw(newest));
        writePicture(docs.resolve("scaling.svg"), ScalingPicture.draw(newest));
    }

    private static String ofAllJdks(String section, String description, List<Results> runs) {
        StringBuilder text = new StringBuilder();
        for (Results results : runs) {
            String tables = Tables.fill(section, description, results);
            if (!tables.isEmpty()) {
                text.append("JDK " + results.jdk() + ":\n\n" + tables + "\n");
            }
        }
        return text.toString();
    }

    private static void writePicture(Path file, String svg) throws IOException {
        if (!svg.isEmpty()) {
            Files.writeString(file, svg);
        }
    }

    /** The day on which the newest results were written. */
    private static String day(List<Path> files) throws IOException {
        Instant newest = Instant.MIN;
        for (Path file : files) {
            Instant time = Files.getLastModifiedTime(file).toInstant();
            newest = time.isAfter(newest) ? time : newest;
        }
        return newest.atZone(ZoneOffset.UTC).toLocalDate().toString();
    }

    private static String headOfGit() throws IOException {
        Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD").start();
        String hash = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (hash.isEmpty()) {
            throw new IllegalArgumentException("git has no commit here; name it with " + COMMIT + "HASH");
        }
        return hash;
    }
}

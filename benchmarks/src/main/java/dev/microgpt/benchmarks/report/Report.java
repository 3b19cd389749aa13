package dev.microgpt.benchmarks.report;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Writes the measured sections of {@code docs/benchmarks.md} and the pictures next to it from JMH's results, or prints
 * the results next to the documented ones and writes nothing.
 *
 * <pre>{@code
 * java -cp benchmarks/target/benchmarks.jar dev.microgpt.benchmarks.report.Report \
 *     docs results-17/*.json* results-25/*.json* [--commit=abc1234]
 * java -cp benchmarks/target/benchmarks.jar dev.microgpt.benchmarks.report.Report --compare docs results-17/*.json*
 * }</pre>
 *
 * <p>Results are grouped by the JDK that they name, however they are spread over files. A section of which nothing was
 * measured stays as it is, which is refused unless its figures are of the same day, commit, machine and JDKs.
 */
public final class Report {
    private static final String USAGE =
            "usage: Report [--compare] DOCS_FOLDER RESULTS.json… [PEERS.jsonl…] [--commit=HASH]";
    private static final String COMMIT = "--commit=";
    private static final String COMPARE = "--compare";

    private final List<Path> json = new ArrayList<>();
    private final List<Path> lines = new ArrayList<>();
    private final List<Path> folders = new ArrayList<>();
    private String commit = "";
    private boolean compares;

    private Report(String... arguments) {
        for (String argument : arguments) {
            if (argument.startsWith(COMMIT)) {
                commit = argument.substring(COMMIT.length());
            } else if (argument.equals(COMPARE)) {
                compares = true;
            } else if (argument.startsWith("-")) {
                throw new IllegalArgumentException("the report has no option " + argument + "; " + USAGE);
            } else {
                (argument.endsWith(".json") ? json : argument.endsWith(".jsonl") ? lines : folders)
                        .add(Path.of(argument));
            }
        }
        if (folders.size() != 1) {
            throw new IllegalArgumentException("the report needs one folder of documents, but "
                    + (folders.isEmpty() ? "none is given" : "these are given: " + folders) + "; " + USAGE);
        }
        if (json.isEmpty()) {
            throw new IllegalArgumentException("the report needs results of JMH, files that end in .json; " + USAGE);
        }
    }

    /**
     * Writes the files, or prints the comparison.
     *
     * @param arguments as in the examples above; without a commit, that of the working directory. If they are wrong, or
     *     a file is not what its name says, the process prints a sentence and ends with exit code 2
     */
    public static void main(String... arguments) {
        int code = run(utf8(FileDescriptor.out), utf8(FileDescriptor.err), arguments);
        if (code != 0) {
            System.exit(code);
        }
    }

    private static PrintStream utf8(FileDescriptor stream) {
        return new PrintStream(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
    }

    /** Returns the exit code. */
    static int run(PrintStream out, PrintStream err, String... arguments) {
        try {
            Report report = new Report(arguments);
            List<Results> runs = Results.read(report.json, report.lines);
            if (report.compares) {
                report.compare(runs, out);
            } else {
                report.write(runs, err);
            }
            Results.unshown(runs).forEach(unshown -> err.println("left out: " + unshown));
            return 0;
        } catch (NoSuchFileException missing) {
            err.println("there is no file " + missing.getFile() + "; " + USAGE);
        } catch (IllegalArgumentException | IOException wrong) {
            err.println(wrong.getMessage());
        }
        return 2;
    }

    private Path page() {
        return folders.get(0).resolve("benchmarks.md");
    }

    private void compare(List<Results> runs, PrintStream out) throws IOException {
        MarkedDocument document = new MarkedDocument(Files.readString(page()));
        out.println("theirs: "
                + document.part(Statement.SECTION).lines().findFirst().orElse("not stated"));
        out.println("mine: " + Statement.of(runs, day(), commit.isEmpty() ? "unknown" : commit));
        out.print(Comparison.of(document, runs));
    }

    private void write(List<Results> runs, PrintStream err) throws IOException {
        MarkedDocument document = new MarkedDocument(Files.readString(page()));
        Map<String, String> sections = new LinkedHashMap<>();
        List<String> kept = new ArrayList<>();
        String summary = Summary.table(runs);
        if (!summary.isEmpty()) {
            sections.put(Summary.SECTION, summary + "\n![How many times as fast as its peers](summary.svg)\n");
        } else if (!document.part(Summary.SECTION).isEmpty()) {
            kept.add(Summary.SECTION);
        }
        for (Map.Entry<String, String> section : Tables.descriptions().entrySet()) {
            String text = ofAllJdks(section.getKey(), section.getValue(), runs);
            if (!text.isEmpty()) {
                sections.put(section.getKey(), text);
            } else if (!document.part(section.getKey()).isEmpty()) {
                kept.add(section.getKey());
            }
        }
        String before = document.part(Statement.SECTION);
        Statement statement = Statement.of(runs, day(), commit.isEmpty() ? headOfGit() : commit);
        if (!kept.isEmpty()) {
            statement.checkSameAs(before, kept);
            err.println("kept as they were, because nothing of them was measured: " + String.join(", ", kept));
        }
        document.replace(Statement.SECTION, statement + "\n\n" + Flags.markdown(runs, kept.isEmpty() ? "" : before));
        sections.forEach((section, text) -> {
            int lost = FigureTable.rows(document.part(section)).size()
                    - FigureTable.rows(text).size();
            if (lost > 0) {
                err.println("left out: " + lost + (lost == 1 ? " row" : " rows") + " of section " + section
                        + ", not measured again");
            }
            document.replace(section, text);
        });
        Files.writeString(page(), document.toString());
        writePicture("summary.svg", SummaryPicture.draw(runs), kept, Summary.SECTION);
        // one JDK is enough for the others: the newest
        Results newest = runs.get(runs.size() - 1);
        writePicture("roofline.svg", RooflinePicture.draw(newest), kept, "peak", "matmul", "generate", "small-costs");
        writePicture("scaling.svg", ScalingPicture.draw(newest), kept, "scaling");
    }

    private static String ofAllJdks(String section, String description, List<Results> runs) {
        StringBuilder text = new StringBuilder();
        for (Results results : runs) {
            String tables = Tables.fill(section, description, results, false);
            if (!tables.isEmpty()) {
                text.append("JDK " + results.jdk() + ":\n\n" + tables + "\n");
            }
        }
        return text.toString();
    }

    /** Writes a picture, unless it shows sections that were not measured again. */
    private void writePicture(String name, String svg, List<String> kept, String... sections) throws IOException {
        boolean complete = true;
        for (String section : sections) {
            complete &= !kept.contains(section);
        }
        if (complete && !svg.isEmpty()) {
            Files.writeString(folders.get(0).resolve(name), svg);
        }
    }

    /** The day on which the results were written, or the first and the last day. */
    private String day() throws IOException {
        TreeSet<LocalDate> days = new TreeSet<>();
        for (Path file : json) {
            days.add(LocalDate.ofInstant(Files.getLastModifiedTime(file).toInstant(), ZoneOffset.UTC));
        }
        return days.size() == 1 ? days.first().toString() : days.first() + " to " + days.last();
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

package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/reliability.md has a place for the figure of each proof, and each place a proof. Runs after all others.
 *
 * <p>A build writes target/reliability.md with its own figures; a nightly build, which tries all, the document itself.
 */
class ReliabilityDocumentIT {
    private static final Path PROJECT = Path.of("..");
    private static final Path DOCUMENT = PROJECT.resolve("docs/reliability.md");
    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");

    /** The number of skipped tests in a report of Surefire or Failsafe. */
    private static final Pattern NONE_SKIPPED = Pattern.compile("<testsuite [^>]*\\bskipped=\"0\"");

    @Test
    void everyProofHasItsPlace() throws IOException {
        List<String> without = new ArrayList<>(Figures.of(PROJECT).keySet());
        without.removeAll(Figures.placesIn(Files.readString(DOCUMENT)).keySet());
        assertEquals(List.of(), without, "figures for which " + DOCUMENT + " has no place");
    }

    @Test
    void everyPlaceHasItsProof() throws IOException {
        List<String> without = new ArrayList<>();
        Map<String, String> figures = Figures.of(PROJECT);
        for (String name : Figures.placesIn(Files.readString(DOCUMENT)).keySet()) {
            if (!figures.containsKey(name) && !name.equals(BUILD) && ranWhole(name)) {
                without.add(name);
            }
        }
        assertEquals(List.of(), without, "tests that " + DOCUMENT + " names, but that published no figure");
    }

    /** Returns whether a test class, or one method of it, ran in this build, and none of its tests was skipped. */
    private static boolean ranWhole(String name) throws IOException {
        String type = name.replaceAll("/.*", "");
        String method = name.substring(type.length()).replace("/", "<testcase name=\"");
        try (Stream<Path> modules = Files.list(PROJECT)) {
            for (Path module : modules.toList()) {
                for (String reports : List.of("target/surefire-reports", "target/failsafe-reports")) {
                    for (Path report : reportsOf(type, module.resolve(reports))) {
                        String text = Files.readString(report);
                        return NONE_SKIPPED.matcher(text).find() && text.contains(method);
                    }
                }
            }
        }
        return false;
    }

    private static List<Path> reportsOf(String type, Path reports) throws IOException {
        if (!Files.isDirectory(reports)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(reports)) {
            return files.filter(file -> file.getFileName().toString().matches("TEST-.*\\." + type + "\\.xml"))
                    .toList();
        }
    }

    /** The name of the line that says which build it was. */
    private static final String BUILD = "build";

    @Test
    void theFiguresOfThisBuildAreWritten() throws IOException {
        Map<String, String> figures = new HashMap<>(Figures.of(PROJECT));
        figures.put(
                BUILD,
                (NIGHTLY ? "`mvn -Pnightly verify`" : "`mvn verify`, which tries samples,") + " on JDK "
                        + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch"));
        String written = Figures.write(Files.readString(DOCUMENT), figures);
        Files.writeString(NIGHTLY ? DOCUMENT : Path.of("target", "reliability.md"), written);
    }
}

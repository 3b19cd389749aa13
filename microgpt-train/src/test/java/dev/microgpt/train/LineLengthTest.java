package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No line of Java is longer than {@code .editorconfig} allows; the formatter leaves comments and strings as they are.
 *
 * <p>Rows of tables of test cases may be longer: broken in two, they would no longer be a table.
 */
class LineLengthTest {
    private static final Path PROJECT = Path.of("..");

    @Test
    void linesOfJavaAreAsShortAsEditorconfigSays() throws IOException {
        int limit = limit();
        List<String> tooLong = new ArrayList<>();
        List<Path> sources = sources();
        for (Path source : sources) {
            List<String> lines = Files.readAllLines(source);
            boolean inTextBlock = false;
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                inTextBlock ^= line.contains("\"\"\"");
                boolean isRow = isTest(source) && (inTextBlock || line.contains(" | "));
                if (line.length() > limit && !isRow) {
                    tooLong.add(PROJECT.relativize(source) + ":" + (i + 1));
                }
            }
        }
        assertTrue(sources.size() > 300, () -> "only " + sources.size() + " sources were found");
        assertEquals(List.of(), tooLong, "lines of more than " + limit + " characters");
    }

    private static boolean isTest(Path source) {
        return source.toString().replace('\\', '/').contains("/src/test/");
    }

    /** Reads {@code max_line_length} of the section for Java. */
    private static int limit() throws IOException {
        Matcher section = Pattern.compile("\\[\\*\\.java]\n[^\\[]*max_line_length = (\\d+)")
                .matcher(Files.readString(PROJECT.resolve(".editorconfig")));
        assertTrue(section.find(), ".editorconfig has no max_line_length for Java");
        return Integer.parseInt(section.group(1));
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>(List.of(PROJECT.resolve("MicroGpt.java")));
        try (Stream<Path> modules = Files.list(PROJECT)) {
            List<Path> folders =
                    new ArrayList<>(List.of(PROJECT.resolve("docs/learn/code"), PROJECT.resolve("docs/scoring")));
            modules.map(module -> module.resolve("src")).forEach(folders::add);
            for (Path folder : folders) {
                if (Files.isDirectory(folder)) {
                    try (Stream<Path> files = Files.walk(folder)) {
                        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                    }
                }
            }
        }
        return sources;
    }
}

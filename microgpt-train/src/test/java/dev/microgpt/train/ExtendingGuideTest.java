package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/extending.md shows the project under src/it, which the build runs, and nothing else. */
class ExtendingGuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "extending.md");
    private static final Path PROJECT = Path.of("src", "it", "parts");

    /** Says more than the guide: that the tests ran on the module path. */
    private static final String NOT_SHOWN = "ModuleTest.java";

    @Test
    void javaAndServicesInTheGuideAreThoseOfTheProject() throws IOException {
        String text = text(GUIDE);
        Matcher named = Pattern.compile("`(src/[^`]+)`[^`]*```(?:java|text)\n(.*?)```", Pattern.DOTALL)
                .matcher(text);
        TreeSet<String> shown = new TreeSet<>();
        while (named.find()) {
            assertEquals(text(PROJECT.resolve(named.group(1))), named.group(2), named.group(1));
            shown.add(named.group(1));
        }
        TreeSet<String> files = new TreeSet<>();
        try (Stream<Path> all = Files.walk(PROJECT.resolve("src"))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith(NOT_SHOWN)) {
                    files.add(PROJECT.relativize(file).toString().replace('\\', '/'));
                }
            }
        }
        assertEquals(files, shown);
        long blocks =
                text.lines().filter(line -> line.matches("```(java|text)")).count();
        assertEquals(files.size(), blocks, "each block is a file of the project");
    }

    @Test
    void pomInTheGuideIsThatOfTheProjectWithTodaysVersions() throws IOException {
        String parent = text(Path.of("..", "pom.xml"));
        String expected = Pattern.compile("@([\\w.-]+)@")
                .matcher(text(PROJECT.resolve("pom.xml")))
                .replaceAll(name -> value(parent, name));
        Matcher xml = Pattern.compile("```xml\n(.*?)```", Pattern.DOTALL).matcher(text(GUIDE));
        assertTrue(xml.find());
        assertEquals(expected, xml.group(1));
    }

    /** Returns what a property of the parent is; its version is that of its own parent, the first in the file. */
    private static String value(String parent, MatchResult property) {
        String element = property.group(1).equals("project.version") ? "version" : property.group(1);
        Matcher value =
                Pattern.compile("<" + Pattern.quote(element) + ">([^<]*)<").matcher(parent);
        assertTrue(value.find(), element);
        return value.group(1);
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file).replace("\r\n", "\n");
    }
}

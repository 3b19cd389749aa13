package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/extending.md shows the project under src/it, which the build runs, and nothing else. */
class ExtendingGuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "extending.md");
    private static final Path PROJECT = Path.of("src", "it", "extending");
    private static final Path MAIN = PROJECT.resolve("src/main/java/example");
    private static final Path TEST = PROJECT.resolve("src/test/java/example");
    private static final Path MODULE = Path.of("src/it/extending-as-module/src/main/java/module-info.java");

    @Test
    void javaInTheGuideIsThatOfTheProject() throws IOException {
        List<Path> files = List.of(
                MAIN.resolve("Silu.java"),
                MAIN.resolve("GatedMlp.java"),
                TEST.resolve("GradientTest.java"),
                TEST.resolve("TrainingTest.java"),
                MODULE);
        List<String> blocks = DocumentedJava.blocks(GUIDE);
        assertEquals(files.size(), blocks.size());
        for (int i = 0; i < blocks.size(); i++) {
            assertEquals(text(files.get(i)), blocks.get(i), files.get(i).toString());
        }
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

    @Test
    void operationAndLayerHaveAsManyLinesAsTheGuideSays() throws IOException {
        int lines = text(MAIN.resolve("Silu.java")).split("\n").length
                + text(MAIN.resolve("GatedMlp.java")).split("\n").length;
        assertTrue(text(GUIDE).contains("operation and layer together have " + lines + " lines"), lines + " lines");
        assertTrue(lines < 60, lines + " lines");
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file).replace("\r\n", "\n");
    }
}

package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiguresTest {
    @TempDir
    Path project;

    private void publish(String module, String test, String line) throws IOException {
        Files.createDirectories(project.resolve(module));
        Files.writeString(project.resolve(module).resolve("pom.xml"), "");
        Path folder = project.resolve(module).resolve("target/junit-jupiter").resolve(test);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("figure.txt"), line + "\n");
    }

    @Test
    void figuresAreThoseOfAllModules() throws IOException {
        publish("one", "dev.x.SomeTest", "1 of 1");
        publish("two", "dev.y.OtherTest/method(TestReporter)", "2 of 2");
        Files.createDirectories(project.resolve("docs"));
        assertEquals(Map.of("SomeTest", "1 of 1", "OtherTest/method", "2 of 2"), Figures.of(project));
    }

    @Test
    void figuresStandWhereTheDocumentHasAPlace() {
        String document = "| a | <!-- figure A -->old<!-- end --> |\n| b | <!-- figure B/m -->kept<!-- end --> |";
        assertEquals(Map.of("A", "old", "B/m", "kept"), Figures.placesIn(document));
        assertEquals(
                "| a | <!-- figure A -->1 \\| 2; $3<!-- end --> |\n| b | <!-- figure B/m -->kept<!-- end --> |",
                Figures.write(document, Map.of("A", "1 | 2\n$3", "C", "nowhere")));
    }
}

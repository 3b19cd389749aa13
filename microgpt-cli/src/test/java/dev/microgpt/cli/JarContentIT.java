package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is in the jar that people download: nobody's code but that whose licence is beside it, and not too much. */
class JarContentIT {
    private static final Path JAR = Path.of(System.getProperty("microgpt.jar"));

    /**
     * 3.5 MB are used: 1.9 MB by picocli, Logback and Jackson, 0.15 MB by the page of explain and the sources of the
     * operations, which it shows, 0.08 MB by sweeps, comparisons and event files.
     */
    private static final long LIMIT_BYTES = 3_600_000;

    @Test
    void jarStaysSmall() throws IOException {
        assertTrue(
                Files.size(JAR) < LIMIT_BYTES,
                () -> JAR + " has " + JAR.toFile().length() + " bytes");
    }

    /** The chapters of docs/learn give this command, to be typed in the project's folder. */
    @Test
    void javaRunsASourceFileWithTheLibrariesInTheJar() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(java.toString(), "-cp", JAR.toString(), "docs/learn/code/Lookup.java")
                .directory(Path.of("..").toFile())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        String chapter = Files.readString(Path.of("..", "docs", "learn", "4-attention.md"));
        assertTrue(chapter.contains(out.replace("\r", "")), out);
    }

    /** A new dependency comes here, and into THIRD-PARTY.txt with its licence. */
    @Test
    void onlyTheLibrariesThatAreNamedAreInTheJar() throws IOException {
        assertEquals(Set.of("ch/qos/", "dev/microgpt/", "org/slf4j/", "picocli/", "tools/jackson/"), origins());
    }

    private static Set<String> origins() throws IOException {
        Set<String> origins = new TreeSet<>();
        try (JarFile jar = new JarFile(JAR.toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                String name = entry.getName();
                if (name.endsWith(".class")) {
                    int first = name.indexOf('/') + 1;
                    origins.add(
                            name.startsWith("picocli/") ? "picocli/" : name.substring(0, name.indexOf('/', first) + 1));
                }
            }
        }
        return origins;
    }

    @ParameterizedTest(name = "{0} in {1}")
    @CsvSource({
        "MIT License, LICENSE",
        "microgpt for the JVM authors, LICENSE",
        "Apache License, LICENSE",
        "Jackson, NOTICE",
        "QOS.ch, LICENSE.txt",
        "Eclipse Public License - v 2.0, EPL-2.0.md",
        "Werner Randelshofer, FastDoubleParser-LICENSE",
        "Raffaello Giulietti, Schubfach-LICENSE",
        "Logback, THIRD-PARTY.txt",
        "SLF4J, THIRD-PARTY.txt",
        "picocli, THIRD-PARTY.txt",
        "Jackson, THIRD-PARTY.txt"
    })
    void licencesAreBesideTheCode(String words, String file) throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            JarEntry entry = jar.getJarEntry("META-INF/" + file);
            assertNotNull(entry, () -> "META-INF/" + file + " is missing");
            try (InputStream in = jar.getInputStream(entry)) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(text.contains(words), text);
            }
        }
    }

    /** What the overview refers to is there. */
    @Test
    void everyFileThatTheOverviewNamesIsInTheJar() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile());
                InputStream in = jar.getInputStream(jar.getJarEntry("META-INF/THIRD-PARTY.txt"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            int named = 0;
            for (String word : text.split("[\\s,;()]+")) {
                if (word.startsWith("META-INF/")) {
                    assertNotNull(jar.getJarEntry(word), word);
                    named++;
                }
            }
            assertTrue(named >= 7, text);
        }
    }
}

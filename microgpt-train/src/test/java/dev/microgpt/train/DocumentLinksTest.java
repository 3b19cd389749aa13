package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every link of a document to a file of this project, and to a heading in it, leads there. */
class DocumentLinksTest {
    private static final Path PROJECT = Path.of("..");

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)|(?:src|href)=\"([^\"]+)\"");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*?)\\s*$");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```");

    @TempDir
    private Path folder;

    static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (String place : List.of("", "docs", "docs/learn", "data")) {
            try (Stream<Path> files = Files.list(PROJECT.resolve(place))) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
            }
        }
        return documents;
    }

    @ParameterizedTest
    @MethodSource("documents")
    void linksLeadSomewhere(Path document) throws IOException {
        assertEquals(List.of(), broken(document), document.toString());
    }

    @Test
    void theDocumentsAreThere() throws IOException {
        List<Path> documents = documents();
        for (String name : List.of("README.md", "CHANGELOG.md", "docs/architecture.md", "docs/training.md")) {
            assertTrue(documents.contains(PROJECT.resolve(name)), documents::toString);
        }
    }

    @Test
    void docsReadmeListsEveryPageAndPicture() throws IOException {
        String list = prose(PROJECT.resolve("docs/README.md"));
        try (Stream<Path> files = Files.list(PROJECT.resolve("docs"))) {
            List<String> missing = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches(".*\\.(md|png|svg)") && !list.contains("(" + name + ")"))
                    .filter(name -> !name.equals("README.md"))
                    .toList();
            assertEquals(List.of(), missing, "what docs/README.md must list");
        }
    }

    @Test
    void brokenLinksAreNoticed() throws IOException {
        Files.writeString(folder.resolve("other.md"), "# The `same`, twice\n## The same twice\n### It's 2.5 µs\n");
        Path document = Files.writeString(folder.resolve("one.md"), """
                # One
                [file](other.md) [web](https://example.invalid/none) [here](#one) <img src="other.md">
                [first](other.md#the-same-twice) [second](other.md#the-same-twice-1) [third](other.md#its-25-µs)
                [none](none.md) [heading](#two) [heading](other.md#the-same-twice-2) <img src="none.svg">
                ```
                # Two
                [in code](none.md)
                ```
                `[in code](none.md)`
                """);
        assertEquals(List.of("none.md", "#two", "other.md#the-same-twice-2", "none.svg"), broken(document));
    }

    private static List<String> broken(Path document) throws IOException {
        List<String> broken = new ArrayList<>();
        Matcher link = LINK.matcher(prose(document).replaceAll("`\\[[^`]*`", ""));
        while (link.find()) {
            String target = link.group(1) == null ? link.group(2) : link.group(1);
            if (!target.matches("[a-z]+:.*") && !leadsSomewhere(document, target)) {
                broken.add(target);
            }
        }
        return broken;
    }

    private static boolean leadsSomewhere(Path document, String target) throws IOException {
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        Path file = path.isEmpty() ? document : document.resolveSibling(path);
        if (!Files.exists(file)) {
            return false;
        }
        return hash < 0 || anchors(file).contains(target.substring(hash + 1));
    }

    /**
     * The names that GitHub gives to headings: small letters, no punctuation, hyphens for spaces, counted if repeated.
     */
    private static List<String> anchors(Path document) throws IOException {
        List<String> anchors = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        Matcher heading = HEADING.matcher(prose(document));
        while (heading.find()) {
            String name = heading.group(1)
                    .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                    .replace(' ', '-');
            int before = seen.merge(name, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? name : name + "-" + before);
        }
        return anchors;
    }

    private static String prose(Path document) throws IOException {
        return FENCED.matcher(Files.readString(document).replace("\r\n", "\n")).replaceAll("");
    }
}

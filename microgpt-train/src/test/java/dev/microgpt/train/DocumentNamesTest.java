package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every class, and every member of one, that a document names between backquotes is there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentNamesTest {
    private static final Path PROJECT = Path.of("..");

    /** {@code Type}, {@code Type.member} or {@code Type.member(…)}; words in capitals are constants or variables. */
    private static final Pattern NAME = Pattern.compile("([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+))?(?:\\(.*\\))?");

    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`(?:]\\(([^)]*)\\))?");
    private static final Pattern FENCED = Pattern.compile("```.*?```", Pattern.DOTALL);

    private final Map<String, String> sources = new TreeMap<>();

    @BeforeAll
    void readSources() throws IOException {
        try (Stream<Path> modules = Files.list(PROJECT)) {
            for (Path module : modules.map(module -> module.resolve("src")).toList()) {
                if (Files.isDirectory(module)) {
                    readSources(module);
                }
            }
        }
        readSources(PROJECT.resolve("docs/learn/code"));
        readSources(PROJECT.resolve("docs/scoring"));
        String oneFile = Files.readString(PROJECT.resolve("MicroGpt.java"));
        for (String type : List.of("MicroGpt", "Gpt")) { // its other types are those of the library, or have no members
            sources.merge(type, oneFile, String::concat);
        }
    }

    private void readSources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".java")) {
                    sources.merge(name.replace(".java", ""), Files.readString(file), String::concat);
                }
            }
        }
    }

    static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(PROJECT.resolve("README.md"), PROJECT.resolve("CHANGELOG.md")));
        for (String folder : List.of("docs", "docs/learn")) {
            try (Stream<Path> docs = Files.list(PROJECT.resolve(folder))) {
                docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
            }
        }
        return documents;
    }

    @ParameterizedTest
    @MethodSource("documents")
    void namesOfClassesAndMembersAreReal(Path document) throws IOException {
        List<String> wrong = new ArrayList<>();
        Matcher code = CODE.matcher(FENCED.matcher(Files.readString(document)).replaceAll(""));
        while (code.find()) {
            Matcher name = NAME.matcher(code.group(1));
            if (name.matches() && !exists(name.group(1), name.group(2))) {
                wrong.add(code.group(1));
            }
            if (name.matches() && code.group(2) != null && !leadsTo(code.group(2), name.group(1))) {
                wrong.add(code.group());
            }
        }
        assertEquals(List.of(), wrong, document.toString());
    }

    @Test
    void everyPartOfMicrogptLeadsSomewhere() throws IOException {
        List<String> rows = Files.readAllLines(PROJECT.resolve("docs/microgpt.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.matches("\\| (---|microgpt.py|MicroGpt.java) .*"))
                .toList();
        assertTrue(rows.size() > 30, rows::toString);
        for (String row : rows) {
            assertTrue(row.split(" \\| ")[1].contains(".java)"), row);
        }
    }

    @Test
    void namesThatAreNotThereAreNoticed() {
        assertTrue(exists("Tape", "backward"));
        assertTrue(exists("GptConfig", "DROPOUT"));
        assertTrue(exists("Positions", "Encoding"));
        assertTrue(exists("Math", "fma"));
        assertTrue(!exists("Tape", "forwards"));
        assertTrue(!exists("Taper", null));
        assertTrue(!exists("Math", "fmaa"));
        assertTrue(!leadsTo("../x/Tape.java", "Op"));
    }

    private boolean exists(String type, @Nullable String member) {
        String source = sources.get(type);
        if (source == null) {
            return existsInJava(type, member);
        }
        return member == null
                || Pattern.compile("\\b" + member + "\\(").matcher(source).find()
                || Pattern.compile("\\b(class|record|enum|interface) " + member + "\\b")
                        .matcher(source)
                        .find()
                || member.equals(member.toUpperCase())
                        && Pattern.compile("\\b" + member + "\\b")
                                .matcher(source)
                                .find();
    }

    private static boolean existsInJava(String type, @Nullable String member) {
        for (String inPackage : List.of("java.lang.", "java.util.")) {
            try {
                Method[] methods = Class.forName(inPackage + type).getMethods();
                return member == null
                        || Stream.of(methods)
                                .anyMatch(method -> method.getName().equals(member));
            } catch (ClassNotFoundException elsewhere) {
                // perhaps in the next
            }
        }
        return false;
    }

    private static boolean leadsTo(String target, String type) {
        return !target.endsWith(".java") || target.endsWith("/" + type + ".java");
    }
}

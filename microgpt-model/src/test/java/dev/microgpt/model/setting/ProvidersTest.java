package dev.microgpt.model.setting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.Norm;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Services of jars by their names. */
class ProvidersTest {
    private static final String NAME = "com.example.x";
    private static final String NORM = """
            import dev.microgpt.model.*;
            public class %s implements Norm {
                %s
                public String name() { return "%s"; }
                public Layer create(Scope scope, int channels, double eps) { return (tape, x, batch) -> x; }
            }
            """;

    @TempDir
    private static Path folder;

    private static CompiledJars jars;

    @BeforeAll
    static void compile() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String right : List.of("Right", "First", "Second", "Missing")) {
            sources.put(right, norm(right, NAME));
        }
        sources.put("A", norm("A", "com.example.a"));
        sources.put("B", norm("B", "com.example.b"));
        sources.put("Other", "public class Other {}");
        sources.put(
                "Unlicensed",
                NORM.formatted(
                        "Unlicensed",
                        "public Unlicensed() { throw new IllegalStateException(\"no licence\"); }",
                        NAME));
        sources.put("Static", NORM.formatted("Static", "static final int X = Integer.parseInt(\"x\");", NAME));
        sources.put("Nameless", norm("Nameless", NAME).replace("return \"" + NAME, "int x = 1 / 0; return \""));
        sources.put("Needy", NORM.formatted("Needy", "private final Other help = new Other();", NAME));
        jars = new CompiledJars(folder, sources);
    }

    private static String norm(String type, String name) {
        return NORM.formatted(type, "", name);
    }

    private static Path jar(String type) throws IOException {
        return jars.jar(type, Norm.class, List.of(type), "");
    }

    private static Norm find(ClassLoader... loaders) {
        List<ServiceLoader<Norm>> services = List.of(loaders).stream()
                .map(loader -> ServiceLoader.load(Norm.class, loader))
                .toList();
        return Providers.find(Norm.class, "norm", NAME, services);
    }

    private static String refusal(ClassLoader... loaders) {
        return assertThrows(IllegalArgumentException.class, () -> find(loaders)).getMessage();
    }

    @Test
    void theOneWithTheNameIsFoundAmongOthers() throws IOException {
        Path other = jar("A");
        Path right = jar("Right");
        try (URLClassLoader loader = CompiledJars.loader(other, right)) {
            assertEquals("example.Right", find(loader).getClass().getName());
        }
    }

    @Test
    void withoutItTheMessageSaysWhatToAddAndWhatThereIs() throws IOException {
        String message =
                "norm \"com.example.x\" is unknown: no Norm on the class path or module path has this name; add"
                        + " the jar that has it, with a file META-INF/services/dev.microgpt.model.Norm";
        assertTrue(refusal(Norm.class.getClassLoader()).startsWith(message));
        try (URLClassLoader loader = CompiledJars.loader(jar("A"), jar("B"))) {
            String found = refusal(loader);
            assertTrue(
                    found.startsWith(message + "; found only ") && found.contains("com.example.a, com.example.b"),
                    found);
        }
    }

    @Test
    void twoOfOneNameAreRefusedWithBothJars() throws IOException {
        Path first = jar("First");
        Path second = jar("Second");
        try (URLClassLoader loader = CompiledJars.loader(first, second)) {
            assertEquals(
                    "norm \"com.example.x\" is ambiguous: example.First in "
                            + first.toUri().toURL() + " and example.Second in "
                            + second.toUri().toURL() + " have this name; remove one of them",
                    refusal(loader));
        }
    }

    @Test
    void theFirstLoaderThatHasTheNameDecides() throws IOException {
        try (URLClassLoader context = CompiledJars.loader(jar("First"));
                URLClassLoader ours = CompiledJars.loader(jar("Second"));
                URLClassLoader without = CompiledJars.loader(jar("A"))) {
            assertEquals("example.First", find(context, ours).getClass().getName());
            assertEquals("example.Second", find(ours, context).getClass().getName());
            assertEquals("example.Second", find(without, ours).getClass().getName());
        }
    }

    /** What a jar can do wrong, and what is said of it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Missing | Norm: Provider example.Missing not found
                    Other | example.Other not a subtype
                    Unlicensed | Provider example.Unlicensed could not be instantiated (java.lang.IllegalStateException: no licence)
                    Static | Provider example.Static could not be instantiated (java.lang.
                    Nameless | / by zero
                    Needy | Provider example.Needy could not be instantiated (java.lang.NoClassDefFoundError: example/Other)
                    """)
    void aBrokenProviderIsMentionedOnlyIfNoSoundOneIsFound(String type, String said) throws IOException {
        Path jar = jars.jar("broken", Norm.class, List.of(type), "Missing");
        Path right = jar("Right");
        try (URLClassLoader both = CompiledJars.loader(jar, right);
                URLClassLoader alone = CompiledJars.loader(jar);
                URLClassLoader sound = CompiledJars.loader(right)) {
            assertEquals("example.Right", find(both).getClass().getName());
            assertEquals("example.Right", find(alone, sound).getClass().getName());
            String message = refusal(alone);
            assertTrue(message.startsWith("norm \"com.example.x\" is unknown: "), message);
            assertTrue(message.contains("; could not be loaded: "), message);
            assertTrue(message.contains(said), message);
        }
    }

    @Test
    void aListOfServicesThatCannotBeReadDoesNotHideOthers() throws IOException {
        Path garbage = jars.jar("garbage", Norm.class, List.of("no name of a class"), "no name of a class");
        try (URLClassLoader loader = CompiledJars.loader(garbage, jar("Right"))) {
            assertEquals("example.Right", find(loader).getClass().getName());
        }
        try (URLClassLoader loader = CompiledJars.loader(garbage)) {
            assertTrue(refusal(loader).contains("Illegal configuration-file syntax"), refusal(loader));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "com.example.alibi", "com.example.Alibi_2-x", "1.2"})
    void dottedNamesHaveWords(String name) {
        assertTrue(Providers.isDotted(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", ".", "a.", ".a", "a..b", "a b.c", "a.b(", "a.\u00e4", "a/b.c", "a.b\n"})
    void otherNamesAreNotDotted(String name) {
        assertFalse(Providers.isDotted(name));
    }
}

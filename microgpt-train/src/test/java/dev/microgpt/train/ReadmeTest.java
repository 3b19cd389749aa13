package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java in the README compiles, runs, and prints what its last comment says. */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");

    @TempDir
    Path folder;

    @Test
    void exampleCompilesAndPrintsTheNameInItsComment() throws Exception {
        String example = example();
        String code = String.join(
                "\n",
                "import dev.microgpt.model.*;",
                "import dev.microgpt.train.*;",
                "import java.nio.file.Path;",
                "import java.util.List;",
                "public class Example {",
                "    public static void main(String[] args) throws Exception {",
                // the tests of a module run in its own folder, a reader in the project's
                example.replace("\"data/", "\"../data/"),
                "    }",
                "}");
        Path source = Files.writeString(folder.resolve("Example.java"), code);
        List<String> options = new ArrayList<>(List.of("-d", folder.toString()));
        options.addAll(List.of("-cp", System.getProperty("java.class.path"), source.toString()));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        assertEquals(0, compiler.run(null, messages, messages, options.toArray(new String[0])), messages::toString);
        assertEquals("argis", run().strip());
    }

    private static String example() throws IOException {
        Matcher blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
        if (!blocks.find()) {
            throw new IllegalStateException("README.md has no Java");
        }
        return blocks.group(1);
    }

    private String run() throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            loader.loadClass("Example").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}

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

/** The Java of a document, compiled into a folder as a reader would compile it, and run. */
final class DocumentedJava {
    private static final String IMPORTS = String.join(
            "\n",
            "import dev.microgpt.autograd.*;",
            "import dev.microgpt.autograd.check.*;",
            "import dev.microgpt.autograd.op.CrossEntropy;",
            "import dev.microgpt.autograd.op.reduce.Sum;",
            "import dev.microgpt.model.*;",
            "import dev.microgpt.model.generate.*;",
            "import dev.microgpt.model.random.*;",
            "import dev.microgpt.model.tokenizer.*;",
            "import dev.microgpt.train.*;",
            "import dev.microgpt.train.attribution.*;",
            "import dev.microgpt.train.checkpoint.*;",
            "import dev.microgpt.train.data.*;",
            "import dev.microgpt.train.data.read.*;",
            "import dev.microgpt.train.score.*;",
            "import java.nio.file.Path;",
            "import java.util.*;",
            "");

    private final Path folder;

    DocumentedJava(Path folder) {
        this.folder = folder;
    }

    /** Returns what stands between the marks of Java in a document, in its order. */
    static List<String> blocks(Path document) throws IOException {
        Matcher matcher = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(document));
        List<String> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    /** Runs statements, to which the project's folder is the current one for reading, and returns what they print. */
    String run(String statements) throws Exception {
        compile(source(
                "Example.java",
                IMPORTS + "public class Example {\n    public static void main(String[] args) throws Exception {\n"
                        + here(statements) + "    }\n}\n"));
        return main("Example");
    }

    /**
     * Returns code that runs in the folder of a module: data is in the project's, in which a reader runs it, and all
     * other files are in the test's.
     */
    String here(String code) {
        String tests = (folder + "/").replace("\\", "/");
        return code.replaceAll("Path\\.of\\(\"(?!data/)", "$0" + tests).replace("\"data/", "\"../data/");
    }

    /** Returns what the comments behind printing say is printed. */
    static List<String> comments(String code) {
        return Pattern.compile("(?:println|printf)\\(.*; // (.*)")
                .matcher(code)
                .results()
                .map(comment -> comment.group(1))
                .toList();
    }

    /** Runs the main method of a compiled class, and returns what it prints, with the line ends of Linux. */
    String main(String name, String... args) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) args);
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    /** Writes a source file into the folder. */
    Path source(String name, String code) throws IOException {
        return Files.writeString(folder.resolve(name), code);
    }

    /** Compiles source files, and fails with the compiler's messages if one is wrong. */
    void compile(Path... sources) {
        compile(List.of("-cp", System.getProperty("java.class.path")), sources);
    }

    /** Compiles source files with the class path or module path in some options. */
    void compile(List<String> path, Path... sources) {
        List<String> options = new ArrayList<>(List.of("-d", folder.toString()));
        options.addAll(path);
        for (Path source : sources) {
            options.add(source.toString());
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        assertEquals(0, compiler.run(null, messages, messages, options.toArray(new String[0])), messages::toString);
    }
}

package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The norm and the activation of docs/training.md, added as described there and used by name. */
class OwnPartsGuideTest {
    private static final Path PROJECT = Path.of("..");
    private static final Path GUIDE = PROJECT.resolve("docs/training.md");
    private static final List<String> MODULES = List.of("microgpt-model", "microgpt-train", "microgpt-cli");

    @TempDir
    Path folder;

    @Test
    void theProgramCompilesWithBothAndTrainsWithThem() throws Exception {
        Matcher code = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));
        List<String> blocks = code.results().map(block -> block.group(1)).toList();
        assertEquals(4, blocks.size(), "a training run, a norm, its layer, an activation");
        List<Path> sources = new ArrayList<>();
        for (Path source : sourcesThatName("Norm", "Activation")) {
            switch (source.getFileName().toString()) {
                case "Norm.java" -> sources.add(withConstant(source, blocks.get(1)));
                case "Activation.java" -> sources.add(withConstant(source, blocks.get(3)));
                default -> sources.add(source);
            }
        }
        sources.add(Files.writeString(folder.resolve("RmsNormBiasLayer.java"), blocks.get(2)));
        compile(sources);

        String own = "--norm=rmsnorm-bias --activation=relu-squared --n-layer=2 --steps=3 --num-samples=1";
        String trained = run(("train " + own).split(" "));
        // 27 tokens, 16 positions, the head; then two layers with two norms each, and the norm after the embedding
        int parameters = (27 + 16 + 27) * 16 + 2 * (12 * 16 * 16 + 2 * 2 * 16) + 2 * 16;
        assertTrue(trained.contains("num params: " + parameters + "\n"), trained);
        String sampled = run("sample", "--num-samples=1"); // makes the model again by the names in its checkpoint
        assertEquals(1, sampled.lines().count(), sampled);
    }

    private static List<Path> sourcesThatName(String... types) throws IOException {
        Pattern named = Pattern.compile("\\b(" + String.join("|", types) + ")\\b");
        List<Path> sources = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(PROJECT.resolve(module).resolve("src/main/java"))) {
                for (Path file : files.sorted().toList()) {
                    if (file.toString().endsWith(".java")
                            && named.matcher(Files.readString(file)).find()) {
                        sources.add(file);
                    }
                }
            }
        }
        return sources;
    }

    private Path withConstant(Path source, String constant) throws IOException {
        String name = source.getFileName().toString();
        String beginning = "public enum " + name.replace(".java", "") + " {\n";
        String text = Files.readString(source).replace("\r\n", "\n");
        assertTrue(text.contains(beginning), name);
        return Files.writeString(folder.resolve(name), text.replace(beginning, beginning + constant));
    }

    private void compile(List<Path> sources) {
        List<String> options = new ArrayList<>(List.of("-proc:none", "-d", folder.toString()));
        options.addAll(List.of("-cp", System.getProperty("java.class.path")));
        sources.forEach(source -> options.add(source.toString()));
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int exitCode =
                ToolProvider.getSystemJavaCompiler().run(null, messages, messages, options.toArray(new String[0]));
        assertEquals(0, exitCode, messages::toString);
    }

    private String run(String... args) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = folder + File.pathSeparator + System.getProperty("java.class.path");
        List<String> command = new ArrayList<>(List.of(java, "-cp", classPath, Main.class.getName()));
        command.addAll(List.of(args));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it hangs");
        } finally {
            process.destroyForcibly();
        }
        assertEquals(0, process.exitValue(), Files.readString(output));
        return Files.readString(output);
    }
}

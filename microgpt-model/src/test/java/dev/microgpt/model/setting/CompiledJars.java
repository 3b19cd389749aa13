package dev.microgpt.model.setting;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** Jars of another project: its public classes, of the package example, are compiled once and shared out. */
final class CompiledJars {
    private final Path folder;

    /**
     * Compiles classes.
     *
     * @param sources what follows the declaration of the package, by the name of the class
     */
    CompiledJars(Path folder, Map<String, String> sources) throws IOException {
        this.folder = folder;
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", folder.toString()));
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = folder.resolve(source.getKey() + ".java");
            arguments.add(Files.writeString(file, "package example;\n" + source.getValue())
                    .toString());
        }
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int exitCode =
                ToolProvider.getSystemJavaCompiler().run(null, messages, messages, arguments.toArray(new String[0]));
        assertEquals(0, exitCode, messages::toString);
    }

    /** Writes a jar that lists classes as services, and has all of them but one, which may be empty. */
    Path jar(String name, Class<?> service, List<String> classes, String without) throws IOException {
        Path jar = folder.resolve(name + ".jar");
        try (JarOutputStream entries = new JarOutputStream(Files.newOutputStream(jar))) {
            StringBuilder lines = new StringBuilder();
            for (String type : classes) {
                lines.append("example.").append(type).append('\n');
                if (!type.equals(without)) {
                    String entry = "example/" + type + ".class";
                    entries.putNextEntry(new JarEntry(entry));
                    entries.write(Files.readAllBytes(folder.resolve(entry)));
                }
            }
            entries.putNextEntry(new JarEntry("META-INF/services/" + service.getName()));
            entries.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    /** Returns a loader of jars and of this project, to be closed. */
    static URLClassLoader loader(Path... jars) throws IOException {
        URL[] urls = new URL[jars.length];
        for (int i = 0; i < jars.length; i++) {
            urls[i] = jars[i].toUri().toURL();
        }
        return new URLClassLoader(urls, CompiledJars.class.getClassLoader());
    }
}

package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A jar of another project: the attention {@code com.example.damped}, and the model {@code com.example.bigram}. */
final class PartsJar {
    private static final String DAMPED = """
            package example;
            import dev.microgpt.model.*;
            import dev.microgpt.model.setting.*;
            public class Damped implements Attention {
                static final Setting<Double> BY = Setting.number("by", 0.5, 0, 10, "Factor of the output");
                private final Settings settings;
                public Damped() { this(Settings.of(BY)); }
                private Damped(Settings settings) { this.settings = settings; }
                public String name() { return "com.example.damped"; }
                public int version() { return VERSION; }
                public Settings settings() { return settings; }
                public Attention with(Settings changed) { return new Damped(changed); }
                public SequenceLayer create(Scope scope, GptConfig config, int layer, Positions.Encoding positions) {
                    SequenceLayer usual = Attention.MULTI_HEAD.create(scope, config, layer, positions);
                    return (tape, x, batch) -> tape.scale(usual.forward(tape, x, batch), settings.get(BY));
                }
            }
            """;
    /** It fails, or never computes the same. */
    private static final String UNFIT = """
            package example;
            import dev.microgpt.model.*;
            public class Unfit implements Attention {
                public String name() { return "com.example.failing"; }
                public SequenceLayer create(Scope scope, GptConfig config, int layer, Positions.Encoding positions) {
                    return (tape, x, batch) -> { throw new ArithmeticException("no such row"); };
                }
                public static class Moody extends Unfit {
                    private static int calls;
                    public String name() { return "com.example.moody"; }
                    public SequenceLayer create(Scope scope, GptConfig config, int layer, Positions.Encoding positions) {
                        return (tape, x, batch) -> tape.scale(x, ++calls);
                    }
                }
            }
            """;

    private static final String BIGRAM = """
            package example;
            import dev.microgpt.autograd.*;
            import dev.microgpt.model.*;
            import dev.microgpt.model.setting.*;
            import java.util.List;
            public class Bigram implements ModelType {
                static final Setting<Integer> WIDTH = Setting.integer("width", 4, 1, "Width of the embedding");
                public String name() { return "com.example.bigram"; }
                public int version() { return VERSION; }
                public List<Setting<?>> settings() { return List.of(WIDTH); }
                public LanguageModel create(ModelConfig config, Parameters parameters) {
                    Shape shape = Shape.of(config.vocabSize(), config.get(WIDTH));
                    Parameter in = parameters.root().get("in", shape, Initializer.normal(0.5));
                    Parameter out = parameters.root().get("out", shape, Initializer.normal(0.5));
                    return new LanguageModel() {
                        public Tensor forward(Tape tape, Batch batch) {
                            return tape.linear(tape.embedding(in, batch.ids()), out);
                        }
                        public ModelConfig config() { return config; }
                        public Parameters parameters() { return parameters; }
                    };
                }
            }
            """;

    private PartsJar() {}

    /** Writes the jar, compiled against the classes of this test. */
    static Path write(Path folder, int version) throws IOException {
        Path classes = Files.createDirectories(folder.resolve("parts-" + version));
        Path damped = source(classes, "Damped", DAMPED, version);
        Path bigram = source(classes, "Bigram", BIGRAM, version);
        Path unfit = source(classes, "Unfit", UNFIT, version);
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int exitCode = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        messages,
                        messages,
                        "-proc:none",
                        "-d",
                        classes.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        damped.toString(),
                        bigram.toString(),
                        unfit.toString());
        assertEquals(0, exitCode, messages::toString);
        Path jar = folder.resolve("parts-" + version + ".jar");
        try (JarOutputStream entries = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> compiled = Files.list(classes.resolve("example"))) {
            for (Path file : compiled.toList()) {
                put(entries, "example/" + file.getFileName(), Files.readAllBytes(file));
            }
            service(entries, "Attention", "example.Damped\nexample.Unfit\nexample.Unfit$Moody");
            service(entries, "ModelType", "example.Bigram");
        }
        return jar;
    }

    private static Path source(Path folder, String name, String text, int version) throws IOException {
        return Files.writeString(folder.resolve(name + ".java"), text.replace("return VERSION", "return " + version));
    }

    private static void service(JarOutputStream entries, String type, String provider) throws IOException {
        put(entries, "META-INF/services/dev.microgpt.model." + type, provider.getBytes(StandardCharsets.UTF_8));
    }

    private static void put(JarOutputStream entries, String name, byte[] content) throws IOException {
        entries.putNextEntry(new JarEntry(name));
        entries.write(content);
    }
}

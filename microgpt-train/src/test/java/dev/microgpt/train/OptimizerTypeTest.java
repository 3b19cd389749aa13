package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.model.Gpt;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import tools.jackson.core.json.JsonFactory;

/** How a name leads to an optimizer; {@code META-INF/services} of the tests has {@link Sgd} and {@link Lion}. */
class OptimizerTypeTest {
    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @TempDir
    private Path jar;

    @AfterEach
    void restoreTheContext() {
        Thread.currentThread().setContextClassLoader(before);
    }

    @Test
    void aNameFindsTheLibrarysOwnOrAService() {
        assertEquals("adam", OptimizerType.named("adam").name());
        assertEquals(1, OptimizerType.named("adam").version());
        assertInstanceOf(Sgd.Type.class, OptimizerType.named("example.sgd"));
        assertInstanceOf(Lion.Type.class, OptimizerType.named("example.lion"));
    }

    @Test
    void theContextClassLoaderIsAskedFirstAndThenTheLibrarysOwn() throws IOException {
        context(Here.class.getName());
        assertInstanceOf(Here.class, OptimizerType.named("example.here"));
        context(OtherSgd.class.getName());
        ClassLoader own = new URLClassLoader(new URL[] {url(jar)}, before) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                return findResources(name); // its own services, but every class
            }
        };
        Thread.currentThread().setContextClassLoader(own);
        assertInstanceOf(OtherSgd.class, OptimizerType.named("example.sgd"));
        assertInstanceOf(Lion.Type.class, OptimizerType.named("example.lion"));
        for (ClassLoader without : new ClassLoader[] {null, ClassLoader.getPlatformClassLoader()}) {
            Thread.currentThread().setContextClassLoader(without);
            assertInstanceOf(Sgd.Type.class, OptimizerType.named("example.sgd"));
        }
    }

    @Test
    void twoOfOneNameAreRefusedWithTheirPlaces() throws IOException {
        context(OtherSgd.class.getName());
        String message = refusal("example.sgd");
        String place =
                Sgd.class.getProtectionDomain().getCodeSource().getLocation().toString();
        assertTrue(message.startsWith("optimizer \"example.sgd\" is ambiguous: "), message);
        assertTrue(message.contains(Sgd.Type.class.getName() + " in " + place), message);
        assertTrue(message.contains(OtherSgd.class.getName() + " in " + place), message);
        assertInstanceOf(Lion.Type.class, OptimizerType.named("example.lion"));
    }

    @Test
    void aBrokenServiceIsMentionedOnlyWhereItMayBeTheOneThatIsMissing() throws IOException {
        context("no.such.Provider", Throwing.class.getName(), Nameless.class.getName(), String.class.getName());
        assertInstanceOf(Lion.Type.class, OptimizerType.named("example.lion"));
        assertInstanceOf(AdamType.class, OptimizerType.named("adam"));
        String message = refusal("example.unknown");
        assertTrue(
                message.startsWith("optimizer \"example.unknown\" is unknown: no OptimizerType on the class path or"
                        + " module path has this name; add the jar that has it, with a file"
                        + " META-INF/services/dev.microgpt.train.OptimizerType; found only "),
                message);
        assertTrue(message.contains("example.sgd, example.lion"), message);
        for (String broken :
                List.of("Provider no.such.Provider not found", Throwing.class.getName(), "no name today")) {
            assertTrue(message.contains(broken), message);
        }
    }

    @Test
    void aFileOfServicesThatCannotBeReadIsNotReadForever() throws IOException {
        context("not a name of a class");
        assertInstanceOf(Lion.Type.class, OptimizerType.named("example.lion"));
        assertTrue(refusal("example.unknown").contains("Illegal"), refusal("example.unknown"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lion", "", "Adam", "adam ", ".lion", "example.", "a..b", "a b.c", "a.b\n"})
    void aNameWithoutADotIsTheLibrarysOwn(String name) {
        String message = refusal(name);
        assertTrue(
                message.endsWith(" is unknown; it must be adam, or the dotted name of one of your own, such as"
                        + " com.example.lion"),
                message);
    }

    @Test
    void aTypeThatCreatesAnOptimizerOfAnotherIsRefused() {
        List<Parameter> parameters = List.of(new Parameter("w", Shape.of(1), new double[1]));
        OptimizerType sgd = new Sgd.Type();
        assertEquals(
                0,
                OptimizerType.create(sgd, parameters, TrainingConfig.microgpt()).updates());
        for (OptimizerType wrong : List.of(new Here(), new OtherSgd())) {
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class,
                    () -> OptimizerType.create(wrong, parameters, TrainingConfig.microgpt()));
            assertEquals(
                    "optimizer \"" + wrong.name() + "\", version " + wrong.version()
                            + ", created one of \"example.sgd\","
                            + " version 1; Optimizer.type() must have the name and version of the type that created it",
                    e.getMessage());
        }
    }

    /** The other tests run on the class path. */
    @Test
    void aModuleProvidesOne() throws Exception {
        Path source = Files.createDirectories(jar.resolve("source/example"));
        Path info = Files.writeString(
                source.resolveSibling("module-info.java"),
                "module example { requires dev.microgpt.train;"
                        + " provides dev.microgpt.train.OptimizerType with example.Modular; }");
        Path type = Files.writeString(source.resolve("Modular.java"), """
                package example;
                public class Modular implements dev.microgpt.train.OptimizerType {
                    public String name() { return "example.modular"; }
                    public dev.microgpt.train.Optimizer create(
                            java.util.List<dev.microgpt.autograd.Parameter> all,
                            dev.microgpt.train.TrainingConfig training) {
                        return null;
                    }
                }
                """);
        List<Path> modules = new ArrayList<>(List.of(jar.resolve("classes")));
        for (Class<?> part : List.of(Trainer.class, Gpt.class, Tape.class, JsonFactory.class, Logger.class)) {
            modules.add(Path.of(
                    part.getProtectionDomain().getCodeSource().getLocation().toURI()));
        }
        String path = modules.subList(1, modules.size()).stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        new DocumentedJava(modules.get(0)).compile(List.of("--module-path", path), info, type);
        ModuleFinder finder = ModuleFinder.of(modules.toArray(new Path[0]));
        ModuleLayer boot = ModuleLayer.boot();
        ClassLoader loader = boot.defineModulesWithOneLoader(
                        boot.configuration().resolve(finder, ModuleFinder.of(), List.of("example")),
                        ClassLoader.getPlatformClassLoader())
                .findLoader("example");
        Thread.currentThread().setContextClassLoader(null);
        Class<?> types = loader.loadClass(OptimizerType.class.getName());
        assertEquals("dev.microgpt.train", types.getModule().getName());
        Object found = types.getMethod("named", String.class).invoke(null, "example.modular");
        assertEquals("example", found.getClass().getModule().getName());
    }

    private static String refusal(String name) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> OptimizerType.named(name))
                .getMessage());
    }

    /** Lets the context have these services, too. */
    private void context(String... providers) throws IOException {
        Path services = Files.createDirectories(jar.resolve("META-INF/services"));
        Files.write(services.resolve(OptimizerType.class.getName()), List.of(providers));
        Thread.currentThread().setContextClassLoader(new URLClassLoader(new URL[] {url(jar)}, before));
    }

    private static URL url(Path path) throws IOException {
        return path.toUri().toURL();
    }

    /** An optimizer type of some name. */
    public abstract static class Named implements OptimizerType {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Optimizer create(List<Parameter> parameters, TrainingConfig training) {
            return new Sgd(parameters);
        }
    }

    public static final class Here extends Named {
        public Here() {
            super("example.here");
        }
    }

    public static final class OtherSgd extends Named {
        public OtherSgd() {
            super("example.sgd");
        }

        @Override
        public int version() {
            return 3;
        }
    }

    public static final class Throwing extends Named {
        public Throwing() {
            super("example.unknown");
            throw new IllegalStateException("not today");
        }
    }

    public static final class Nameless extends Named {
        public Nameless() {
            super("");
        }

        @Override
        public String name() {
            throw new IllegalStateException("no name today");
        }
    }
}

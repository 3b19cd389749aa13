package dev.microgpt.model.setting;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.autograd.Tape;
import dev.microgpt.model.Norm;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module of another project that provides a norm and a model, next to this project's modules. */
class ModulePathTest {
    private static final String MODULE = """
            module example {
                requires dev.microgpt.model;
                provides dev.microgpt.model.Norm with example.Own;
                provides dev.microgpt.model.ModelType with example.Type;
            }
            """;
    private static final String OWN = """
            package example;
            import dev.microgpt.model.*;
            public class Own implements Norm {
                public String name() { return "com.example.own"; }
                public Layer create(Scope scope, int channels, double eps) { return (tape, x, batch) -> x; }
            }
            """;
    private static final String TYPE = """
            package example;
            import dev.microgpt.model.*;
            import dev.microgpt.model.setting.Setting;
            import java.util.List;
            public class Type implements ModelType {
                public String name() { return "com.example.type"; }
                public List<Setting<?>> settings() { return List.of(); }
                public LanguageModel create(ModelConfig config, Parameters parameters) { throw new Error(); }
            }
            """;

    @TempDir
    Path folder;

    private static Path place(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Test
    void bothAreFoundByTheirNames() throws Exception {
        Path ours = place(Norm.class);
        Path below = place(Tape.class);
        Path logging = place(Class.forName("org.slf4j.Logger"));
        Path theirs = folder.resolve("classes");
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int exitCode = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        messages,
                        messages,
                        "-proc:none",
                        "-d",
                        theirs.toString(),
                        "--module-path",
                        ours + File.pathSeparator + below,
                        Files.writeString(folder.resolve("module-info.java"), MODULE)
                                .toString(),
                        Files.writeString(folder.resolve("Own.java"), OWN).toString(),
                        Files.writeString(folder.resolve("Type.java"), TYPE).toString());
        assertEquals(0, exitCode, messages::toString);

        ModuleLayer boot = ModuleLayer.boot();
        Configuration modules = boot.configuration()
                .resolve(ModuleFinder.of(theirs, ours, below, logging), ModuleFinder.of(), Set.of("example"));
        ClassLoader loader = boot.defineModulesWithOneLoader(modules, ClassLoader.getPlatformClassLoader())
                .findLoader("example");
        Class<?> setting = loader.loadClass(Setting.class.getName());
        assertEquals("dev.microgpt.model", setting.getModule().getName());

        Object norm = loader.loadClass("dev.microgpt.model.GptConfig")
                .getField("NORM")
                .get(null);
        Object found = setting.getMethod("parse", String.class).invoke(norm, "com.example.own");
        assertEquals("example.Own", found.getClass().getName());
        assertEquals("example", found.getClass().getModule().getName());
        Object type = loader.loadClass("dev.microgpt.model.ModelConfig")
                .getMethod("type", String.class)
                .invoke(null, "com.example.type");
        assertEquals("example.Type", type.getClass().getName());
    }
}

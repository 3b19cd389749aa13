package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code microgpt} with stand-ins for {@code java} and {@code mvn}. */
@DisabledOnOs(OS.WINDOWS)
class LaunchScriptTest {
    /** What Maven writes with {@code -q -B} when nothing is wrong. */
    private static final String RESETS = "printf '\\033[0m\\033[0m'; printf '\\033[0m\\033[0m' >&2; ";

    private static final String BUILDS = "mkdir -p microgpt-cli/target; touch microgpt-cli/target/microgpt.jar";

    @TempDir
    Path folder;

    private Path jar;
    private String command;
    private String classPath = "";

    @BeforeEach
    void copyScript() throws Exception {
        Path script = Files.copy(Path.of("..", "microgpt"), folder.resolve("microgpt"));
        assertTrue(script.toFile().setExecutable(true));
        jar = folder.toRealPath().resolve("microgpt-cli/target/microgpt.jar");
        command = "-Dmicrogpt.command=" + folder.resolve("microgpt");
        executable("jdk/bin/java", "echo java \"$@\"; cat");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17.0.15\"\n");
        executable("bin/mvn", RESETS + BUILDS);
    }

    @Test
    void buildsTheJarWithoutAnEscapeSequenceAndRunsIt() throws Exception {
        assertEquals(0, run("in", "train", "a b"));
        assertEquals("microgpt: building " + jar + "\n", text("err"));
        assertEquals("java -Xmx1g -Da=b " + command + " -jar " + jar + " train a b\nin", text("out"));
    }

    @Test
    void jarsOfOthersAreAddedToTheClassPath() throws Exception {
        classPath = "my parts.jar:/b/*";
        assertEquals(0, run("", "train", "a b"));
        assertEquals(
                "java -Xmx1g -Da=b " + command + " -cp " + jar + ":my parts.jar:/b/* dev.microgpt.cli.Main train a b\n",
                text("out"));
        executable("jdk/bin/java", "for word; do echo \"[$word]\"; done");
        assertEquals(0, run("", "train", "a b"));
        assertTrue(text("out").contains("[" + jar + ":my parts.jar:/b/*]\n[dev.microgpt.cli.Main]\n[train]\n[a b]"));
        classPath = "";
        assertEquals(0, run("", "info"));
        assertTrue(text("out").contains("[-jar]\n[" + jar + "]\n[info]"), text("out"));
    }

    @Test
    void buildsNothingIfThereIsAJar() throws Exception {
        executable("bin/mvn", "exit 1");
        Files.createDirectories(jar.getParent());
        Files.createFile(jar);
        assertEquals(0, run("", "info"));
        assertEquals("", text("err"));
    }

    @Test
    void aFailedBuildShowsWhatMavenWroteWithoutColours() throws Exception {
        executable("bin/mvn", "printf '[\\033[1;31mERROR\\033[m] no network\\n'; exit 7");
        assertEquals(1, run("", "train"));
        String root = folder.toRealPath().toString();
        assertEquals(
                "microgpt: building " + jar + "\n[ERROR] no network\nmicrogpt: the build failed; run mvn -B verify in "
                        + root + " for details\n",
                text("err"));
        assertEquals("", text("out"));
    }

    @Test
    void anOldJavaIsRefused() throws Exception {
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"1.8.0_412\"\n");
        assertEquals(1, run("", "train"));
        assertEquals(
                "microgpt: " + folder.resolve("jdk/bin/java")
                        + " is Java 8, but Java 17 or newer is required; set JAVA_HOME to a newer JDK\n",
                text("err"));
    }

    private int run(String in, String... args) throws Exception {
        File input = Files.writeString(folder.resolve("in"), in).toFile();
        ProcessBuilder process = new ProcessBuilder(folder.resolve("microgpt").toString())
                .redirectInput(input)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        process.command().addAll(List.of(args));
        process.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        process.environment().put("MICROGPT_OPTS", "-Xmx1g -Da=b");
        process.environment().put("MICROGPT_CLASSPATH", classPath);
        process.environment().merge("PATH", folder.resolve("bin").toString(), (old, bin) -> bin + ":" + old);
        Process started = process.start();
        assertTrue(started.waitFor(60, TimeUnit.SECONDS), "ends in time");
        return started.exitValue();
    }

    private void executable(String name, String commands) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    private String text(String name) throws Exception {
        return Files.readString(folder.resolve(name));
    }
}

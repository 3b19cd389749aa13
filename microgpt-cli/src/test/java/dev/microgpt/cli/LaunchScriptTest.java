package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
    private String options = "-Xmx1g -Da=b";
    private String archive = "0";
    private String cache;
    private Path workingFolder;
    private String jdk;

    @BeforeEach
    void copyScript() throws Exception {
        workingFolder = folder;
        jdk = folder.resolve("jdk").toString();
        Path script = Files.copy(Path.of("..", "microgpt"), folder.resolve("microgpt"));
        assertTrue(script.toFile().setExecutable(true));
        jar = folder.toRealPath().resolve("microgpt-cli/target/microgpt.jar");
        command = "-Dmicrogpt.command=" + folder.resolve("microgpt");
        executable("jdk/bin/java", "echo java \"$@\"; cat");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17.0.15\"\n");
        executable("bin/mvn", RESETS + BUILDS);
        executable("bin/sleep", "exec /bin/sleep 0.02");
        cache = folder.resolve("cache").toString();
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

    /** A JDK that writes its arguments to a file, and something in place of an archive. */
    private void archives(String version) throws Exception {
        archive = "";
        Files.createDirectories(jar.getParent());
        Files.writeString(jar, "a jar");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"" + version + "\"\n");
        executable(
                "jdk/bin/java",
                "echo java \"$@\"; echo \"$@\" >>" + folder.resolve("calls") + "; for word; do case $word in"
                        + " -XX:SharedArchiveFile=*.new/archive) echo 17 >\"${word#*=}\" ;;"
                        + " -XX:AOTCacheOutput=*) echo 25 >\"${word#*=}\" ;; esac; done");
    }

    /** Waits until the process in the background is done, and returns the archives, the oldest first. */
    private List<Path> archivesMade(int expected) throws Exception {
        Path made = Path.of(cache, "microgpt");
        List<Path> files = List.of();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (files.size() != expected || files.toString().contains(".new")) {
            assertTrue(System.nanoTime() < end, files::toString);
            Thread.sleep(20);
            if (Files.isDirectory(made)) {
                try (Stream<Path> found = Files.list(made)) {
                    files = found.filter(file -> !file.toString().endsWith(".made"))
                            .sorted(Comparator.comparing(file -> file.toFile().lastModified()))
                            .toList();
                }
            }
        }
        return files;
    }

    private String bare(String command) {
        return "java " + options + " " + this.command + " -jar " + jar + " " + command + "\n";
    }

    @Test
    void anArchiveIsMadeOnceAndUsed() throws Exception {
        archives("17.0.15");
        Process other = start("", "eval");
        assertEquals(0, run("", "info"));
        assertTrue(other.waitFor(60, TimeUnit.SECONDS), "ends in time");
        String made = archivesMade(1).get(0).toString();
        assertTrue(made.contains("/java17-"), made);
        assertEquals("17\n", Files.readString(Path.of(made)));
        List<String> calls = Files.readAllLines(folder.resolve("calls"));
        assertEquals(
                1, calls.stream().filter(call -> call.contains("-Xshare:dump")).count(), calls::toString);
        assertEquals(
                1, calls.stream().filter(call -> call.contains("Rehearsal")).count(), calls::toString);
        assertEquals(0, run("", "info"));
        String flags = "-XX:SharedArchiveFile=" + made + " -Xlog:cds*=off ";
        assertEquals(bare("info").replaceFirst(" ", " " + flags.replace("$", "\\$")), text("out"));
        assertEquals("", text("err"));
    }

    @Test
    void anArchiveThatHasBeenWrittenToIsMadeAnew() throws Exception {
        archives("17.0.15");
        assertEquals(0, run("", "info"));
        Path made = archivesMade(1).get(0);
        Files.writeString(made, "damaged");
        assertTrue(made.toFile().setLastModified(System.currentTimeMillis() + 1000)); // however coarse the times are
        assertEquals(0, run("", "info"));
        assertEquals(bare("info"), text("out"));
        while (!Files.readString(made).equals("17\n")) {
            Thread.sleep(20);
        }
        archivesMade(1);
        assertEquals(0, run("", "info"));
        assertTrue(text("out").startsWith("java -XX:SharedArchiveFile=" + made), text("out"));
    }

    @Test
    void anotherJdkHasAnotherArchiveAndAnotherJarToo() throws Exception {
        archives("25.0.3");
        Path made = Files.createDirectories(Path.of(cache, "microgpt"));
        for (int i = 0; i < 6; i++) {
            Path old = Files.writeString(made.resolve("java17-" + i), "old");
            assertTrue(old.toFile().setLastModified(1_000_000L * (i + 1)));
        }
        Path foreign = Files.writeString(made.resolve("of another program"), "");
        assertTrue(foreign.toFile().setLastModified(1_000));
        assertEquals(0, run("", "info"));
        assertEquals(bare("info"), text("out"));
        List<Path> files = archivesMade(5); // the four newest, and the file that is no archive
        Path newest = files.get(4);
        assertEquals(foreign, files.get(0));
        assertEquals(made.resolve("java17-3"), files.get(1));
        assertEquals("25\n", Files.readString(newest));
        assertEquals(0, run("", "info"));
        assertTrue(text("out").startsWith("java -XX:AOTCache=" + newest + " -Xlog:aot*=off -Xmx1g"), text("out"));
        Files.writeString(jar, "another jar");
        archive = "0"; // or there would be another one in the background
        assertEquals(0, run("", "info"));
        assertEquals(bare("info"), text("out"));
    }

    @Test
    void withoutAPlaceForAnArchiveOrWithAFlagAgainstItThereIsNone() throws Exception {
        archives("17.0.15");
        assertEquals(0, run("", "info"));
        archivesMade(1);
        for (String against : List.of("-XX:SharedArchiveFile=mine.jsa", "-XX:AOTCache=mine.aot", "-Xshare:off", "@f")) {
            options = against;
            assertEquals(0, run("", "info"));
            assertEquals(bare("info"), text("out"));
        }
        options = "-Xmx1g";
        classPath = "parts.jar";
        assertEquals(0, run("", "info"));
        assertTrue(text("out").startsWith("java -Xmx1g -Dmicrogpt"), text("out"));
        classPath = "";
        for (String nowhere : List.of("/dev/null", "relative")) {
            cache = nowhere;
            assertEquals(0, run("", "info"));
            assertEquals(bare("info"), text("out"));
            assertEquals("", text("err"));
        }
    }

    @Test
    void anArchiveThatCannotBeMadeIsNotTriedAgainSoon() throws Exception {
        archives("17.0.15");
        executable("jdk/bin/java", "echo \"$@\" >>" + folder.resolve("calls"));
        Path made = Path.of(cache, "microgpt");
        assertEquals(0, run("", "info"));
        assertEquals(0, run("", "info"));
        while (!Files.readString(folder.resolve("calls")).contains("--version")) { // it is tried, but is not there
            Thread.sleep(20);
        }
        Thread.sleep(100);
        try (Stream<Path> found = Files.list(made)) {
            List<Path> files = found.toList();
            assertEquals(1, files.size(), files::toString);
            assertTrue(files.get(0).toString().endsWith(".new"), files::toString);
        }
    }

    @Test
    void anArchiveIsMadeAlthoughTheFolderOfTheCommandIsGone() throws Exception {
        archives("17.0.15");
        String made = Files.readString(folder.resolve("jdk/bin/java")).replace("#!/bin/sh", "/bin/pwd >&2 || exit");
        executable("jdk/bin/java", made); // ends as a JVM does in a folder that is gone
        workingFolder = Files.createDirectory(folder.resolve("work"));
        jdk = "../jdk";
        executable("bin/nice", "while [ -d " + workingFolder + " ]; do /bin/sleep 0.02; done; exec \"$@\"");
        assertEquals(0, run("", "info"));
        Files.delete(workingFolder);
        assertTrue(archivesMade(1).get(0).toString().contains("/java17-"));
    }

    private int run(String in, String... args) throws Exception {
        Process started = start(in, args);
        assertTrue(started.waitFor(60, TimeUnit.SECONDS), "ends in time");
        return started.exitValue();
    }

    private Process start(String in, String... args) throws Exception {
        File input = Files.writeString(folder.resolve("in"), in).toFile();
        ProcessBuilder process = new ProcessBuilder(folder.resolve("microgpt").toString())
                .directory(workingFolder.toFile())
                .redirectInput(input)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        process.command().addAll(List.of(args));
        process.environment().put("JAVA_HOME", jdk);
        process.environment().put("MICROGPT_OPTS", options);
        process.environment().put("MICROGPT_ARCHIVE", archive);
        process.environment().put("XDG_CACHE_HOME", cache);
        process.environment().put("MICROGPT_CLASSPATH", classPath);
        process.environment().merge("PATH", folder.resolve("bin").toString(), (old, bin) -> bin + ":" + old);
        return process.start();
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

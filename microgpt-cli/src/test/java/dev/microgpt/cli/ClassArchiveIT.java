package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The archive of classes that the script {@code microgpt} makes with a real JDK; see {@link LaunchScriptTest}. */
@DisabledOnOs(OS.WINDOWS)
class ClassArchiveIT {
    private static final Path JAR = Path.of(System.getProperty("microgpt.jar"));
    private static final long SECONDS = 120;

    /** Most of the time of these JVMs is their start. */
    private static final String FEW_COMPILATIONS = "-XX:TieredStopAtLevel=1 ";

    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");

    @TempDir
    Path folder;

    private Path script;
    private Path jar;
    private Path jdk;
    private String archives = "";

    /** The JDK of this build; at night also those beside it. */
    static List<Path> jdks() throws IOException {
        Path own = Path.of(System.getProperty("java.home")).toRealPath();
        List<Path> jdks = new ArrayList<>(List.of(own));
        if (NIGHTLY) {
            try (Stream<Path> beside = Files.list(own.getParent())) {
                beside.filter(other -> Files.exists(other.resolve("lib/modules")))
                        .filter(other -> !Files.isSymbolicLink(other) && !other.equals(own))
                        .forEach(jdks::add);
            }
        }
        return jdks;
    }

    @BeforeEach
    void install() throws IOException {
        jar = Files.createDirectories(folder.resolve("home/microgpt-cli/target"))
                .toRealPath()
                .resolve("microgpt.jar");
        Files.copy(JAR, jar);
        script = Files.copy(Path.of("..", "microgpt"), folder.resolve("home/microgpt"));
        assertTrue(script.toFile().setExecutable(true));
        modified(10);
        // what only keeps the making of the archive in the background, while the test waits for it
        executable("nice", "exec \"$@\"");
        executable("sleep", "exec /bin/sleep 0.02");
    }

    private void executable(String name, String command) throws IOException {
        Path file = Files.createDirectories(folder.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + command + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    /** Sets the second of the minute in which the jar was modified, of which only the JVM takes notice. */
    private void modified(int second) {
        assertTrue(jar.toFile().setLastModified(1_700_000_040_000L + 1000L * second));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void resultsAreTheSameWithAnArchiveAndAnyOther(Path home) throws Exception {
        jdk = home;
        Run missing = run("", "--version");
        assertEquals("", missing.err());
        String log = "-Xlog:class+load:file=" + folder.resolve("loaded");
        Path checkpoint = folder.resolve("out/checkpoint.safetensors");
        archives = "0";
        Run without = run(log, "train");
        byte[] saved = Files.readAllBytes(checkpoint);
        assertFalse(loaded().contains("picocli."), "a command without options needs no parser");
        archives = "";
        Path archive = made();
        Run fresh = run(log, "train", "--overwrite");
        assertEquals(ExitCode.DONE, fresh.exitCode(), fresh.err());
        assertEquals(without.out(), fresh.out());
        assertArrayEquals(saved, Files.readAllBytes(checkpoint));
        assertTrue(loaded().contains("dev.microgpt.cli.Main source: shared objects file"), "the archive is used");
        assertEquals(missing, run("", "--version"));
        checkSecondJvm();

        modified(20);
        assertEquals(missing, run("", "--version"), "stale");
        modified(10);
        byte[] content = Files.readAllBytes(archive);
        FileTime made = Files.getLastModifiedTime(archive);
        assertTrue(archive.toFile().setWritable(true));
        for (byte[] wrong : List.of(Arrays.copyOf(content, content.length / 2), new byte[4096])) {
            Files.write(archive, wrong);
            Files.setLastModifiedTime(archive, made);
            assertEquals(missing, run("", "--version"), () -> wrong.length + " bytes of " + content.length);
        }
        Arrays.fill(content, content.length / 3, content.length / 2, (byte) 0x55); // a JVM may crash on these
        Files.write(archive, content);
        assertEquals(missing, run("", "--version"), "damaged");
        made(); // another one, in the background
        try (Stream<Path> files = Files.walk(script.getParent())) {
            assertEquals(
                    List.of(script.toRealPath(), jar),
                    files.filter(Files::isRegularFile)
                            .map(ClassArchiveIT::real)
                            .sorted()
                            .toList());
        }
    }

    private void checkSecondJvm() throws Exception {
        Run run = run("-Dmicrogpt.relaunch.seconds=0 -Dmicrogpt.log=debug", "train", "--steps", "1", "--overwrite");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        String started = run.err()
                .lines()
                .filter(line -> line.contains("second JVM: ["))
                .findFirst()
                .orElseThrow();
        assertTrue(started.contains("-Dmicrogpt.log=debug"), started);
        for (String flag : List.of("Archive", "AOT", "SharedSpaces", "cds", "aot")) {
            assertFalse(started.contains(flag), started);
        }
    }

    private String loaded() throws IOException {
        return Files.readString(folder.resolve("loaded"));
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException gone) {
            throw new IllegalStateException(gone);
        }
    }

    /** Waits for the archive that a command before has caused. */
    private Path made() throws Exception {
        Path cache = folder.resolve("cache/microgpt");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        List<Path> files = List.of();
        while (files.size() != 2 || !files.get(1).toString().endsWith(".made") || isNewer(files.get(0), files.get(1))) {
            assertTrue(System.nanoTime() < end, files::toString);
            Thread.sleep(20);
            if (Files.isDirectory(cache)) {
                try (Stream<Path> found = Files.list(cache)) {
                    files = found.sorted().toList();
                }
            }
        }
        return files.get(0);
    }

    private static boolean isNewer(Path file, Path than) throws IOException {
        return Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(than)) > 0;
    }

    private Run run(String options, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(folder.resolve("stderr").toFile());
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        builder.environment().put("MICROGPT_OPTS", FEW_COMPILATIONS + options);
        builder.environment().put("MICROGPT_ARCHIVE", archives);
        builder.environment().merge("PATH", folder.resolve("bin").toString(), (old, bin) -> bin + ":" + old);
        builder.environment().keySet().removeAll(List.of("MICROGPT_CLASSPATH", "MICROGPT_RELAUNCH"));
        Process process = builder.start();
        assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "ends in time");
        return new Run(
                process.exitValue(),
                Files.readString(folder.resolve("stdout")),
                Files.readString(folder.resolve("stderr")));
    }
}

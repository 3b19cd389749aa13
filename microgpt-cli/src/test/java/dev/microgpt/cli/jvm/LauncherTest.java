package dev.microgpt.cli.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.microgpt.cli.Main;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherTest {
    @ParameterizedTest
    @ValueSource(strings = {"/dev/fd/63", "--data=/dev/fd/3", "/proc/self/fd/3"})
    void whatTheShellOpenedStaysHere(String arg) {
        assertNotNull(Launcher.reasonInArguments("train", arg));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/stdin", "--data", "names.txt", "/home/fd/names.txt"})
    void otherFilesAreThereForAnyProcess(String arg) {
        assertNull(Launcher.reasonInArguments("train", arg));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=5005",
                "-agentpath:/opt/libprofiler.so=start,file=profile.html",
                "-javaagent:agent.jar",
                "-XX:StartFlightRecording=filename=run.jfr"
            })
    void aDebuggerOrProfilerKeepsItsJvm(String flag) {
        assertNotNull(Launcher.reasonInFlags(List.of("-Xmx1g", flag)));
    }

    @Test
    void ordinaryFlagsAreNoReason() {
        assertNull(Launcher.reasonInFlags(List.of("-Xmx1g", "-Dx=-agentlib:jdwp", "--add-modules=java.sql", "-ea")));
    }

    @Test
    void aJvmThatRefusesItsFlagsDidNotStart() {
        assertEquals(OptionalInt.empty(), SecondJvm.run(Main.class, List.of("-Xmx1k"), "--version"));
    }

    @Test
    void aMissingJavaDidNotStart(@TempDir Path folder) {
        String home = System.setProperty("java.home", folder.toString());
        try {
            assertEquals(OptionalInt.empty(), SecondJvm.run(Main.class, List.of(), "--version"));
        } finally {
            System.setProperty("java.home", home);
        }
    }
}

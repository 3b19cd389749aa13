package dev.microgpt.cli.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.Main;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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

    @Test
    void aJvmThatRefusesItsFlagsDidNotStart() {
        IOException reason =
                assertThrows(IOException.class, () -> SecondJvm.run(Main.class, List.of("-Xmx1k"), "--version"));
        assertEquals("the second JVM ended with exit code 1: Too small maximum heap", reason.getMessage());
    }

    @Test
    void theNoteSaysWhyAndWhatItCosts() {
        String note = Launcher.note("-agentlib:\u001Bx is meant for this JVM");
        assertTrue(
                note.startsWith("note: there is no second JVM with fast kernels, so this takes several times longer:"
                        + " -agentlib:\\u001bx is meant for this JVM"),
                note);
    }

    @Test
    void aMissingJavaDidNotStart(@TempDir Path folder) {
        String home = System.setProperty("java.home", folder.toString());
        try {
            IOException reason =
                    assertThrows(IOException.class, () -> SecondJvm.run(Main.class, List.of(), "--version"));
            assertTrue(reason.getMessage().contains(folder.resolve("bin").toString()), reason.getMessage());
        } finally {
            System.setProperty("java.home", home);
        }
    }
}

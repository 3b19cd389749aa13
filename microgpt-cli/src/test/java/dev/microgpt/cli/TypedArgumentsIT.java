package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.cli.failure.ExitCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The jar in a locale that knows ASCII only. */
class TypedArgumentsIT {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @Test
    void argumentIsReadAsItWasTypedWhateverTheLocale() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/cmdline")), "skipped: this system keeps no command lines in /proc");
        String jar = System.getProperty("microgpt.jar");
        // the shell makes the letters, for the JVM of this test may be in such a locale too
        String command = "exec '" + JAVA + "' -jar '" + jar + "' train --steps \"$(printf '\\355\\225\\234')\"";
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(ExitCode.USAGE, process.waitFor(), output);
        assertEquals(
                "microgpt: --steps must be an integer of at least 1, but is \"한\"",
                output.lines().findFirst().orElse(""));
    }
}

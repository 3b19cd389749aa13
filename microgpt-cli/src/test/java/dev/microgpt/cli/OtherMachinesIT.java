package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Emulated machines of other kinds give the checkpoint of this one, or cannot be had and the script says so. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class OtherMachinesIT {
    @Test
    void sixtyStepsHaveTheHashOfThisMachine() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "bash", Path.of("..", ".ci", "aarch64").toString())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        System.out.println(out.substring(out.lastIndexOf("== ")).strip());
    }
}

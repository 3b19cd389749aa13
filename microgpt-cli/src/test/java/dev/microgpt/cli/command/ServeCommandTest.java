package dev.microgpt.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.Main;
import dev.microgpt.cli.Run;
import dev.microgpt.cli.SmallTraining;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
    @TempDir
    static Path folder;

    private static Path run;

    @BeforeAll
    static void train() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        run = folder.resolve("run");
        assertEquals(ExitCode.DONE, SmallTraining.run(text, run).exitCode());
        Files.copy(run.resolve("checkpoint.safetensors"), folder.resolve("fox.safetensors"));
    }

    /** Serves until there is a message of this kind, and then stops; returns all messages. */
    private static String serve(String... args) throws Exception {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of("serve", "--port", "0"));
        all.addAll(List.of(args));
        int[] exitCode = {-1};
        Thread thread = new Thread(() ->
                exitCode[0] = Main.run(new Terminal(new ByteArrayOutputStream(), err), all.toArray(new String[0])));
        thread.start();
        while (thread.isAlive() && !err.toString(StandardCharsets.UTF_8).contains("serving")) {
            Thread.sleep(5);
        }
        thread.interrupt();
        thread.join();
        assertEquals(ExitCode.DONE, exitCode[0], () -> err.toString(StandardCharsets.UTF_8));
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aModelIsNamedByTheUserOrByItsFolderOrFile() throws Exception {
        String checkpoint = run.resolve("checkpoint.safetensors").toString();
        String fox = folder.resolve("fox.safetensors").toString();
        String said = serve(run.toString(), fox, "a b=" + checkpoint);
        assertTrue(said.contains("serving run, fox, a b at http://127.0.0.1:"), said);
        assertTrue(said.contains("Ctrl-C"), said);
        assertTrue(serve(checkpoint).contains("serving run at "), "a checkpoint of a run");
    }

    @Test
    void twoModelsOfOneNameAreRefused() {
        Run twice = Run.of(
                "serve", run.toString(), run.resolve("checkpoint.safetensors").toString());
        assertEquals(ExitCode.USAGE, twice.exitCode(), twice.err());
        assertTrue(twice.err().contains("hint: name it: NAME="), twice.err());
    }

    @Test
    void aPathMayHaveAnEqualsSign() throws IOException {
        Run missing = Run.of("serve", folder.resolve("lr=1").toString());
        assertEquals(ExitCode.IO, missing.exitCode());
        assertTrue(missing.err().contains("lr=1: no such file or folder"), missing.err());
    }

    @Test
    void aKeyIsOneWord() throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "two words\n");
        Run refused = Run.of("serve", run.toString(), "--api-key-file", key.toString());
        assertEquals(ExitCode.CONTENT, refused.exitCode());
        assertTrue(refused.err().contains("must contain one key of printable ASCII characters"), refused.err());
        Files.writeString(key, "key\n");
        String open = serve(run.toString(), "--host", "0.0.0.0");
        assertTrue(open.contains("note: whoever reaches 0.0.0.0"), open);
        String locked = serve(run.toString(), "--host", "0.0.0.0", "--api-key-file", key.toString());
        assertFalse(locked.contains("note:"), locked);
    }

    @Test
    void aPortInUseIsRefused() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Run refused = Run.of("serve", run.toString(), "--port", other.getLocalPort() + "");
            assertEquals(ExitCode.IO, refused.exitCode());
            assertTrue(refused.err().contains("cannot listen at 127.0.0.1:" + other.getLocalPort()), refused.err());
        }
    }
}

package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.fetch.FileServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar fetches a file from a server on this machine. */
class FetchIT {
    private static final String JAR = System.getProperty("microgpt.jar");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final long SECONDS = 60;

    @TempDir
    Path folder;

    private final byte[] text = new byte[200_000];
    private FileServer server;

    @BeforeEach
    void start() throws IOException {
        new Random(7).nextBytes(text);
        server = new FileServer(text);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void standardErrorThatIsNoTerminalGetsOneLine() throws Exception {
        Process process = fetch("/text.txt");
        assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "ends in time");
        assertEquals("microgpt: wrote text.txt\n", Files.readString(folder.resolve("err")));
        assertEquals("bytes: 200000\nsha256: " + hash() + "\n", Files.readString(folder.resolve("out")));
        assertArrayEquals(text, Files.readAllBytes(folder.resolve("text.txt")));
    }

    @Test
    void whatWasKilledGoesOn() throws Exception {
        Path part = folder.resolve(".text.txt.part");
        Process process = fetch("/silent/text.txt");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!(Files.exists(part) && Files.size(part) == text.length / 2)) {
            assertTrue(process.isAlive() && System.nanoTime() < deadline, "the half that is sent arrives");
            Thread.onSpinWait();
        }
        process.destroyForcibly().waitFor();
        assertFalse(Files.exists(folder.resolve("text.txt")));
        assertTrue(fetch("/text.txt").waitFor(SECONDS, TimeUnit.SECONDS), "ends in time");
        assertEquals(List.of("/silent/text.txt", "/text.txt bytes=100000-"), server.asked());
        assertArrayEquals(text, Files.readAllBytes(folder.resolve("text.txt")));
        assertFalse(Files.exists(part));
    }

    private Process fetch(String path) throws Exception {
        String url = server.url(path);
        return new ProcessBuilder(JAVA, "-jar", JAR, "data", "fetch", "--url", url, "--sha256", hash())
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    private String hash() throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    }
}

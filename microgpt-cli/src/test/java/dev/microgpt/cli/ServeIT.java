package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.generate.GenerationConfig;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.train.checkpoint.TrainedModel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar serves a model, and ends when it is told to, with what it has begun. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServeIT {
    /** As a stream more than all buffers between the server and a client that does not read yet. */
    private static final int LONG = 10_000;

    private static final String LONG_TEXT =
            "{\"prompt\":\"the\",\"temperature\":0,\"stream\":true,\"logprobs\":20,\"max_tokens\":" + LONG + "}";
    private static final int SMALL_BUFFER = 1 << 16;

    @TempDir
    static Path folder;

    @BeforeAll
    static void train() throws Exception {
        Trainings.needSignals();
        Served.trainText(folder);
    }

    @Test
    void askedToStopItEndsWhatItHasBegunAndNothingElse() throws Exception {
        try (Served served = Served.startJar(
                folder,
                true,
                "one=text",
                "two=text/checkpoint.safetensors",
                "--port=0",
                "--concurrent=1",
                "--max-tokens=10000")) {
            served.awaitReady();
            assertEquals("one, two", served.names());
            try (HttpWire open = new HttpWire(served.port());
                    HttpWire runs = new HttpWire(served.port(), SMALL_BUFFER);
                    HttpWire waits = new HttpWire(served.port())) {
                open.send(HttpWire.get("/health"));
                assertEquals(200, open.read().status());
                runs.send(HttpWire.post("/v1/completions", LONG_TEXT));
                HttpAnswer head = runs.readHead();
                assertEquals(200, head.status());
                served.await("microgpt_generating", 1);
                waits.send(HttpWire.post("/v1/completions", "{\"prompt\":\"the\"}"));
                served.await("microgpt_waiting", 1);
                Trainings.send("TERM", served.process());
                awaitRefusal(served.port());
                HttpAnswer refused = waits.read();
                assertEquals(503, refused.status(), refused::toString);
                assertEquals("server_error", refused.text("error", "type"));
                open.send(HttpWire.get("/health"));
                HttpAnswer health = open.read();
                assertEquals(503, health.status(), health::toString);
                assertEquals("stopping", health.text("status"));
                HttpEvents events =
                        HttpEvents.of(new String(runs.body(head).readAllBytes(), StandardCharsets.UTF_8), false);
                assertEquals(List.of("length"), events.reasons());
                GenerationConfig config =
                        GenerationConfig.of(SamplingConfig.ofTemperature(0)).withMaxNewTokens(LONG);
                TrainedModel model = TrainedModel.load(folder.resolve("text/checkpoint.safetensors"));
                assertEquals(model.generate("the", config, 1), events.texts().get(0));
                assertEquals(128 + 15, served.exitCode(), served::err);
            }
            assertFalse(served.err().matches("(?s).*(Exception|\\tat ).*"), served::err);
        }
    }

    @Test
    void ctrlCEndsItAndASecondOneAtOnce() throws Exception {
        try (Served served = Served.startJar(folder, false, "text", "--port=0", "--max-tokens=10000")) {
            served.awaitReady();
            assertEquals("text", served.names());
            try (HttpWire runs = new HttpWire(served.port(), SMALL_BUFFER)) {
                runs.send(HttpWire.post("/v1/completions", LONG_TEXT));
                served.await("microgpt_generating", 1);
                Trainings.send("INT", served.process());
                awaitRefusal(served.port());
                assertFalse(served.process().waitFor(200, TimeUnit.MILLISECONDS), "it waits for the text");
                assertTrue(served.err().contains("1 request at work may take 30 more seconds"), served::err);
                long start = System.nanoTime();
                Trainings.send("INT", served.process());
                assertEquals(128 + 2, served.exitCode(), served::err);
                double seconds = (System.nanoTime() - start) / 1e9;
                assertTrue(seconds < 20, "before its time to end is over: " + seconds);
            }
        }
    }

    @Test
    void ctrlCEndsAnIdleServer() throws Exception {
        try (Served served = Served.startJar(folder, false, "text", "--port=0");
                HttpWire idle = start(served)) {
            idle.send(HttpWire.get("/health"));
            assertEquals(200, idle.read().status());
            long start = System.nanoTime();
            Trainings.send("INT", served.process());
            assertEquals(128 + 2, served.exitCode(), served::err);
            assertFalse(served.err().contains("more seconds"), served::err);
            assertTrue((System.nanoTime() - start) / 1e9 < 20, "a connection without a request keeps nothing waiting");
        }
    }

    private static HttpWire start(Served served) throws Exception {
        served.awaitReady();
        return new HttpWire(served.port());
    }

    private static void awaitRefusal(int port) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Served.SECONDS);
        while (true) {
            try (HttpWire wire = new HttpWire(port)) {
                assertTrue(System.nanoTime() < deadline, () -> "new connections are refused: " + wire);
                Thread.sleep(5);
            } catch (ConnectException refused) {
                return;
            } catch (IOException closing) {
                // it was just accepted when it all ended
            }
        }
    }

    // ---- what is wrong is said before anything is served ----

    private static void assertRefused(int exitCode, List<String> said, String... args) {
        List<String> command = new ArrayList<>(List.of("serve"));
        command.addAll(List.of(args));
        Run run = Run.of(command.toArray(new String[0]));
        assertEquals(exitCode, run.exitCode(), () -> command + ": " + run.err());
        for (String each : said) {
            assertTrue(run.err().contains(each), () -> each + " in " + run.err());
        }
        assertFalse(run.err().contains("serving"), run::err);
        assertTrue(run.err().lines().count() <= 4, run::err);
    }

    @Test
    void aPortInUseIsSaid() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());
            String model = folder.resolve("text").toString();
            assertRefused(ExitCode.IO, List.of(port, "in use", "--port"), model, "--port", port);
        }
    }

    @Test
    void aBrokenCheckpointIsRefusedAsByEveryCommand() throws Exception {
        byte[] whole = Files.readAllBytes(folder.resolve("text/checkpoint.safetensors"));
        Path cut = Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(whole, whole.length / 2));
        Path good = folder.resolve("text");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        for (Path bad : List.of(cut, folder.resolve("missing"), empty, folder.resolve("text.txt"))) {
            Run sample = Run.of("sample", "--checkpoint", bad.toString());
            assertRefused(sample.exitCode(), List.of(bad.getFileName().toString()), bad.toString(), "--port=0");
            assertRefused(
                    sample.exitCode(), List.of(bad.getFileName().toString()), good.toString(), "x=" + bad, "--port=0");
        }
    }

    @Test
    void namesAndOptionsAreChecked() throws Exception {
        String model = folder.resolve("text").toString();
        String file = folder.resolve("text/checkpoint.safetensors").toString();
        assertRefused(ExitCode.USAGE, List.of("text", "NAME="), model, file, "--port=0");
        assertRefused(ExitCode.USAGE, List.of("one", "NAME="), "one=" + model, "one=" + file, "--port=0");
        String[][] wrong = {
            {"--port", "-1"},
            {"--port", "65536"},
            {"--port", "x"},
            {"--concurrent", "0"},
            {"--queue", "-1"},
            {"--max-tokens", "0"},
            {"--max-body", "0"},
            {"--threads", "0"}
        };
        for (String[] option : wrong) {
            String value = option[1];
            assertRefused(ExitCode.USAGE, List.of(option[0], value), model, option[0] + "=" + value);
        }
        Path none = folder.resolve("no-key");
        assertRefused(ExitCode.IO, List.of(none.toString()), model, "--api-key-file=" + none, "--port=0");
        Path blank = Files.writeString(folder.resolve("blank-key"), "\n");
        assertRefused(ExitCode.CONTENT, List.of(blank.toString()), model, "--api-key-file=" + blank, "--port=0");
    }
}

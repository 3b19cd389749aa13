package dev.microgpt.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.serve.Serving.Answer;
import dev.microgpt.train.internal.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not about texts: who may ask for what, how much at a time, and the end. */
class ServerTest {
    private static Serving serving;

    @BeforeAll
    static void start() throws IOException {
        serving = new Serving(2, 1, null, Serving.NAMES, Serving.TEXT);
    }

    @AfterAll
    static void stop() {
        serving.close();
    }

    /** Each request breaks the rule of its line and all later ones. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT /nowhere HTTP/1.1; Host: evil.example | 403 | host_not_allowed",
                "PUT /nowhere HTTP/1.1; Host: localhost | 401 | invalid_api_key",
                "PUT /nowhere HTTP/1.1; Host: localhost; Authorization: Bearer key | 404 | not_found",
                "PUT /v1/completions HTTP/1.1; Host: localhost; Authorization: Bearer key | 405 | method_not_allowed",
                "DELETE /health HTTP/1.1; Host: localhost | 405 | method_not_allowed",
                "POST /v1/completions HTTP/1.1; Host: localhost; Authorization: Bearer key; Content-Length: 9999;"
                        + " Content-Type: application/json; charset=latin-1 | 415 | unsupported_media_type",
                "POST /v1/completions HTTP/1.1; Host: localhost; Authorization: Bearer key; Content-Length: 3001;"
                        + " Content-Type: application/json | 413 | body_too_large",
                "POST /v1/completions HTTP/1.1; Host: localhost; Authorization: Bearer key; Content-Length: 0;"
                        + " Content-Type: application/json; charset=UTF-8 | 400 | invalid_json",
                "POST /v1/chat/completions HTTP/1.1; Host: localhost; Authorization: Bearer key | 400 |"
                        + " unsupported_endpoint",
            })
    void theFirstRuleThatIsBrokenCounts(String head, int status, String code) throws IOException {
        try (Serving locked = new Serving(1, 0, "key", Serving.NAMES)) {
            Socket socket = locked.open(head.replaceAll("; (?=[A-Z])", "\r\n") + "\r\nConnection: close\r\n\r\n");
            if (status == 413 || status == 415) {
                socket.shutdownOutput(); // the body never comes
            }
            Answer answer = Serving.read(socket);
            assertEquals(status, answer.status(), answer.body());
            assertEquals(code, answer.error("code"));
        }
    }

    @Test
    void thePageAndTheHealthNeedNoKey() throws IOException {
        try (Serving locked = new Serving(1, 0, "key", Serving.NAMES)) {
            assertEquals(200, locked.get("/").status());
            assertEquals("{\"status\":\"ok\"}", locked.get("/health").body());
            assertEquals(204, locked.get("/favicon.ico").status());
            Answer refused = locked.get("/v1/models");
            assertEquals(401, refused.status());
            assertTrue(refused.head().contains("Www-authenticate: Bearer"), refused.head());
        }
    }

    @Test
    void thePageRunsItsOwnScriptOnly() throws IOException {
        String head = serving.get("/").head();
        assertTrue(head.contains("default-src 'none'; style-src 'sha256-"), head);
        assertFalse(head.contains("unsafe"), head);
        assertFalse(head.toLowerCase(Locale.ROOT).contains("access-control"), head);
    }

    @Test
    void theMethodsOfAPathAreListed() throws IOException {
        Answer answer = serving.send("POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        assertEquals(405, answer.status());
        assertTrue(answer.head().contains("Allow: GET, HEAD"), answer.head());
    }

    @Test
    void headIsGetWithoutABody() throws IOException {
        Answer get = serving.get("/health");
        Answer head = serving.send("HEAD /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertEquals(200, head.status());
        assertEquals("", head.body());
        assertTrue(head.head().contains("Content-length: " + get.body().length()), head.head());
    }

    @Test
    void aBodyThatDoesNotSayItsSizeIsLimitedToo() throws IOException {
        String head = "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n";
        String spaces = " ".repeat(Serving.MAX_BODY - 2);
        String fits = Integer.toHexString(Serving.MAX_BODY) + "\r\n{}" + spaces + "\r\n0\r\n\r\n";
        assertEquals(200, serving.send(head + fits).status());
        String larger = Integer.toHexString(Serving.MAX_BODY + 1) + "\r\n{} " + spaces + "\r\n0\r\n\r\n";
        assertEquals(413, serving.send(head + larger).status());
    }

    @Test
    void modelsAreListed() throws IOException {
        Answer all = serving.get("/v1/models");
        List<?> data = (List<?>) all.json().get("data");
        assertEquals(2, data.size());
        Answer one = serving.get("/v1/models/text");
        assertEquals(data.get(1), one.json());
        assertEquals("257", String.valueOf(one.json().get("vocab_size")));
        assertEquals("text", one.json().get("format"));
        Answer none = serving.get("/v1/models/other");
        assertEquals(404, none.status());
        assertEquals("there is no model \"other\", only \"names\", \"text\"", none.error("message"));
    }

    @Test
    void scoresAreThoseOfTheLibrary() throws IOException {
        Answer answer = serving.post("/v1/score", "{\"input\":[\"abba\",\"x\"]}");
        List<?> data = (List<?>) answer.json().get("data");
        Map<String, ?> second = Json.object("second", data.get(1));
        var expected = Serving.NAMES.scorer().score("x");
        assertEquals(expected.bitsPerCharacter(), second.get("score"));
        assertEquals("x", Json.object("worst", second.get("worst")).get("text"));
        assertEquals(400, serving.post("/v1/score", "{}").status());
        assertEquals("input", serving.post("/v1/score", "{\"input\":[1]}").error("param"));
        assertEquals(
                "there is no field \"prompt\"; did you mean \"input\"?",
                serving.post("/v1/score", "{\"prompt\":\"a\"}").error("message"));
    }

    /** An empty line has three bytes in a request, and hundreds of times as many in memory with its score. */
    @Test
    void theLinesOfARequestAreLimited() {
        ServedModels models = new ServedModels(List.of(Serving.NAMES));
        String most = "{\"input\":[\"\"" + ",\"\"".repeat(9_999);
        Scores.read((most + "]}").getBytes(StandardCharsets.UTF_8), models);
        byte[] more = (most + ",\"\"]}").getBytes(StandardCharsets.UTF_8);
        ApiError refused = assertThrows(ApiError.class, () -> Scores.read(more, models));
        assertEquals(400, refused.status());
        assertEquals("there are 10001 lines, but may be at most 10000; send several requests", refused.getMessage());
    }

    @Test
    void theNextTokensAreTheMostLikely() throws IOException {
        List<?> data = (List<?>) serving.post("/v1/next", "{\"prompt\":\"ab\",\"top\":100}")
                .json()
                .get("data");
        assertEquals(9, data.size());
        double sum = 0;
        double before = 0;
        for (Object each : data) {
            double logprob = (Double) Json.object("token", each).get("logprob");
            assertTrue(logprob <= before);
            before = logprob;
            sum += Math.exp(logprob);
        }
        assertEquals(1, sum, 1e-9);
        assertEquals(
                1, ((List<?>) serving.post("/v1/next", "{\"top\":1}").json().get("data")).size());
        assertEquals("top", serving.post("/v1/next", "{\"top\":1001}").error("param"));
    }

    @Test
    void thoseBeyondTheQueueAreRefusedAndTheSlotOfAClientThatIsGoneIsFree() throws Exception {
        String json = "{\"max_tokens\":1,\"prompt\":\"a\"}";
        String request = Serving.postHead("/v1/completions", json) + "\r\n" + json;
        Socket first = serving.openEndless();
        try (Socket second = serving.openEndless();
                Socket waiting = serving.open(request)) {
            serving.await("microgpt_waiting 1");
            Answer refused = serving.complete(json);
            assertEquals(429, refused.status());
            assertEquals("rate_limit_error", refused.error("type"));
            assertTrue(refused.head().contains("Retry-after: 1"), refused.head());
            assertEquals(200, serving.get("/health").status());
            first.close();
            assertEquals(200, Serving.read(waiting).status());
            assertFalse(second.isClosed(), "it is still served");
        }
        serving.await("microgpt_aborted_total 2");
        String metrics = serving.get("/metrics").body();
        assertTrue(metrics.contains("\nmicrogpt_rejected_total 1\n"), metrics);
        assertTrue(metrics.contains("\nmicrogpt_generating 0\n"), metrics);
        assertTrue(metrics.contains("{path=\"/v1/completions\",code=\"429\"} 1\n"), metrics);
    }

    @Test
    void unknownPathsShareACounter() throws IOException {
        serving.get("/a");
        serving.get("/v1/models/b");
        String metrics = serving.get("/metrics").body();
        assertTrue(metrics.contains("microgpt_requests_total{path=\"other\",code=\"404\"}"), metrics);
        assertTrue(metrics.contains("microgpt_requests_total{path=\"/v1/models/NAME\",code=\"404\"}"), metrics);
        assertFalse(metrics.contains("\"/a\""), metrics);
    }

    @Test
    void aFailureTellsTheClientNothing() throws IOException {
        ServedModel broken = Serving.model(
                "broken",
                Serving.NAMES.trained().tokenizer(),
                Serving.NAMES.trained().format(),
                8);
        broken.trained().model().parameters().all().forEach(each -> Arrays.fill(each.data(), Double.NaN));
        try (Serving failing = new Serving(1, 0, null, broken)) {
            Answer answer = failing.complete("{}");
            assertEquals(500, answer.status());
            assertEquals("the server failed; its standard error has the reason", answer.error("message"));
            Answer stream = failing.complete("{\"stream\":true,\"echo\":true,\"prompt\":\"a\"}");
            assertEquals(200, stream.status());
            assertTrue(stream.body().endsWith("\"code\":\"internal_error\"}}\n\n"), stream.body());
            assertTrue(failing.messages().contains("POST /v1/completions failed: java.lang."), failing.messages());
        }
    }

    @Test
    void aServerThatStopsLetsTheRunningFinishAndRefusesTheWaiting() throws Exception {
        Serving ending = new Serving(1, 5, null, Serving.TEXT);
        String json = "{\"max_tokens\":1}";
        String request = Serving.postHead("/v1/completions", json) + "\r\n" + json;
        Socket running = ending.openEndless();
        Socket waiting = ending.open(request);
        ending.await("microgpt_waiting 1");
        Socket open = ending.open("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
        open.getInputStream().readNBytes(100);
        int[] left = {-1};
        Thread stop = new Thread(() -> left[0] = ending.server.stop(Duration.ofSeconds(20)));
        stop.start();
        assertEquals(503, Serving.read(waiting).status());
        open.getOutputStream()
                .write("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.UTF_8));
        String rest = new String(open.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(rest.contains(" 503 ") && rest.endsWith("{\"status\":\"stopping\"}"), rest);
        assertTrue(refusesConnections(ending), "its port is closed");
        assertTrue(stop.isAlive(), "a request is at work");
        assertNotEquals(-1, running.getInputStream().read());
        running.close();
        stop.join(10_000);
        assertEquals(0, left[0]);
    }

    /** Waits until the port is closed, which another thread does. */
    private static boolean refusesConnections(Serving ending) throws Exception {
        for (int i = 0; i < 1000; i++) {
            try {
                ending.get("/health");
            } catch (ConnectException refused) {
                return true;
            } catch (IOException | StringIndexOutOfBoundsException early) {
                // the connection was made before
            }
            Thread.sleep(10);
        }
        return false;
    }

    @Test
    void aRequestThatTakesLongerThanTheGraceIsBrokenOff() throws Exception {
        Serving ending = new Serving(1, 5, null, Serving.TEXT);
        try (Socket running = ending.openEndless()) {
            assertEquals(1, ending.server.stop(Duration.ofMillis(50)));
            assertFalse(running.isClosed(), "by this side");
        }
    }
}

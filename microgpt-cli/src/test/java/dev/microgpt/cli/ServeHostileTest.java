package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.train.checkpoint.TrainedModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever arrives, {@code serve} answers with the error that belongs to it or closes the connection, and goes on: no
 * failure of its own, no hang, nothing of its inside shown.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServeHostileTest {
    private static final int MAX_BODY = 1 << 20;
    private static final int HALF_OPEN = 200;
    private static final long SEED = Long.getLong("microgpt.test.seed", 20_261);
    private static final int MUTATIONS = Boolean.getBoolean("microgpt.test.nightly") ? 5000 : 150;

    /** What may come of bytes that are no request of HTTP/1.1: an answer of any form, or none. */
    private static final String REFUSED = "(400|404|405|408|411|413|414|417|431|501|505).*|closed";

    /** What may come of a request about which nothing is promised, except that it does no harm. */
    private static final String HARMLESS = "[234]\\d\\d.*|closed";

    /** The JDK's own answer to a head that it cannot read names a class, but no place in it. */
    private static final String BY_JDK = "^<h1>400 Bad Request</h1>(URISyntax|NumberFormat)Exception thrown$";

    private static final String BAD_FIELD = "400 invalid_request_error ";
    private static final String BAD_BODY = "400 invalid_request_error null .*";
    private static final String GOOD = "200";
    private static final String WRONG_HOST = "403 invalid_request_error null host_not_allowed";
    private static final Set<String> TYPES =
            Set.of("invalid_request_error", "authentication_error", "rate_limit_error", "server_error");

    @TempDir
    static Path folder;

    private static TrainedModel names;
    private static Served served;
    private static Served locked;

    /** What was not as it should be, each with the request. */
    private final List<String> wrong = new ArrayList<>();

    private int sent;
    private int saidBefore;

    @BeforeAll
    static void start() throws Exception {
        String out = Served.trainNames(folder).toString();
        names = TrainedModel.load(folder.resolve("names/checkpoint.safetensors"));
        served = Served.start(folder, out, "--allow-host", "my.box");
        Path key = Files.writeString(folder.resolve("key"), "s3cret-k3y\n");
        locked = Served.start(folder, "m=" + out, "--api-key-file", key.toString());
    }

    @AfterAll
    static void stop() {
        for (Served each : new Served[] {served, locked}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @BeforeEach
    void begin() {
        saidBefore = served.err().length();
    }

    /** After all of it the server is as it was. */
    @AfterEach
    void itGoesOn() throws Exception {
        assertEquals(List.of(), wrong, () -> wrong.size() + " of " + sent);
        served.await("microgpt_generating", 0);
        assertEquals(0, served.metric("microgpt_waiting"));
        assertAnswersRightly();
        String said = served.err().substring(saidBefore);
        assertFalse(said.matches("(?s).*(Exception|Error|\\tat ).*"), said);
        assertTrue(served.process().isAlive());
    }

    private static void assertAnswersRightly() throws IOException {
        HttpAnswer answer = served.post("/v1/completions", "{\"prompt\":\"ka\",\"seed\":6}");
        assertEquals(200, answer.status(), answer::toString);
        assertEquals(names.generate("ka", SamplingConfig.ofTemperature(0.5), 6), answer.text("choices", 0, "text"));
    }

    // ---- sends and compares ----

    private void post(String expected, String body) throws IOException {
        post(expected, "/v1/completions", body);
    }

    private void post(String expected, String path, String body) throws IOException {
        raw(expected, HttpWire.post(path, body));
    }

    private void raw(String expected, String latin1) throws IOException {
        raw(expected, latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A request to a path, with these lines of a head instead of the usual ones. */
    private void head(String expected, String requestLine, String... lines) throws IOException {
        raw(expected, requestLine + "\r\n" + String.join("\r\n", lines) + "\r\n\r\n");
    }

    private void raw(String expected, byte[] bytes) throws IOException {
        raw(served, expected, bytes);
    }

    private void raw(Served server, String expected, byte[] bytes) throws IOException {
        sent++;
        String found;
        try (HttpWire wire = new HttpWire(server.port())) {
            boolean isHead = bytes.length > 4 && new String(bytes, 0, 5, StandardCharsets.ISO_8859_1).equals("HEAD ");
            found = summary(wire.tryOut(bytes, isHead));
        } catch (SocketTimeoutException hangs) {
            throw new AssertionError("hangs: " + new String(bytes, StandardCharsets.ISO_8859_1), hangs);
        }
        if (!found.matches("(?s)" + expected)) {
            String request = new String(bytes, StandardCharsets.ISO_8859_1);
            String shown = request.length() > 400 ? request.substring(0, 400) + "… of " + bytes.length : request;
            wrong.add("expected " + expected + ", found " + found + " for: " + shown + "\n");
        }
    }

    /** The status, with type, param and code of the error; or what is wrong with the answer itself. */
    private static String summary(@Nullable HttpAnswer answer) {
        if (answer == null) {
            return "closed";
        }
        String body = answer.body().replaceFirst(BY_JDK, "");
        if (body.contains("Exception") || body.contains("\tat ") || body.contains("dev.microgpt")) {
            return "shows its inside: " + body;
        }
        if (answer.headers().keySet().stream().anyMatch(name -> name.startsWith("access-control-"))) {
            return "header for other origins: " + answer;
        }
        if (answer.status() < 400
                || body.isEmpty()
                || !answer.header("content-type").startsWith("application/json")) {
            return Integer.toString(answer.status());
        }
        Map<?, ?> error = (Map<?, ?>) answer.at("error");
        if (!error.keySet().equals(Set.of("message", "type", "param", "code"))
                || !TYPES.contains(error.get("type"))
                || !(error.get("message") instanceof String message)
                || message.isBlank()
                || message.length() > 2000) {
            return "not an error object: " + answer;
        }
        return answer.status() + " " + answer.error();
    }

    // ---- the tables ----

    @Test
    void hostsOfOthersAreRefused() throws IOException {
        String port = ":" + served.port();
        for (String good : List.of(
                "localhost",
                "LocalHost",
                "localhost" + port,
                "localhost:1",
                "127.0.0.1",
                "127.0.0.1" + port,
                "127.0.0.1:443",
                "[::1]",
                "[::1]" + port,
                "my.box",
                "MY.BOX:99")) {
            head(GOOD, "GET /health HTTP/1.1", "Host: " + good);
        }
        for (String evil : List.of(
                "evil.example",
                "evil.example" + port,
                "EVIL.EXAMPLE",
                "evil.example.",
                "127.0.0.1.evil.example",
                "localhost.evil.example" + port,
                "notlocalhost",
                "localhost@evil.example",
                "evil.example@localhost",
                "localhost,evil.example",
                "localhost evil.example",
                "127.0.0.2",
                "127.1",
                "2130706433",
                "0x7f000001",
                "0.0.0.0",
                "[::2]",
                "[::1",
                "::1",
                "[::1].evil.example",
                "xmy.box",
                "my.box.evil.example",
                "localhost:80:80",
                "localhost:80@evil.example",
                "localhost/evil.example",
                "")) {
            for (String line : List.of("GET /health", "GET /", "POST /v1/completions", "GET /nowhere", "PUT /health")) {
                head(WRONG_HOST, line + " HTTP/1.1", "Host: " + evil);
            }
        }
        head(WRONG_HOST, "GET /v1/models HTTP/1.1", "Accept: */*"); // none
        head(WRONG_HOST, "GET /v1/models HTTP/1.0", "Accept: */*");
        head("(400|403).*|closed", "GET /health HTTP/1.1", "Host: localhost", "Host: evil.example");
        head("(400|403).*|closed", "GET /health HTTP/1.1", "Host: evil.example", "Host: localhost");
        head(WRONG_HOST, "GET /health HTTP/1.1", "Host: evil.example", "X-Forwarded-Host: localhost");
        head(HARMLESS, "GET /health HTTP/1.1", "Host: localhost.");
        head(HARMLESS, "GET /health HTTP/1.1", "Host: localhost:x");
        head(HARMLESS, "GET http://evil.example/health HTTP/1.1", "Host: localhost");
        head(WRONG_HOST, "GET http://localhost/health HTTP/1.1", "Host: evil.example");
    }

    @Test
    void pathsMethodsAndTypesAreChecked() throws IOException {
        for (String path : List.of(
                "/v1",
                "/v1/",
                "/v1/completions/",
                "/v1//completions",
                "/v1/completions/x",
                "/V1/completions",
                "/v1/completionsx",
                "/index.html",
                "/etc/passwd",
                "/../../etc/passwd",
                "/..%2f..%2f..%2fetc%2fpasswd",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/v1/../../etc/passwd",
                "/healthz",
                "/metrics/x",
                "/v2/completions",
                "/" + "a".repeat(5000))) {
            head("404 invalid_request_error null .*", "GET " + path + " HTTP/1.1", "Host: localhost");
            post("404 invalid_request_error null .*", path, "{}");
        }
        for (String name : List.of("nobody", "..", "..%2f..%2fetc%2fpasswd", "%00", "names%00", "%F0%9F%98%80")) {
            head("404 invalid_request_error .*", "GET /v1/models/" + name + " HTTP/1.1", "Host: localhost");
        }
        for (String path : List.of("/%", "/%zz", "/\\..\\..", "/|", "/{}", "/\u00e9", "*")) {
            head(REFUSED, "GET " + path + " HTTP/1.1", "Host: localhost");
        }
        for (String target : List.of(
                "//evil.example/",
                "/ /",
                "/health?x=1",
                "/health#x",
                "/health;x",
                "/%68ealth",
                "/v1/models?a[]=<script>")) {
            head(HARMLESS, "GET " + target + " HTTP/1.1", "Host: localhost");
        }
        String wrongMethod = "405 invalid_request_error null .*";
        for (String method : List.of("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "post", "FOO")) {
            for (String path : List.of("/v1/completions", "/v1/score", "/v1/next")) {
                head(method.equals("HEAD") ? "405" : wrongMethod, method + " " + path + " HTTP/1.1", "Host: localhost");
            }
        }
        for (String path : List.of("/", "/health", "/metrics", "/v1/models", "/v1/models/names", "/favicon.ico")) {
            for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "get")) {
                head(wrongMethod, method + " " + path + " HTTP/1.1", "Host: localhost", "Content-Length: 0");
            }
        }
        for (String type : List.of(
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/jsonx",
                "application/json-patch+json",
                "text/json",
                "json",
                "text/plain; application/json",
                "")) {
            raw(
                    "415 invalid_request_error null .*",
                    HttpWire.post("/v1/completions", "{}").replace("application/json", type));
        }
        raw(
                "415 invalid_request_error null .*",
                HttpWire.post("/v1/completions", "{}").replace("Content-Type: application/json\r\n", ""));
        for (String type :
                List.of("application/json; charset=utf-8", "Application/JSON", "application/json;charset=\"UTF-8\"")) {
            raw(GOOD, HttpWire.post("/v1/completions", "{}").replace("application/json", type));
        }
    }

    @Test
    void allowNamesTheMethodsAndPreflightsGetNothing() throws IOException {
        try (HttpWire wire = new HttpWire(served.port())) {
            wire.send(HttpWire.get("/v1/completions"));
            assertEquals("POST", wire.read().header("allow"));
            wire.send(HttpWire.post("/health", "{}"));
            assertTrue(Arrays.asList(wire.read().header("allow").split(", ")).contains("GET"));
        }
        head(
                "405 .*",
                "OPTIONS /v1/completions HTTP/1.1",
                "Host: localhost",
                "Origin: http://evil.example",
                "Access-Control-Request-Method: POST");
    }

    @Test
    void everyFieldIsChecked() throws IOException {
        String[][] table = {
            {"model", "true", "5", "[]", "{}"},
            {"prompt", "true", "5", "1.5", "{}", "[true]", "[{}]", "[null]", "[[\"a\"]]", "[1,\"a\"]", "[\"a\",1]"},
            {"prompt", "[[1],\"a\"]", "[[[1]]]", "[-1]", "[27]", "[[1],[9999]]", "[1.5]", "[1e999]", "[4294967297]"},
            {
                "prompt",
                "[18446744073709551617]",
                "\"Z\"",
                "\"a\\u0000\"",
                "\"\\ud83d\\ude00\"",
                "\"a\\nb\"",
                "[\"a\",\"1\"]"
            },
            {"max_tokens", "true", "\"5\"", "[]", "{}", "1.5", "-1", "0", "4097", "1e999", "18446744073709551617", "-0"
            },
            {"max_tokens", "4294967297", "2147483648", "-9223372036854775808", "1e400", "0.1"},
            {"temperature", "true", "\"1\"", "[]", "{}", "-0.1", "1e999", "-1e999"},
            {"top_p", "true", "\"1\"", "[]", "{}", "0", "-1", "1.1", "1e999", "2"},
            {"top_k", "true", "\"1\"", "[]", "{}", "0", "-1", "1.5", "1e999"},
            {"n", "true", "\"1\"", "[]", "{}", "0", "-1", "1.5", "129", "18446744073709551617", "4294967297", "1e999"},
            {"stop", "true", "5", "{}", "[5]", "[true]", "[[\"a\"]]", "[\"\\ud800\"]", "\"\\udc00\""},
            {"stop", "[" + "\"a\",".repeat(16) + "\"a\"]"},
            {"seed", "true", "\"1\"", "[]", "{}", "1.5", "-1", "18446744073709551616", "1e999"},
            {"stream", "1", "\"true\"", "[]", "{}", "0"},
            {"echo", "1", "\"true\"", "[]", "{}", "0"},
            {"logprobs", "true", "\"1\"", "[]", "{}", "-1", "101", "1.5", "4294967297", "18446744073709551617", "1e999"
            },
            {"suffix", "\"x\"", "1", "true", "[]", "{}"},
            {"presence_penalty", "1", "\"x\"", "true", "[]", "0.1", "-2", "1e999"},
            {"frequency_penalty", "1", "\"x\"", "true", "[]", "0.1", "-2", "1e999"},
            {"logit_bias", "{\"5\":1}", "[1]", "\"x\"", "1", "true"},
            {"best_of", "2", "\"1\"", "1.5", "0", "-1", "true", "1e999"},
            {"messages", "[]", "1", "[{\"role\":\"user\",\"content\":\"a\"}]"},
            {"input", "\"a\""},
            {"tools", "[]"},
            {"", "1"},
            {"Prompt", "\"a\""},
            {"max_new_tokens", "1"}
        };
        for (String[] row : table) {
            for (int i = 1; i < row.length; i++) {
                post(BAD_FIELD + row[0] + "(\\W.*)? \\w+", "{\"" + row[0] + "\":" + row[i] + "}");
            }
        }
        for (String value : List.of("1", "\"x\"", "true", "[]", "{\"include_usage\":1}", "{\"include_usage\":\"x\"}")) {
            post(BAD_FIELD + "stream_options(\\W.*)? \\w+", "{\"stream\":true,\"stream_options\":" + value + "}");
        }
        String tooMany = "\"a\",".repeat(64) + "\"a\"";
        post(BAD_FIELD + "(n|prompt) .*", "{\"n\":2,\"prompt\":[" + tooMany + "]}");
        post(BAD_FIELD + "max_tokens .*", "{\"max_tokens\":0}");
        post(BAD_FIELD + "best_of .*", "{\"best_of\":2,\"n\":3}");
        post(BAD_FIELD + "prompt context_length_exceeded", "{\"prompt\":\"" + "a".repeat(16) + "\"}");
        post(BAD_FIELD + "prompt context_length_exceeded", "{\"prompt\":\"" + "a".repeat(900_000) + "\"}");
        post(BAD_FIELD + "prompt context_length_exceeded", "{\"stream\":true,\"prompt\":\"" + "a".repeat(99) + "\"}");
        for (String path : List.of("/v1/completions", "/v1/score", "/v1/next")) {
            String rest = path.equals("/v1/score") ? ",\"input\":\"a\"}" : ",\"prompt\":\"a\"}";
            post("404 invalid_request_error model model_not_found", path, "{\"model\":\"nobody\"" + rest);
            post("404 invalid_request_error model model_not_found", path, "{\"model\":\"../names\"" + rest);
            post(BAD_FIELD + "other .*", path, "{\"other\":1" + rest);
        }
        for (String value : List.of("true", "5", "{}", "[5]", "[[\"a\"]]", "[null]", "\"\\ud800\"")) {
            post(BAD_FIELD + "input(\\W.*)? \\w+", "/v1/score", "{\"input\":" + value + "}");
        }
        post(BAD_FIELD + "input .*", "/v1/score", "{}");
        post(BAD_FIELD + "input .*", "/v1/score", "{\"input\":null}");
        for (String value : List.of("true", "{}", "[true]", "\"Z\"")) {
            post(BAD_FIELD + "prompt(\\W.*)? \\w+", "/v1/next", "{\"prompt\":" + value + "}");
        }
        for (String value : List.of("0", "-1", "1001", "\"5\"", "1.5", "true", "1e999", "18446744073709551617")) {
            post(BAD_FIELD + "top .*", "/v1/next", "{\"prompt\":\"a\",\"top\":" + value + "}");
        }
        String nulls = "model prompt max_tokens temperature top_p top_k n stop seed stream stream_options echo logprobs"
                + " suffix presence_penalty frequency_penalty logit_bias best_of user metadata store service_tier";
        post(GOOD, "{\"" + nulls.replace(" ", "\":null,\"") + "\":null}");
        for (String harmless : List.of(
                "{\"temperature\":-0.0}",
                "{\"temperature\":1e308}",
                "{\"temperature\":1e-320}",
                "{\"top_p\":1e-320}",
                "{\"top_k\":18446744073709551617}",
                "{\"stop\":\"\"}",
                "{\"stop\":[\"\"]}",
                "{\"stop\":[null]}",
                "{\"stop\":[]}",
                "{\"prompt\":[]}",
                "{\"prompt\":[[]]}",
                "{\"n\":1e0}",
                "{\"max_tokens\":4.0}",
                "{\"seed\":-0}",
                "{\"user\":" + "[".repeat(20) + "]".repeat(20) + "}",
                "{\"metadata\":\"" + "x".repeat(MAX_BODY / 2) + "\"}",
                "{\"stop\":\"" + "x".repeat(MAX_BODY / 2) + "\"}",
                "{\"foo\":null}",
                "{\"stream_options\":{\"include_usage\":true}}")) {
            post(HARMLESS, harmless);
        }
    }

    @Test
    void whatIsNotAnObjectOfJsonIsRefused() throws IOException {
        for (String body : List.of(
                "",
                " ",
                "{",
                "}",
                "[]",
                "[{}]",
                "null",
                "5",
                "\"x\"",
                "{}{}",
                "{} x",
                "{\"n\":1,}",
                "{,}",
                "{n:1}",
                "{'n':1}",
                "{\"n\" 1}",
                "{\"n\":1 \"seed\":2}",
                "{\"n\":}",
                "{\"n\":01}",
                "{\"n\":+1}",
                "{\"n\":.5}",
                "{\"n\":1.}",
                "{\"n\":0x1}",
                "{\"n\":1e}",
                "{\"temperature\":NaN}",
                "{\"temperature\":Infinity}",
                "{\"temperature\":-Infinity}",
                "{\"n\":1/*c*/}",
                "//c\n{}",
                "{\"n\":tru}",
                "{\"prompt\":\"a",
                "{\"prompt\":\"a\tb\"}",
                "{\"prompt\":\"a\nb\"}",
                "{\"prompt\":\"\\x\"}",
                "{\"prompt\":\"\\u12\"}",
                "{\"prompt\":\"\\ud800",
                "{\"n\":1,\"n\":2}",
                "{\"n\":1,\"n\":1}",
                "{\"user\":{\"a\":1,\"a\":2}}",
                "{\"prompt\":\"a\",\"\\u0070rompt\":\"b\"}",
                "\u0000",
                "{\u0000}",
                "{}\u0000",
                "<xml/>",
                "prompt=a",
                "[".repeat(100_000),
                "{\"a\":".repeat(100_000),
                "{\"prompt\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}",
                "{\"user\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
                "{\"n\":1" + "0".repeat(100_000) + "}",
                "{\"temperature\":0." + "1".repeat(100_000) + "}")) {
            post("400 invalid_request_error .*", body);
        }
        for (String latin1 : List.of(
                "{\"prompt\":\"\u00ff\"}",
                "{\"prompt\":\"\u00c3\"}",
                "{\"prompt\":\"\u00c0\u0080\"}",
                "{\"prompt\":\"\u00ed\u00a0\u0080\"}",
                "{\"prompt\":\"\u00f4\u0090\u0080\u0080\"}",
                "{\"user\":\"\u0080\"}",
                "{\"\u00ff\":1}",
                "{}\u00ff",
                "\u00ff\u00fe{\u0000}\u0000",
                "\u0000{\u0000}")) {
            raw(
                    BAD_BODY,
                    "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                            + "application/json\r\nContent-Length: "
                            + latin1.length() + "\r\n\r\n" + latin1);
        }
        post("400 invalid_request_error prompt .*|" + BAD_BODY, "{\"prompt\":\"\\ud800\"}");
        post("400 invalid_request_error prompt .*|" + BAD_BODY, "{\"prompt\":\"\\udc00\\ud800\"}");
        post("400 invalid_request_error prompt .*|" + BAD_BODY, "{\"prompt\":[\"a\",\"\\ud83d\"]}");
        post("400 invalid_request_error .*", "{\"\\ud800\":1}");
        post("400 invalid_request_error .*", "{\"" + "x".repeat(MAX_BODY / 2) + "\":1}");
        StringBuilder fields = new StringBuilder("{");
        for (int i = 0; i < 50_000; i++) {
            fields.append("\"f").append(i).append("\":1,");
        }
        post("400 invalid_request_error .*", fields + "\"z\":1}");
        post(GOOD, " \r\n\t{ } ");
        post(HARMLESS, "\ufeff{}");
    }

    @Test
    void sizesAreChecked() throws IOException {
        String start = "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        post(GOOD, "{}" + " ".repeat(MAX_BODY - 2));
        post("413 invalid_request_error null .*|closed", "{}" + " ".repeat(MAX_BODY - 1));
        String large = "413 invalid_request_error null .*";
        raw(large, start + "Content-Length: " + (MAX_BODY + 1) + "\r\n\r\n");
        raw(large, start + "Content-Length: 9223372036854775807\r\n\r\n");
        raw(large, start + "Content-Length: 1000000000\r\nExpect: 100-continue\r\n\r\n");
        for (String length : List.of(
                "9223372036854775808", "18446744073709551618", "-1", "-2", "x", "", "0x2", "1.5", "2,2", "2 2", "+2")) {
            raw(REFUSED + "|200", start + "Content-Length: " + length + "\r\n\r\n{}");
        }
        raw("400.*|closed", start + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ");
        raw("400.*|closed|200", start + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}");
        raw("400.*|closed", start + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
        raw("400.*|closed", start + "Content-Length: 20\r\n\r\n{}"); // shorter than it says, and ends
        raw("400.*|411.*", start + "\r\n"); // none
        String chunked = start + "Transfer-Encoding: chunked\r\n\r\n";
        raw(GOOD, chunked + "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n");
        raw(GOOD, chunked + "2;x=y\r\n{}\r\n0\r\n\r\n");
        raw("400.*|closed", chunked + "0\r\n\r\n");
        raw("413.*|closed", chunked + "200000\r\n{}" + " ".repeat(0x200000 - 2) + "\r\n0\r\n\r\n");
        raw(
                "413.*|closed",
                chunked + "2\r\n{}\r\n" + ("4000\r\n" + " ".repeat(0x4000) + "\r\n").repeat(70) + "0\r\n\r\n");
        for (String chunks : List.of(
                "zz\r\n{}\r\n0\r\n\r\n",
                "-2\r\n{}\r\n0\r\n\r\n",
                "2\r\n{}0\r\n\r\n",
                "FFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n",
                "7FFFFFFF\r\n{}",
                "80000000\r\n{}",
                "2\r\n{",
                "2\r\n{}\r\n",
                "\r\n\r\n",
                "2" + ";x".repeat(5000) + "\r\n{}\r\n0\r\n\r\n",
                "00000000000000000000002\r\n{}\r\n0\r\n\r\n")) {
            raw("(400|413).*|closed|200", chunked + chunks);
        }
        for (String coding : List.of("gzip", "chunked, chunked", "identity", "gzip, chunked", "xchunked", " ")) {
            raw(REFUSED + "|415.*|200", start + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n");
        }
        raw(
                "(400|415).*|closed",
                start + "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u001f\u008b\u0008\u0000");
        raw(GOOD, start + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n{}");
        raw(HARMLESS, start + "Content-Length: 2\r\nExpect: the-unexpected\r\n\r\n{}");
    }

    @Test
    void headsAreBoundedAndGarbageIsNoRequest() throws IOException {
        String host = "Host: localhost";
        head(HARMLESS, "GET /health?" + "x".repeat(100_000) + " HTTP/1.1", host);
        head(HARMLESS, "GET /" + "x".repeat(2_000_000) + " HTTP/1.1", host);
        head(HARMLESS, "GET /health HTTP/1.1", host, "X: " + "x".repeat(2_000_000));
        head(HARMLESS, "GET /health HTTP/1.1", host, "x".repeat(1_000_000) + ": 1");
        head(HARMLESS, "GET /health HTTP/1.1", host, "X: 1\r\n".repeat(20_000) + "Y: 1");
        StringBuilder distinct = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            distinct.append("X").append(i).append(": 1\r\n");
        }
        head(HARMLESS, "GET /health HTTP/1.1", host, distinct + "Y: 1");
        head(HARMLESS, "GET /health HTTP/1.1", host, "X:\u00e9\u0080\u00ff");
        head(HARMLESS, "GET /health HTTP/1.1", host, "no colon");
        head(HARMLESS, "GET /health HTTP/1.1", host, ": no name");
        head(HARMLESS, "GET /health HTTP/1.1", host, "X : space");
        head(HARMLESS, "GET /health HTTP/1.1", host, " folded");
        head(HARMLESS, "GET /health HTTP/1.1", host, "X: a\u0000b");
        head(HARMLESS, "GET /health HTTP/1.1", host, "X: a\rb");
        head(HARMLESS, "GET /health HTTP/1.1", host, "Connection: close, upgrade", "Upgrade: websocket");
        head(GOOD, "GET /health HTTP/1.1", host, "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c");
        raw(HARMLESS, "GET /health HTTP/1.1\n" + host + "\n\n");
        raw(HARMLESS, "\r\n\r\nGET /health HTTP/1.1\r\n" + host + "\r\n\r\n");
        head(GOOD, "GET /health HTTP/1.0", host);
        for (String line : List.of(
                "GET",
                "GET /",
                "GET  / HTTP/1.1",
                "GET / HTTP/1.1 x",
                " GET / HTTP/1.1",
                "GET / HTTP/9.9",
                "GET / FTP/1.1",
                "GET / http/1.1",
                "/ GET HTTP/1.1",
                "CONNECT evil.example:443 HTTP/1.1",
                "GET http:// HTTP/1.1",
                "GET http://[ HTTP/1.1",
                "GET :80 HTTP/1.1",
                "GET \u0000 HTTP/1.1",
                "G\u0000T / HTTP/1.1",
                "PRI * HTTP/2.0",
                "\u00ff\u00ff\u00ff")) {
            head(HARMLESS + "|501.*|505.*", line, host);
        }
        raw("closed|400.*", "");
        raw(HARMLESS, "\r\n");
        raw(HARMLESS, "\r\n".repeat(1000));
        raw(HARMLESS, "GET /health HTTP/1.1\r\nHost: loc");
        raw(HARMLESS, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003" + "x".repeat(508)); // TLS
        raw(HARMLESS, "SSH-2.0-OpenSSH_9.2\r\n");
        raw(HARMLESS, "\u0000".repeat(10_000));
        byte[] noise = new byte[50_000];
        Random random = new Random(SEED);
        for (int i = 0; i < 10; i++) {
            random.nextBytes(noise);
            raw(HARMLESS, noise);
        }
    }

    /** A request of which something is changed, lost or doubled at random. */
    @Test
    void spoiltRequestsDoNoHarm() throws IOException {
        Random random = new Random(SEED);
        String[] requests = {
            HttpWire.get("/v1/models"),
            HttpWire.post("/v1/completions", "{\"prompt\":[\"ka\",\"em\"],\"n\":2,\"seed\":1,\"logprobs\":2}"),
            HttpWire.post("/v1/completions", "{\"prompt\":\"ka\",\"stream\":true,\"max_tokens\":5,\"echo\":true}"),
            HttpWire.post("/v1/score", "{\"input\":[\"anna\",\"\"],\"model\":\"names\"}"),
            HttpWire.post("/v1/next", "{\"prompt\":\"ann\",\"top\":5}"),
            "POST /v1/next HTTP/1.1\r\nHost: [::1]:80\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked"
                    + "\r\n\r\n4\r\n{\"pr\r\nd\r\nompt\": \"ann\"}\r\n0\r\n\r\n"
        };
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = requests[i % requests.length].getBytes(StandardCharsets.ISO_8859_1);
            for (int changes = 1 + random.nextInt(3); changes > 0 && bytes.length > 0; changes--) {
                bytes = spoilt(bytes, random);
            }
            raw(HARMLESS + "|501.*|505.*", bytes);
        }
    }

    private static byte[] spoilt(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, at + 1 + random.nextInt(12));
        ByteArrayOutputStream spoilt = new ByteArrayOutputStream();
        spoilt.write(bytes, 0, at);
        switch (random.nextInt(5)) {
            case 0 -> spoilt.write(random.nextInt(256));
            case 1 -> to = random.nextInt(4) == 0 ? bytes.length : to; // lost
            case 2 -> spoilt.write(bytes, at, to - at); // doubled
            case 3 ->
                spoilt.writeBytes(
                        "\r\n\u0000\"{[-9".substring(random.nextInt(8)).getBytes(StandardCharsets.UTF_8));
            default -> {
                int swapped = random.nextInt(bytes.length);
                spoilt.write(bytes, swapped, Math.min(8, bytes.length - swapped));
            }
        }
        spoilt.write(bytes, to, bytes.length - to);
        return spoilt.toByteArray();
    }

    // ---- connections ----

    @Test
    void requestsInOnePacketAreAnsweredInOrder() throws IOException {
        try (HttpWire wire = new HttpWire(served.port())) {
            wire.send(HttpWire.get("/health")
                    + HttpWire.post("/v1/next", "{\"prompt\":\"a\",\"top\":1}")
                    + HttpWire.get("/nowhere")
                    + HttpWire.get("/v1/models"));
            assertEquals("ok", wire.read().text("status"));
            assertEquals("next_tokens", wire.read().text("object"));
            assertEquals(404, wire.read().status());
            assertEquals("list", wire.read().text("object"));
        }
    }

    /** An error leaves the connection usable, or closes it: the rest of a body never counts as a request. */
    @Test
    void theBodyOfARefusedRequestIsNoRequest() throws IOException {
        String inner = HttpWire.get("/v1/models");
        for (String outer : List.of(
                HttpWire.post("/nowhere", inner),
                HttpWire.post("/health", inner),
                HttpWire.post("/v1/completions", inner),
                HttpWire.post("/v1/completions", inner).replace("application/json", "text/plain"),
                HttpWire.post("/v1/completions", inner).replace("Host: localhost\r\nC", "Host: evil.example\r\nC"),
                HttpWire.get("/health").replace("\r\n\r\n", "\r\nContent-Length: " + inner.length() + "\r\n\r\n")
                        + inner)) {
            try (HttpWire wire = new HttpWire(served.port())) {
                wire.send(outer + HttpWire.get("/health"));
                HttpAnswer first = wire.read();
                HttpAnswer second = wire.tryRead(false);
                assertTrue(
                        second == null || second.body().equals("{\"status\":\"ok\"}"),
                        () -> outer + " then " + first + " then " + second);
            }
        }
    }

    @Test
    void halfRequestsAndSlowWritersKeepNobodyWaiting() throws Exception {
        List<HttpWire> open = new ArrayList<>();
        try {
            String post = HttpWire.post("/v1/completions", "{\"prompt\":\"ka\"}");
            String[] halves = {"GET /health HT", "", post.substring(0, 70), post.substring(0, post.length() - 3)};
            for (int i = 0; i < HALF_OPEN; i++) {
                HttpWire wire = new HttpWire(served.port());
                wire.send(halves[i % halves.length]);
                open.add(wire);
            }
            long start = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                assertAnswersRightly();
                open.get(2).send(post.substring(70 + i, 71 + i)); // a byte now and then
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            assertTrue(seconds < 20, "before the half requests time out: " + seconds);
            HttpWire last = open.get(open.size() - 1);
            last.send(post.substring(post.length() - 3)); // it is not too late for the rest
            assertEquals(200, last.read().status());
        } finally {
            for (HttpWire each : open) {
                each.close();
            }
        }
    }

    /** Together more than the memory of the server. */
    @Test
    void halvesOfLargeBodiesLeaveMemoryForOthers() throws Exception {
        List<HttpWire> open = new ArrayList<>();
        try {
            String post = HttpWire.post("/v1/completions", "{}" + " ".repeat(MAX_BODY - 2));
            byte[] most = Arrays.copyOf(post.getBytes(StandardCharsets.ISO_8859_1), MAX_BODY - 1);
            for (int i = 0; i < HALF_OPEN; i++) {
                HttpWire wire = new HttpWire(served.port());
                open.add(wire);
                try {
                    wire.send(most);
                } catch (IOException refused) {
                    // that is its right
                }
            }
            assertAnswersRightly();
        } finally {
            for (HttpWire each : open) {
                each.close();
            }
        }
        raw(GOOD, HttpWire.post("/v1/completions", "{}" + " ".repeat(MAX_BODY - 2)));
    }

    @Test
    @Tag("slow")
    void halfRequestsAreClosedAfterHalfAMinute() throws Exception {
        String post = HttpWire.post("/v1/completions", "{\"prompt\":\"ka\"}");
        try (HttpWire head = new HttpWire(served.port());
                HttpWire body = new HttpWire(served.port());
                HttpWire slow = new HttpWire(served.port());
                HttpWire idle = new HttpWire(served.port())) {
            head.send(post.substring(0, 70));
            body.send(post.substring(0, post.length() - 3));
            idle.send(HttpWire.get("/health"));
            assertEquals(200, idle.read().status());
            boolean isCut = false;
            String endless = "GET /health HTTP/1.1\r\nX: " + "x".repeat(450);
            for (int i = 0; i < endless.length() && !isCut; i++) {
                try {
                    slow.send(endless.substring(i, i + 1));
                    Thread.sleep(100);
                } catch (IOException closed) {
                    isCut = true;
                }
            }
            assertTrue(isCut, "a head that takes 45 s");
            for (HttpWire each : List.of(head, body)) {
                HttpAnswer answer = each.tryRead(false);
                assertTrue(answer == null || answer.status() == 408 || answer.status() == 400, () -> answer + "");
            }
            assertTrue(idle.isClosed());
        }
    }

    // ---- keys ----

    @Test
    void withoutItsKeyNothingIsAnswered() throws IOException {
        String noKey = "401 authentication_error null .*";
        for (String path : List.of("/v1/models", "/v1/completions", "/metrics", "/nowhere", "/v1/models/m")) {
            keyed(noKey, HttpWire.get(path));
            keyed(noKey, HttpWire.post(path, "{}"));
        }
        for (String path : List.of("/", "/health")) {
            keyed(GOOD, HttpWire.get(path));
        }
        for (String value : List.of(
                "Bearer",
                "Bearer ",
                "Bearer s3cret-k3",
                "Bearer s3cret-k3yy",
                "Bearer S3CRET-K3Y",
                "Bearer s3cret-k3y s3cret-k3y",
                "Basic s3cret-k3y",
                "s3cret-k3y",
                "Bearer \u00ff",
                "Bearer " + "x".repeat(10_000),
                "")) {
            keyed(noKey, withKey(value, HttpWire.get("/v1/models")));
        }
        keyed(WRONG_HOST, HttpWire.get("/v1/models").replace("localhost", "evil.example"));
        keyed(GOOD, withKey("Bearer s3cret-k3y", HttpWire.get("/v1/models")));
        keyed(GOOD, withKey("Bearer s3cret-k3y", HttpWire.post("/v1/completions", "{}")));
        keyed("404 .*", withKey("Bearer s3cret-k3y", HttpWire.get("/nowhere")));
        assertFalse(locked.err().contains("s3cret"), locked::err);
    }

    private void keyed(String expected, String request) throws IOException {
        raw(locked, expected, request.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String withKey(String value, String request) {
        return request.replaceFirst("Host: localhost\r\n", "Host: localhost\r\nAuthorization: " + value + "\r\n");
    }
}

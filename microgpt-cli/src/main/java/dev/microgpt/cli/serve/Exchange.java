package dev.microgpt.cli.serve;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.microgpt.train.internal.json.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request and its answer: either one body, or a stream of events. */
final class Exchange {
    static final String GET = "GET";
    static final String HEAD = "HEAD";
    static final String JSON = "application/json";

    private static final int DONE = 200;
    private static final int NO_CONTENT = 204;
    private static final int NO_BODY = -1;
    private static final int CHUNKED = 0;

    /** Of a write whose progress is watched, in bytes. */
    private static final int PIECE = 1 << 14;

    private final HttpExchange http;
    private final Bodies.Body body;
    private final WriteLimit limit;
    private int status;
    private boolean streams;

    Exchange(HttpExchange http, Bodies.Body body, WriteLimit limit) {
        this.http = http;
        this.body = body;
        this.limit = limit;
    }

    String method() {
        return http.getRequestMethod();
    }

    String path() {
        return http.getRequestURI().getPath();
    }

    Headers headers() {
        return http.getRequestHeaders();
    }

    /** Returns the status of the answer; 0 before there is one. */
    int status() {
        return status;
    }

    void setHeader(String name, String value) {
        http.getResponseHeaders().set(name, value);
    }

    /** Reads the body; what it holds is given back at the end of the exchange. */
    byte[] body() throws IOException {
        String declared = headers().getFirst("Content-Length");
        long length = declared == null ? -1 : Long.parseLong(declared); // the JDK has refused what is no number
        return body.read(http.getRequestBody(), length);
    }

    void sendJson(int code, Map<String, @Nullable Object> json) throws IOException {
        send(code, JSON, JsonWriter.text(json).getBytes(StandardCharsets.UTF_8));
    }

    void send(int code, String type, byte[] body) throws IOException {
        status = code;
        setHeader("Content-Type", type);
        setHeader("X-Content-Type-Options", "nosniff");
        if (method().equals(HEAD)) {
            setHeader("Content-Length", Integer.toString(body.length));
            limit.guard(() -> http.sendResponseHeaders(code, NO_BODY));
            return;
        }
        limit.guard(() -> http.sendResponseHeaders(code, body.length == 0 ? NO_BODY : body.length));
        write(body);
    }

    void sendNothing() throws IOException {
        status = NO_CONTENT;
        limit.guard(() -> http.sendResponseHeaders(NO_CONTENT, NO_BODY));
    }

    /** Sends the next event of a stream, or starts one with it. */
    void sendEvent(String data) throws IOException {
        if (!streams) {
            streams = true;
            status = DONE;
            setHeader("Content-Type", "text/event-stream; charset=utf-8");
            setHeader("Cache-Control", "no-cache");
            setHeader("X-Content-Type-Options", "nosniff");
            limit.guard(() -> http.sendResponseHeaders(DONE, CHUNKED));
        }
        write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    void sendError(ApiError error) throws IOException {
        if (streams) {
            sendEvent(JsonWriter.text(error.json()));
        } else if (status == 0) {
            sendJson(error.status(), error.json());
        }
    }

    private void write(byte[] bytes) throws IOException {
        OutputStream out = http.getResponseBody();
        for (int from = 0; from < bytes.length; from += PIECE) {
            int start = from;
            limit.guard(() -> {
                out.write(bytes, start, Math.min(PIECE, bytes.length - start));
                out.flush();
            });
        }
    }

    /** Ends the answer, and the connection if it is incomplete. */
    void close() throws IOException {
        body.close();
        limit.guard(http::close);
    }
}

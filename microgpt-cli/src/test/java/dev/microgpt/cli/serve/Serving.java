package dev.microgpt.cli.serve;

import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.internal.json.Json;
import dev.microgpt.train.score.LineScorer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A server in this process with two models, and a client that can send anything. */
final class Serving implements AutoCloseable {
    static final ServedModel NAMES = model("names", CharTokenizer.ofAlphabet("abcdefgh"), DataFormat.DOCUMENTS, 8);
    static final ServedModel TEXT = model("text", new ByteTokenizer(), DataFormat.TEXT, 8);

    /** The limits of the server under test. */
    static final int MAX_TOKENS = 5000;

    static final int MAX_BODY = 3000;

    final Server server;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /**
     * What a server answered.
     *
     * @param head all lines before the body
     */
    record Answer(int status, String head, String body) {
        Map<String, @Nullable Object> json() {
            return Json.readObject("answer", body);
        }

        /** A field of the error: message, param, code or type. */
        @Nullable
        Object error(String field) {
            return Json.object("error", json().get("error")).get(field);
        }
    }

    Serving(int concurrent, int queue, @Nullable String apiKey, ServedModel... models) throws IOException {
        ServerConfig config = new ServerConfig(
                "127.0.0.1", 0, concurrent, queue, MAX_TOKENS, MAX_BODY, List.of("Example.org"), apiKey);
        server = Server.start(config, List.of(models), new Terminal(new ByteArrayOutputStream(), err));
    }

    /** A model with random weights, which is sure of itself. */
    static ServedModel model(String name, Tokenizer tokenizer, DataFormat format, int blockSize) {
        GptConfig config = GptConfig.microgpt(tokenizer.vocabSize()).withBlockSize(blockSize);
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(5)));
        gpt.parameters().all().forEach(parameter -> {
            for (int i = 0; i < parameter.data().length; i++) {
                parameter.data()[i] *= 4;
            }
        });
        TrainedModel trained = new TrainedModel(gpt, tokenizer, format);
        return new ServedModel(name, "0".repeat(64), 1, trained, false, new LineScorer(trained));
    }

    String messages() {
        return err.toString(StandardCharsets.UTF_8);
    }

    Answer get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    Answer post(String path, String json) throws IOException {
        return send(postHead(path, json) + "\r\n" + json);
    }

    Answer complete(String json) throws IOException {
        return post("/v1/completions", json);
    }

    /** The head of such a request, without the empty line. */
    static String postHead(String path, String json) {
        return "POST " + path + " HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + json.getBytes(StandardCharsets.UTF_8).length + "\r\n";
    }

    Answer send(String request) throws IOException {
        try (Socket socket = open(request.replaceFirst("\r\n", "\r\nConnection: close\r\n"))) {
            return read(socket);
        }
    }

    /** Sends something over a connection, which stays open. */
    Socket open(String request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    /** Reads an answer to its end, which the server must make that of the connection. */
    static Answer read(Socket socket) throws IOException {
        String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int end = all.indexOf("\r\n\r\n");
        return new Answer(Integer.parseInt(all.substring(9, 12)), all.substring(0, end), all.substring(end + 4));
    }

    /** A request that keeps its slot until its connection is closed: its client does not read, and buffers fill up. */
    Socket openEndless() throws IOException {
        String json = "{\"model\":\"text\",\"n\":128,\"max_tokens\":5000,\"stream\":true}";
        Socket socket = open(postHead("/v1/completions", json) + "\r\n" + json);
        socket.getInputStream().read(); // it is at work
        return socket;
    }

    /** Waits for a value of the metrics. */
    void await(String line) throws Exception {
        for (int i = 0; i < 1000 && !get("/metrics").body().contains("\n" + line + "\n"); i++) {
            Thread.sleep(10);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}

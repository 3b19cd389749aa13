package dev.microgpt.cli.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A local web server that offers one file in several correct and faulty ways, and records its requests. */
public final class FileServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile byte[] content;

    public FileServer(byte[] content) throws IOException {
        this.content = content;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                String range = exchange.getRequestHeaders().getFirst("Range");
                asked.add(exchange.getRequestURI() + (range == null ? "" : " " + range));
                answer(exchange, range);
            }
        });
        server.setExecutor(threads);
        server.start();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** Paths with what was asked of them, in their order. */
    public List<String> asked() {
        return asked;
    }

    public void offer(byte[] other) {
        content = other;
    }

    private void answer(HttpExchange exchange, @Nullable String range) throws IOException {
        switch (exchange.getRequestURI().getPath()) {
            case "/text.txt" -> send(exchange, range, content.length);
            case "/whole/text.txt" -> send(exchange, null, content.length); // knows nothing of ranges
            case "/cut/text.txt" -> send(exchange, range, content.length / 2);
            case "/silent/text.txt" -> {
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content, 0, content.length / 2);
                exchange.getResponseBody().flush();
                await();
            }
            case "/mute/text.txt" -> await();
            case "/wrong-range/text.txt" -> {
                exchange.getResponseHeaders().set("Content-Range", "bytes 0-1/2");
                exchange.sendResponseHeaders(206, 2);
                exchange.getResponseBody().write(content, 0, 2);
            }
            case "/chunked/text.txt" -> {
                exchange.sendResponseHeaders(200, 0); // no length
                exchange.getResponseBody().write(content);
            }
            case "/moved/text.txt" -> redirect(exchange, "/moved/again/text.txt");
            case "/moved/again/text.txt" -> redirect(exchange, url("/text.txt"));
            case "/circle/text.txt" -> redirect(exchange, "/circle/text.txt");
            case "/away/text.txt" -> redirect(exchange, "http://example.invalid/text.txt");
            case "/error/text.txt" -> exchange.sendResponseHeaders(500, -1);
            default -> exchange.sendResponseHeaders(404, -1);
        }
    }

    private void send(HttpExchange exchange, @Nullable String range, int most) throws IOException {
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=|-", ""));
        if (range != null && from >= content.length) {
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        if (range != null) {
            String all = from + "-" + (content.length - 1) + "/" + content.length;
            exchange.getResponseHeaders().set("Content-Range", "bytes " + all);
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
        exchange.getResponseBody().write(content, from, Math.min(most, content.length - from));
        exchange.getResponseBody().flush();
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        exchange.sendResponseHeaders(302, -1);
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}

package dev.microgpt.cli.serve;

import com.sun.net.httpserver.HttpServer;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Terminal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves models by HTTP until it is stopped.
 *
 * <p>The JDK's server reads the head of a request in a thread of the executor, so that clients which send half a
 * request hold threads. There are as many threads as connections, therefore, and who sends nothing loses both after 30
 * seconds.
 */
public final class Server implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 2048;
    private static final int BACKLOG = 1024;
    private static final int STACK_BYTES = 1 << 19;
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(30);

    /** The settings of the JDK's server, which it reads once; those that are set already stay. */
    private static final Map<String, String> SETTINGS = Map.of(
            "sun.net.httpserver.maxReqTime",
            "30", // seconds for a request to arrive
            "sun.net.httpserver.idleInterval",
            "30", // seconds without a request
            "jdk.httpserver.maxConnections",
            Integer.toString(MOST_CONNECTIONS),
            "sun.net.httpserver.nodelay",
            "true"); // otherwise a token waits until the client has acknowledged the one before

    private final String host;
    private final HttpServer http;
    private final Api api;
    private final ThreadPoolExecutor threads;
    private final WriteLimit limit;

    private Server(String host, HttpServer http, Api api, WriteLimit limit) {
        this.host = host;
        this.http = http;
        this.api = api;
        this.limit = limit;
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(0, MOST_CONNECTIONS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(null, task, "request " + number.incrementAndGet(), STACK_BYTES);
            thread.setDaemon(true);
            return thread;
        });
        http.createContext("/", api);
        http.setExecutor(threads);
    }

    /**
     * Starts to serve.
     *
     * @param config   the settings
     * @param models   the models, at least one, with different names
     * @param terminal receives what fails
     * @throws IOException  if the page cannot be read
     * @throws CliException if the host is unknown or the port in use
     */
    public static Server start(ServerConfig config, List<ServedModel> models, Terminal terminal) throws IOException {
        SETTINGS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
        Page page = Page.read();
        HttpServer http = bound(config);
        WriteLimit limit = new WriteLimit(LONGEST_WRITE);
        Api api = new Api(config, new ServedModels(models), page, limit, terminal);
        Server server = new Server(Access.bracketed(config.host()), http, api, limit);
        http.start();
        return server;
    }

    private static HttpServer bound(ServerConfig config) throws IOException {
        InetAddress address;
        try {
            address = InetAddress.getByName(config.host());
        } catch (UnknownHostException unknown) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--host is \"" + config.host() + "\", but must be a name or address of this machine",
                    "127.0.0.1 is for this machine alone, 0.0.0.0 for all of its networks");
        }
        try {
            return HttpServer.create(new InetSocketAddress(address, config.port()), BACKLOG);
        } catch (IOException inUse) { // a BindException, or an error of the system
            throw new CliException(
                    ExitCode.IO,
                    "cannot listen at " + Access.bracketed(config.host()) + ":" + config.port() + ": "
                            + inUse.getMessage(),
                    "choose another --port, or 0 for any free one");
        }
    }

    /** Returns the address for browsers. */
    public String address() {
        return "http://" + host + ":" + port() + "/";
    }

    /** Returns the port, also if any was asked for. */
    public int port() {
        return http.getAddress().getPort();
    }

    /** Returns the number of requests that use a model now. */
    public int working() {
        return api.working();
    }

    /**
     * Ends: accepts no connections from now on, refuses requests that wait, and gives those at work some time to
     * finish.
     *
     * @param grace the longest time
     * @return the number of requests that were broken off
     */
    public int stop(Duration grace) {
        api.stop();
        closePort(grace);
        int left;
        try {
            left = api.active().await(grace);
        } catch (InterruptedException now) {
            left = 0;
            Thread.currentThread().interrupt();
        }
        http.stop(0);
        threads.shutdownNow();
        limit.close();
        return left;
    }

    /** The JDK's server closes its port only in a call that waits for what it still does. */
    private void closePort(Duration grace) {
        int seconds = (int) grace.plusSeconds(1).minusNanos(1).toSeconds(); // rounded up
        Thread stop = new Thread(() -> http.stop(seconds), "end of the server");
        stop.setDaemon(true);
        stop.start();
    }

    /** Ends at once. */
    @Override
    public void close() {
        stop(Duration.ZERO);
    }
}

package dev.microgpt.cli.page;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * A headless Chromium that shows one page.
 *
 * @see <a href="https://chromedevtools.github.io/devtools-protocol/">Chrome DevTools Protocol</a>
 */
public final class Browser implements Closeable {
    /** A script: the lowest contrasts of visible texts with what is behind them, if below 4.5, or 3 for large ones. */
    public static final String TOO_WEAK = """
            (() => {
              const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
              const rgba = (color) => {
                pen.clearRect(0, 0, 1, 1);
                pen.fillStyle = color;
                pen.fillRect(0, 0, 1, 1);
                return [...pen.getImageData(0, 0, 1, 1).data];
              };
              const behind = (element) => {
                for (let e = element; e; e = e.parentElement) {
                  const [r, g, b, a] = rgba(getComputedStyle(e).backgroundColor);
                  if (a === 255) { return [r, g, b]; }
                  if (a > 0) {
                    const under = behind(e.parentElement);
                    return [r, g, b].map((x, i) => x * a / 255 + under[i] * (1 - a / 255));
                  }
                }
                return [255, 0, 255];
              };
              const light = (rgb) => rgb.slice(0, 3).map(x => x / 255)
                .map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
                .reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0);
              const weak = [];
              let count = 0;
              for (const element of document.querySelectorAll('body *')) {
                const hasText = [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim() !== '');
                if (!hasText || !element.checkVisibility() || element.matches('script, option, .hidden')) { continue; }
                count++;
                const style = getComputedStyle(element);
                const [a, b] = [light(rgba(style.color)), light(behind(element))].sort((x, y) => y - x);
                const contrast = (a + 0.05) / (b + 0.05);
                if (contrast < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) {
                  weak.push(contrast.toFixed(2) + ' ' + element.className + ' ' + element.textContent.slice(0, 30));
                }
              }
              return count < 20 ? 'only ' + count + ' texts' : weak.join('\\n');
            })()
            """;

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final String LISTENING = "DevTools listening on ";
    private static final long TIMEOUT_SECONDS = 60;
    private static final String SHIFT = "Shift+";

    /** The keys on which the browser itself acts. */
    private static final Map<String, Integer> KEY_CODES = Map.of(
            "Tab", 9, "Enter", 13, "Escape", 27, "ArrowLeft", 37, "ArrowUp", 38, "ArrowRight", 39, "ArrowDown", 40);

    private final Process process;
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final List<String> events = new ArrayList<>();
    private WebSocket socket;
    private String session = "";
    private int lastId;

    /** Starts the browser with its files in a folder of its own. */
    public Browser(Path program, Path profile) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("TMPDIR", Files.createDirectories(profile).toString());
        process = builder.start();
        try {
            socket = connect(address());
            String target = field("targetId", call("Target.createTarget", "{\"url\":\"about:blank\"}"));
            session = field(
                    "sessionId", call("Target.attachToTarget", "{\"flatten\":true,\"targetId\":\"" + target + "\"}"));
            call("Page.enable", "{}");
            call("Log.enable", "{}");
            call("Runtime.enable", "{}");
            call("Network.enable", "{}");
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    /** Returns the browser of this machine, or null if there is none. */
    public static Path program() {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            for (String name : NAMES) {
                Path program = Path.of(folder, name);
                if (Files.isExecutable(program)) {
                    return program;
                }
            }
        }
        return null;
    }

    /** Reads what the browser says first, and then lets a thread swallow the rest, so that it never waits for us. */
    private URI address() throws IOException, InterruptedException {
        CompletableFuture<String> address = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith(LISTENING)) {
                        address.complete(line.substring(LISTENING.length()));
                    }
                }
            } catch (IOException ended) {
                // the process is gone: whoever waits is told below
            }
            address.completeExceptionally(new IOException("the browser ended"));
        });
        reader.setDaemon(true);
        reader.start();
        return URI.create(waitFor(address));
    }

    private WebSocket connect(URI address) throws IOException, InterruptedException {
        return waitFor(HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address, new WebSocket.Listener() {
            private final StringBuilder text = new StringBuilder();

            @Override
            public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                text.append(data);
                if (last) {
                    messages.add(text.toString());
                    text.setLength(0);
                }
                from.request(1);
                return null;
            }
        }));
    }

    private static <T> T waitFor(CompletableFuture<T> future) throws IOException, InterruptedException {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the browser does not answer", e);
        }
    }

    /** Opens a page and waits until it is loaded. */
    public void open(Path page) throws IOException, InterruptedException {
        open(page.toUri());
    }

    /** Opens a page of a server and waits until it is loaded. */
    public void open(URI page) throws IOException, InterruptedException {
        events.clear();
        call("Page.navigate", "{\"url\":\"" + page + "\"}");
        while (events.stream().noneMatch(event -> event.contains("\"Page.loadEventFired\""))) {
            events.add(next());
        }
    }

    /** Makes the window as wide as this, in CSS pixels, and the mode light or dark. */
    public void show(int width, int height, String mode) throws IOException, InterruptedException {
        call(
                "Emulation.setDeviceMetricsOverride",
                "{\"width\":" + width + ",\"height\":" + height + ",\"deviceScaleFactor\":1,\"mobile\":false}");
        call(
                "Emulation.setEmulatedMedia",
                "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"" + mode + "\"}]}");
    }

    /** Returns what an expression of JavaScript gives, or the promise that it gives, as text. */
    public String evaluate(String expression) throws IOException, InterruptedException {
        String script = "Promise.resolve(" + expression + ").then(String)";
        String quoted = String.valueOf(JsonStringEncoder.getInstance().quoteAsCharArray(script));
        String answer = call(
                "Runtime.evaluate", "{\"returnByValue\":true,\"awaitPromise\":true,\"expression\":\"" + quoted + "\"}");
        if (answer.contains("\"exceptionDetails\"")) {
            throw new IOException(expression + ": " + answer);
        }
        return field("value", answer);
    }

    /** Presses and releases a key that has a name, such as {@code ArrowLeft}; {@code Shift+Tab} is one too. */
    public void press(String name) throws IOException, InterruptedException {
        boolean isShifted = name.startsWith(SHIFT);
        String key = isShifted ? name.substring(SHIFT.length()) : name;
        String event = "\"key\":\"" + key + "\",\"code\":\"" + key + "\",\"windowsVirtualKeyCode\":"
                + KEY_CODES.getOrDefault(key, 0) + (isShifted ? ",\"modifiers\":8}" : "}");
        // only keys that type something have a text; Enter does
        String text = key.equals("Enter") ? "\"type\":\"keyDown\",\"text\":\"\\r\"," : "\"type\":\"rawKeyDown\",";
        call("Input.dispatchKeyEvent", "{" + text + event);
        call("Input.dispatchKeyEvent", "{\"type\":\"keyUp\"," + event);
    }

    /** Moves the mouse to a place in the window, in CSS pixels. */
    public void pointAt(double x, double y) throws IOException, InterruptedException {
        call("Input.dispatchMouseEvent", "{\"type\":\"mouseMoved\",\"x\":" + x + ",\"y\":" + y + "}");
    }

    /** What the page complained of since it was opened: exceptions, refused content, errors on the console. */
    public List<String> complaints() throws IOException, InterruptedException {
        evaluate("0"); // its answer comes after all events until now
        List<String> complaints = new ArrayList<>();
        for (String event : events) {
            if (event.contains("\"Runtime.exceptionThrown\"")
                    || event.contains("\"Log.entryAdded\"")
                    || event.contains("\"Runtime.consoleAPICalled\"")) {
                complaints.add(event);
            }
        }
        return complaints;
    }

    /** The addresses of what the page asked for since it was opened, besides files and data within itself. */
    public List<String> requests() throws IOException, InterruptedException {
        evaluate("0");
        List<String> requests = new ArrayList<>();
        for (String event : events) {
            if (event.contains("\"Network.requestWillBeSent\"")
                    && !event.contains("\"url\":\"file:")
                    && !event.contains("\"url\":\"data:")) {
                requests.add(event);
            }
        }
        return requests;
    }

    /** Returns the answer to a command of the protocol. */
    public String call(String method, String parameters) throws IOException, InterruptedException {
        String id = Integer.toString(++lastId);
        String to = session.isEmpty() ? "" : ",\"sessionId\":\"" + session + "\"";
        socket.sendText("{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + to + "}", true);
        while (true) {
            String message = next();
            if (message.startsWith("{\"id\":" + id + ",")) {
                if (message.startsWith("{\"id\":" + id + ",\"error\"")) {
                    throw new IOException(method + ": " + message);
                }
                return message;
            }
            events.add(message);
        }
    }

    private String next() throws IOException, InterruptedException {
        String message = messages.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new IOException("the browser does not answer");
        }
        return message;
    }

    /** Returns the text of the first field of that name, wherever it is. */
    private static String field(String name, String message) {
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), message)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.PROPERTY_NAME
                        && json.currentName().equals(name)) {
                    json.nextToken();
                    return json.getString();
                }
            }
        }
        throw new UncheckedIOException(new IOException("no " + name + " in " + message));
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        for (ProcessHandle child : children) {
            child.destroyForcibly();
        }
        for (ProcessHandle child : children) {
            child.onExit().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
        }
        process.onExit().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
    }
}

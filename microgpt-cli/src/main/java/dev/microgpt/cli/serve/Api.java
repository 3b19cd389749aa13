package dev.microgpt.cli.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.microgpt.cli.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks each request and passes it on: who sends it, what it asks for, in which form, and then its fields. Nothing of
 * a request is read before the checks of what precedes it.
 */
final class Api implements HttpHandler {
    private static final String POST = "POST";
    private static final String PAGE = "/";
    private static final String HEALTH = "/health";
    private static final String ICON = "/favicon.ico";
    private static final String METRICS = "/metrics";
    private static final String MODELS = "/v1/models";
    private static final String MODEL = MODELS + "/";
    private static final String COMPLETIONS = "/v1/completions";
    private static final String SCORE = "/v1/score";
    private static final String NEXT = "/v1/next";

    private static final Set<String> READ = Set.of(PAGE, HEALTH, ICON, METRICS, MODELS);
    private static final Set<String> POSTED = Set.of(COMPLETIONS, SCORE, NEXT);

    /** What has no secrets: whether the server works, and a page that is the same everywhere. */
    private static final Set<String> FREE = Set.of(PAGE, HEALTH, ICON);

    /** What other servers have, and clients may try. */
    private static final Set<String> ELSEWHERE = Set.of("/v1/chat/completions", "/v1/embeddings", "/v1/responses");

    /** The part of the memory that bodies may have: one of this many, since a parsed body takes several times more. */
    private static final int BODIES = 16;

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int UNSUPPORTED_TYPE = 415;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private final ServerConfig config;
    private final ServedModels models;
    private final Page page;
    private final Terminal terminal;
    private final Access access;
    private final Slots slots;
    private final Bodies bodies;
    private final Metrics metrics = new Metrics();
    private final WriteLimit limit;
    private final Active active = new Active();

    Api(ServerConfig config, ServedModels models, Page page, WriteLimit limit, Terminal terminal) {
        this.config = config;
        this.models = models;
        this.page = page;
        this.limit = limit;
        this.terminal = terminal;
        this.access = new Access(config);
        this.slots = new Slots(config.concurrent(), config.queue());
        this.bodies = new Bodies(config.maxBody(), Runtime.getRuntime().maxMemory() / BODIES);
    }

    Active active() {
        return active;
    }

    int working() {
        return slots.working();
    }

    /** From now on there is no work but that which has begun. */
    void stop() {
        active.stop();
        slots.stop();
    }

    @Override
    public void handle(HttpExchange http) {
        active.enter();
        long begun = System.nanoTime();
        Exchange exchange = new Exchange(http, bodies.open(), limit);
        try {
            answer(exchange);
        } catch (IOException | UncheckedIOException gone) {
            metrics.addAborted();
        } finally {
            try {
                if (exchange.status() > 0) { // before its end, after which the client may ask for the metrics
                    metrics.addRequest(label(exchange), exchange.status(), System.nanoTime() - begun);
                }
                exchange.close();
            } catch (IOException gone) {
                // there is nobody to tell
            } finally {
                active.leave();
            }
        }
    }

    private void answer(Exchange exchange) throws IOException {
        try {
            route(exchange);
        } catch (ApiError refused) {
            addHeaders(refused, exchange);
            exchange.sendError(refused);
        } catch (UncheckedIOException gone) {
            throw gone;
        } catch (RuntimeException | Error failure) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace, true));
            terminal.complain("microgpt: " + exchange.method() + " " + label(exchange) + " failed: "
                    + trace.toString().stripTrailing());
            exchange.sendError(ApiError.internal());
        }
    }

    private void addHeaders(ApiError refused, Exchange exchange) {
        if (refused.status() == UNAUTHORIZED) {
            exchange.setHeader("WWW-Authenticate", "Bearer");
        } else if (refused.status() == TOO_MANY) {
            metrics.addRejected();
            exchange.setHeader("Retry-After", "1");
        }
    }

    /** Returns the path for the metrics, which must not have as many lines as there are paths to try. */
    private static String label(Exchange exchange) {
        String path = exchange.path();
        if (path.startsWith(MODEL)) {
            return MODEL + "NAME";
        }
        return READ.contains(path) || POSTED.contains(path) ? path : "other";
    }

    private void route(Exchange exchange) throws IOException {
        String path = exchange.path();
        access.checkHost(exchange.headers());
        if (!FREE.contains(path)) {
            access.checkKey(exchange.headers());
        }
        if (ELSEWHERE.contains(path)) {
            throw ApiError.ofRequest(
                    BAD_REQUEST,
                    path + " does not exist here: these models continue text, and know no chats, embeddings or tools;"
                            + " use " + COMPLETIONS,
                    "unsupported_endpoint");
        }
        if (POSTED.contains(path)) {
            checkMethod(exchange, POST);
            checkType(exchange);
            post(path, exchange.body(), exchange);
        } else if (READ.contains(path) || path.startsWith(MODEL)) {
            checkMethod(exchange, Exchange.GET, Exchange.HEAD);
            get(path, exchange);
        } else {
            throw ApiError.ofRequest(
                    NOT_FOUND,
                    "there is no such path; there are " + COMPLETIONS + ", " + SCORE + ", " + NEXT + ", " + MODELS
                            + ", " + HEALTH + ", " + METRICS + " and the page " + PAGE,
                    "not_found");
        }
    }

    private static void checkMethod(Exchange exchange, String... allowed) {
        if (!List.of(allowed).contains(exchange.method())) {
            String methods = String.join(", ", allowed);
            exchange.setHeader("Allow", methods);
            throw ApiError.ofRequest(
                    METHOD_NOT_ALLOWED,
                    "the method of " + label(exchange) + " must be " + methods.replace(", ", " or "),
                    "method_not_allowed");
        }
    }

    private static void checkType(Exchange exchange) {
        String type = exchange.headers().getFirst("Content-Type");
        String plain =
                type == null ? "" : type.replace(" ", "").replace("\"", "").toLowerCase(Locale.ROOT);
        if (!plain.equals(Exchange.JSON) && !plain.equals(Exchange.JSON + ";charset=utf-8")) {
            throw ApiError.ofRequest(
                    UNSUPPORTED_TYPE,
                    "the header Content-Type must be " + Exchange.JSON + ", in UTF-8",
                    "unsupported_media_type");
        }
    }

    private void post(String path, byte[] body, Exchange exchange) throws IOException {
        switch (path) {
            case SCORE -> exchange.sendJson(OK, inSlot(Scores.read(body, models)::json));
            case NEXT -> exchange.sendJson(OK, inSlot(NextTokens.read(body, models)::json));
            default -> complete(CompletionRequest.read(body, models, config.maxTokens()), exchange);
        }
    }

    private Map<String, @Nullable Object> inSlot(Supplier<Map<String, @Nullable Object>> work) {
        slots.enter();
        try {
            return work.get();
        } finally {
            slots.leave();
        }
    }

    private void complete(CompletionRequest request, Exchange exchange) throws IOException {
        Completions completions = new Completions(request, config.maxTokens(), exchange);
        slots.enter();
        try {
            completions.generate();
        } finally {
            slots.leave();
            metrics.addTokens(request.promptTokens(), completions.generated());
        }
        completions.finish();
    }

    private void get(String path, Exchange exchange) throws IOException {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        switch (path) {
            case PAGE -> {
                exchange.setHeader("Content-Security-Policy", page.policy());
                exchange.setHeader("Referrer-Policy", "no-referrer");
                exchange.send(OK, Page.TYPE, page.html());
            }
            case ICON -> exchange.sendNothing();
            case METRICS -> exchange.send(OK, Metrics.TYPE, metrics.text(slots).getBytes(StandardCharsets.UTF_8));
            case HEALTH -> {
                json.put("status", active.isStopping() ? "stopping" : "ok");
                exchange.sendJson(active.isStopping() ? UNAVAILABLE : OK, json);
            }
            case MODELS -> {
                json.put("object", "list");
                json.put("data", models.json());
                exchange.sendJson(OK, json);
            }
            default ->
                exchange.sendJson(
                        OK, models.named(path.substring(MODEL.length())).json());
        }
    }
}

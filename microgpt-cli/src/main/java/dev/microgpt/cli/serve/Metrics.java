package dev.microgpt.cli.serve;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the server does, as text in version 0.0.4 of the format of Prometheus. */
final class Metrics {
    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** The upper bounds of the histogram, in seconds. */
    private static final double[] BOUNDS = {0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60};

    private static final double NANOS = 1e9;

    private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
    private final Map<Integer, LongAdder> buckets = new ConcurrentHashMap<>();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder promptTokens = new LongAdder();
    private final LongAdder generatedTokens = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder aborted = new LongAdder();

    /**
     * Counts an answer.
     *
     * @param path one of a few: each has a counter
     */
    void addRequest(String path, int code, long took) {
        String labels = "{path=\"" + path + "\",code=\"" + code + "\"}";
        requests.computeIfAbsent(labels, first -> new LongAdder()).increment();
        int bucket = 0;
        while (bucket < BOUNDS.length && took > BOUNDS[bucket] * NANOS) {
            bucket++;
        }
        buckets.computeIfAbsent(bucket, first -> new LongAdder()).increment();
        nanos.add(took);
    }

    void addTokens(int prompt, int generated) {
        promptTokens.add(prompt);
        generatedTokens.add(generated);
    }

    /** Counts a request that was refused because too many wait. */
    void addRejected() {
        rejected.increment();
    }

    /** Counts a request whose client went away. */
    void addAborted() {
        aborted.increment();
    }

    /**
     * Returns all counts.
     *
     * @param slots those who work and wait at present
     */
    String text(Slots slots) {
        StringBuilder text = new StringBuilder();
        head(text, "microgpt_requests_total", "counter", "Answered requests.");
        requests.forEach((labels, count) -> line(text, "microgpt_requests_total" + labels, count));
        addHistogram(text);
        counter(text, "microgpt_prompt_tokens_total", "Tokens of prompts.", promptTokens);
        counter(text, "microgpt_generated_tokens_total", "Tokens that were generated.", generatedTokens);
        counter(text, "microgpt_rejected_total", "Requests refused because too many waited.", rejected);
        counter(text, "microgpt_aborted_total", "Requests whose client went away.", aborted);
        head(text, "microgpt_generating", "gauge", "Requests that use a model.");
        line(text, "microgpt_generating", slots.working());
        head(text, "microgpt_waiting", "gauge", "Requests that wait to use a model.");
        line(text, "microgpt_waiting", slots.waiting());
        return text.toString();
    }

    private void addHistogram(StringBuilder text) {
        String name = "microgpt_request_seconds";
        head(text, name, "histogram", "Time from a request to the end of its answer.");
        Map<Integer, LongAdder> counts = new TreeMap<>(buckets);
        long sum = 0;
        for (int i = 0; i <= BOUNDS.length; i++) {
            sum += counts.getOrDefault(i, new LongAdder()).sum();
            String bound = i == BOUNDS.length ? "+Inf" : Double.toString(BOUNDS[i]);
            line(text, name + "_bucket{le=\"" + bound + "\"}", sum);
        }
        line(text, name + "_sum", nanos.sum() / NANOS);
        line(text, name + "_count", sum);
    }

    private static void counter(StringBuilder text, String name, String help, LongAdder count) {
        head(text, name, "counter", help);
        line(text, name, count);
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append(name).append(' ').append(value).append('\n');
    }
}

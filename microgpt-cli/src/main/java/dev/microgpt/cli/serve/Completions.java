package dev.microgpt.cli.serve;

import dev.microgpt.cli.serve.CompletionRequest.Prompt;
import dev.microgpt.model.generate.GeneratedText;
import dev.microgpt.model.generate.GeneratedText.Ending;
import dev.microgpt.model.generate.GenerationConfig;
import dev.microgpt.model.generate.TextGenerator;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.internal.json.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers a request for texts. Text i of a seed is the one that {@code microgpt sample} prints as number i + 1 with it.
 */
final class Completions {
    private final CompletionRequest request;
    private final int mostTokens;
    private final Exchange exchange;
    private final CompletionJson json;

    /** The choices of an answer in one piece. */
    private final List<@Nullable Object> choices = new ArrayList<>();

    private int generated;

    /**
     * Prepares an answer.
     *
     * @param request    what is asked for
     * @param mostTokens the most tokens of one text
     * @param exchange   receives the answer
     */
    Completions(CompletionRequest request, int mostTokens, Exchange exchange) {
        this.request = request;
        this.mostTokens = mostTokens;
        this.exchange = exchange;
        this.json = new CompletionJson(request);
    }

    /** Returns the number of tokens that were generated so far. */
    int generated() {
        return generated;
    }

    /**
     * Generates the texts and sends them.
     *
     * @throws IOException          if the client is gone
     * @throws UncheckedIOException likewise, in the middle of a text
     */
    void answer() throws IOException {
        TextGenerator generator = null;
        GenerationConfig config = null;
        for (int p = 0; p < request.prompts().size(); p++) {
            Prompt prompt = request.prompts().get(p);
            GenerationConfig wanted = request.config(prompt, mostTokens);
            if (generator == null || !wanted.equals(config)) {
                generator = request.model().trained().generator(wanted);
                config = wanted;
            }
            PythonRandom random = new PythonRandom(request.seed());
            for (int c = 0; c < request.choices(); c++) {
                add(p * request.choices() + c, prompt, generator, random);
            }
        }
        if (!request.stream()) {
            exchange.sendJson(200, json.whole(choices, generated));
            return;
        }
        if (request.includeUsage()) {
            exchange.sendEvent(JsonWriter.text(json.usagePart(generated)));
        }
        exchange.sendEvent("[DONE]");
    }

    private void add(int index, Prompt prompt, TextGenerator generator, PythonRandom random) throws IOException {
        String beginning = request.echo() ? prompt.text() : "";
        sendPart(index, beginning);
        GeneratedText text = new GeneratedText("", 0, Ending.LENGTH);
        if (request.maxTokens() == null || request.maxTokens() > 0) {
            text = generator.generate(prompt.start(), random, piece -> {
                try {
                    sendPart(index, piece);
                } catch (IOException gone) {
                    throw new UncheckedIOException(gone);
                }
            });
        }
        generated += text.tokens();
        String reason = text.ending() == Ending.LENGTH ? "length" : "stop";
        if (request.stream()) {
            send(CompletionJson.choice(index, "", null, reason));
        } else {
            choices.add(CompletionJson.choice(index, beginning + text.text(), null, reason));
        }
    }

    private void sendPart(int index, String text) throws IOException {
        if (request.stream() && !text.isEmpty()) {
            send(CompletionJson.choice(index, text, null, null));
        }
    }

    private void send(Map<String, @Nullable Object> choice) throws IOException {
        exchange.sendEvent(JsonWriter.text(json.part(choice)));
    }
}

package dev.microgpt.cli.serve;

import dev.microgpt.model.generate.GeneratedText;
import dev.microgpt.model.generate.GeneratedText.Ending;
import dev.microgpt.model.generate.GenerationConfig;
import dev.microgpt.model.generate.Prediction;
import dev.microgpt.model.generate.TextGenerator;
import dev.microgpt.model.generate.TextListener;
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
    private static final int DONE = 200;

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

    /** Returns the number of tokens of all complete texts so far. */
    int generated() {
        return generated;
    }

    /**
     * Generates the texts and, of a stream, sends them.
     *
     * @throws ApiError             if the server has ended
     * @throws IOException          if the client is gone
     * @throws UncheckedIOException likewise, in the middle of a text
     */
    void generate() throws IOException {
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
                if (Thread.currentThread().isInterrupted()) { // the time after the end of the server is over
                    throw ApiError.stopping();
                }
                new Choice(p * request.choices() + c, prompt).generate(generator, random);
            }
        }
    }

    /** Sends the whole answer, or the end of a stream. */
    void finish() throws IOException {
        if (!request.stream()) {
            exchange.sendJson(DONE, json.whole(choices, generated));
            return;
        }
        if (request.includeUsage()) {
            exchange.sendEvent(JsonWriter.text(json.usagePart(generated)));
        }
        exchange.sendEvent("[DONE]");
    }

    /** One text. */
    private final class Choice implements TextListener {
        private final int index;
        private final Prompt prompt;
        private final @Nullable Logprobs logprobs;
        private final StringBuilder text = new StringBuilder();

        private Choice(int index, Prompt prompt) {
            this.index = index;
            this.prompt = prompt;
            Integer top = request.logprobs();
            logprobs =
                    top == null ? null : new Logprobs(request.model().trained().tokenizer(), top);
        }

        void generate(TextGenerator generator, PythonRandom random) throws IOException {
            if (request.echo()) {
                echo(generator);
            }
            Ending ending = Ending.LENGTH;
            Integer most = request.maxTokens();
            if (most == null || most > 0) {
                GeneratedText sample = logprobs == null
                        ? generator.generate(prompt.start(), random, this::piece)
                        : generator.generate(prompt.start(), random, this);
                generated += sample.tokens();
                ending = sample.ending();
            }
            String reason = ending == Ending.LENGTH ? "length" : "stop";
            if (request.stream()) {
                send("", null, reason);
            } else {
                choices.add(CompletionJson.choice(index, text.toString(), taken(), reason));
            }
        }

        private void echo(TextGenerator generator) {
            if (logprobs != null) {
                int first = prompt.first(request.model());
                if (first == 0) {
                    logprobs.add(prompt.start()[0], null);
                }
                generator.read(prompt.start(), this);
            }
            if (!prompt.text().isEmpty()) {
                piece(prompt.text());
            }
        }

        @Override
        public void token(int token, Prediction prediction) {
            if (logprobs != null) {
                logprobs.add(token, prediction);
            }
        }

        @Override
        public void piece(String piece) {
            if (!request.stream()) {
                text.append(piece);
                return;
            }
            try {
                send(piece, taken(), null);
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }

        private @Nullable Map<String, @Nullable Object> taken() {
            return logprobs == null ? null : logprobs.take();
        }

        private void send(
                String piece, @Nullable Map<String, @Nullable Object> probabilities, @Nullable String finishReason)
                throws IOException {
            exchange.sendEvent(
                    JsonWriter.text(json.part(CompletionJson.choice(index, piece, probabilities, finishReason))));
        }
    }
}

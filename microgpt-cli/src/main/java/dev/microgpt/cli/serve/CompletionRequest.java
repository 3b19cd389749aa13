package dev.microgpt.cli.serve;

import dev.microgpt.model.generate.GenerationConfig;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.train.checkpoint.TrainedModel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A request for texts, all of it checked.
 *
 * @param model        the model
 * @param prompts      what the texts continue
 * @param choices      the number of texts for each prompt
 * @param config       how tokens are chosen and where a text ends, but for {@code maxTokens}
 * @param maxTokens    the most tokens of a text; may be 0 with {@code echo}; null if the request does not say
 * @param seed         the seed of the texts of each prompt, an unsigned number
 * @param echo         whether a text begins with its prompt
 * @param logprobs     the number of most likely tokens to list for each token; null to list no probabilities
 * @param stream       whether to send texts as they are generated
 * @param includeUsage whether a stream ends with the numbers of tokens
 */
record CompletionRequest(
        ServedModel model,
        List<Prompt> prompts,
        int choices,
        GenerationConfig config,
        @Nullable Integer maxTokens,
        long seed,
        boolean echo,
        @Nullable Integer logprobs,
        boolean stream,
        boolean includeUsage) {
    private static final String MAX_TOKENS = "max_tokens";
    private static final String LOGPROBS = "logprobs";
    private static final String STOP = "stop";

    private static final Set<String> KNOWN = Set.of(
            "model",
            Prompt.FIELD,
            MAX_TOKENS,
            "temperature",
            "top_p",
            "top_k",
            "n",
            STOP,
            "seed",
            "stream",
            "stream_options",
            "echo",
            LOGPROBS,
            "suffix",
            "presence_penalty",
            "frequency_penalty",
            "logit_bias",
            "best_of",
            "user",
            "metadata",
            "store",
            "service_tier");

    private static final int MOST_STOPS = 16;
    private static final int MOST_LOGPROBS = 100;

    /** The tokens of an answer in one piece, as a multiple of those that a text may have. */
    private static final int MOST_TEXTS = 4;

    /** Of an answer in one piece: a token takes a few bytes. */
    private static final long MOST_TOKENS = 1 << 20;

    /** Likewise with probabilities: each token, and each likely one listed with it, takes 200 bytes or more. */
    private static final long MOST_ENTRIES = 1 << 17;

    /** The most bytes, and so the most tokens, of a character. */
    private static final int BYTES_PER_CHARACTER = 4;

    /** Seeds that this server chooses: any program can repeat them, also one whose numbers are all floating-point. */
    private static final long SEEDS = 1L << 53;

    /**
     * Reads a request.
     *
     * @param body      JSON
     * @param models    the models there are
     * @param maxTokens the most tokens of one text
     * @throws ApiError if it asks for what there is not
     */
    static CompletionRequest read(byte[] body, ServedModels models, int maxTokens) {
        Fields fields = Fields.read(body, KNOWN);
        int choices = fields.integer("n", 1, Prompt.MOST, 1);
        checkNeutral(fields, choices);
        ServedModel model = models.named(fields.text("model"));
        boolean echo = fields.flag("echo");
        Integer most = fields.integer(MAX_TOKENS, 0, maxTokens);
        if (most != null && most == 0 && !echo) {
            throw fields.wrong(MAX_TOKENS, "at least 1 without \"echo\", or the text would be empty");
        }
        Long seed = fields.seed("seed");
        CompletionRequest request = new CompletionRequest(
                model,
                Prompt.all(fields, model),
                choices,
                config(fields),
                most,
                seed == null ? ThreadLocalRandom.current().nextLong(SEEDS) : seed,
                echo,
                fields.integer(LOGPROBS, 0, MOST_LOGPROBS),
                fields.flag("stream"),
                fields.object("stream_options", Set.of("include_usage")).flag("include_usage"));
        request.checkSize(maxTokens);
        return request;
    }

    /** Refuses what other servers can do and this one cannot, unless it asks for nothing. */
    private static void checkNeutral(Fields fields, int choices) {
        String suffix = fields.text("suffix");
        if (suffix != null && !suffix.isEmpty()) {
            throw fields.wrong("suffix", "absent or empty, as these models only continue text");
        }
        for (String penalty : List.of("presence_penalty", "frequency_penalty")) {
            if (fields.number(penalty, 0) != 0) {
                throw fields.wrong(penalty, "absent or 0, as this server has no penalties");
            }
        }
        Object bias = fields.value("logit_bias");
        if (bias != null && !(bias instanceof Map<?, ?> map && map.isEmpty())) {
            throw fields.wrong("logit_bias", "absent or empty, as this server cannot change logits");
        }
        if (fields.integer("best_of", 1, Integer.MAX_VALUE, choices) != choices) {
            throw fields.wrong("best_of", "absent or \"n\", which is " + choices + ", as all texts are returned");
        }
    }

    private static GenerationConfig config(Fields fields) {
        double temperature = fields.number("temperature", SamplingConfig.MICROGPT_TEMPERATURE);
        if (temperature < 0) {
            throw fields.wrong("temperature", "a number of at least 0");
        }
        double topP = fields.number("top_p", SamplingConfig.ALL_PROBABILITY);
        if (!(topP > 0 && topP <= 1)) {
            throw fields.wrong("top_p", "a number above 0 and at most 1");
        }
        int topK = fields.integer("top_k", 1, Integer.MAX_VALUE, SamplingConfig.ALL_TOKENS);
        List<String> stop = fields.texts(STOP);
        if (stop != null && stop.size() > MOST_STOPS) {
            throw ApiError.ofField(
                    STOP, "\"stop\" has " + stop.size() + " strings, but may have up to " + MOST_STOPS + " strings");
        }
        if (stop != null && stop.contains("")) {
            String rule = "a string or a list of strings, of at least one character each";
            throw fields.value(STOP) instanceof String
                    ? fields.wrong(STOP, rule)
                    : fields.wrong(STOP, rule, "", stop.indexOf(""));
        }
        GenerationConfig config = GenerationConfig.of(new SamplingConfig(temperature, topK, topP));
        return stop == null ? config : config.withStop(stop.toArray(new String[0]));
    }

    private void checkSize(int mostTokens) {
        if (prompts.size() * choices > Prompt.MOST) {
            throw ApiError.ofField(
                    "n",
                    "the request asks for " + prompts.size() * choices + " texts, \"n\" for each of "
                            + prompts.size() + " prompts, but may ask for at most " + Prompt.MOST
                            + "; send several requests");
        }
        if (!stream) {
            checkTime(mostTokens);
        }
        int usual = model.isOfDocuments() ? model.blockSize() : TrainedModel.USUAL_CHARACTERS * BYTES_PER_CHARACTER;
        long most = maxTokens == null ? Math.min(mostTokens, usual) : maxTokens;
        int listed = logprobs == null
                ? 0
                : Math.min(logprobs, model.trained().tokenizer().vocabSize());
        long entries = 0;
        for (Prompt prompt : prompts) {
            if (echo && logprobs != null) {
                prompt.checkReadable(model);
            }
            long tokens = most + (echo ? prompt.start().length : 0);
            entries += tokens * choices * (1 + listed);
        }
        long limit = logprobs == null ? MOST_TOKENS : MOST_ENTRIES;
        if (entries > limit && !stream) {
            throw ApiError.ofField(
                    logprobs == null ? MAX_TOKENS : LOGPROBS,
                    "the answer may have " + entries
                            + " tokens with those of \"logprobs\", but in one piece may have at most " + limit
                            + "; ask for fewer, or set \"stream\" to true");
        }
    }

    /** Refuses more tokens than one piece may have, since its client may leave and nothing would show it. */
    private void checkTime(int mostTokens) {
        int usual = model.isOfDocuments() ? model.blockSize() : TrainedModel.USUAL_CHARACTERS;
        long each = maxTokens == null ? Math.min(mostTokens, usual) : maxTokens;
        long texts = (long) prompts.size() * choices;
        long most = (long) MOST_TEXTS * mostTokens;
        if (texts * each > most) {
            throw ApiError.ofField(
                    maxTokens == null ? "n" : MAX_TOKENS,
                    "the request asks for " + texts + " texts of up to " + each + " tokens, " + texts * each
                            + " together, but in one piece may ask for at most " + most
                            + "; set \"stream\" to true, or send several requests");
        }
    }

    /** Returns the number of tokens that the model reads. */
    int promptTokens() {
        int tokens = 0;
        for (Prompt prompt : prompts) {
            tokens += prompt.start().length;
        }
        return tokens;
    }

    /**
     * Returns where the texts of a prompt end: as in {@code microgpt sample} if the request does not say.
     *
     * @param mostTokens the most tokens of one text
     */
    GenerationConfig config(Prompt prompt, int mostTokens) {
        if (maxTokens != null) {
            return config.withMaxNewTokens(Math.max(1, maxTokens));
        }
        if (!model.isOfDocuments()) {
            return config.withMaxCharacters(TrainedModel.USUAL_CHARACTERS).withMaxNewTokens(mostTokens);
        }
        int room = model.blockSize() - prompt.start().length + 1;
        return room > mostTokens ? config.withMaxNewTokens(mostTokens) : config;
    }
}

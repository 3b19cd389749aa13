package dev.microgpt.cli.serve;

import dev.microgpt.model.generate.GenerationConfig;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
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
 * @param logprobs     the number of most likely tokens to tell for each token; null to tell no probabilities
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
    private static final String PROMPT = "prompt";
    private static final String MAX_TOKENS = "max_tokens";
    private static final String ECHO = "echo";
    private static final String LOGPROBS = "logprobs";
    private static final String STOP = "stop";
    private static final String TOO_LONG = "context_length_exceeded";

    private static final Set<String> KNOWN = Set.of(
            "model",
            PROMPT,
            MAX_TOKENS,
            "temperature",
            "top_p",
            "top_k",
            "n",
            STOP,
            "seed",
            "stream",
            "stream_options",
            ECHO,
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

    private static final int MOST_TEXTS = 128;
    private static final int MOST_STOPS = 16;
    private static final int MOST_LOGPROBS = 100;

    /** Of an answer in one piece: each token, and each likely one beside it, takes a hundred bytes or more. */
    private static final long MOST_ENTRIES = 1 << 20;

    /** The most bytes, and so the most tokens, of a character. */
    private static final int BYTES_PER_CHARACTER = 4;

    /** The usual temperature of {@code microgpt sample}. */
    private static final double TEMPERATURE = 0.5;

    /** Seeds that this server chooses: any program can repeat them, also one whose numbers are all floating-point. */
    private static final long SEEDS = 1L << 53;

    /**
     * What texts continue.
     *
     * @param text  the prompt as text
     * @param start the tokens that the model reads, at least one
     */
    record Prompt(String text, int[] start) {}

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
        int choices = fields.integer("n", 1, MOST_TEXTS, 1);
        checkNeutral(fields, choices);
        ServedModel model = models.named(fields.text("model"));
        boolean echo = fields.flag(ECHO);
        Integer most = fields.integer(MAX_TOKENS, 0, maxTokens);
        if (most != null && most == 0 && !echo) {
            throw ApiError.ofField(
                    MAX_TOKENS, "\"max_tokens\" may be 0 only with \"echo\": the answer would be empty otherwise");
        }
        if (fields.value(LOGPROBS) != null) {
            throw fields.wrong(LOGPROBS, "absent: this server does not tell probabilities yet");
        }
        Long seed = fields.seed("seed");
        Fields streaming = fields.object("stream_options", Set.of("include_usage"));
        CompletionRequest request = new CompletionRequest(
                model,
                prompts(fields, model.trained()),
                choices,
                config(fields),
                most,
                seed == null ? ThreadLocalRandom.current().nextLong(SEEDS) : seed,
                echo,
                fields.integer(LOGPROBS, 0, MOST_LOGPROBS),
                fields.flag("stream"),
                streaming.flag("include_usage"));
        request.checkSize(maxTokens);
        return request;
    }

    /** Refuses what other servers can do and this one cannot, unless it asks for nothing. */
    private static void checkNeutral(Fields fields, int choices) {
        String suffix = fields.text("suffix");
        if (suffix != null && !suffix.isEmpty()) {
            throw fields.wrong("suffix", "absent or empty: these models continue text and cannot fill it in");
        }
        for (String penalty : List.of("presence_penalty", "frequency_penalty")) {
            if (fields.number(penalty, 0) != 0) {
                throw fields.wrong(penalty, "absent or 0: this server has no penalties");
            }
        }
        Object bias = fields.value("logit_bias");
        if (bias != null && !(bias instanceof Map<?, ?> map && map.isEmpty())) {
            throw fields.wrong("logit_bias", "absent or empty: this server cannot change logits");
        }
        if (fields.integer("best_of", 1, Integer.MAX_VALUE, choices) != choices) {
            throw fields.wrong("best_of", "absent or " + choices + ", as \"n\": all texts are returned");
        }
    }

    private static GenerationConfig config(Fields fields) {
        double temperature = fields.number("temperature", TEMPERATURE);
        if (temperature < 0) {
            throw fields.wrong("temperature", "a number of at least 0");
        }
        double topP = fields.number("top_p", SamplingConfig.ALL_PROBABILITY);
        if (!(topP > 0 && topP <= 1)) {
            throw fields.wrong("top_p", "a number above 0 and at most 1");
        }
        int topK = fields.integer("top_k", 1, Integer.MAX_VALUE, SamplingConfig.ALL_TOKENS);
        List<String> stop = fields.texts(STOP);
        if (stop != null && (stop.size() > MOST_STOPS || stop.contains(""))) {
            throw fields.wrong(STOP, "a string or up to " + MOST_STOPS + " strings, each of at least one character");
        }
        GenerationConfig config = GenerationConfig.of(new SamplingConfig(temperature, topK, topP));
        return stop == null ? config : config.withStop(stop.toArray(new String[0]));
    }

    private static List<Prompt> prompts(Fields fields, TrainedModel trained) {
        Object given = fields.value(PROMPT);
        if (given == null || given instanceof String) {
            return List.of(prompt(fields, given == null ? "" : given, trained));
        }
        List<?> list = given instanceof List<?> several ? several : List.of();
        if (list.isEmpty()) {
            throw wrongPrompt(fields);
        }
        if (list.get(0) instanceof BigInteger) {
            return List.of(prompt(fields, list, trained));
        }
        if (list.size() > MOST_TEXTS) { // before each is encoded
            throw tooMany(list.size(), 1);
        }
        List<Prompt> prompts = new ArrayList<>();
        for (Object each : list) {
            prompts.add(prompt(fields, each, trained));
        }
        return prompts;
    }

    private static Prompt prompt(Fields fields, @Nullable Object given, TrainedModel trained) {
        Tokenizer tokenizer = trained.tokenizer();
        if (given instanceof String text) {
            Fields.whole(PROMPT, text);
            try {
                return new Prompt(text, trained.format().promptTokens(tokenizer, text));
            } catch (IllegalArgumentException unknown) {
                throw ApiError.ofField(PROMPT, "\"prompt\": " + unknown.getMessage());
            }
        }
        if (!(given instanceof List<?> list)) {
            throw wrongPrompt(fields);
        }
        int[] ids = new int[list.size()];
        for (int i = 0; i < ids.length; i++) {
            if (!(list.get(i) instanceof BigInteger id)) {
                throw wrongPrompt(fields);
            }
            if (id.signum() < 0 || id.compareTo(BigInteger.valueOf(tokenizer.vocabSize())) >= 0) {
                throw ApiError.ofField(
                        PROMPT,
                        "\"prompt\" has the token " + id + " at index " + i + ", but this model's are from 0 to "
                                + (tokenizer.vocabSize() - 1));
            }
            ids[i] = id.intValue();
        }
        int[] plain = Arrays.stream(ids).filter(id -> id != tokenizer.bos()).toArray();
        return new Prompt(tokenizer.decode(plain), trained.format().promptTokens(tokenizer, ids));
    }

    private static ApiError wrongPrompt(Fields fields) {
        return fields.wrong(PROMPT, "a string, a list of strings, a list of tokens, or a list of lists of tokens");
    }

    private static ApiError tooMany(int prompts, int choices) {
        return ApiError.ofField(
                choices == 1 ? PROMPT : "n",
                "the request asks for " + (long) prompts * choices + " texts (" + prompts + " prompts, \"n\" " + choices
                        + "), but may ask for at most " + MOST_TEXTS + "; send several requests");
    }

    private void checkSize(int mostTokens) {
        if ((long) prompts.size() * choices > MOST_TEXTS) {
            throw tooMany(prompts.size(), choices);
        }
        int block = model.blockSize();
        long entries = 0;
        for (Prompt prompt : prompts) {
            int tokens = prompt.start().length;
            if (tokens > block && model.isOfDocuments() && !model.isEndless()) {
                throw ApiError.ofField(
                        PROMPT,
                        "\"prompt\" has " + (tokens - 1) + " tokens, but may have at most " + (block - 1)
                                + ": the block size is " + block
                                + ", and one position marks the beginning of the document; shorten it",
                        TOO_LONG);
            }
            if (tokens > block && echo && logprobs != null) {
                throw ApiError.ofField(
                        PROMPT,
                        "\"prompt\" has " + tokens + " tokens, but with \"echo\" and \"logprobs\" may have at most "
                                + block + ", the block size; shorten it, or leave out one of the two",
                        TOO_LONG);
            }
            int usual = model.isOfDocuments() ? block : TrainedModel.USUAL_CHARACTERS * BYTES_PER_CHARACTER;
            int most = maxTokens == null ? Math.min(mostTokens, usual) : maxTokens;
            int beside = logprobs == null ? 0 : logprobs;
            entries += ((long) most + (echo ? tokens : 0)) * (beside + 1) * choices;
        }
        if (entries > MOST_ENTRIES && !stream) {
            throw ApiError.ofField(
                    logprobs == null ? MAX_TOKENS : LOGPROBS,
                    "the answer may have " + entries
                            + " tokens with those of \"logprobs\", but in one piece may have at" + " most "
                            + MOST_ENTRIES + "; ask for fewer, or set \"stream\" to true");
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

package dev.microgpt.model.generate;

import dev.microgpt.autograd.Hook;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.ParameterUpdates;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Decoder;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.random.PythonRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Continues a sequence of tokens, one token at a time.
 *
 * <pre>{@code
 * Generator generator = new Generator(model, new Sampler(0.5));
 * int[] ids = generator.generate(new int[] {tokenizer.bos()}, 16, tokenizer.bos(), random);
 * String name = tokenizer.decode(ids);
 * }</pre>
 *
 * <p>While the sequence fits into the block size, a {@link Decoder} remembers the earlier positions and a token costs
 * one row. Beyond it, the model sees the last {@code blockSize} tokens, as in nanoGPT: every token moves to another
 * position, which invalidates the cache, and <b>a token costs a forward pass over a whole block</b>; with
 * {@link BeyondBlock#HALF} it costs two rows, and the model sees fewer tokens. Neither applies if the decoder
 * {@linkplain Decoder#isEndless() continues}, as with a sliding window and rotary positions.
 *
 * <p>A generator is confined to one thread at a time, and others are refused. Any number of generators may use one
 * model at the same time, each in a thread of its own, while no thread trains it.
 *
 * @see <a href="https://github.com/karpathy/nanoGPT/blob/master/model.py">nanoGPT, generate</a>
 */
public final class Generator {
    /** A stop token that matches no token, for sequences that end by length only. */
    public static final int NO_STOP = -1;

    private final LanguageModel model;
    private final Sampler sampler;
    private final int tokens;
    private final Context context;
    private final List<Parameter> parameters;
    private final Tape tape = Tape.inference();

    /** What the last token was drawn from, until the next one is computed. */
    private double[] logits = {};

    /** 1 while a sequence is generated. */
    private final AtomicInteger busy = new AtomicInteger();

    /**
     * Creates a generator that samples from the whole vocabulary of a model.
     *
     * @param model   the model
     * @param sampler chooses each token
     */
    public Generator(LanguageModel model, Sampler sampler) {
        this(model, sampler, model.config().vocabSize());
    }

    /**
     * Creates a generator that samples from the first tokens of the vocabulary only, for a tokenizer with fewer tokens
     * than the model.
     *
     * @param model   the model
     * @param sampler chooses each token
     * @param tokens  the number of tokens to sample from, from 1 to the vocabulary size of the model
     * @throws IllegalArgumentException if {@code tokens} is out of range
     */
    public Generator(LanguageModel model, Sampler sampler, int tokens) {
        this(model, sampler, tokens, BeyondBlock.SLIDE);
    }

    /**
     * Creates a generator that continues beyond the block in a given way.
     *
     * @param model   the model
     * @param sampler chooses each token
     * @param tokens  the number of tokens to sample from, from 1 to the vocabulary size of the model
     * @param beyond  what the model sees of a sequence that is longer than its block
     * @throws IllegalArgumentException if {@code tokens} is out of range
     */
    public Generator(LanguageModel model, Sampler sampler, int tokens, BeyondBlock beyond) {
        checkTokens(model, tokens);
        this.model = model;
        // one of its own: a sampler reuses arrays, and the caller may pass the same one to a generator in each thread
        this.sampler = new Sampler(
                Objects.requireNonNull(sampler, "generator: sampler is null").config());
        this.tokens = tokens;
        this.context = new Context(model, Objects.requireNonNull(beyond, "generator: beyond is null"));
        this.parameters = model.parameters().all();
    }

    /**
     * Returns the number of tokens that can be generated within the block size.
     *
     * @param promptLength the length of the prompt in tokens
     * @return at least 1: after a prompt that fills the block there is room for one token, because the last token
     *     generated is not fed back to the model
     */
    public int room(int promptLength) {
        return Math.max(1, model.config().blockSize() - promptLength + 1);
    }

    /**
     * Returns whether the model reads a prompt beyond the block size as a whole, and generates there as fast as before.
     *
     * @return whether its decoder {@linkplain Decoder#isEndless() continues beyond the block}
     */
    public boolean isEndless() {
        return context.decoder().isEndless();
    }

    /**
     * Adds a hook, which is shown the activations of all later passes: to generate without a head, for example.
     *
     * @param hook the hook, such as {@link dev.microgpt.model.trace.Hooks}; called by the thread that generates
     */
    public void addHook(Hook hook) {
        tape.addHook(hook);
    }

    /**
     * Generates tokens up to the stop token or a maximum number.
     *
     * @param prompt       the tokens to continue, at least one, usually starting with BOS; not modified
     * @param maxNewTokens the maximum number of tokens to generate, at least 1
     * @param stop         the token that ends the sequence, usually BOS, or {@link #NO_STOP}
     * @param random       the generator the sampler draws from
     * @return the new tokens, without prompt and stop token
     * @throws IllegalArgumentException if the prompt is empty, a token is not in the vocabulary, or
     *     {@code maxNewTokens} is below 1
     * @throws IllegalStateException if this generator is already generating, or if another thread trains the model
     */
    public int[] generate(int[] prompt, int maxNewTokens, int stop, PythonRandom random) {
        Collected collected = new Collected();
        generate(prompt, maxNewTokens, stop, random, collected);
        return Arrays.copyOf(collected.tokens, collected.count);
    }

    /**
     * Generates tokens up to the stop token or a maximum number, or until a listener ends the sequence; each token is
     * passed to the listener before the next one is computed.
     *
     * @param prompt       the tokens to continue, at least one, usually starting with BOS; not modified
     * @param maxNewTokens the maximum number of tokens to generate, at least 1
     * @param stop         the token that ends the sequence, usually BOS, or {@link #NO_STOP}; the listener does not get
     *     it
     * @param random       the generator the sampler draws from, one number per token
     * @param listener     receives the new tokens
     * @throws IllegalArgumentException if the prompt is empty, a token is not in the vocabulary, or
     *     {@code maxNewTokens} is below 1
     * @throws IllegalStateException if this generator is already generating, in another thread or for the calling
     *     listener, or if another thread trains the model
     */
    public void generate(int[] prompt, int maxNewTokens, int stop, PythonRandom random, TokenListener listener) {
        checkMaxNewTokens(maxNewTokens);
        checkPrompt(model, prompt);
        begin();
        try {
            generateChecked(prompt, maxNewTokens, stop, random, listener);
        } finally {
            busy.set(0);
        }
    }

    private void begin() {
        if (!busy.compareAndSet(0, 1)) {
            throw new IllegalStateException(
                    "generate: thread \"" + Thread.currentThread().getName() + "\" uses a generator that is already"
                            + " generating, for another thread or for the calling listener; create one for each, with"
                            + " the same model");
        }
    }

    /** {@return what the model expected where it generated the last token; valid until it computes the next one} */
    Prediction prediction() {
        return Prediction.of(logits, 0, tokens);
    }

    /** Passes on the tokens of a prompt after the first, as {@link TextGenerator#read}. */
    void read(int[] prompt, TextListener listener) {
        checkPrompt(model, prompt);
        for (int i = 1; i < prompt.length; i++) {
            if (prompt[i] >= tokens) {
                throw new IllegalArgumentException("generate: prompt[" + i + "] is " + prompt[i]
                        + ", but must be from 0 to " + (tokens - 1) + ", the tokens to sample from");
            }
        }
        begin();
        try {
            ParameterUpdates updates = ParameterUpdates.watch("generate", parameters);
            tape.reset();
            Tensor rows = model.forward(tape, Batch.ofPrompt(prompt));
            updates.checkNone();
            int columns = rows.shape().columns();
            for (int i = 1; i < prompt.length; i++) {
                Sampler.mostLikely(rows.data(), (i - 1) * columns, tokens); // refuses what are not logits
                listener.token(prompt[i], Prediction.of(rows.data(), (i - 1) * columns, tokens));
            }
        } finally {
            busy.set(0);
        }
    }

    private void generateChecked(
            int[] prompt, int maxNewTokens, int stop, PythonRandom random, TokenListener listener) {
        ParameterUpdates updates = ParameterUpdates.watch("generate", parameters);
        context.begin(tape, prompt);
        int left = maxNewTokens;
        while (true) {
            int token = sample(random);
            updates.checkNone(); // or the text would be that of no model
            if (token == stop || !listener.accept(token) || --left == 0) {
                return;
            }
            context.add(token);
        }
    }

    static void checkTokens(LanguageModel model, int tokens) {
        if (tokens < 1 || tokens > model.config().vocabSize()) {
            throw new IllegalArgumentException("tokens is " + tokens + ", but must be from 1 to "
                    + model.config().vocabSize() + ", the vocabulary size of the model");
        }
    }

    static void checkMaxNewTokens(int maxNewTokens) {
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException("maxNewTokens is " + maxNewTokens + ", but must be at least 1");
        }
    }

    /** Checks the whole prompt, including tokens before the window, which would otherwise be ignored. */
    static void checkPrompt(LanguageModel model, int... prompt) {
        int vocabulary = model.config().vocabSize();
        for (int i = 0; i < prompt.length; i++) {
            if (prompt[i] < 0 || prompt[i] >= vocabulary) {
                throw new IllegalArgumentException("generate: prompt[" + i + "] is " + prompt[i]
                        + ", but must be from 0 to " + (vocabulary - 1) + ", the tokens of the model");
            }
        }
    }

    private int sample(PythonRandom random) {
        tape.reset();
        logits = context.decoder().last(tape, context.next()).data();
        return sampler.next(logits, 0, tokens, random);
    }

    private static final class Collected implements TokenListener {
        private int[] tokens = new int[16];
        private int count;

        @Override
        public boolean accept(int token) {
            if (count == tokens.length) {
                tokens = Arrays.copyOf(tokens, 2 * count);
            }
            tokens[count++] = token;
            return true;
        }
    }
}

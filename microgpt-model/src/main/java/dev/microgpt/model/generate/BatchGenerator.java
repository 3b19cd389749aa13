package dev.microgpt.model.generate;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.ParameterUpdates;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Decoder;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.random.PythonRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Continues several sequences of tokens together, one token of each at a time, so that each weight of the model is read
 * once for all of them: beyond the caches, eight sequences take two to five times as long as one.
 *
 * <pre>{@code
 * BatchGenerator generator = new BatchGenerator(model.forInference(), new Sampler(0.5));
 * List<int[]> names = generator.generate(prompts, 16, tokenizer.bos(), randoms);
 * }</pre>
 *
 * <p>Each sequence has its own source of random numbers and is, token for token, what a {@link Generator} with the same
 * source generates alone. One that has ended leaves the others.
 *
 * <p>Confined to one thread at a time, and others are refused.
 */
public final class BatchGenerator {
    private final LanguageModel model;
    private final Sampler sampler;
    private final int tokens;
    private final BeyondBlock beyond;
    private final List<Parameter> parameters;
    private final List<Context> contexts = new ArrayList<>();
    private final Tape tape = Tape.inference();

    /** 1 while sequences are generated. */
    private final AtomicInteger busy = new AtomicInteger();

    /**
     * Creates a generator that samples from the whole vocabulary of a model.
     *
     * @param model   the model
     * @param sampler chooses each token
     */
    public BatchGenerator(LanguageModel model, Sampler sampler) {
        this(model, sampler, model.config().vocabSize(), BeyondBlock.SLIDE);
    }

    /**
     * Creates a generator.
     *
     * @param model   the model
     * @param sampler chooses each token
     * @param tokens  the number of tokens to sample from, from 1 to the vocabulary size of the model
     * @param beyond  what the model sees of a sequence that is longer than its block
     * @throws IllegalArgumentException if {@code tokens} is out of range
     */
    public BatchGenerator(LanguageModel model, Sampler sampler, int tokens, BeyondBlock beyond) {
        Generator.checkTokens(model, tokens);
        this.model = model;
        this.sampler = new Sampler(
                Objects.requireNonNull(sampler, "generator: sampler is null").config());
        this.tokens = tokens;
        this.beyond = Objects.requireNonNull(beyond, "generator: beyond is null");
        this.parameters = model.parameters().all();
    }

    /** A sequence on its way. */
    private static final class Running {
        private final int index;
        private final Context context;
        private final PythonRandom random;
        private int[] drawn = new int[16];
        private int count;

        Running(int index, Context context, PythonRandom random) {
            this.index = index;
            this.context = context;
            this.random = random;
        }

        void add(int token) {
            if (count == drawn.length) {
                drawn = Arrays.copyOf(drawn, 2 * count);
            }
            drawn[count++] = token;
        }
    }

    /**
     * Continues each prompt up to the stop token or a maximum number of tokens.
     *
     * @param prompts      the tokens to continue, at least one each; not modified
     * @param maxNewTokens the maximum number of tokens of each, at least 1
     * @param stop         the token that ends a sequence, usually BOS, or {@link Generator#NO_STOP}
     * @param randoms      the generator that each sequence draws from, one number per token
     * @return the new tokens of each sequence, without prompt and stop token
     * @throws IllegalArgumentException if the numbers of prompts and generators differ, a generator is given twice, a
     *     prompt is empty, a token is not in the vocabulary, or {@code maxNewTokens} is below 1
     * @throws IllegalStateException if this generator is already generating, or if another thread trains the model
     */
    public List<int[]> generate(List<int[]> prompts, int maxNewTokens, int stop, List<PythonRandom> randoms) {
        Generator.checkMaxNewTokens(maxNewTokens);
        check(prompts, randoms);
        if (!busy.compareAndSet(0, 1)) {
            throw new IllegalStateException(
                    "generate: thread \"" + Thread.currentThread().getName() + "\" uses a generator that is already"
                            + " generating for another thread; create one for each, with the same model");
        }
        try {
            return generateChecked(prompts, maxNewTokens, stop, randoms);
        } finally {
            busy.set(0);
        }
    }

    private void check(List<int[]> prompts, List<PythonRandom> randoms) {
        if (prompts.size() != randoms.size()) {
            throw new IllegalArgumentException("generate: there are " + prompts.size() + " prompts and "
                    + randoms.size() + " sources of random numbers; each sequence needs one of its own");
        }
        for (int i = 0; i < randoms.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (randoms.get(i) == randoms.get(j)) {
                    throw new IllegalArgumentException(
                            "generate: sequences " + j + " and " + i + " have the same source"
                                    + " of random numbers, so that each would depend on the other; give each one of its"
                                    + " own");
                }
            }
        }
        for (int i = 0; i < prompts.size(); i++) {
            if (prompts.get(i).length == 0) {
                throw new IllegalArgumentException(
                        "generate: prompt " + i + " has no tokens, but must have at least one, such as BOS");
            }
            Generator.checkPrompt(model, prompts.get(i));
        }
    }

    private List<int[]> generateChecked(List<int[]> prompts, int maxNewTokens, int stop, List<PythonRandom> randoms) {
        ParameterUpdates updates = ParameterUpdates.watch("generate", parameters);
        int[][] all = new int[prompts.size()][];
        List<Running> running = new ArrayList<>();
        for (int i = 0; i < all.length; i++) {
            if (i == contexts.size()) {
                contexts.add(new Context(model, beyond));
            }
            running.add(new Running(i, contexts.get(i), randoms.get(i)));
            contexts.get(i).begin(tape, prompts.get(i));
        }
        while (!running.isEmpty()) {
            int[] next = new int[running.size()];
            List<Running> together = new ArrayList<>();
            for (int i = 0; i < next.length; i++) {
                Context context = running.get(i).context;
                if (context.next().ids().length == 1) {
                    together.add(running.get(i));
                } else { // a prompt, or a window again
                    tape.reset();
                    Tensor logits = context.decoder().last(tape, context.next());
                    next[i] = sampler.next(logits.data(), 0, tokens, running.get(i).random);
                }
            }
            drawTogether(running, together, next);
            updates.checkNone(); // or the texts would be those of no model
            List<Running> left = new ArrayList<>();
            for (int i = 0; i < next.length; i++) {
                Running sequence = running.get(i);
                if (next[i] != stop) {
                    sequence.add(next[i]);
                }
                if (next[i] == stop || sequence.count == maxNewTokens) {
                    all[sequence.index] = Arrays.copyOf(sequence.drawn, sequence.count);
                } else {
                    sequence.context.add(next[i]);
                    left.add(sequence);
                }
            }
            running = left;
        }
        return Arrays.asList(all);
    }

    /** Draws the next token of those sequences whose decoders are given one token. */
    private void drawTogether(List<Running> running, List<Running> together, int... next) {
        if (together.isEmpty()) {
            return;
        }
        List<Decoder> decoders = new ArrayList<>(together.size());
        int[] last = new int[together.size()];
        for (int i = 0; i < last.length; i++) {
            decoders.add(together.get(i).context.decoder());
            last[i] = together.get(i).context.next().ids()[0];
        }
        tape.reset();
        Tensor logits = Decoder.together(tape, decoders, last);
        int columns = logits.shape().columns();
        for (int i = 0; i < last.length; i++) {
            Running sequence = together.get(i);
            next[running.indexOf(sequence)] = sampler.next(logits.data(), i * columns, tokens, sequence.random);
        }
    }
}

package dev.microgpt.model;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.Arrays;

/**
 * Continues a sequence token by token.
 *
 * <pre>{@code
 * Generator generator = new Generator(gpt, new Sampler(0.5));
 * int[] ids = generator.generate(new int[] {tokenizer.bos()}, 16, tokenizer.bos(), random);
 * String name = tokenizer.decode(ids);
 * }</pre>
 *
 * <p>Not thread-safe; two generators may work on one model at the same time.
 */
public final class Generator {
    private final Gpt gpt;
    private final Sampler sampler;
    private final KeyValueCache cache;
    private final Tape tape = Tape.inference();

    /**
     * Creates a generator with a cache of its own.
     *
     * @param gpt     the model
     * @param sampler chooses each token
     */
    public Generator(Gpt gpt, Sampler sampler) {
        this.gpt = gpt;
        this.sampler = sampler;
        this.cache = new KeyValueCache(gpt.config());
    }

    /**
     * Generates tokens until the stop token, the wanted number, or the model's last position.
     *
     * @param prompt       the tokens to begin with, at least one, usually BOS first; at most the block size
     * @param maxNewTokens the largest number of tokens to generate, at least 1
     * @param stop         the token that ends the sequence, usually BOS
     * @param random       what the sampler draws from
     * @return the new tokens, without prompt and stop token
     * @throws IllegalArgumentException if the prompt is empty or too long, or {@code maxNewTokens} is below 1
     */
    public int[] generate(int[] prompt, int maxNewTokens, int stop, PythonRandom random) {
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException("maxNewTokens is " + maxNewTokens + ", but must be at least 1");
        }
        cache.clear();
        int room = gpt.config().blockSize() - prompt.length + 1; // the last token needs no position of its own
        int[] generated = new int[Math.max(0, Math.min(maxNewTokens, room))];
        Batch next = Batch.ofPrompt(prompt);
        int count = 0;
        do {
            int token = sample(next, random);
            if (token == stop) {
                break;
            }
            generated[count++] = token;
            next = Batch.ofPrompt(token);
        } while (count < generated.length);
        return Arrays.copyOf(generated, count);
    }

    private int sample(Batch batch, PythonRandom random) {
        tape.reset();
        Tensor logits = gpt.forward(tape, batch, cache);
        int n = gpt.config().vocabSize();
        int last = (logits.shape().rows() - 1) * n;
        return sampler.next(logits.data(), last, n, random);
    }
}

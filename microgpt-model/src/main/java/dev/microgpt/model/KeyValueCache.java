package dev.microgpt.model;

import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.CausalAttention;
import org.jspecify.annotations.Nullable;

/**
 * The attention keys and values of the earlier positions of one sequence, so that the next token costs one row.
 *
 * <p>Pass it to {@link Gpt#forward(Tape, Batch, KeyValueCache)}: the logits are, bit for bit, those of a forward pass
 * over the whole sequence. It holds no gradients and requires an inference tape. Confined to one thread at a time.
 */
public final class KeyValueCache {
    private final GptConfig config;
    private final BlockCache[] blocks;
    private int length;
    private @Nullable Gpt model; // the model that computed them

    /**
     * Creates an empty cache with room for the longest sequence of a model.
     *
     * @param config sizes of the model; the cache takes {@code 16 · nLayer · blockSize · nEmbd} bytes
     */
    public KeyValueCache(GptConfig config) {
        this.config = config;
        blocks = new BlockCache[config.nLayer()];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new BlockCache();
        }
    }

    /** {@return the number of cached positions} */
    public int length() {
        return length;
    }

    /** Forgets all positions. */
    public void clear() {
        length = 0;
    }

    /** Checks that a model can continue from this cache, and returns the number of cached positions. */
    int pastOf(Gpt gpt, Tape tape, Sequences sequences) {
        if (tape.keepsGradients()) {
            throw new IllegalStateException("gpt: a key-value cache holds no gradients; generate on Tape.inference(),"
                    + " train without a cache");
        }
        // nearly always the same object; linking a record's equals at run time would delay the first sample
        if (config != gpt.config() && !config.equals(gpt.config())) {
            throw new IllegalArgumentException("gpt: the cache was made for " + config + ", but the model is "
                    + gpt.config() + "; create a cache with the model's own configuration");
        }
        if (length > 0 && model != gpt) {
            throw new IllegalArgumentException("gpt: the cache holds " + length + " positions of another model"
                    + " of this shape; call clear() first, or create a cache for each model");
        }
        if (sequences.count() != 1) {
            throw new IllegalArgumentException("gpt: a cache holds one sequence, but the batch has " + sequences.count()
                    + "; give each sequence a cache and a batch of its own");
        }
        return length;
    }

    BlockCache block(int index) {
        return blocks[index];
    }

    /** Adds the positions of a completed forward pass; a pass that fails halfway leaves no trace. */
    void advance(int positions, Gpt gpt) {
        length += positions;
        model = gpt;
    }

    /** The keys and values of one block of the model. */
    public final class BlockCache {
        private final double[] keys;
        private final double[] values;

        private BlockCache() {
            int size = Shape.of(config.blockSize(), config.nEmbd()).size();
            keys = new double[size];
            values = new double[size];
        }

        /**
         * Stores the keys and values of new positions and attends to all positions so far; {@code q}, {@code k},
         * {@code v} and the result have shape {@code (T, C)}.
         */
        Tensor attention(Tape tape, Tensor q, Tensor k, Tensor v, int heads, double scale, Sequences sequences) {
            int channels = config.nEmbd();
            int added = k.shape().size();
            System.arraycopy(k.data(), 0, keys, length * channels, added);
            System.arraycopy(v.data(), 0, values, length * channels, added);
            int positions = length + sequences.rows();
            Shape shape = Shape.of(positions, channels);
            return tape.apply(new CausalAttention(
                    q,
                    Tensor.constant(shape, keys),
                    Tensor.constant(shape, values),
                    heads,
                    sequences,
                    Sequences.ofLengths(positions),
                    null,
                    scale));
        }
    }
}

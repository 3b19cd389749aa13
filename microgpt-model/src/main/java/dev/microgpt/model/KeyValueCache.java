package dev.microgpt.model;

import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.CausalAttention;
import org.jspecify.annotations.Nullable;

/**
 * The keys and values of the positions that a model has seen of one sequence, so that the next token costs one row.
 *
 * <p>Given to {@link Gpt#forward(Tape, Batch, KeyValueCache)}; the logits are, bit for bit, those of the whole sequence
 * at once. It holds no gradients, so it goes with an inference tape. Not thread-safe.
 */
public final class KeyValueCache {
    private final GptConfig config;
    private final BlockCache[] blocks;
    private int length;
    private @Nullable Gpt model; // whose positions they are

    /**
     * Creates an empty cache with room for the longest sequence of a model.
     *
     * @param config the shape of the model; the cache takes {@code 16 · nLayer · blockSize · nEmbd} bytes
     */
    public KeyValueCache(GptConfig config) {
        this.config = config;
        blocks = new BlockCache[config.nLayer()];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new BlockCache();
        }
    }

    /**
     * Returns how many positions are held.
     *
     * @return the number of tokens seen since the cache was made or cleared
     */
    public int length() {
        return length;
    }

    /** Forgets all positions. */
    public void clear() {
        length = 0;
    }

    /** Returns how many positions a model continues from here, once it is clear that it can. */
    int pastOf(Gpt gpt, Tape tape, Sequences sequences) {
        if (tape.keepsGradients()) {
            throw new IllegalStateException("gpt: a key-value cache holds no gradients; generate on Tape.inference(),"
                    + " train without a cache");
        }
        // nearly always the same object; comparing records is set up at run time, which delays the first sample
        if (config != gpt.config() && !config.equals(gpt.config())) {
            throw new IllegalArgumentException("gpt: the cache was made for " + config + ", but the model is "
                    + gpt.config() + "; make a cache with the model's own configuration");
        }
        if (length > 0 && model != gpt) {
            throw new IllegalArgumentException("gpt: the cache holds " + length + " positions of another model"
                    + " of this shape; call clear() first, or make a cache for each model");
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

    /** Makes the positions of a complete forward pass part of the past; one that fails halfway leaves no trace. */
    void advance(int positions, Gpt gpt) {
        length += positions;
        model = gpt;
    }

    /** The part of the cache that belongs to one layer of the model. */
    public final class BlockCache {
        private final double[] keys;
        private final double[] values;

        private BlockCache() {
            int size = Shape.of(config.blockSize(), config.nEmbd()).size();
            keys = new double[size];
            values = new double[size];
        }

        /**
         * Stores the keys and values of new positions and lets the queries look at all positions so far.
         *
         * @param tape      an inference tape
         * @param q         queries of the new positions, shape {@code (T, C)}
         * @param k         their keys, shape {@code (T, C)}
         * @param v         their values, shape {@code (T, C)}
         * @param heads     the number of heads
         * @param scale     what the products of queries and keys are multiplied by
         * @param sequences one sequence of {@code T} positions
         * @return shape {@code (T, C)}
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

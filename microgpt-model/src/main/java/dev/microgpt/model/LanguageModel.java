package dev.microgpt.model;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/**
 * A model that predicts the next token at every position of a sequence. {@link Gpt} is one; a recurrent network or a
 * table of bigrams can be others, and are trained, evaluated, sampled and stored in the same way.
 *
 * <p>A model promises, and {@code ModelCheck} tests:
 *
 * <ul>
 *   <li>causality: the logits of a position do not depend on later tokens;
 *   <li>sequences that are packed into one batch do not see each other: each has, bit for bit, the logits that it has
 *       alone;
 *   <li>decoding step by step gives the bits of {@link #forward};
 *   <li>{@code forward} changes nothing but its tape, so any number of threads may use a model, each on its own tape,
 *       while no thread trains it.
 * </ul>
 */
public interface LanguageModel {
    /**
     * Computes the logits of the next token at every position.
     *
     * @param tape  records the operations
     * @param batch {@code T} tokens, each sequence no longer than the block size
     * @return logits, shape {@code (T, V)}
     * @throws IllegalArgumentException if a sequence is longer than the block size, or a token is not in the vocabulary
     */
    Tensor forward(Tape tape, Batch batch);

    /**
     * Returns an empty decoder, which remembers one sequence so that its next token costs little.
     *
     * @return a new decoder; unless overridden, one that remembers the tokens and computes all positions again
     */
    default Decoder decoder() {
        return new RepeatedDecoder(this);
    }

    /**
     * Returns a copy for inference, which takes less memory and generates faster, with the same bits: each matrix is
     * stored as precisely as its numbers need (2, 4 or 8 bytes) and in the order in which products read it.
     *
     * <p>The copy cannot be trained, and its packed parameters have no {@code data()}. It does not see later updates of
     * this model.
     *
     * @return a model of the same configuration
     * @throws IllegalStateException if another thread trains this model
     */
    default LanguageModel forInference() {
        return config().create(parameters().forInference());
    }

    /** {@return what the model is: its type and its settings} */
    ModelConfig config();

    /** {@return the weights} */
    Parameters parameters();
}

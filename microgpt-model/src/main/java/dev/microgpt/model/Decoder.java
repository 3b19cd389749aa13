package dev.microgpt.model;

import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.Objects;

/**
 * The memory of one sequence, from which a model continues it one token or several at a time.
 *
 * <pre>{@code
 * Decoder decoder = model.decoder();
 * Tensor logits = decoder.last(tape, Batch.ofPrompt(prompt)); // of the token after the prompt
 * Tensor next = decoder.last(tape, Batch.ofPrompt(token)); // of the one after that
 * }</pre>
 *
 * <p>The logits are, bit for bit, those of {@link LanguageModel#forward} for the whole sequence; beyond the block size,
 * if it {@linkplain #isEndless() continues there}, those of the same model with a larger block. It holds no gradients
 * and requires an inference tape. Confined to one thread at a time.
 */
public abstract class Decoder {
    private final LanguageModel model;
    private final boolean endless;
    private int length;
    private boolean failed;

    /**
     * Creates an empty decoder for sequences no longer than the block size.
     *
     * @param model the model that decodes
     */
    protected Decoder(LanguageModel model) {
        this(model, false);
    }

    /**
     * Creates an empty decoder.
     *
     * @param model   the model that decodes
     * @param endless whether sequences may be longer than the block size, because the decoder needs no more memory for
     *     them
     */
    protected Decoder(LanguageModel model, boolean endless) {
        this.model = Objects.requireNonNull(model, "decoder: model is null");
        this.endless = endless;
    }

    /**
     * Computes logits of the next positions.
     *
     * @param tape     an inference tape
     * @param batch    one sequence of tokens, all in the vocabulary, that begins at position {@link #length()}; at 0 a
     *     new sequence begins
     * @param lastOnly whether only the logits of the last position are wanted
     * @return logits, shape {@code (T, V)}, or {@code (1, V)} of the last position
     */
    protected abstract Tensor logits(Tape tape, Batch batch, boolean lastOnly);

    /**
     * Continues the sequence, and computes the logits at every new position.
     *
     * @param tape  an inference tape
     * @param batch the next tokens of the sequence
     * @return logits, shape {@code (T, V)}
     * @throws IllegalArgumentException if the sequence gets longer than the block size, a token is not in the
     *     vocabulary, or the batch has several sequences; nothing is remembered
     * @throws IllegalStateException if the tape keeps gradients, or if an earlier call failed inside the model
     */
    public final Tensor forward(Tape tape, Batch batch) {
        return advance(tape, batch, false);
    }

    /**
     * Continues the sequence, and computes the logits of the last position only, which is all that generation needs.
     *
     * @param tape  an inference tape
     * @param batch the next tokens of the sequence
     * @return logits, shape {@code (1, V)}
     * @throws IllegalArgumentException as {@link #forward}
     * @throws IllegalStateException as {@link #forward}
     */
    public final Tensor last(Tape tape, Batch batch) {
        return advance(tape, batch, true);
    }

    private Tensor advance(Tape tape, Batch batch, boolean lastOnly) {
        check(tape, batch);
        failed = true;
        Tensor logits = logits(tape, length == 0 ? batch : batch.after(length), lastOnly);
        failed = false;
        length += batch.sequences().rows();
        return logits;
    }

    private void check(Tape tape, Batch batch) {
        if (tape.keepsGradients()) {
            throw new IllegalStateException("decoder: it holds no gradients; generate on Tape.inference(), and train"
                    + " with the forward pass of the model");
        }
        if (failed) {
            throw new IllegalStateException(
                    "decoder: the last call failed inside the model, so that what is remembered may be incomplete; call"
                            + " clear() and begin the sequence again");
        }
        Sequences sequences = batch.sequences();
        if (sequences.count() != 1) {
            throw new IllegalArgumentException("decoder: it holds one sequence, but the batch has " + sequences.count()
                    + "; give each sequence a decoder and a batch of its own");
        }
        int most = endless ? Integer.MAX_VALUE : model.config().blockSize();
        if (sequences.rows() > most - length) {
            throw new IllegalArgumentException("decoder: the sequence has " + ((long) length + sequences.rows())
                    + " positions, but the model has " + most
                    + "; shorten the sequence, or use a model with a larger block size");
        }
        batch.checkTokens(model.config().vocabSize());
    }

    /** {@return whether sequences may be longer than the block size} */
    public final boolean isEndless() {
        return endless;
    }

    /** {@return the number of positions of the sequence so far} */
    public final int length() {
        return length;
    }

    /** Forgets all positions. */
    public final void clear() {
        length = 0;
        failed = false;
    }
}

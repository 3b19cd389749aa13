package dev.microgpt.model;

import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
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
     * Computes logits of the next position of several sequences.
     *
     * @param tape    an inference tape
     * @param all     decoders of this model, this one the first
     * @param batches the next token of each, as for {@link #logits}
     * @return logits, shape {@code (N, V)}; unless overridden, the decoders compute one after another
     */
    protected Tensor logitsTogether(Tape tape, List<Decoder> all, List<Batch> batches) {
        Tensor[] rows = new Tensor[all.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = all.get(i).logits(tape, batches.get(i), true);
        }
        return tape.concatenateRows(rows);
    }

    /**
     * Continues several sequences by one token each, and computes their logits, bit for bit those of each alone. For a
     * {@link Gpt} whose weights are more than the caches hold this is faster than one after another, because each
     * weight is read once for all.
     *
     * @param tape     an inference tape
     * @param decoders decoders of one model, at least one, each for a sequence of its own
     * @param tokens   the next token of each sequence
     * @return logits, shape {@code (N, V)}
     * @throws IllegalArgumentException as {@link #forward}, or if the numbers of decoders and tokens differ, a decoder
     *     is given twice, or belongs to another model; nothing is remembered
     * @throws IllegalStateException as {@link #forward}
     */
    public static Tensor together(Tape tape, List<Decoder> decoders, int... tokens) {
        if (decoders.isEmpty() || decoders.size() != tokens.length) {
            throw new IllegalArgumentException("decoder: there are " + decoders.size() + " decoders and "
                    + tokens.length + " tokens; give each decoder, at least one, its next token");
        }
        List<Batch> batches = new ArrayList<>(tokens.length);
        for (int i = 0; i < tokens.length; i++) {
            Decoder decoder = decoders.get(i);
            if (decoder.model != decoders.get(0).model) {
                throw new IllegalArgumentException("decoder: decoder " + i + " belongs to another model than the first;"
                        + " only sequences of one model can be decoded together");
            }
            if (decoders.indexOf(decoder) < i) {
                throw new IllegalArgumentException(
                        "decoder: decoder " + i + " was given before; each sequence needs one of its own");
            }
            Batch batch = Batch.ofPrompt(tokens[i]);
            decoder.check(tape, batch);
            batches.add(batch.after(decoder.length));
        }
        for (Decoder decoder : decoders) {
            decoder.failed = true;
        }
        Tensor logits = decoders.get(0).logitsTogether(tape, decoders, batches);
        for (Decoder decoder : decoders) {
            decoder.failed = false;
            decoder.length++;
        }
        return logits;
    }

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

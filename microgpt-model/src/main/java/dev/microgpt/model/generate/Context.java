package dev.microgpt.model.generate;

import dev.microgpt.autograd.Tape;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Decoder;
import dev.microgpt.model.LanguageModel;
import java.util.Arrays;

/** What a model has seen of a sequence, and what it reads next: a prompt, a token, or its window again. */
final class Context {
    private final Decoder decoder;
    private final BeyondBlock beyond;

    /** The tokens that the model sees, filled from the left. */
    private final int[] window;

    /** The full window as a batch, which shares its array. */
    private final Batch block;

    private int length;
    private Batch next;

    Context(LanguageModel model, BeyondBlock beyond) {
        this.decoder = model.decoder();
        this.beyond = beyond;
        this.window = new int[model.config().blockSize()];
        this.block = Batch.ofPrompt(window);
        this.next = block;
    }

    Decoder decoder() {
        return decoder;
    }

    /** Returns the tokens that the decoder is to be given next. */
    Batch next() {
        return next;
    }

    /** Begins a sequence. */
    void begin(Tape tape, int... prompt) {
        decoder.clear();
        length = decoder.isEndless() ? rememberBeginning(tape, prompt) : Math.min(prompt.length, window.length);
        System.arraycopy(prompt, prompt.length - length, window, 0, length);
        next = Batch.ofPrompt(Arrays.copyOf(window, length));
    }

    /** Gives a long prompt to the decoder in blocks, and returns the number of tokens that are left, at least 1. */
    private int rememberBeginning(Tape tape, int... prompt) {
        int from = 0;
        for (; prompt.length - from > window.length; from += window.length) {
            tape.reset();
            decoder.last(tape, Batch.ofPrompt(Arrays.copyOfRange(prompt, from, from + window.length)));
        }
        return prompt.length - from;
    }

    /** Continues the sequence with the token that was drawn from the logits of {@link #next}. */
    void add(int token) {
        int blockSize = window.length;
        if (decoder.isEndless()) {
            next = Batch.ofPrompt(token);
        } else if (length < blockSize) {
            window[length++] = token;
            next = Batch.ofPrompt(token);
        } else {
            length = beyond.kept(blockSize);
            System.arraycopy(window, blockSize - length + 1, window, 0, length - 1);
            window[length - 1] = token;
            decoder.clear();
            next = length == blockSize ? block : Batch.ofPrompt(Arrays.copyOf(window, length));
        }
    }
}

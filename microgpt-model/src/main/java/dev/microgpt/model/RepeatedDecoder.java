package dev.microgpt.model;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.Arrays;

/** Decodes with any model: remembers the tokens, and computes all positions again. */
final class RepeatedDecoder extends Decoder {
    private final LanguageModel model;
    private final int[] tokens;

    RepeatedDecoder(LanguageModel model) {
        super(model);
        this.model = model;
        tokens = new int[model.config().blockSize()];
    }

    @Override
    protected Tensor logits(Tape tape, Batch batch, boolean lastOnly) {
        int added = batch.ids().length;
        int positions = length() + added;
        System.arraycopy(batch.ids(), 0, tokens, length(), added);
        Tensor all = model.forward(tape, Batch.ofPrompt(Arrays.copyOf(tokens, positions)));
        return rows(all, lastOnly ? positions - 1 : length(), positions);
    }

    /** Returns some rows as a constant. */
    static Tensor rows(Tensor all, int from, int to) {
        if (from == 0 && to == all.shape().rows()) {
            return all;
        }
        int columns = all.shape().columns();
        return Tensor.constant(
                Shape.of(to - from, columns), Arrays.copyOfRange(all.data(), from * columns, to * columns));
    }
}

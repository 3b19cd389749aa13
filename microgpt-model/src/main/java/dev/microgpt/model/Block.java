package dev.microgpt.model;

import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One layer of the transformer: {@code x += attention(rmsNorm(x))}, then {@code x += mlp(rmsNorm(x))}.
 */
public final class Block {
    private final SelfAttention attention;
    private final Layer mlp;

    /**
     * Puts a block together.
     *
     * @param attention mixes the positions
     * @param mlp       works on each position alone
     */
    public Block(SelfAttention attention, Layer mlp) {
        this.attention = attention;
        this.mlp = mlp;
    }

    /**
     * Applies both parts, each to the norm of the residual stream and added to it.
     *
     * @param tape      where the operations are recorded
     * @param x         the residual stream, shape {@code (T, C)}
     * @param sequences where the sequences start in {@code x}
     * @param past      keys and values of earlier positions, or null
     * @return the residual stream after this block, shape {@code (T, C)}
     */
    public Tensor forward(Tape tape, Tensor x, Sequences sequences, KeyValueCache.@Nullable Layer past) {
        Tensor attended = attention.forward(tape, tape.rmsNorm(x, Gpt.NORM_EPS), sequences, past);
        Tensor mixed = tape.add(attended, x);
        Tensor thought = mlp.forward(tape, tape.rmsNorm(mixed, Gpt.NORM_EPS));
        return tape.add(thought, mixed);
    }
}

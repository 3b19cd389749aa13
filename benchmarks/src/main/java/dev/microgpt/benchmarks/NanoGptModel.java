package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Initializer;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * nanoGPT's model without biases and dropout, put together from the operations of a tape: LayerNorm with a gain before
 * each part and at the end, the exact GELU, and a head that is the token table itself.
 *
 * @see <a href="https://github.com/karpathy/nanoGPT/blob/master/model.py">Karpathy, nanoGPT, model.py</a>
 */
final class NanoGptModel {
    private static final double EPS = 1e-5;
    private static final Initializer ONES = (data, random) -> Arrays.fill(data, 1.0);

    private final int heads;
    private final Parameter wte;
    private final Parameter wpe;
    private final Parameter lastGain;
    private final List<Block> blocks = new ArrayList<>();

    NanoGptModel(GptConfig config, Parameters parameters) {
        heads = config.nHead();
        int channels = config.nEmbd();
        Scope root = parameters.root();
        Initializer normal = Initializer.normal(0.02);
        wte = root.get("wte", Shape.of(config.vocabSize(), channels), normal);
        wpe = root.get("wpe", Shape.of(config.blockSize(), channels), normal);
        for (int i = 0; i < config.nLayer(); i++) {
            blocks.add(new Block(root.scope("h" + i), channels, config.nLayer(), normal));
        }
        lastGain = root.get("ln_f", Shape.of(channels), ONES);
    }

    Tensor forward(Tape tape, Batch batch) {
        Sequences sequences = batch.sequences();
        Tensor x = tape.add(tape.embedding(wte, batch.ids()), tape.embedding(wpe, positions(sequences)));
        for (Block block : blocks) {
            x = block.forward(tape, x, sequences);
        }
        return tape.linear(tape.layerNorm(x, lastGain, null, EPS), wte);
    }

    private static int[] positions(Sequences sequences) {
        int[] positions = new int[sequences.rows()];
        for (int s = 0; s < sequences.count(); s++) {
            for (int i = 0; i < sequences.length(s); i++) {
                positions[sequences.start(s) + i] = i;
            }
        }
        return positions;
    }

    /** {@code x += attention(layerNorm(x))}, then {@code x += mlp(layerNorm(x))}. */
    private final class Block {
        private final Parameter gain1, wq, wk, wv, wo, gain2, fc, projection;

        Block(Scope scope, int channels, int layers, Initializer normal) {
            Shape square = Shape.of(channels, channels);
            // the residual stream adds up two projections a layer
            Initializer small = Initializer.normal(0.02 / Math.sqrt(2.0 * layers));
            gain1 = scope.get("ln_1", Shape.of(channels), ONES);
            wq = scope.get("attn_wq", square, normal);
            wk = scope.get("attn_wk", square, normal);
            wv = scope.get("attn_wv", square, normal);
            wo = scope.get("attn_wo", square, small);
            gain2 = scope.get("ln_2", Shape.of(channels), ONES);
            fc = scope.get("mlp_fc", Shape.of(4 * channels, channels), normal);
            projection = scope.get("mlp_proj", Shape.of(channels, 4 * channels), small);
        }

        Tensor forward(Tape tape, Tensor x, Sequences sequences) {
            Tensor n = tape.layerNorm(x, gain1, null, EPS);
            Tensor y =
                    tape.causalAttention(tape.linear(n, wq), tape.linear(n, wk), tape.linear(n, wv), heads, sequences);
            Tensor mixed = tape.add(x, tape.linear(y, wo));
            Tensor hidden = tape.gelu(tape.linear(tape.layerNorm(mixed, gain2, null, EPS), fc));
            return tape.add(mixed, tape.linear(hidden, projection));
        }
    }
}

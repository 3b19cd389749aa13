package dev.microgpt.cli.option;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.Activation;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.GptVariant;
import dev.microgpt.model.Initialization;
import dev.microgpt.model.Norm;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what is trained; without one, it is as in the preset. */
public final class ModelOptions {
    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description =
                    "What all other options default to: microgpt, nano (nanoGPT's small model), gpt2, gpt2-medium,"
                            + " gpt2-large, gpt2-xl (default microgpt).")
    private @Nullable Preset preset;

    @Range(atLeast = 1)
    @Option(names = "--n-layer", paramLabel = "N", description = "Blocks of the transformer (microgpt 1, nano 4).")
    private @Nullable Integer nLayer;

    @Range(atLeast = 1)
    @Option(
            names = "--n-head",
            paramLabel = "N",
            description = "Attention heads in a block, a divisor of --n-embd (4, 4).")
    private @Nullable Integer nHead;

    @Range(atLeast = 1)
    @Option(names = "--n-embd", paramLabel = "N", description = "Channels (16, 128).")
    private @Nullable Integer nEmbd;

    @Range(atLeast = 1)
    @Option(names = "--block-size", paramLabel = "N", description = "The largest number of positions (16, 64).")
    private @Nullable Integer blockSize;

    @Option(
            names = "--norm",
            paramLabel = "NAME",
            description = "rmsnorm, rmsnorm-gain, layernorm or layernorm-bias (rmsnorm, layernorm).")
    private @Nullable Norm norm;

    @Option(names = "--activation", paramLabel = "NAME", description = "relu, gelu or gelu-tanh (relu, gelu).")
    private @Nullable Activation activation;

    @Option(
            names = "--bias",
            negatable = true,
            description = "Biases in all products, and in layer norms unless --norm says otherwise (no, no).")
    private @Nullable Boolean bias;

    @Option(
            names = "--tie-head",
            negatable = true,
            description = "Use the table of the token embedding as the head (no, yes).")
    private @Nullable Boolean tieHead;

    @Range(atLeast = 0, below = 1)
    @Option(
            names = "--dropout",
            paramLabel = "X",
            description = "Share of elements dropped in training (0, 0; gpt2 0.1).")
    private @Nullable Double dropout;

    @Option(
            names = "--initialization",
            paramLabel = "NAME",
            description = "How first weights are drawn: microgpt, gpt2, or scaled, which is gpt2 adapted to --n-embd"
                    + " (microgpt, scaled).")
    private @Nullable Initialization initialization;

    public Preset preset() {
        return preset == null ? Preset.MICROGPT : preset;
    }

    public boolean isPresetGiven() {
        return preset != null;
    }

    /** Returns whether an option, besides the preset, says what the model is, which must not be if a checkpoint does. */
    public boolean saysModel() {
        return nLayer != null
                || nHead != null
                || nEmbd != null
                || blockSize != null
                || norm != null
                || activation != null
                || bias != null
                || tieHead != null
                || initialization != null;
    }

    /** Returns the model for a vocabulary. */
    public GptConfig config(int vocabSize) {
        return config(preset().model(vocabSize));
    }

    /** Returns a model with all that the options, but for the preset, say in place of what it is. */
    public GptConfig config(GptConfig base) {
        try {
            return new GptConfig(
                    base.vocabSize(),
                    nLayer == null ? base.nLayer() : nLayer,
                    nHead == null ? base.nHead() : nHead,
                    nEmbd == null ? base.nEmbd() : nEmbd,
                    blockSize == null ? base.blockSize() : blockSize,
                    variant(base.variant()));
        } catch (IllegalArgumentException contradiction) {
            throw new CliException(ExitCode.USAGE, String.valueOf(contradiction.getMessage()), null);
        }
    }

    /** Returns a model that goes on from a checkpoint, with the dropout that was asked for. */
    public GptConfig continued(GptConfig stored) {
        return dropout == null ? stored : stored.withVariant(stored.variant().withDropout(dropout));
    }

    private GptVariant variant(GptVariant base) {
        return new GptVariant(
                norm(base.norm()),
                activation == null ? base.activation() : activation,
                bias == null ? base.bias() : bias,
                tieHead == null ? base.tieHead() : tieHead,
                base.embeddingNorm(),
                base.finalNorm(),
                dropout == null ? base.dropout() : dropout,
                initialization == null ? base.initialization() : initialization,
                base.normEps(),
                base.attentionScale());
    }

    /** nanoGPT's --bias is for layer norms as well. */
    private Norm norm(Norm base) {
        if (norm != null) {
            return norm;
        }
        boolean layerNorm = base == Norm.LAYER || base == Norm.LAYER_BIAS;
        if (bias == null || !layerNorm) {
            return base;
        }
        return bias ? Norm.LAYER_BIAS : Norm.LAYER;
    }
}

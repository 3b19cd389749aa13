package dev.microgpt.cli.option;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.Activation;
import dev.microgpt.model.AttentionScale;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.GptVariant;
import dev.microgpt.model.Initialization;
import dev.microgpt.model.Norm;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the model; those not given have the values of the preset. */
public final class ModelOptions {
    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "Defaults for all other options: microgpt, nano (nanoGPT's small model), gpt2, gpt2-medium,"
                    + " gpt2-large, gpt2-xl (default microgpt).")
    private @Nullable Preset preset;

    @Range(atLeast = 1)
    @Option(names = "--n-layer", paramLabel = "N", description = "Number of transformer blocks (microgpt 1, nano 4).")
    private @Nullable Integer nLayer;

    @Range(atLeast = 1)
    @Option(
            names = "--n-head",
            paramLabel = "N",
            description = "Attention heads per block; must divide --n-embd (4, 4).")
    private @Nullable Integer nHead;

    @Range(atLeast = 1)
    @Option(
            names = "--n-embd",
            paramLabel = "N",
            description = "Embedding dimension, the number of channels (16, 128).")
    private @Nullable Integer nEmbd;

    @Range(atLeast = 1)
    @Option(names = "--block-size", paramLabel = "N", description = "Maximum context length in tokens (16, 64).")
    private @Nullable Integer blockSize;

    @Range(atLeast = 1)
    @Option(names = "--n-inner", paramLabel = "N", description = "Width of the MLP (four times --n-embd).")
    private @Nullable Integer nInner;

    @Option(
            names = "--norm",
            paramLabel = "NAME",
            description = "Normalization: rmsnorm, rmsnorm-gain, layernorm or layernorm-bias (rmsnorm, layernorm).")
    private @Nullable Norm norm;

    @Range(above = 0)
    @Option(names = "--norm-eps", paramLabel = "X", description = "Epsilon of the norms (1e-5, 1e-5).")
    private @Nullable Double normEps;

    @Option(
            names = "--embedding-norm",
            negatable = true,
            description = "Normalize the embedding before the first block (yes, no).")
    private @Nullable Boolean embeddingNorm;

    @Option(
            names = "--final-norm",
            negatable = true,
            description = "Normalize the output of the last block before the head (no, yes).")
    private @Nullable Boolean finalNorm;

    @Option(
            names = "--attention-scale",
            paramLabel = "NAME",
            description =
                    "Factor of the attention scores: head is 1/sqrt(d) for heads of d channels, layer is 1/(l + 1)"
                            + " for layer l, head-and-layer is the product, none is 1 (head, head).")
    private @Nullable AttentionScale attentionScale;

    @Option(
            names = "--activation",
            paramLabel = "NAME",
            description = "Activation of the MLP: relu, gelu or gelu-tanh (relu, gelu).")
    private @Nullable Activation activation;

    @Option(
            names = "--bias",
            negatable = true,
            description = "Add biases to all linear layers, and to layer norms unless --norm is given (no, no).")
    private @Nullable Boolean bias;

    @Option(
            names = "--tie-head",
            negatable = true,
            description = "Share the weights of the token embedding and the output head (no, yes).")
    private @Nullable Boolean tieHead;

    @Range(atLeast = 0, below = 1)
    @Option(
            names = "--dropout",
            paramLabel = "X",
            description = "Dropout probability during training (0, 0; gpt2 0.1).")
    private @Nullable Double dropout;

    @Option(
            names = "--initialization",
            paramLabel = "NAME",
            description =
                    "Weight initialization: microgpt, gpt2, or scaled, which is gpt2 adapted to --n-embd (microgpt,"
                            + " scaled).")
    private @Nullable Initialization initialization;

    public Preset preset() {
        return preset == null ? Preset.MICROGPT : preset;
    }

    public boolean isPresetGiven() {
        return preset != null;
    }

    /** Returns whether an option other than the preset shapes the model, as it must not if a checkpoint does. */
    public boolean shapesModel() {
        return nLayer != null
                || nHead != null
                || nEmbd != null
                || blockSize != null
                || nInner != null
                || norm != null
                || normEps != null
                || embeddingNorm != null
                || finalNorm != null
                || attentionScale != null
                || activation != null
                || bias != null
                || tieHead != null
                || initialization != null;
    }

    /** Returns the model for a vocabulary. */
    public GptConfig config(int vocabSize) {
        return config(preset().model(vocabSize));
    }

    /** Returns a model with the values of all given options, except the preset, in place of its own. */
    public GptConfig config(GptConfig base) {
        try {
            GptConfig usual = new GptConfig(
                    base.vocabSize(),
                    nLayer == null ? base.nLayer() : nLayer,
                    nHead == null ? base.nHead() : nHead,
                    nEmbd == null ? base.nEmbd() : nEmbd,
                    blockSize == null ? base.blockSize() : blockSize,
                    variant(base.variant()));
            if (nInner != null) {
                return usual.withInner(nInner);
            }
            return base.nInner() == 4L * base.nEmbd() ? usual : usual.withInner(base.nInner());
        } catch (IllegalArgumentException contradiction) {
            throw new CliException(ExitCode.USAGE, String.valueOf(contradiction.getMessage()), null);
        }
    }

    /** Returns the model of a checkpoint, with the dropout of the option if it is given. */
    public GptConfig continued(GptConfig stored) {
        return dropout == null ? stored : stored.withVariant(stored.variant().withDropout(dropout));
    }

    private GptVariant variant(GptVariant base) {
        return new GptVariant(
                norm(base.norm()),
                activation == null ? base.activation() : activation,
                bias == null ? base.bias() : bias,
                tieHead == null ? base.tieHead() : tieHead,
                embeddingNorm == null ? base.embeddingNorm() : embeddingNorm,
                finalNorm == null ? base.finalNorm() : finalNorm,
                dropout == null ? base.dropout() : dropout,
                initialization == null ? base.initialization() : initialization,
                normEps == null ? base.normEps() : normEps,
                attentionScale == null ? base.attentionScale() : attentionScale);
    }

    /** As in nanoGPT, --bias applies to layer norms as well. */
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

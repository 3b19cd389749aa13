package dev.microgpt.model;

import dev.microgpt.autograd.Parameter;
import java.util.Locale;

/** A model as text: its sizes, its parts, and a table of its parameters. */
final class ModelSummary {
    private ModelSummary() {}

    /** Describes a model. The parameters of its first layer stand for those of the others. */
    static String of(Gpt gpt) {
        GptConfig config = gpt.config();
        GptVariant variant = config.variant();
        StringBuilder text = new StringBuilder(
                format("Gpt with %,d parameters", gpt.parameters().count()));
        text.append(format("\n  layers %d, heads %d, channels %d", config.nLayer(), config.nHead(), config.nEmbd()));
        text.append(format(
                ", MLP %s, block size %d, vocabulary %d",
                gpt.hasOwnLayers() ? "of its own" : config.nInner(), config.blockSize(), config.vocabSize()));
        text.append(format(
                "\n  %s%s%s, %s, bias %s, tied head %s, dropout %s",
                variant.norm(),
                variant.embeddingNorm() ? " also after the embedding" : "",
                variant.finalNorm() ? " also before the head" : "",
                variant.activation(),
                variant.bias(),
                variant.tieHead(),
                variant.dropout()));
        for (Parameter parameter : gpt.parameters().all()) {
            String name = parameter.name();
            if (!name.startsWith("layer") || name.startsWith("layer0.")) {
                text.append(format(
                        "\n  %-24s %-14s %,14d",
                        name, parameter.shape(), parameter.shape().size()));
            }
        }
        if (config.nLayer() > 1) {
            text.append("\n  and for each of the other layers what layer0 has");
        }
        return text.toString();
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}

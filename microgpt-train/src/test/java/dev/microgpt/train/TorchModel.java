package dev.microgpt.train;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Activation;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Norm;
import dev.microgpt.model.Parameters;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model of {@code torch_gpt.py}: sizes and choices as recorded, weights by its formula, numbers by its names. */
final class TorchModel {
    private final ReferenceRun model;
    private final Map<String, ReferenceRun> tensors;

    /**
     * Takes what a recording says of a model.
     *
     * @param tensors the recording's name of that which has the shapes of the parameters
     */
    TorchModel(ReferenceRun model, String tensors) {
        this.model = model;
        this.tensors = model.parts(tensors);
    }

    private static final Map<String, Norm> NORMS =
            Map.of("RMS", Norm.RMS, "RMS_GAIN", Norm.RMS_GAIN, "LAYER", Norm.LAYER, "LAYER_BIAS", Norm.LAYER_BIAS);
    private static final Map<String, Activation> ACTIVATIONS =
            Map.of("RELU", Activation.RELU, "GELU", Activation.GELU, "GELU_TANH", Activation.GELU_TANH);

    GptConfig variant() {
        ReferenceRun variant = model.part("variant");
        return GptConfig.microgpt(2)
                .withNorm(NORMS.get(variant.text("norm")))
                .withActivation(ACTIVATIONS.get(variant.text("activation")))
                .with(GptConfig.BIAS, variant.flag("bias"))
                .with(GptConfig.TIE_HEAD, variant.flag("tie_head"))
                .with(GptConfig.EMBEDDING_NORM, variant.flag("embedding_norm"))
                .with(GptConfig.FINAL_NORM, variant.flag("final_norm"))
                .with(GptConfig.DROPOUT, variant.number("dropout"));
    }

    Gpt gpt() {
        ReferenceRun config = model.part("config");
        GptConfig sizes = variant()
                .withVocabSize((int) config.integer("vocab"))
                .withSizes(
                        (int) config.integer("layers"),
                        (int) config.integer("heads"),
                        (int) config.integer("channels"),
                        (int) config.integer("block"));
        Map<String, Tensor> weights = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> weights.put(name, weights(name, Shape.of(tensor.integers("shape")))));
        Parameters parameters = Parameters.from(weights);
        Gpt gpt = new Gpt(sizes, parameters);
        parameters.checkAllUsed();
        return gpt;
    }

    /** Returns what PyTorch has for each parameter: itself or its gradient. */
    Map<String, TorchTensor> tensors() {
        Map<String, TorchTensor> result = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> result.put(name, new TorchTensor(tensor, stream(name))));
        return result;
    }

    /** Returns a tensor that belongs to no parameter. */
    TorchTensor tensor(String name) {
        return new TorchTensor(model.part(name), stream(name));
    }

    private Tensor weights(String name, Shape shape) {
        CounterRandom random = stream(name);
        double middle = name.endsWith(".gain") ? 1 : 0;
        double scale = model.number("scale");
        double[] data = new double[shape.size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = middle + scale * (random.uniform(i) - 0.5);
        }
        return Tensor.constant(shape, data);
    }

    private CounterRandom stream(String name) {
        CounterRandom random = new CounterRandom(model.integer("seed"));
        for (int i = 0; i < name.length(); i++) {
            random = random.child(name.charAt(i));
        }
        return random;
    }
}

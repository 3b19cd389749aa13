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
import java.util.List;
import java.util.Map;

/** A model of {@code torch_gpt.py}: sizes and choices as recorded, weights by its formula, numbers by its names. */
final class TorchModel {
    private final ReferenceRun model;
    private final ReferenceRun weights;
    private final Map<String, ReferenceRun> tensors;

    /**
     * Takes what a recording says of a model.
     *
     * @param weights that which has seed and scale of the weights
     * @param tensors the recording's name of that which has the shapes of the parameters
     */
    TorchModel(ReferenceRun model, ReferenceRun weights, String tensors) {
        this.model = model;
        this.weights = weights;
        this.tensors = model.parts(tensors);
    }

    private static final Map<String, Norm> NORMS =
            Map.of("RMS", Norm.RMS, "RMS_GAIN", Norm.RMS_GAIN, "LAYER", Norm.LAYER, "LAYER_BIAS", Norm.LAYER_BIAS);
    private static final Map<String, Activation> ACTIVATIONS =
            Map.of("RELU", Activation.RELU, "GELU", Activation.GELU, "GELU_TANH", Activation.GELU_TANH);

    private static final List<String> ZEROS = List.of("attn_wo", "mlp_fc2", "mlp_down", "lm_head");

    GptConfig config() {
        GptConfig config = GptConfig.microgpt(2);
        if (model.has("settings")) {
            ReferenceRun settings = model.part("settings");
            for (String name : settings.names()) {
                config = config.with(config.settings().with(name, settings.text(name)));
            }
            return config;
        }
        ReferenceRun sizes = model.part("config");
        ReferenceRun variant = model.part("variant");
        return config.withVocabSize((int) sizes.integer("vocab"))
                .withSizes(
                        (int) sizes.integer("layers"),
                        (int) sizes.integer("heads"),
                        (int) sizes.integer("channels"),
                        (int) sizes.integer("block"))
                .withNorm(NORMS.get(variant.text("norm")))
                .withActivation(ACTIVATIONS.get(variant.text("activation")))
                .with(GptConfig.BIAS, variant.flag("bias"))
                .with(GptConfig.TIE_HEAD, variant.flag("tie_head"))
                .with(GptConfig.EMBEDDING_NORM, variant.flag("embedding_norm"))
                .with(GptConfig.FINAL_NORM, variant.flag("final_norm"))
                .with(GptConfig.DROPOUT, variant.number("dropout"));
    }

    Gpt gpt() {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> weights.put(name, weights(name, Shape.of(tensor.integers("shape")))));
        Parameters parameters = Parameters.from(weights);
        Gpt gpt = new Gpt(config(), parameters);
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
        double scale = weights.number("scale");
        double[] data = new double[shape.size()];
        for (int i = 0; i < data.length && !beginsAsZeros(name); i++) {
            data[i] = middle + scale * (random.uniform(i) - 0.5);
        }
        return Tensor.constant(shape, data);
    }

    private boolean beginsAsZeros(String name) {
        return model.has("settings")
                && model.part("settings").names().contains("initialization")
                && model.part("settings").text("initialization").equals("zero-out")
                && ZEROS.stream().anyMatch(name::endsWith);
    }

    private CounterRandom stream(String name) {
        CounterRandom random = new CounterRandom(weights.integer("seed"));
        for (int i = 0; i < name.length(); i++) {
            random = random.child(name.charAt(i));
        }
        return random;
    }
}

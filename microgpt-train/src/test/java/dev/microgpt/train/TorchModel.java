package dev.microgpt.train;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Activation;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.GptVariant;
import dev.microgpt.model.Initialization;
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

    GptVariant variant() {
        ReferenceRun variant = model.part("variant");
        return new GptVariant(
                Norm.valueOf(variant.text("norm")),
                Activation.valueOf(variant.text("activation")),
                variant.flag("bias"),
                variant.flag("tie_head"),
                variant.flag("embedding_norm"),
                variant.flag("final_norm"),
                variant.number("dropout"),
                Initialization.MICROGPT);
    }

    Gpt gpt() {
        ReferenceRun config = model.part("config");
        GptConfig sizes = new GptConfig(
                (int) config.integer("vocab"),
                (int) config.integer("layers"),
                (int) config.integer("heads"),
                (int) config.integer("channels"),
                (int) config.integer("block"),
                variant());
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

package dev.microgpt.train.huggingface;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.train.safetensors.TensorSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of an exported model, assembled from parameters when it is written: query, key and value side by side, for
 * example.
 *
 * @param tensor     the tensor in GPT-2's files
 * @param parameters the parameters of the model by name; the elements of absent ones are zeros
 */
record ExportedTensor(Gpt2Tensor tensor, Map<String, Parameter> parameters) implements TensorSource {
    @Override
    public String name() {
        String name = tensor.name();
        return name.equals(Gpt2Layout.HEAD) ? name : Gpt2Layout.PREFIX + name;
    }

    @Override
    public Shape shape() {
        return tensor.shape();
    }

    @Override
    public double[] data() {
        return tensor.join(this::elements);
    }

    private double @Nullable [] elements(String name) {
        Parameter parameter = parameters.get(name);
        return parameter == null ? null : parameter.data();
    }
}

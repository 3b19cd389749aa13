package dev.microgpt.train.checkpoint;

import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.TensorMismatches;
import dev.microgpt.train.safetensors.NamedTensor;
import dev.microgpt.train.safetensors.Safetensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts the weights of a model to the tensors of a file and back. */
final class StoredTensors {
    private static final int WEIGHTS_A_LAYER = 6;
    private static final int MOST_WITHOUT_WEIGHTS = 1000;

    private StoredTensors() {}

    /** Returns the weights under their names, in the order of the model's parameters; a list that can grow. */
    static List<NamedTensor> ofModel(LanguageModel model) {
        List<NamedTensor> tensors = new ArrayList<>();
        OptimizerState.checkNames(model.parameters().all());
        for (Parameter parameter : model.parameters().all()) {
            tensors.add(new NamedTensor(parameter.name(), parameter.shape(), parameter.data()));
        }
        return tensors;
    }

    /** Builds a model from tensors, which must be exactly its weights. */
    static LanguageModel toModel(ModelConfig config, Map<String, Tensor> weights) {
        if (config instanceof GptConfig gpt) {
            boolean isOwn = config.outside().isEmpty(); // layers of others may have no weights
            if (TensorMismatches.isHopeless(
                    isOwn ? gpt.nLayer() : gpt.nLayer() / MOST_WITHOUT_WEIGHTS, WEIGHTS_A_LAYER, weights.size())) {
                throw new IllegalArgumentException("n_layer is " + gpt.nLayer() + ", but the file has only "
                        + weights.size() + " weights" + (isOwn ? "; each layer must have at least 6" : ""));
            }
        }
        check(config.shapes(), weights);
        return config.create(Parameters.from(weights));
    }

    /** Refuses tensors other than expected; the message lists all that is wrong. */
    static void check(Map<String, Shape> expected, Map<String, Tensor> found) {
        TensorMismatches wrong = new TensorMismatches();
        for (Map.Entry<String, Shape> entry : expected.entrySet()) {
            Tensor tensor = found.get(entry.getKey());
            if (tensor == null) {
                wrong.missing(entry.getKey(), entry.getValue());
            } else if (!tensor.shape().equals(entry.getValue())) {
                wrong.different(entry.getKey(), tensor.shape(), entry.getValue());
            }
        }
        for (Map.Entry<String, Tensor> entry : found.entrySet()) {
            if (!expected.containsKey(entry.getKey())) {
                wrong.unexpected(entry.getKey(), entry.getValue().shape());
            }
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("the tensors are not those of the model in the metadata: " + wrong);
        }
    }

    /** Refuses to save numbers from which no run could resume. */
    static void checkFinite(List<NamedTensor> tensors) {
        for (NamedTensor tensor : tensors) {
            String wrong = notFinite(tensor);
            if (wrong != null) {
                throw new IllegalStateException("checkpoint: " + wrong + "; nothing was saved");
            }
        }
    }

    /** Returns the tensors of a file by name; refuses a tensor that is not finite. */
    static Map<String, Tensor> of(Safetensors content) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (NamedTensor tensor : content.tensors()) {
            String wrong = notFinite(tensor);
            if (wrong != null) {
                throw new IllegalArgumentException(wrong);
            }
            tensors.put(tensor.name(), Tensor.constant(tensor.shape(), tensor.data()));
        }
        return tensors;
    }

    /** Adds packed matrices to the tensors of a file; refuses one that is not finite. */
    static void addPacked(Map<String, PackedMatrix> matrices, Map<String, Tensor> tensors) {
        for (Map.Entry<String, PackedMatrix> entry : matrices.entrySet()) {
            PackedMatrix matrix = entry.getValue();
            double[] row = new double[matrix.shape().columns()];
            for (int i = 0; i < matrix.shape().rows(); i++) {
                matrix.copyRow(i, row, 0);
                String wrong = notFinite(entry.getKey(), row, i * row.length);
                if (wrong != null) {
                    throw new IllegalArgumentException(wrong);
                }
            }
            tensors.put(entry.getKey(), Tensor.packed(matrix));
        }
    }

    /** Returns what is wrong with a tensor that has a NaN or an infinity; null if it has neither. */
    private static @Nullable String notFinite(NamedTensor tensor) {
        return notFinite(tensor.name(), tensor.data(), 0);
    }

    /** The same for some of the numbers, from an index on. */
    private static @Nullable String notFinite(String name, double[] numbers, int from) {
        for (int i = 0; i < numbers.length; i++) {
            if (!Double.isFinite(numbers[i])) {
                return "tensor " + Quoted.of(name) + ": the number at index " + (from + i) + " is " + numbers[i]
                        + ", but all must be finite";
            }
        }
        return null;
    }
}

package dev.microgpt.train.huggingface;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.GptConfig;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.TensorMismatches;
import dev.microgpt.train.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the weights in the folder of a model as parameters. */
final class Gpt2Weights {
    private final Path folder;
    private final GptConfig config;
    private final WeightFiles files;
    private final Map<String, TensorInfo> found;
    private final String prefix;

    private Gpt2Weights(Path folder, GptConfig config, WeightFiles files) {
        this.folder = folder;
        this.config = config;
        this.files = files;
        this.found = files.tensors();
        this.prefix = found.containsKey(Gpt2Layout.PREFIX + Gpt2Layout.TOKENS) ? Gpt2Layout.PREFIX : "";
    }

    /** Returns the parameters by name, after checking all names, types and shapes against the configuration. */
    static Map<String, Tensor> read(Path folder, GptConfig config) throws IOException {
        try (WeightFiles files = WeightFiles.open(folder)) {
            return new Gpt2Weights(folder, config, files).read();
        }
    }

    private Map<String, Tensor> read() throws IOException {
        // before generating the expected names, of which there could be billions
        if (TensorMismatches.isHopeless(config.nLayer(), Gpt2Layout.PER_LAYER, found.size())) {
            throw new HuggingFaceException(folder + ": found n_layer " + config.nLayer() + " in config.json but only "
                    + found.size() + " tensors, expected " + Gpt2Layout.PER_LAYER
                    + " per layer; does config.json belong to these weights?");
        }
        List<Gpt2Tensor> layout = Gpt2Layout.of(config);
        check(layout);
        Map<String, Tensor> parameters = new HashMap<>();
        for (Gpt2Tensor tensor : layout) {
            tensor.split(finite(nameOf(tensor)), parameters);
        }
        if (config.variant().tieHead() && found.containsKey(Gpt2Layout.HEAD)) {
            checkHeadIsTied(parameters.get("wte").data());
        }
        return parameters;
    }

    private String nameOf(Gpt2Tensor tensor) {
        return tensor.name().equals(Gpt2Layout.HEAD) ? Gpt2Layout.HEAD : prefix + tensor.name();
    }

    private void check(List<Gpt2Tensor> layout) throws HuggingFaceException {
        TensorMismatches wrong = new TensorMismatches();
        Set<String> known = new HashSet<>();
        for (Gpt2Tensor expected : layout) {
            String name = nameOf(expected);
            known.add(name);
            TensorInfo tensor = found.get(name);
            if (tensor == null) {
                wrong.missing(name, expected.shape());
            } else if (!tensor.shape().equals(expected.shape())) {
                wrong.different(name, tensor.shape(), expected.shape());
            } else if (!tensor.type().isReadable()) {
                wrong.different(name, tensor.type(), "F64, F32, F16 or BF16");
            }
        }
        addUnexpected(known, wrong);
        if (!wrong.isEmpty()) {
            throw new HuggingFaceException(folder + ": the tensors are not those of config.json: " + wrong);
        }
    }

    /** A head that is tied to the token embedding may be stored, too; then it must be equal. */
    private void addUnexpected(Set<String> known, TensorMismatches wrong) {
        Shape head = Shape.of(config.vocabSize(), config.nEmbd());
        for (TensorInfo tensor : found.values()) {
            String name = tensor.name();
            boolean tied = name.equals(Gpt2Layout.HEAD)
                    && tensor.shape().equals(head)
                    && tensor.type().isReadable();
            boolean constant = name.startsWith(prefix) && Gpt2Layout.isConstant(name.substring(prefix.length()));
            if (!known.contains(name) && !tied && !constant) {
                wrong.unexpected(name, tensor.shape());
            }
        }
    }

    private double[] finite(String name) throws IOException {
        double[] data = files.read(name);
        for (int i = 0; i < data.length; i++) {
            if (!Double.isFinite(data[i])) {
                throw new HuggingFaceException(folder + ": tensor " + Quoted.of(name) + ": found " + data[i]
                        + " at index " + i + ", expected only finite numbers");
            }
        }
        return data;
    }

    private void checkHeadIsTied(double[] tokens) throws IOException {
        double[] head = finite(Gpt2Layout.HEAD);
        int differs = Arrays.mismatch(head, tokens);
        if (differs >= 0) {
            throw new HuggingFaceException(folder + ": found " + Gpt2Layout.HEAD + " with " + head[differs]
                    + " at index " + differs + " and " + prefix + Gpt2Layout.TOKENS + " with " + tokens[differs]
                    + ", expected equal tensors; set \"tie_word_embeddings\": false in config.json if they are"
                    + " not tied");
        }
    }
}

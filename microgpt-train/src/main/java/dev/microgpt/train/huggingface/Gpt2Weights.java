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
import org.jspecify.annotations.Nullable;

/** Reads the weights in the folder of a model as parameters. */
final class Gpt2Weights {
    private final Path folder;
    private final GptConfig config;
    private final WeightFiles files;
    private final TensorNames names;
    private final boolean isTied;

    private Gpt2Weights(Path folder, GptConfig config, WeightFiles files) {
        this.folder = folder;
        this.config = config;
        this.files = files;
        this.names = new TensorNames(files.tensors().values());
        this.isTied = config.get(GptConfig.TIE_HEAD);
    }

    /** Returns the parameters by name, after checking all names, types and shapes against the configuration. */
    static Map<String, Tensor> read(Path folder, GptConfig config) throws IOException {
        try (WeightFiles files = WeightFiles.open(folder)) {
            return new Gpt2Weights(folder, config, files).read();
        }
    }

    private Map<String, Tensor> read() throws IOException {
        // before generating the expected names, of which there could be billions
        int count = files.tensors().size();
        if (TensorMismatches.isHopeless(config.nLayer(), Gpt2Layout.PER_LAYER, count)) {
            throw new HuggingFaceException(folder + ": found n_layer " + config.nLayer() + " in config.json but only "
                    + count + " tensors, expected " + Gpt2Layout.PER_LAYER
                    + " per layer; does config.json belong to these weights?");
        }
        List<Gpt2Tensor> layout = Gpt2Layout.of(config);
        check(layout);
        Map<String, Tensor> parameters = new HashMap<>();
        for (Gpt2Tensor tensor : layout) {
            tensor.split(finite(stored(tensor.name()).name()), parameters);
        }
        checkHeadIsTied(parameters.get("wte").data());
        return parameters;
    }

    /**
     * Returns a tensor of the layout, or null if it is in no file. If the head is tied to the token embedding, the
     * files may have it under either name: safetensors' {@code save_model} stores each tensor once, under the name that
     * sorts first.
     */
    private @Nullable TensorInfo stored(String name) {
        TensorInfo tensor = names.find(name);
        boolean isHead = tensor == null && isTied && name.equals(Gpt2Layout.TOKENS);
        return isHead ? names.find(Gpt2Layout.HEAD) : tensor;
    }

    private void check(List<Gpt2Tensor> layout) throws HuggingFaceException {
        TensorMismatches wrong = new TensorMismatches();
        Set<TensorInfo> known = new HashSet<>();
        for (Gpt2Tensor expected : layout) {
            TensorInfo tensor = stored(expected.name());
            if (tensor == null) {
                wrong.missing(names.inFile(expected.name()), expected.shape());
                continue;
            }
            known.add(tensor);
            if (!tensor.shape().equals(expected.shape())) {
                wrong.different(tensor.name(), tensor.shape(), expected.shape());
            } else if (!tensor.type().isReadable()) {
                wrong.different(tensor.name(), tensor.type(), "F64, F32, F16 or BF16");
            }
        }
        if (isTiedHead(names.find(Gpt2Layout.HEAD))) {
            known.add(names.find(Gpt2Layout.HEAD));
        }
        for (TensorInfo unexpected : names.othersThan(known)) {
            wrong.unexpected(unexpected.name(), unexpected.shape());
        }
        if (!wrong.isEmpty()) {
            throw new HuggingFaceException(folder + ": the tensors are not those of config.json: " + wrong);
        }
    }

    /** A head that is tied to the token embedding may be stored, too; then it must be equal. */
    private boolean isTiedHead(@Nullable TensorInfo head) {
        return head != null
                && head.shape().equals(Shape.of(config.vocabSize(), config.nEmbd()))
                && head.type().isReadable();
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
        TensorInfo stored = names.find(Gpt2Layout.HEAD);
        TensorInfo embedding = names.find(Gpt2Layout.TOKENS);
        if (!isTied || stored == null || embedding == null) {
            return;
        }
        double[] head = finite(stored.name());
        int differs = Arrays.mismatch(head, tokens);
        if (differs >= 0) {
            throw new HuggingFaceException(folder + ": found " + Quoted.plain(stored.name()) + " with " + head[differs]
                    + " at index " + differs + " and " + Quoted.plain(embedding.name()) + " with " + tokens[differs]
                    + ", expected equal tensors; set \"tie_word_embeddings\": false in config.json if they are"
                    + " not tied");
        }
    }
}

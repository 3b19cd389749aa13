package dev.microgpt.train.huggingface;

import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import dev.microgpt.train.internal.json.Json;
import dev.microgpt.train.safetensors.TensorFile;
import dev.microgpt.train.safetensors.TensorInfo;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tensors in the folder of a model: in {@code model.safetensors}, or sharded over several files that
 * {@code model.safetensors.index.json} lists.
 *
 * @see <a href="https://huggingface.co/docs/transformers/big_models#sharded-checkpoints">Sharded checkpoints</a>
 */
final class WeightFiles implements Closeable {
    static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String PLACES = "weight_map";
    private static final String PICKLE = "pytorch_model.bin";

    private static final Pattern FILE_NAME = Pattern.compile("[\\w.+-]{1,200}\\.safetensors");

    private final Map<String, TensorFile> files = new LinkedHashMap<>();
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private final Map<String, TensorFile> fileByTensor = new LinkedHashMap<>();

    private WeightFiles() {}

    static WeightFiles open(Path folder) throws IOException {
        WeightFiles weights = new WeightFiles();
        try {
            weights.openAll(folder);
            return weights;
        } catch (Throwable failure) {
            weights.close();
            throw failure;
        }
    }

    /** Returns whether a folder has weights, in safetensors or as a pickle. */
    static boolean areIn(Path folder) {
        for (String name : new String[] {WEIGHTS, INDEX, PICKLE, PICKLE + ".index.json"}) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return true;
            }
        }
        return false;
    }

    /** Returns all tensors by their names in the files. */
    Map<String, TensorInfo> tensors() {
        return tensors;
    }

    double[] read(String name) throws IOException {
        return fileByTensor.get(name).read(name);
    }

    @Override
    public void close() throws IOException {
        IOException first = null;
        for (TensorFile file : files.values()) {
            try {
                file.close();
            } catch (IOException failure) {
                first = failure;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void openAll(Path folder) throws IOException {
        if (Files.exists(folder.resolve(WEIGHTS))) {
            open(folder, WEIGHTS);
        } else if (Files.exists(folder.resolve(INDEX))) {
            openShards(folder);
        } else if (Files.exists(folder.resolve(PICKLE)) || Files.exists(folder.resolve(PICKLE + ".index.json"))) {
            throw new HuggingFaceException(folder + ": found only " + PICKLE + ", a Python pickle, expected " + WEIGHTS
                    + "; convert it, in Python: model.save_pretrained(DIR, safe_serialization=True)");
        } else {
            throw new HuggingFaceException(folder + ": found neither " + WEIGHTS + " nor " + INDEX
                    + ", expected one of them; is it the folder of a model?");
        }
    }

    private TensorFile open(Path folder, String name) throws IOException {
        TensorFile file = TensorFile.open(folder.resolve(name));
        files.put(name, file);
        for (TensorInfo tensor : file.tensors()) {
            TensorInfo other = tensors.put(tensor.name(), tensor);
            if (other != null) {
                throw new HuggingFaceException(folder.resolve(name) + ": found tensor " + Quoted.of(tensor.name())
                        + ", which another file has, too, expected each tensor in one file only");
            }
            fileByTensor.put(tensor.name(), file);
        }
        return file;
    }

    private void openShards(Path folder) throws IOException {
        Path index = folder.resolve(INDEX);
        Map<String, String> places = places(index);
        for (String name : places.values()) {
            if (!files.containsKey(name)) {
                if (!Files.exists(folder.resolve(name))) {
                    throw new HuggingFaceException(
                            index + ": found the file name " + Quoted.of(name) + ", expected a file that exists");
                }
                open(folder, name);
            }
        }
        for (Map.Entry<String, String> place : places.entrySet()) {
            if (fileByTensor.get(place.getKey()) != files.get(place.getValue())) {
                throw new HuggingFaceException(index + ": found tensor " + Quoted.of(place.getKey()) + " listed in "
                        + Quoted.of(place.getValue()) + ", expected the file that contains it");
            }
        }
        for (String tensor : tensors.keySet()) {
            if (!places.containsKey(tensor)) {
                throw new HuggingFaceException(
                        index + ": found no tensor " + Quoted.of(tensor) + ", expected all tensors of the files");
            }
        }
    }

    /** Reads the index: tensor → file name. */
    private static Map<String, String> places(Path index) throws IOException {
        String where = index.toString();
        Map<String, String> places = new LinkedHashMap<>();
        try (InputStream in = OrdinaryFile.open(index)) {
            Map<String, @Nullable Object> object = Json.readObject(where, in, Set.of(PLACES));
            String map = where + ", field " + Quoted.of(PLACES);
            for (Map.Entry<String, @Nullable Object> entry :
                    Json.object(map, object.get(PLACES)).entrySet()) {
                if (!(entry.getValue() instanceof String name) || !isFileName(name)) {
                    throw new HuggingFaceException(map + ": found " + Quoted.value(entry.getValue()) + " for "
                            + Quoted.of(entry.getKey()) + ", expected the name of a file in this folder");
                }
                places.put(entry.getKey(), name);
            }
        } catch (IllegalArgumentException wrong) {
            throw new HuggingFaceException(String.valueOf(wrong.getMessage()), wrong);
        }
        return places;
    }

    /** A plain name: a path could lead out of the folder, and not every system allows all characters. */
    private static boolean isFileName(String name) {
        return FILE_NAME.matcher(name).matches();
    }
}

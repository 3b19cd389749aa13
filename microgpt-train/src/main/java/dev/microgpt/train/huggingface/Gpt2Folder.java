package dev.microgpt.train.huggingface;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.safetensors.NumberType;
import dev.microgpt.train.safetensors.SafetensorsException;
import dev.microgpt.train.safetensors.TensorFile;
import dev.microgpt.train.safetensors.TensorSource;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A folder with a GPT-2 as Hugging Face's transformers stores one: {@code config.json}, {@code model.safetensors} and the
 * files of the tokenizer.
 *
 * <pre>{@code
 * TrainedModel gpt2 = Gpt2Folder.read(Path.of("gpt2"));
 * Gpt2Folder.write(Path.of("mine"), model, NumberType.F32, false);
 * }</pre>
 *
 * <p>A model that is written as {@link NumberType#F64} and read again has the same weights bit for bit, those that it
 * lacked (biases of nanoGPT's products and norms) as zeros.
 *
 * @see <a href="https://huggingface.co/docs/transformers/model_doc/gpt2">GPT-2 in transformers</a>
 */
public final class Gpt2Folder {
    private Gpt2Folder() {}

    /**
     * Reads what {@code config.json} says of the model, and nothing else.
     *
     * @param folder the folder
     * @return size and variant of the model
     * @throws HuggingFaceException if the model is not a GPT-2, or one of a kind that is not supported
     * @throws IOException          if the file cannot be read
     */
    public static GptConfig readConfig(Path folder) throws IOException {
        return Gpt2Config.read(folder).model();
    }

    /**
     * Reads a model with the tokenizer of its folder.
     *
     * @param folder the folder
     * @return the model; every number in the files is the same number here
     * @throws HuggingFaceException if the folder does not hold one consistent model that is supported, or no tokenizer
     * @throws SafetensorsException if a file of weights is damaged
     * @throws IOException          if a file cannot be read
     */
    public static TrainedModel read(Path folder) throws IOException {
        return read(folder, null);
    }

    /**
     * Reads a model.
     *
     * @param folder    the folder
     * @param tokenizer the one to be used in place of that of the folder, or null for that one
     * @return the model; every number in the files is the same number here
     * @throws HuggingFaceException if the folder does not hold one consistent model that is supported, or no tokenizer
     *     though none is given
     * @throws SafetensorsException if a file of weights is damaged
     * @throws IOException          if a file cannot be read
     */
    public static TrainedModel read(Path folder, @Nullable Tokenizer tokenizer) throws IOException {
        Gpt2Config described = Gpt2Config.read(folder);
        GptConfig config = described.model();
        Tokenizer own = tokenizer == null ? Gpt2Tokenizers.read(folder, described.endOfText()) : tokenizer;
        if (own == null) {
            throw new HuggingFaceException(folder + ": found no tokenizer, expected tokenizer.json, or vocab.json and"
                    + " merges.txt; give one with --tokenizer FILE, or --tokenizer byte");
        }
        if (own.vocabSize() > config.vocabSize()) {
            throw new HuggingFaceException(folder + ": found " + own.vocabSize()
                    + " tokens in the tokenizer, but config.json says vocab_size " + config.vocabSize()
                    + ", expected at most so many; is it the tokenizer of this model?");
        }
        try {
            Gpt gpt = new Gpt(config, Parameters.from(Gpt2Weights.read(folder, config)));
            return new TrainedModel(gpt, own, DataFormat.TEXT);
        } catch (IllegalArgumentException tooLarge) { // for an array, whatever the memory
            throw new HuggingFaceException(folder.resolve(Gpt2Config.FILE) + ": " + tooLarge.getMessage(), tooLarge);
        }
    }

    /**
     * Writes a model so that {@code AutoModelForCausalLM.from_pretrained} and {@code AutoTokenizer.from_pretrained} load
     * it. The folder appears when it is complete.
     *
     * @param folder    made, with the folders above it
     * @param model     the model
     * @param type      {@link NumberType#F32}, as usual, or {@link NumberType#F64}, which loses nothing
     * @param overwrite whether a folder with the files of a model, and no others, may be replaced
     * @throws IllegalArgumentException   if GPT-2 has nothing that the model is made of, or a weight is not finite or beyond
     *     the type, or the tokenizer has no form there; nothing was written
     * @throws FileAlreadyExistsException if there is something that may not be replaced; nothing was written
     * @throws NotDirectoryException      if the folder, or one above it, is a file; nothing was written
     * @throws IOException                if it cannot be written
     */
    public static void write(Path folder, TrainedModel model, NumberType type, boolean overwrite) throws IOException {
        checkFinite(model.gpt());
        GptConfig config = model.gpt().config();
        int bos = model.tokenizer().bos();
        @Nullable Integer endOfText = bos < 0 ? null : (Integer) bos;
        String torchType = type == NumberType.F64 ? "float64" : "float32";
        Map<String, @Nullable Object> described = Gpt2Config.fields(config, endOfText, torchType);
        Map<String, @Nullable Object> generation = new LinkedHashMap<>();
        generation.put("bos_token_id", endOfText);
        generation.put("eos_token_id", endOfText);
        ExportFolder.write(folder, overwrite, files -> {
            JsonFile.write(files.resolve(Gpt2Config.FILE), described);
            JsonFile.write(files.resolve("generation_config.json"), generation);
            Gpt2Tokenizers.write(files, model.tokenizer(), config.blockSize());
            Path weights = files.resolve(WeightFiles.WEIGHTS);
            TensorFile.write(weights, Map.of("format", "pt"), tensors(model.gpt()), type);
        });
    }

    private static void checkFinite(Gpt gpt) {
        for (Parameter parameter : gpt.parameters().all()) {
            for (int i = 0; i < parameter.shape().size(); i++) {
                if (!Double.isFinite(parameter.data()[i])) {
                    throw new IllegalArgumentException("parameter " + parameter.name() + ": found "
                            + parameter.data()[i] + " at index " + i + ", expected only finite numbers");
                }
            }
        }
    }

    private static List<TensorSource> tensors(Gpt gpt) {
        Map<String, Parameter> parameters = new HashMap<>();
        for (Parameter parameter : gpt.parameters().all()) {
            parameters.put(parameter.name(), parameter);
        }
        List<TensorSource> tensors = new ArrayList<>();
        for (Gpt2Tensor tensor : Gpt2Layout.of(gpt.config())) {
            tensors.add(new ExportedTensor(tensor, parameters));
        }
        return tensors;
    }
}

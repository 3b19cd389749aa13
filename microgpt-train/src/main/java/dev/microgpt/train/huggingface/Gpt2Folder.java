package dev.microgpt.train.huggingface;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.ParameterUpdates;
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
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the folder in which Hugging Face's transformers stores a GPT-2: {@code config.json},
 * {@code model.safetensors} and the files of the tokenizer.
 *
 * <pre>{@code
 * TrainedModel gpt2 = Gpt2Folder.read(Path.of("gpt2"));
 * Gpt2Folder.write(Path.of("mine"), model, NumberType.F32, false);
 * }</pre>
 *
 * <p>A model that is written as {@link NumberType#F64} and read again has the same weights bit for bit; weights that it
 * lacked (nanoGPT's linear layers and norms have no biases) are zeros.
 *
 * @see <a href="https://huggingface.co/docs/transformers/model_doc/gpt2">GPT-2 in transformers</a>
 * @see <a href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">
 *     Radford et al., Language Models are Unsupervised Multitask Learners, 2019</a>
 */
public final class Gpt2Folder {
    private static final String ADAPTER = "adapter_config.json";

    private Gpt2Folder() {}

    /**
     * Returns whether a folder looks like a model of transformers, of any type: it has a {@code config.json} and
     * weights. No file is read.
     *
     * @param folder the path
     * @return false also if it is not a folder
     */
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(Gpt2Config.FILE)) && WeightFiles.areIn(folder);
    }

    /**
     * Reads {@code config.json} only.
     *
     * @param folder the folder of the model
     * @return size and variant of the model
     * @throws HuggingFaceException if the model is not a GPT-2, or of a variant that is not supported
     * @throws IOException          if the file cannot be read
     */
    public static GptConfig readConfig(Path folder) throws IOException {
        return Gpt2Config.read(folder).model();
    }

    /**
     * Reads a model together with the tokenizer in its folder.
     *
     * @param folder the folder of the model
     * @return the model; its weights are exactly the numbers in the files
     * @throws HuggingFaceException if the folder does not contain one consistent, supported model with its tokenizer
     * @throws SafetensorsException if a weights file is damaged
     * @throws IOException          if a file cannot be read
     */
    public static TrainedModel read(Path folder) throws IOException {
        return read(folder, null);
    }

    /**
     * Reads a model.
     *
     * @param folder    the folder of the model
     * @param tokenizer replaces the tokenizer in the folder, and may lack bytes; null to use the one in the folder,
     *     which must encode any text, and to the same ids as in transformers
     * @return the model; its weights are exactly the numbers in the files
     * @throws HuggingFaceException if the folder does not contain one consistent, supported model, or has no tokenizer
     *     and none is given
     * @throws SafetensorsException if a weights file is damaged
     * @throws IOException          if a file cannot be read
     */
    public static TrainedModel read(Path folder, @Nullable Tokenizer tokenizer) throws IOException {
        Gpt2Config described = Gpt2Config.read(folder);
        GptConfig config = described.model();
        if (Files.exists(folder.resolve(ADAPTER))) {
            throw new HuggingFaceException(folder + ": found " + ADAPTER + ", an adapter that changes the weights,"
                    + " expected a model without one; merge it, in Python: model.merge_and_unload()");
        }
        Tokenizer own = tokenizer == null ? Gpt2Tokenizers.read(folder, described.endOfText()) : tokenizer;
        if (own == null) {
            throw new HuggingFaceException(folder + ": found no tokenizer, expected tokenizer.json, or vocab.json and"
                    + " merges.txt; give the tokenizer of the model, or use one token per byte");
        }
        if (own.vocabSize() > config.vocabSize()) {
            throw new HuggingFaceException(folder + ": found " + own.vocabSize()
                    + " tokens in the tokenizer, but config.json says vocab_size " + config.vocabSize()
                    + ", expected at most that many; is it the tokenizer of this model?");
        }
        if (tokenizer == null) {
            checkBytes(folder, own);
        }
        try {
            Gpt gpt = new Gpt(config, Parameters.from(Gpt2Weights.read(folder, config)));
            return new TrainedModel(gpt, own, DataFormat.TEXT);
        } catch (IllegalArgumentException tooLarge) { // a weight with more elements than an array can have
            throw new HuggingFaceException(folder.resolve(Gpt2Config.FILE) + ": " + tooLarge.getMessage(), tooLarge);
        }
    }

    private static void checkBytes(Path folder, Tokenizer tokenizer) throws HuggingFaceException {
        try {
            CompleteBytes.check(tokenizer);
        } catch (IllegalArgumentException incomplete) {
            throw new HuggingFaceException(folder + ": " + incomplete.getMessage(), incomplete);
        }
    }

    /**
     * Writes a model so that {@code AutoModelForCausalLM.from_pretrained} and {@code AutoTokenizer.from_pretrained}
     * load it. The folder appears once it is complete.
     *
     * @param folder    created together with its parents
     * @param model     the model with its tokenizer
     * @param type      {@link NumberType#F32}, the usual type, to which weights are rounded, or {@link NumberType#F64},
     *     which is lossless
     * @param overwrite whether to replace an existing export as a whole; a folder that contains anything that this
     *     method does not write is never replaced
     * @throws IllegalArgumentException   if the model has a part that GPT-2 lacks, a weight is not finite or exceeds
     *     the range of the type, or the tokenizer cannot be expressed or lacks a byte; nothing was written
     * @throws IllegalStateException      if another thread trains the model; an existing export is kept
     * @throws FileAlreadyExistsException if there is something that must not be replaced, which its reason names;
     *     nothing was written
     * @throws NotDirectoryException      if the folder or a parent of it is a file; nothing was written
     * @throws IOException                if it cannot be written
     */
    public static void write(Path folder, TrainedModel model, NumberType type, boolean overwrite) throws IOException {
        if (!(model.model() instanceof Gpt gpt)) {
            throw new IllegalArgumentException("the model is a "
                    + model.model().config().type().name() + ", but only a gpt can be exported as a GPT-2");
        }
        ParameterUpdates updates =
                ParameterUpdates.watch("export", gpt.parameters().all());
        checkFinite(gpt);
        CompleteBytes.check(model.tokenizer());
        GptConfig config = gpt.config();
        int bos = model.tokenizer().bos();
        @Nullable Integer endOfText = bos < 0 ? null : (Integer) bos;
        String torchType = type == NumberType.F64 ? "float64" : "float32";
        Map<String, @Nullable Object> described = Gpt2Config.fields(config, endOfText, torchType);
        Map<String, @Nullable Object> generation = new LinkedHashMap<>();
        generation.put("bos_token_id", endOfText);
        generation.put("eos_token_id", endOfText);
        ExportFolder.write(folder, overwrite, files -> {
            JsonFile.write(files.resolve(Gpt2Config.FILE), described);
            JsonFile.write(files.resolve(ExportFolder.GENERATION), generation);
            Gpt2Tokenizers.write(files, model.tokenizer(), config.blockSize());
            Path weights = files.resolve(WeightFiles.WEIGHTS);
            TensorFile.write(weights, ExportFolder.WEIGHTS_METADATA, tensors(gpt), type);
            updates.checkNone();
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

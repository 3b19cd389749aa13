package dev.microgpt.train.checkpoint;

import dev.microgpt.autograd.ParameterUpdates;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.internal.json.TokenizerJson;
import dev.microgpt.train.safetensors.NamedTensor;
import dev.microgpt.train.safetensors.Safetensors;
import dev.microgpt.train.safetensors.SafetensorsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model with its tokenizer, for inference: without the state of the training run.
 *
 * <p>Every {@link Checkpoint} contains one. A file with the model alone has a third of the size.
 *
 * <p>Any number of threads may use it, while no thread trains the model.
 *
 * @param model     the model
 * @param tokenizer the tokenizer; it may have fewer tokens than the model, and their ids are then the first ones
 * @param format    the form of the training data, which decides how generated text begins
 */
public record TrainedModel(LanguageModel model, Tokenizer tokenizer, DataFormat format) {
    /**
     * Checks that model and tokenizer fit.
     *
     * @param model     the model
     * @param tokenizer a tokenizer with no more tokens than the model
     * @param format    the form of the training data
     * @throws IllegalArgumentException if the tokenizer has more tokens than the model
     */
    public TrainedModel {
        if (tokenizer.vocabSize() > model.config().vocabSize()) {
            throw new IllegalArgumentException(
                    "model: the tokenizer has " + tokenizer.vocabSize() + " tokens, the model only "
                            + model.config().vocabSize() + "; use the tokenizer it was trained with");
        }
    }

    /**
     * Creates a file or replaces it atomically: after a crash at any moment it has the old content or the new.
     *
     * @param file the path; its folder must exist
     * @throws IllegalArgumentException if the tokenizer cannot be stored
     *     ({@link Checkpoint#checkStorable(Tokenizer)}), or the model has a part or a type that a file cannot name, or
     *     that computes something else when it is created again; an existing file is kept
     * @throws IllegalStateException    if a number is NaN or infinite, or if another thread trains the model; an
     *     existing file is kept
     * @throws IOException              if the file cannot be written; an existing file is kept
     */
    public void save(Path file) throws IOException {
        ParameterUpdates updates =
                ParameterUpdates.watch("model", model.parameters().all());
        Map<String, String> metadata = new LinkedHashMap<>();
        ModelMetadata.put(metadata, model);
        CheckpointMetadata.putFormat(metadata, format);
        metadata.put(ModelMetadata.TOKENIZER, TokenizerJson.write(tokenizer));
        List<NamedTensor> tensors = StoredTensors.ofModel(model);
        StoredTensors.checkFinite(tensors);
        Safetensors.write(file, metadata, tensors, updates);
    }

    /**
     * Reads the model from a file that {@link #save} or {@link Checkpoint#save} wrote. The rest of a checkpoint is
     * checked for damage, but not kept in memory.
     *
     * @param file the path
     * @return the model
     * @throws SafetensorsException if the file is damaged or not a safetensors file
     * @throws CheckpointException  if it is not a file of this version of microgpt, or is inconsistent
     * @throws IOException          if the file cannot be read
     */
    public static TrainedModel load(Path file) throws IOException {
        Safetensors content = Safetensors.read(file, ModelMetadata::isOurs, name -> !OptimizerState.isState(name));
        try {
            Map<String, String> metadata = content.metadata();
            ModelConfig config = ModelMetadata.config(metadata);
            Tokenizer tokenizer = ModelMetadata.tokenizer(metadata, config);
            DataFormat format = CheckpointMetadata.format(metadata);
            CheckpointMetadata.checkEntries(metadata);
            Map<String, Tensor> weights = StoredTensors.of(content);
            LanguageModel model = StoredTensors.toModel(config, weights);
            OutsideParts.checkProbe(metadata, model);
            return new TrainedModel(model, tokenizer, format);
        } catch (RuntimeException | LinkageError failure) {
            throw OutsideParts.refusal(file, content.metadata(), failure);
        }
    }
}

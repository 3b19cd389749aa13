package dev.microgpt.train.checkpoint;

import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
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
 * A model to be used: with its tokenizer, and without the state of the training that it comes from.
 *
 * <p>Every {@link Checkpoint} holds one. A file that holds nothing else is a third of its size.
 *
 * @param gpt       the model
 * @param tokenizer turns text into its tokens; it may have fewer than the model, which are the first ones
 * @param format    what the model was trained on, which tells how its texts begin
 */
public record TrainedModel(Gpt gpt, Tokenizer tokenizer, DataFormat format) {
    /**
     * Checks that the two belong together.
     *
     * @param gpt see above
     * @param tokenizer see above
     * @param format see above
     * @throws IllegalArgumentException if the tokenizer has tokens that the model lacks
     */
    public TrainedModel {
        if (tokenizer.vocabSize() > gpt.config().vocabSize()) {
            throw new IllegalArgumentException(
                    "model: the tokenizer has " + tokenizer.vocabSize() + " tokens, the model only "
                            + gpt.config().vocabSize() + "; use the tokenizer it was trained with");
        }
    }

    /**
     * Writes a file, or replaces it as a whole: after a crash at any moment the file has the old content or the new.
     *
     * @param file the path; its folder must exist
     * @throws IllegalArgumentException if the tokenizer is none of this library
     * @throws IllegalStateException if a number is NaN or infinite
     * @throws IOException if it cannot be written; an older file of this name is then kept
     */
    public void save(Path file) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        ModelMetadata.put(metadata, gpt.config());
        CheckpointMetadata.putFormat(metadata, format);
        metadata.put(ModelMetadata.TOKENIZER, TokenizerJson.write(tokenizer));
        List<NamedTensor> tensors = StoredTensors.ofModel(gpt);
        StoredTensors.checkFinite(tensors);
        Safetensors.write(file, metadata, tensors);
    }

    /**
     * Reads the model out of a file that {@link #save} or {@link Checkpoint#save} wrote. The rest of a checkpoint is
     * checked for damage, but takes no memory.
     *
     * @param file the path
     * @return the model
     * @throws SafetensorsException if the file is damaged or not a safetensors file
     * @throws CheckpointException  if it is not a file of this program, or contradicts itself
     * @throws IOException          if it cannot be read
     */
    public static TrainedModel load(Path file) throws IOException {
        Safetensors content = Safetensors.read(file, name -> !Moments.isMoment(name));
        try {
            Map<String, String> metadata = content.metadata();
            GptConfig config = ModelMetadata.config(metadata);
            Tokenizer tokenizer = ModelMetadata.tokenizer(metadata, config);
            DataFormat format = CheckpointMetadata.format(metadata);
            CheckpointMetadata.checkEntries(metadata);
            Map<String, Tensor> weights = StoredTensors.of(content);
            return new TrainedModel(StoredTensors.toModel(config, weights), tokenizer, format);
        } catch (IllegalArgumentException contradiction) {
            throw (IOException) new CheckpointException(file, contradiction.getMessage()).initCause(contradiction);
        }
    }
}

package dev.microgpt.train.checkpoint;

import dev.microgpt.model.ModelConfig;
import dev.microgpt.train.OptimizerType;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.safetensors.Safetensors;
import dev.microgpt.train.safetensors.SafetensorsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings and the data of a training run, as recorded in its checkpoints. A run that starts from their model can
 * inherit them.
 *
 * @param training the settings
 * @param data     the training data and its split
 */
public record RunSettings(TrainingConfig training, DataConfig data) {
    /**
     * Reads the settings. The whole file is checked for damage, but its tensors are not kept in memory.
     *
     * @param file the path
     * @return the settings, or null if the file has a model alone, which {@link TrainedModel#save} wrote
     * @throws SafetensorsException if the file is damaged or not a safetensors file
     * @throws CheckpointException  if it is not a file of this version of microgpt
     * @throws IOException          if the file cannot be read
     */
    public static @Nullable RunSettings in(Path file) throws IOException {
        try {
            return CheckpointMetadata.settings(
                    Safetensors.read(file, name -> false).metadata());
        } catch (IllegalArgumentException contradiction) {
            throw (IOException) new CheckpointException(file, contradiction.getMessage()).initCause(contradiction);
        }
    }

    /**
     * Returns the settings of a run by their names, as the metadata of its checkpoints have them. A setting of the
     * model that has its default may be missing.
     *
     * @param model     the model
     * @param optimizer the optimizer
     * @param training  the settings of the run
     * @param data      the training data
     * @return texts by names such as {@code n_layer} and {@code data_sha256}, in the order of the file
     */
    public static Map<String, String> texts(
            ModelConfig model, OptimizerType optimizer, TrainingConfig training, DataConfig data) {
        return CheckpointMetadata.texts(model, optimizer, training, data);
    }

    /**
     * Reads the settings as texts, see {@link #texts}. The whole file is checked for damage, but its tensors are not
     * kept in memory, and the parts of the model need not be on the class path.
     *
     * @param file a checkpoint
     * @return texts by names, in the order of the file
     * @throws SafetensorsException if the file is damaged or not a safetensors file
     * @throws CheckpointException  if it is not a checkpoint of a run, written by this version of microgpt
     * @throws IOException          if the file cannot be read
     */
    public static Map<String, String> textsIn(Path file) throws IOException {
        Map<String, String> metadata = Safetensors.read(file, name -> false).metadata();
        try {
            CheckpointMetadata.step(metadata); // is it a checkpoint?
            return CheckpointMetadata.texts(metadata);
        } catch (IllegalArgumentException contradiction) {
            throw (IOException) new CheckpointException(file, contradiction.getMessage()).initCause(contradiction);
        }
    }
}

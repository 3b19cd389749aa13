package dev.microgpt.train.checkpoint;

import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.safetensors.Safetensors;
import dev.microgpt.train.safetensors.SafetensorsException;
import java.io.IOException;
import java.nio.file.Path;
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
}

package dev.microgpt.train.checkpoint;

import dev.microgpt.autograd.Shape;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.Adam;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.internal.disk.Disk;
import dev.microgpt.train.safetensors.NamedTensor;
import dev.microgpt.train.safetensors.Safetensors;
import dev.microgpt.train.safetensors.SafetensorsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The whole state of a training between two steps, in one safetensors file.
 *
 * <p>The file holds the parameters under their names, Adam's moments as {@code adam.m.NAME} and {@code adam.v.NAME}, and
 * as JSON in its metadata the shape of the model, how it is trained, the tokenizer, the random state and how far it got.
 * Nothing in it depends on time, place, machine or Java version: equal runs give equal bytes.
 *
 * @param training  how the model is trained
 * @param tokenizer turns text into the tokens of the model
 * @param gpt       the model
 * @param adam      its optimizer, with the groups of {@link dev.microgpt.train.ParameterGroup#byRank}
 * @param step      how many steps are done
 * @param random    the state of the generator that drew shuffle and first weights
 * @param data      what the model is trained on
 * @param bestLoss  the lowest loss of all evaluations after earlier steps, in nats, positive infinity if there was none;
 *     what an evaluation after this very step found is no part of the state, so that it can be repeated
 */
public record Checkpoint(
        TrainingConfig training,
        Tokenizer tokenizer,
        Gpt gpt,
        Adam adam,
        int step,
        PythonRandom.State random,
        DataConfig data,
        double bestLoss) {
    /**
     * Checks the numbers.
     *
     * @param training see above
     * @param tokenizer see above
     * @param gpt see above
     * @param adam see above
     * @param step see above
     * @param random see above
     * @param data see above
     * @param bestLoss see above
     * @throws IllegalArgumentException if the best loss is NaN or negative infinity
     */
    public Checkpoint {
        if (!(bestLoss > Double.NEGATIVE_INFINITY)) {
            throw new IllegalArgumentException("checkpoint: the best loss is " + bestLoss
                    + ", but must be a finite number, or positive infinity if there is none");
        }
    }

    /**
     * The state of a training that was not evaluated so far.
     *
     * @param training see above
     * @param tokenizer see above
     * @param gpt see above
     * @param adam see above
     * @param step see above
     * @param random see above
     * @param data see above
     */
    public Checkpoint(
            TrainingConfig training,
            Tokenizer tokenizer,
            Gpt gpt,
            Adam adam,
            int step,
            PythonRandom.State random,
            DataConfig data) {
        this(training, tokenizer, gpt, adam, step, random, data, Double.POSITIVE_INFINITY);
    }

    /**
     * Writes the checkpoint, or replaces it as a whole: after a crash at any moment the file has the old content or the
     * new.
     *
     * @param file the path; its folder must exist
     * @throws IllegalStateException if a number is NaN or infinite, which no run could go on from
     * @throws IOException if it cannot be written; an older file of this name is then kept
     */
    public void save(Path file) throws IOException {
        List<NamedTensor> tensors = StoredTensors.ofModel(gpt);
        Moments.add(tensors, gpt.parameters().all(), adam);
        StoredTensors.checkFinite(tensors);
        Safetensors.write(file, CheckpointMetadata.write(this), tensors);
    }

    /**
     * Writes a small file into a folder in the way that {@link #save} does, and deletes it.
     *
     * <p>It shows that the folder can be written, and loads every class that saving needs, so that a long run can be
     * saved even if the program's files were replaced meanwhile. Safe to be called while a model is trained.
     *
     * @param folder where checkpoints will be saved; must exist
     * @throws IOException if the file cannot be written or deleted
     */
    public static void rehearseSave(Path folder) throws IOException {
        Path file = folder.resolve(".rehearsal-" + Long.toHexString(System.nanoTime()) + ".safetensors");
        Map<String, String> metadata = Map.of(ModelMetadata.FORMAT, CheckpointMetadata.rehearsal());
        try {
            Safetensors.write(file, metadata, List.of(new NamedTensor("x", Shape.scalar(), new double[1])));
        } finally {
            Disk.operations().delete(file);
        }
    }

    /**
     * Reads a checkpoint.
     *
     * @param file the path
     * @return the state that was saved
     * @throws SafetensorsException if the file is damaged or not a safetensors file
     * @throws CheckpointException  if it is not a checkpoint of this program, or contradicts itself
     * @throws IOException          if it cannot be read
     */
    public static Checkpoint load(Path file) throws IOException {
        Safetensors content = Safetensors.read(file);
        try {
            return CheckpointMetadata.read(content.metadata(), StoredTensors.of(content));
        } catch (IllegalArgumentException contradiction) {
            throw (IOException) new CheckpointException(file, contradiction.getMessage()).initCause(contradiction);
        }
    }

    /**
     * Reads how far the training of a checkpoint got. All of the file is checked for damage, but takes no memory.
     *
     * @param file the path
     * @return how many steps are done
     * @throws SafetensorsException if the file is damaged or not a safetensors file
     * @throws CheckpointException  if it is not a checkpoint of this program
     * @throws IOException          if it cannot be read
     */
    public static int stepIn(Path file) throws IOException {
        Map<String, String> metadata = Safetensors.read(file, name -> false).metadata();
        try {
            return CheckpointMetadata.step(metadata);
        } catch (IllegalArgumentException contradiction) {
            throw (IOException) new CheckpointException(file, contradiction.getMessage()).initCause(contradiction);
        }
    }

    /**
     * Finds out whether a file holds the state of a training, or a model alone.
     *
     * @param file the path
     * @return false for what {@link TrainedModel#save} wrote
     * @throws SafetensorsException if the file is damaged or not a safetensors file
     * @throws IOException          if it cannot be read
     */
    public static boolean isIn(Path file) throws IOException {
        return CheckpointMetadata.hasTraining(
                Safetensors.read(file, name -> false).metadata());
    }

    /**
     * Returns the model without the state of its training.
     *
     * @return the same model and tokenizer
     */
    public TrainedModel model() {
        return new TrainedModel(gpt, tokenizer, data.format());
    }
}

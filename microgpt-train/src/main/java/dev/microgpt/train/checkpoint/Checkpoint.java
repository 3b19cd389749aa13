package dev.microgpt.train.checkpoint;

import dev.microgpt.autograd.ParameterUpdates;
import dev.microgpt.autograd.Shape;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.Optimizer;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.internal.disk.Disk;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import dev.microgpt.train.internal.json.TokenizerJson;
import dev.microgpt.train.safetensors.NamedTensor;
import dev.microgpt.train.safetensors.Safetensors;
import dev.microgpt.train.safetensors.SafetensorsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The complete state of a training run between two steps, in one safetensors file.
 *
 * <p>The file holds the parameters under their names, the state of the optimizer, such as Adam's moments as {@code
 * adam.m.NAME} and {@code adam.v.NAME}, and in its metadata, as JSON, the configuration of model and training run, the
 * tokenizer, the progress and the random state. The content does not depend on time, path, machine or Java version:
 * equal runs write equal bytes.
 *
 * <p>Refers to the live model and optimizer. {@link #save} is refused, and the existing file kept, while another thread
 * trains them: save between two steps on the thread that trains, for example in a
 * {@link dev.microgpt.train.TrainingListener}.
 *
 * @param training  the settings of the run
 * @param tokenizer the tokenizer of the model
 * @param model     the model
 * @param optimizer its optimizer; an {@link dev.microgpt.train.Adam} has the groups of
 *     {@link dev.microgpt.train.ParameterGroup#byRank}
 * @param step      the number of steps done
 * @param random    the state of the generator that drew the shuffle and the initial weights
 * @param data      the training data
 * @param bestLoss the lowest loss of all evaluations after earlier steps, in nats; positive infinity if there was none.
 *     An evaluation after this very step is not included, because a resumed run repeats it; at step 0, a finite number
 *     is the loss of the trained model that the run starts from
 * @param extensions the extensions of the run so far, see {@link #extendedTo}
 * @param stalled the evaluations in a row, up to earlier steps, without a lower loss, see
 *     {@link dev.microgpt.train.Patience#stalled}; 0 for a run without patience. As with the best loss, an evaluation
 *     after this very step is not included
 * @param endedEarly whether the patience of the run was over after this step, so that it counts as finished
 */
public record Checkpoint(
        TrainingConfig training,
        Tokenizer tokenizer,
        LanguageModel model,
        Optimizer optimizer,
        int step,
        PythonRandom.State random,
        DataConfig data,
        double bestLoss,
        List<Extension> extensions,
        int stalled,
        boolean endedEarly) {
    // enough for the entries in front of the tokenizer
    private static final int BEGINNING = 1 << 12;

    /** More than the metadata of any checkpoint takes without the tokenizer, mainly for the random state. */
    private static final int OTHER_METADATA_CHARS = 1 << 16;

    /**
     * Checks that the parts belong together; {@link #save} checks the numbers of the model.
     *
     * @param training  the settings of the run
     * @param tokenizer the tokenizer of the model
     * @param model     the model
     * @param optimizer its optimizer
     * @param step      the number of steps done
     * @param random    the state of the random generator
     * @param data      the training data
     * @param bestLoss  a finite number or positive infinity
     * @param extensions in their order, up to the number of steps in {@code training}; copied
     * @param stalled    at least 0
     * @param endedEarly whether the patience of the run was over
     * @throws IllegalArgumentException if the model has a part or a type that a file cannot name, if the best loss is
     *     NaN or negative infinity, if the step is not one of the run, if the tokenizer has more tokens than the model,
     *     if the optimizer cannot be stored ({@link #checkStorable(LanguageModel, Optimizer)}) or made another number
     *     of updates than {@code step}, if Adam's betas, its epsilon or the weight decay of a parameter are not those
     *     of {@code training}, if the extensions do not follow each other, or if {@code stalled} is negative
     */
    public Checkpoint {
        ModelMetadata.checkStorable(model.config());
        extensions = List.copyOf(extensions);
        Extension.check(extensions, step, training.steps());
        if (!(bestLoss > Double.NEGATIVE_INFINITY)) {
            throw new IllegalArgumentException("checkpoint: the best loss is " + bestLoss
                    + ", but must be a finite number, or positive infinity if there is none");
        }
        if (stalled < 0) {
            throw new IllegalArgumentException("checkpoint: the number of evaluations without a lower loss is "
                    + stalled + ", but must be at least 0");
        }
        if (step < 0 || step > training.steps()) {
            throw new IllegalArgumentException("checkpoint: the step is " + step
                    + ", but must be from 0 to the number of steps of the run, " + training.steps());
        }
        if (tokenizer.vocabSize() > model.config().vocabSize()) {
            throw new IllegalArgumentException("checkpoint: the tokenizer has " + tokenizer.vocabSize()
                    + " tokens, but must have at most those of the model, "
                    + model.config().vocabSize());
        }
        checkStorable(model, optimizer);
        OptimizerState.checkConfig(training.adam(), optimizer);
        String contradiction = OptimizerState.contradiction(step, optimizer);
        if (contradiction != null) {
            throw new IllegalArgumentException(
                    contradiction + "; a trainer that continues a run begins with Trainer.resumeAt");
        }
    }

    /**
     * Creates a checkpoint of a run without patience that was never extended.
     *
     * @param training  the settings of the run
     * @param tokenizer the tokenizer of the model
     * @param model     the model
     * @param optimizer its optimizer
     * @param step      the number of steps done
     * @param random    the state of the random generator
     * @param data      the training data
     * @param bestLoss  a finite number or positive infinity
     * @throws IllegalArgumentException if the parts do not belong together
     */
    public Checkpoint(
            TrainingConfig training,
            Tokenizer tokenizer,
            LanguageModel model,
            Optimizer optimizer,
            int step,
            PythonRandom.State random,
            DataConfig data,
            double bestLoss) {
        this(training, tokenizer, model, optimizer, step, random, data, bestLoss, List.of(), 0, false);
    }

    /**
     * Extends the run, finished or not: the steps after this one take the learning rates that a run of {@code steps}
     * steps with the same schedule has there. To continue, create a {@code Trainer} with the new settings and resume
     * it at this step; later checkpoints take over the extensions of this one.
     *
     * <pre>{@code
     * Checkpoint longer = Checkpoint.load(file).extendedTo(4000);
     * Trainer trainer = new Trainer(longer.model(), batches, longer.optimizer(), longer.training());
     * trainer.resumeAt(longer.step());
     * trainer.run(4000);
     * }</pre>
     *
     * <p>With a constant learning rate and no warm-up, the weights at the end are those of a run of {@code steps} steps
     * from the start. With any other schedule they are not, since the steps so far had other rates.
     *
     * @param steps the number of steps of the whole run, above that of {@link #training}
     * @return a checkpoint with the same model and optimizer, not copied
     * @throws IllegalArgumentException if {@code steps} is not above the present number
     */
    public Checkpoint extendedTo(int steps) {
        if (steps <= training.steps()) {
            throw new IllegalArgumentException("checkpoint: the run has " + training.steps()
                    + " steps and can only be extended to more, not to " + steps);
        }
        List<Extension> all = new ArrayList<>(extensions);
        if (step > 0) { // before the first step, it is simply a longer run
            all.add(new Extension(step, training.steps(), steps));
        }
        return new Checkpoint(
                training.withSteps(steps),
                tokenizer,
                model,
                optimizer,
                step,
                random,
                data,
                bestLoss,
                all,
                stalled,
                false);
    }

    /**
     * Creates the file or replaces it atomically: after a crash at any moment it has the old content or the new.
     *
     * @param file the path; its folder must exist
     * @throws IllegalArgumentException if {@link #load} could not read the file, because the tokenizer cannot be stored
     *     ({@link #checkStorable(Tokenizer)}), or because the model, created again from the names and settings of its
     *     parts, computes other logits; an existing file is kept
     * @throws IllegalStateException if a number is NaN or infinite, or a second moment of Adam negative, so that no run
     *     could resume from it, if the optimizer has made an update since this object was created, or if another thread
     *     trains the model; an existing file is kept
     * @throws IOException           if the file cannot be written; an existing file is kept
     */
    public void save(Path file) throws IOException {
        ParameterUpdates updates =
                ParameterUpdates.watch("checkpoint", model.parameters().all());
        String contradiction = OptimizerState.contradiction(step, optimizer);
        if (contradiction != null) {
            throw new IllegalStateException(contradiction);
        }
        List<NamedTensor> tensors = StoredTensors.ofModel(model);
        OptimizerState.add(tensors, optimizer);
        StoredTensors.checkFinite(tensors);
        OptimizerState.checkNotNegative(optimizer);
        Safetensors.write(file, CheckpointMetadata.write(this), tensors, updates);
    }

    /**
     * Checks that a tokenizer can be stored, which a training run would otherwise find out when it saves.
     *
     * @param tokenizer the tokenizer of a model
     * @throws IllegalArgumentException if it is not one of this library, or takes more than 16 MiB as JSON, as one of
     *     some 300,000 tokens does
     */
    public static void checkStorable(Tokenizer tokenizer) {
        String others = " ".repeat(OTHER_METADATA_CHARS);
        Safetensors.checkWritable(
                Map.of(ModelMetadata.TOKENIZER, TokenizerJson.write(tokenizer), "others", others), List.of());
    }

    /**
     * Checks that a model can be stored and created again, which a training run would otherwise find out when it saves.
     *
     * @param model a model
     * @throws IllegalArgumentException if it has a part or a type that a file cannot name, or computes other logits
     *     when it is created again from names and settings
     */
    public static void checkStorable(LanguageModel model) {
        ModelMetadata.put(new HashMap<>(), model);
    }

    /**
     * Checks that an optimizer can be stored, which a training run would otherwise find out when it saves.
     *
     * @param model     a model
     * @param optimizer its optimizer
     * @throws IllegalArgumentException if it does not have exactly the parameters of the model, in their order; if it
     *     has no type ({@link Optimizer#type}), or one whose name has no dot or whose
     *     version is below 1; or if its state has names or arrays other than {@link Optimizer#state} says
     */
    public static void checkStorable(LanguageModel model, Optimizer optimizer) {
        OptimizerState.checkStorable(optimizer);
        OptimizerState.checkBelong(model, optimizer);
    }

    /**
     * Writes a small file the way {@link #save} does, and deletes it.
     *
     * <p>This shows that the folder is writable, and loads all classes that saving needs: a long run can then be saved
     * even if the program's own files are replaced in the meantime. Safe to call while a model is trained.
     *
     * @param folder the folder in which checkpoints will be saved; must exist
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
     * @throws CheckpointException  if it is not a checkpoint of this version of microgpt, or is inconsistent, or if its
     *     optimizer or a part of its model is not on the class path or module path
     *     ({@link dev.microgpt.train.OptimizerType}, {@link dev.microgpt.model.setting.Part}), has another version or
     *     fails
     * @throws IOException          if the file cannot be read
     */
    public static Checkpoint load(Path file) throws IOException {
        Safetensors content = Safetensors.read(file, ModelMetadata::isOurs, name -> true);
        try {
            return CheckpointMetadata.read(content.metadata(), StoredTensors.of(content));
        } catch (RuntimeException | LinkageError failure) {
            throw OutsideParts.refusal(file, content.metadata(), failure);
        }
    }

    /**
     * Reads the number of steps done. The whole file is checked for damage, but its tensors are not kept in memory.
     *
     * @param file the path
     * @return the number of steps
     * @throws SafetensorsException if the file is damaged or not a safetensors file
     * @throws CheckpointException  if it is not a checkpoint of this version of microgpt
     * @throws IOException          if the file cannot be read
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
     * Returns whether a file holds the state after the last step of a run, which its patience may have ended early, or
     * of a finished run that was extended. The whole file is checked for damage, but its tensors are not kept in
     * memory.
     *
     * @param file the path
     * @return false if the run has not reached its last step yet
     * @throws SafetensorsException if the file is damaged or not a safetensors file
     * @throws CheckpointException  if it is not a checkpoint of this version of microgpt
     * @throws IOException          if the file cannot be read
     */
    public static boolean isFinishedIn(Path file) throws IOException {
        Map<String, String> metadata = Safetensors.read(file, name -> false).metadata();
        try {
            return CheckpointMetadata.isFinished(metadata);
        } catch (IllegalArgumentException contradiction) {
            throw (IOException) new CheckpointException(file, contradiction.getMessage()).initCause(contradiction);
        }
    }

    /**
     * Returns whether a file holds the state of a training run, not only a model.
     *
     * @param file the path
     * @return false if {@link TrainedModel#save} wrote the file
     * @throws SafetensorsException if the file is damaged or not a safetensors file
     * @throws IOException          if the file cannot be read
     */
    public static boolean isIn(Path file) throws IOException {
        return CheckpointMetadata.hasTraining(
                Safetensors.read(file, name -> false).metadata());
    }

    /**
     * Returns whether a file begins like a checkpoint. Only its first bytes are read, so a checkpoint that is damaged
     * further on is recognized as well; nothing else is known about the file.
     *
     * @param file the path
     * @return false if another program or {@link TrainedModel#save} wrote the file, or if it is not an ordinary file
     * @throws IOException if the file cannot be read
     */
    public static boolean isRecognized(Path file) throws IOException {
        if (!Files.isRegularFile(file)) { // opening a named pipe would block
            return false;
        }
        try (InputStream in = OrdinaryFile.open(file)) {
            return CheckpointMetadata.isBeginning(new String(in.readNBytes(BEGINNING), StandardCharsets.ISO_8859_1));
        }
    }

    /**
     * Returns the model without the state of its training run.
     *
     * @return the same model and tokenizer, not copied
     */
    public TrainedModel trainedModel() {
        return new TrainedModel(model, tokenizer, data.format());
    }
}

package dev.microgpt.train;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.safetensors.NamedTensor;
import dev.microgpt.train.safetensors.Safetensors;
import dev.microgpt.train.safetensors.SafetensorsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
 * @param adam      its optimizer, with the groups of {@link ParameterGroup#byRank}
 * @param step      how many steps are done
 * @param random    the state of the generator that drew shuffle and first weights
 * @param data      what the model is trained on
 */
public record Checkpoint(
        TrainingConfig training,
        CharTokenizer tokenizer,
        Gpt gpt,
        Adam adam,
        int step,
        PythonRandom.State random,
        DataConfig data) {
    private static final String FIRST_MOMENT = "adam.m.";
    private static final String SECOND_MOMENT = "adam.v.";

    /**
     * Writes the checkpoint, or replaces it as a whole: after a crash at any moment the file has the old content or the
     * new.
     *
     * @param file the path; its folder must exist
     * @throws IllegalStateException if a number is NaN or infinite, which no run could go on from
     * @throws IOException if it cannot be written; an older file of this name is then kept
     */
    public void save(Path file) throws IOException {
        List<NamedTensor> tensors = new ArrayList<>();
        List<Parameter> parameters = gpt.parameters().all();
        for (Parameter parameter : parameters) {
            tensors.add(new NamedTensor(parameter.name(), parameter.shape(), parameter.data()));
        }
        addMoments(tensors, FIRST_MOMENT, parameters, adam.firstMoments());
        addMoments(tensors, SECOND_MOMENT, parameters, adam.secondMoments());
        for (NamedTensor tensor : tensors) {
            String wrong = notFinite(tensor);
            if (wrong != null) {
                throw new IllegalStateException("checkpoint: " + wrong + "; nothing was saved");
            }
        }
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
        Map<String, String> metadata = Map.of(CheckpointMetadata.FORMAT, CheckpointMetadata.rehearsal());
        try {
            Safetensors.write(file, metadata, List.of(new NamedTensor("x", Shape.scalar(), new double[1])));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Returns what is wrong with a tensor that has a NaN or an infinity, or null. */
    private static @Nullable String notFinite(NamedTensor tensor) {
        for (int i = 0; i < tensor.data().length; i++) {
            double number = tensor.data()[i];
            if (!Double.isFinite(number)) {
                return "tensor " + Quoted.of(tensor.name()) + ": found " + number + " at index " + i
                        + ", expected only finite numbers";
            }
        }
        return null;
    }

    private static void addMoments(
            List<NamedTensor> tensors, String prefix, List<Parameter> parameters, List<double[]> moments) {
        for (int i = 0; i < moments.size(); i++) {
            Parameter parameter = parameters.get(i);
            tensors.add(new NamedTensor(prefix + parameter.name(), parameter.shape(), moments.get(i)));
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
            return CheckpointMetadata.read(content.metadata(), tensors(content));
        } catch (IllegalArgumentException contradiction) {
            throw (IOException) new CheckpointException(file, contradiction.getMessage()).initCause(contradiction);
        }
    }

    private static Map<String, Tensor> tensors(Safetensors content) {
        Map<String, Tensor> tensors = new HashMap<>();
        for (NamedTensor tensor : content.tensors()) {
            String wrong = notFinite(tensor);
            if (wrong != null) {
                throw new IllegalArgumentException(wrong);
            }
            tensors.put(tensor.name(), Tensor.constant(tensor.shape(), tensor.data()));
        }
        return tensors;
    }

    /** Puts the model together from the stored tensors that are not moments, all of which must be its weights. */
    static Gpt restoreModel(GptConfig config, Map<String, Tensor> tensors) {
        Map<String, Tensor> weights = new HashMap<>(tensors);
        weights.keySet().removeIf(Checkpoint::isMoment);
        Parameters parameters = Parameters.from(weights);
        Gpt gpt = new Gpt(config, parameters);
        parameters.checkAllUsed();
        return gpt;
    }

    /** Gives an optimizer the stored moments, all of which must belong to a parameter of the model. */
    static Adam restoreOptimizer(TrainingConfig training, Gpt gpt, Map<String, Tensor> tensors, int step) {
        List<Parameter> parameters = gpt.parameters().all();
        Adam adam = new Adam(parameters, training.adam());
        TreeMap<String, Tensor> moments = new TreeMap<>(tensors);
        moments.keySet().removeIf(name -> !isMoment(name));
        for (int i = 0; i < parameters.size(); i++) {
            restoreMoment(
                    moments,
                    FIRST_MOMENT,
                    parameters.get(i),
                    adam.firstMoments().get(i));
            restoreMoment(
                    moments,
                    SECOND_MOMENT,
                    parameters.get(i),
                    adam.secondMoments().get(i));
        }
        if (!moments.isEmpty()) {
            throw new IllegalArgumentException(
                    "tensor " + Quoted.of(moments.firstKey()) + ": found the moments of no parameter of the model");
        }
        adam.resumeAt(step);
        return adam;
    }

    /** Copies the moments of one parameter, and takes them out of the map. */
    private static void restoreMoment(
            Map<String, Tensor> moments, String prefix, Parameter parameter, double[] moment) {
        Tensor stored = moments.remove(prefix + parameter.name());
        if (stored == null || !stored.shape().equals(parameter.shape())) {
            throw new IllegalArgumentException("tensor " + Quoted.of(prefix + parameter.name()) + ": found "
                    + (stored == null ? "nothing" : stored.shape()) + ", expected " + parameter.shape());
        }
        System.arraycopy(stored.data(), 0, moment, 0, moment.length);
    }

    private static boolean isMoment(String name) {
        return name.startsWith(FIRST_MOMENT) || name.startsWith(SECOND_MOMENT);
    }
}

package dev.microgpt.train.checkpoint;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.setting.Providers;
import dev.microgpt.train.Adam;
import dev.microgpt.train.AdamConfig;
import dev.microgpt.train.Optimizer;
import dev.microgpt.train.OptimizerType;
import dev.microgpt.train.ParameterGroup;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.json.JsonFields;
import dev.microgpt.train.safetensors.NamedTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the optimizer of a run: its state as tensors, {@code adam.m.NAME} and {@code adam.v.NAME} for Adam
 * and {@code optimizer.STATE.NAME} for any other, which a metadata entry names.
 */
final class OptimizerState {
    /** The metadata entry; Adam, with which the format began, has none. */
    static final String ENTRY = "optimizer";

    private static final String NAME = "name";
    private static final String VERSION = "version";

    private static final String OF_ADAM = "adam.";
    private static final String FIRST = OF_ADAM + "m.";
    private static final String SECOND = OF_ADAM + "v.";
    private static final String OF_OTHERS = "optimizer.";

    private OptimizerState() {}

    /** Returns whether a tensor of a file is part of the state, and not a weight. */
    static boolean isState(String tensor) {
        return tensor.startsWith(FIRST) || tensor.startsWith(SECOND) || tensor.startsWith(OF_OTHERS);
    }

    /** Rejects parameters that a reader would take for the state of an optimizer. */
    static void checkNames(List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            String name = parameter.name();
            if (name.startsWith(OF_ADAM) || name.startsWith(OF_OTHERS)) {
                throw new IllegalArgumentException("checkpoint: the model has a parameter " + Quoted.of(name)
                        + ", but names that begin with " + OF_ADAM + " or " + OF_OTHERS
                        + " are those of an optimizer's state; give it another name");
            }
        }
    }

    // ---- what belongs together ----

    /** Rejects an optimizer that a file cannot name, or with a state that it cannot hold. */
    static void checkStorable(Optimizer optimizer) {
        OptimizerType type = optimizer.type();
        if (type == null) {
            throw new IllegalArgumentException("checkpoint: the optimizer is a "
                    + optimizer.getClass().getName() + " without a type, so a file could not name it; implement"
                    + " Optimizer.type() and an OptimizerType that creates it, or save the model alone with"
                    + " TrainedModel.save");
        }
        if (!(optimizer instanceof Adam)) {
            checkNamed(type);
            checkState(optimizer);
        }
    }

    private static void checkNamed(OptimizerType type) {
        if (!Providers.isDotted(type.name())) {
            throw new IllegalArgumentException("checkpoint: the optimizer is named " + Quoted.of(type.name())
                    + ", but must have words of letters, digits, _ and -, joined by dots, such as com.example.lion;"
                    + " names without a dot are reserved");
        }
        if (type.version() < 1) {
            throw new IllegalArgumentException(
                    "checkpoint: " + type.name() + " has version " + type.version() + ", but must have at least 1");
        }
    }

    private static void checkState(Optimizer optimizer) {
        int parameters = optimizer.parameters().size();
        Map<String, List<double[]>> again = optimizer.state();
        for (Map.Entry<String, List<double[]>> state : optimizer.state().entrySet()) {
            String name = state.getKey();
            List<double[]> arrays = state.getValue();
            if (!name.matches("\\w+")) {
                throw wrongState(optimizer, name, "must have a name of letters, digits and underscores");
            }
            if (arrays.size() != parameters) {
                throw wrongState(
                        optimizer,
                        name,
                        "has " + arrays.size() + " arrays, but must have one for each of the " + parameters
                                + " parameters");
            }
            for (int i = 0; i < parameters; i++) {
                if (arrays.get(i).length == 0
                        || arrays.get(i) != again.get(name).get(i)) {
                    throw wrongState(
                            optimizer,
                            name,
                            "must have, for parameter "
                                    + Quoted.of(optimizer.parameters().get(i).name())
                                    + ", always the same array, not a copy, of at least one number");
                }
            }
        }
    }

    private static IllegalArgumentException wrongState(Optimizer optimizer, String state, String wrong) {
        return new IllegalArgumentException(
                "checkpoint: " + label(optimizer) + "'s state " + Quoted.of(state) + " " + wrong);
    }

    private static String label(Optimizer optimizer) {
        OptimizerType type = optimizer.type();
        return optimizer instanceof Adam || type == null ? "Adam" : type.name();
    }

    /** Rejects an optimizer whose parameters are not those of the model, in their order. */
    static void checkBelong(LanguageModel model, Optimizer optimizer) {
        List<Parameter> expected = model.parameters().all();
        List<Parameter> found = optimizer.parameters();
        for (int i = 0; i < found.size(); i++) {
            if (i >= expected.size() || found.get(i) != expected.get(i)) {
                String name = found.get(i).name();
                throw new IllegalArgumentException("checkpoint: " + label(optimizer) + "'s parameter " + i + " is "
                        + Quoted.of(name) + (expected.contains(found.get(i)) ? "" : " of another model")
                        + "; it must have the parameters of this model, in the order of model.parameters().all()");
            }
        }
        if (found.size() < expected.size()) {
            throw new IllegalArgumentException("checkpoint: " + label(optimizer) + " lacks parameter "
                    + Quoted.of(expected.get(found.size()).name()) + "; it must have all parameters of this model");
        }
    }

    /** Rejects an Adam with other settings than those to be saved, with which a resumed run would continue. */
    static void checkConfig(AdamConfig config, Optimizer optimizer) {
        if (!(optimizer instanceof Adam adam)) {
            return;
        }
        checkEqual("beta1", adam.beta1(), config.beta1());
        checkEqual("beta2", adam.beta2(), config.beta2());
        checkEqual("epsilon", adam.eps(), config.eps());
        List<Parameter> parameters = adam.parameters();
        List<ParameterGroup> groups = ParameterGroup.byRank(parameters, config.weightDecay());
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            double decay = groups.get(0).parameters().contains(parameter) ? config.weightDecay() : 0;
            checkEqual("weight decay of " + Quoted.of(parameter.name()), adam.weightDecay(i), decay);
        }
    }

    private static void checkEqual(String name, double found, double expected) {
        if (found != expected) {
            throw new IllegalArgumentException("checkpoint: Adam's " + name + " is " + found + ", but "
                    + expected + " by the training configuration; they must be equal, because a resumed run uses the"
                    + " configuration");
        }
    }

    /** Returns why a step does not belong to an optimizer, or null if it does. */
    static @Nullable String contradiction(int step, Optimizer optimizer) {
        return step == optimizer.updates()
                ? null
                : "checkpoint: the step is " + step + ", but " + label(optimizer) + " made " + optimizer.updates()
                        + " updates; they must be equal";
    }

    // ---- writing ----

    /** Adds the entry, unless the optimizer is Adam. */
    static void put(Map<String, String> metadata, Optimizer optimizer) {
        OptimizerType type = optimizer.type();
        if (type != null) {
            put(metadata, type);
        }
    }

    static void put(Map<String, String> metadata, OptimizerType type) {
        if (!type.name().equals(OptimizerType.ADAM)) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put(NAME, type.name());
            fields.put(VERSION, type.version());
            metadata.put(ENTRY, JsonFields.write(fields));
        }
    }

    static void add(List<NamedTensor> tensors, Optimizer optimizer) {
        tensors.addAll(tensors(optimizer).values());
    }

    /** Refuses to save moments that {@link #restore} would refuse. */
    static void checkNotNegative(Optimizer optimizer) {
        String negative = negative(optimizer);
        if (negative != null) {
            throw new IllegalStateException("checkpoint: " + negative + "; nothing was saved");
        }
    }

    /** Returns the live state by the names of its tensors, in the order in which they are written. */
    private static Map<String, NamedTensor> tensors(Optimizer optimizer) {
        Map<String, NamedTensor> tensors = new LinkedHashMap<>();
        String prefix = optimizer instanceof Adam ? OF_ADAM : OF_OTHERS;
        List<Parameter> parameters = optimizer.parameters();
        for (Map.Entry<String, List<double[]>> state : new TreeMap<>(optimizer.state()).entrySet()) {
            for (int i = 0; i < parameters.size(); i++) {
                Parameter parameter = parameters.get(i);
                double[] numbers = state.getValue().get(i);
                Shape shape = parameter.shape().size() == numbers.length ? parameter.shape() : Shape.of(numbers.length);
                String name = prefix + state.getKey() + '.' + parameter.name();
                tensors.put(name, new NamedTensor(name, shape, numbers));
            }
        }
        return tensors;
    }

    // ---- reading ----

    /** Creates the optimizer that the metadata names, with the stored state, which must be exactly its own. */
    static Optimizer restore(
            Map<String, String> metadata,
            TrainingConfig training,
            LanguageModel model,
            Map<String, Tensor> stored,
            int step) {
        Optimizer optimizer =
                OptimizerType.create(type(metadata), model.parameters().all(), training);
        Checkpoint.checkStorable(model, optimizer);
        Map<String, NamedTensor> tensors = tensors(optimizer);
        Map<String, Shape> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        StoredTensors.check(shapes, stored);
        tensors.forEach(
                (name, tensor) -> System.arraycopy(stored.get(name).data(), 0, tensor.data(), 0, tensor.data().length));
        String negative = negative(optimizer);
        if (negative != null) {
            throw new IllegalArgumentException(negative);
        }
        optimizer.resumeAt(step);
        return optimizer;
    }

    private static OptimizerType type(Map<String, String> metadata) {
        if (!metadata.containsKey(ENTRY)) {
            return OptimizerType.named(OptimizerType.ADAM);
        }
        JsonFields fields = ModelMetadata.fields(metadata, ENTRY);
        String name = fields.text(NAME);
        int version = fields.integer(VERSION);
        fields.end();
        if (name.equals(OptimizerType.ADAM)) {
            throw new IllegalArgumentException(
                    "metadata: the optimizer is adam, but an entry must be there only for another");
        }
        OptimizerType type;
        try {
            type = OptimizerType.named(name);
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(
                    "the run cannot be resumed without version " + version + " of its optimizer: "
                            + unknown.getMessage(),
                    unknown);
        }
        if (type.version() != version) {
            throw new IllegalArgumentException("the run has version " + version + " of optimizer " + Quoted.of(name)
                    + ", but the one on the class path or module path has version " + type.version()
                    + "; to resume, use the jar of version " + version);
        }
        return type;
    }

    /** Returns what is wrong with a second moment, of which Adam's next step takes the square root; or null. */
    private static @Nullable String negative(Optimizer optimizer) {
        if (optimizer instanceof Adam adam) {
            for (int p = 0; p < adam.parameters().size(); p++) {
                double[] second = adam.secondMoments().get(p);
                for (int i = 0; i < second.length; i++) {
                    if (second[i] < 0) {
                        return "tensor "
                                + Quoted.of(SECOND + adam.parameters().get(p).name()) + ": the number at index " + i
                                + " is " + second[i] + ", but an average of squares must not be negative";
                    }
                }
            }
        }
        return null;
    }
}

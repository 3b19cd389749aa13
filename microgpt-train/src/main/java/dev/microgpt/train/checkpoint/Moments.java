package dev.microgpt.train.checkpoint;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Gpt;
import dev.microgpt.train.Adam;
import dev.microgpt.train.AdamConfig;
import dev.microgpt.train.ParameterGroup;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.safetensors.NamedTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes and reads Adam's moments as tensors {@code adam.m.NAME} and {@code adam.v.NAME}. */
final class Moments {
    private static final String FIRST = "adam.m.";
    private static final String SECOND = "adam.v.";

    private Moments() {}

    static boolean isMoment(String name) {
        return name.startsWith(FIRST) || name.startsWith(SECOND);
    }

    /** Rejects an optimizer whose moments are not those of the model's parameters, in their order. */
    static void checkBelong(Gpt gpt, Adam adam) {
        List<Parameter> expected = gpt.parameters().all();
        List<Parameter> found = adam.parameters();
        for (int i = 0; i < found.size(); i++) {
            if (i >= expected.size() || found.get(i) != expected.get(i)) {
                String name = found.get(i).name();
                throw new IllegalArgumentException("checkpoint: Adam's parameter " + i + " is " + Quoted.of(name)
                        + (expected.contains(found.get(i)) ? "" : " of another model") + "; it must have the"
                        + " parameters of this model, in the order of gpt.parameters().all()");
            }
        }
        if (found.size() < expected.size()) {
            throw new IllegalArgumentException("checkpoint: Adam lacks parameter "
                    + Quoted.of(expected.get(found.size()).name()) + "; it must have all parameters of this model");
        }
    }

    /** Rejects an optimizer with other settings than those to be saved, with which a resumed run would continue. */
    static void checkConfig(AdamConfig config, Adam adam) {
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
    static @Nullable String contradiction(int step, Adam adam) {
        return step == adam.updates()
                ? null
                : "checkpoint: the step is " + step + ", but Adam made " + adam.updates()
                        + " updates; they must be equal";
    }

    static void add(List<NamedTensor> tensors, List<Parameter> parameters, Adam adam) {
        add(tensors, FIRST, parameters, adam.firstMoments());
        add(tensors, SECOND, parameters, adam.secondMoments());
    }

    /** Refuses to save moments that {@link #restore} would refuse. */
    static void checkNotNegative(List<Parameter> parameters, Adam adam) {
        for (int i = 0; i < parameters.size(); i++) {
            String name = SECOND + parameters.get(i).name();
            String negative = negative(name, adam.secondMoments().get(i));
            if (negative != null) {
                throw new IllegalStateException("checkpoint: " + negative + "; nothing was saved");
            }
        }
    }

    private static void add(
            List<NamedTensor> tensors, String prefix, List<Parameter> parameters, List<double[]> moments) {
        for (int i = 0; i < moments.size(); i++) {
            Parameter parameter = parameters.get(i);
            tensors.add(new NamedTensor(prefix + parameter.name(), parameter.shape(), moments.get(i)));
        }
    }

    /** Creates an optimizer with the stored moments, each of which must belong to a parameter of the model. */
    static Adam restore(TrainingConfig training, Gpt gpt, Map<String, Tensor> tensors, int step) {
        List<Parameter> parameters = gpt.parameters().all();
        StoredTensors.check(shapes(parameters), tensors);
        Adam adam = new Adam(parameters, training.adam());
        for (int i = 0; i < parameters.size(); i++) {
            String name = parameters.get(i).name();
            copy(tensors.get(FIRST + name), adam.firstMoments().get(i));
            copy(tensors.get(SECOND + name), adam.secondMoments().get(i));
            String negative = negative(SECOND + name, adam.secondMoments().get(i));
            if (negative != null) {
                throw new IllegalArgumentException(negative);
            }
        }
        adam.resumeAt(step);
        return adam;
    }

    private static Map<String, Shape> shapes(List<Parameter> parameters) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        parameters.forEach(parameter -> shapes.put(FIRST + parameter.name(), parameter.shape()));
        parameters.forEach(parameter -> shapes.put(SECOND + parameter.name(), parameter.shape()));
        return shapes;
    }

    private static void copy(Tensor stored, double[] moment) {
        System.arraycopy(stored.data(), 0, moment, 0, moment.length);
    }

    /** Returns what is wrong with a second moment, of which the next step takes the square root; or null. */
    private static @Nullable String negative(String name, double[] second) {
        for (int i = 0; i < second.length; i++) {
            if (second[i] < 0) {
                return "tensor " + Quoted.of(name) + ": the number at index " + i + " is " + second[i]
                        + ", but an average of squares must not be negative";
            }
        }
        return null;
    }
}

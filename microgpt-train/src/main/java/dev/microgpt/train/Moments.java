package dev.microgpt.train;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Gpt;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.safetensors.NamedTensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The moments of Adam on their way to a file and back, as {@code adam.m.NAME} and {@code adam.v.NAME}. */
final class Moments {
    private static final String FIRST = "adam.m.";
    private static final String SECOND = "adam.v.";

    private Moments() {}

    static boolean isMoment(String name) {
        return name.startsWith(FIRST) || name.startsWith(SECOND);
    }

    static void add(List<NamedTensor> tensors, List<Parameter> parameters, Adam adam) {
        add(tensors, FIRST, parameters, adam.firstMoments());
        add(tensors, SECOND, parameters, adam.secondMoments());
    }

    private static void add(
            List<NamedTensor> tensors, String prefix, List<Parameter> parameters, List<double[]> moments) {
        for (int i = 0; i < moments.size(); i++) {
            Parameter parameter = parameters.get(i);
            tensors.add(new NamedTensor(prefix + parameter.name(), parameter.shape(), moments.get(i)));
        }
    }

    /** Gives an optimizer the stored moments, all of which must belong to a parameter of the model. */
    static Adam restore(TrainingConfig training, Gpt gpt, Map<String, Tensor> tensors, int step) {
        List<Parameter> parameters = gpt.parameters().all();
        Adam adam = new Adam(parameters, training.adam());
        TreeMap<String, Tensor> moments = new TreeMap<>(tensors);
        for (int i = 0; i < parameters.size(); i++) {
            restore(moments, FIRST, parameters.get(i), adam.firstMoments().get(i));
            restore(moments, SECOND, parameters.get(i), adam.secondMoments().get(i));
        }
        if (!moments.isEmpty()) {
            throw new IllegalArgumentException(
                    "tensor " + Quoted.of(moments.firstKey()) + ": found the moments of no parameter of the model");
        }
        adam.resumeAt(step);
        return adam;
    }

    /** Copies the moments of one parameter, and takes them out of the map. */
    private static void restore(Map<String, Tensor> moments, String prefix, Parameter parameter, double[] moment) {
        Tensor stored = moments.remove(prefix + parameter.name());
        if (stored == null || !stored.shape().equals(parameter.shape())) {
            throw new IllegalArgumentException("tensor " + Quoted.of(prefix + parameter.name()) + ": found "
                    + (stored == null ? "nothing" : stored.shape()) + ", expected " + parameter.shape());
        }
        System.arraycopy(stored.data(), 0, moment, 0, moment.length);
    }
}

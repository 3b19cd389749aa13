package dev.microgpt.model.check;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A model is created again as it was: from its seed, from its stored weights, and when only shapes are noted. */
final class CreationRules {
    private static final String CREATION =
            "; creation: names, shapes and their order must follow from the configuration"
                    + " alone, and values from the generator that an initializer is given";

    private final ModelConfig config;
    private final long seed;

    CreationRules(ModelConfig config, long seed) {
        this.config = config;
        this.seed = seed;
    }

    /** Returns the model for the other rules, whose weights have noise. */
    Subject check() {
        Parameters parameters = Parameters.drawnFrom(new PythonRandom(seed));
        LanguageModel model = create(parameters, "from a seed");
        checkShapes(requests(parameters));
        checkCreatedAgain(parameters);
        addNoise(parameters, new Random(seed));
        Subject subject = new Subject(load(parameters), config, seed);
        checkLoaded(subject, model);
        return subject;
    }

    private LanguageModel create(Parameters parameters, String how) {
        LanguageModel model;
        try {
            model = config.create(parameters);
        } catch (IllegalArgumentException refused) {
            throw failure("creation " + how + " failed: " + refused.getMessage() + CREATION);
        }
        if (model.parameters() != parameters) {
            throw failure("parameters() returns others than those the model was created with; creation: keep that"
                    + " object in a field and return it");
        }
        if (!model.config().equals(config)) {
            throw failure("config() is " + model.config() + ", but the model was created as " + config
                    + "; creation: keep that object in a field and return it");
        }
        return model;
    }

    private void checkShapes(List<String> created) {
        Map<String, Shape> shapes;
        try {
            shapes = config.shapes();
        } catch (RuntimeException failed) {
            throw failure("creation failed with " + failed + " when only the shapes of parameters are noted; creation:"
                    + " a constructor must use neither the values nor the shape of a parameter");
        }
        List<String> noted = new ArrayList<>();
        shapes.forEach((name, shape) -> noted.add(name + " " + shape));
        checkSame(created, noted, "when only shapes are noted");
        double count = 0;
        for (Shape shape : shapes.values()) {
            count += shape.size();
        }
        if (config.parameterCount() != count) {
            throw failure("parameterCount() is " + config.parameterCount() + ", but the model has " + count
                    + " trainable values" + CREATION);
        }
    }

    private void checkCreatedAgain(Parameters first) {
        Parameters again = Parameters.drawnFrom(new PythonRandom(seed));
        create(again, "from a seed for the second time");
        checkSame(requests(first), requests(again), "when created again");
        for (Parameter parameter : first.all()) {
            double[] values = again.get(parameter.name()).data();
            for (int i = 0; i < values.length; i++) {
                if (Double.doubleToRawLongBits(values[i])
                        != Double.doubleToRawLongBits(parameter.data()[i])) {
                    throw failure("the initial value of " + label(parameter) + " at index " + i + " is " + values[i]
                            + " when created again from the same seed, but "
                            + parameter.data()[i] + " at first"
                            + CREATION);
                }
            }
        }
    }

    private void checkSame(List<String> first, List<String> second, String where) {
        for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
            String expected = i < first.size() ? first.get(i) : "missing";
            String found = i < second.size() ? second.get(i) : "missing";
            if (!expected.equals(found)) {
                throw failure(
                        "parameter " + i + " is " + found + " " + where + ", but " + expected + " at first" + CREATION);
            }
        }
    }

    private static List<String> requests(Parameters parameters) {
        List<String> requests = new ArrayList<>();
        for (Parameter parameter : parameters.all()) {
            requests.add(label(parameter));
        }
        return requests;
    }

    /** Adds noise that lets activations keep their size, since a row of C weights is multiplied by C channels. */
    static void addNoise(Parameters parameters, Random random) {
        for (Parameter parameter : parameters.all()) {
            double std = 0.5 / Math.sqrt(parameter.shape().columns());
            for (int i = 0; i < parameter.data().length; i++) {
                parameter.data()[i] += std * random.nextGaussian();
            }
        }
    }

    private LanguageModel load(Parameters parameters) {
        Map<String, Tensor> stored = new HashMap<>();
        for (Parameter parameter : parameters.all()) {
            stored.put(parameter.name(), Tensor.constant(parameter.shape(), parameter.toArray()));
        }
        Parameters loaded = Parameters.from(stored);
        LanguageModel model = create(loaded, "from stored weights");
        checkSame(requests(parameters), requests(loaded), "when created from stored weights");
        return model;
    }

    /** Compares the model that was loaded with the one that was drawn and then got the same weights. */
    private void checkLoaded(Subject subject, LanguageModel drawn) {
        Batch batch = Batch.forTraining(subject.sequences());
        Tape tape = Tape.inference();
        subject.same(
                "loading: request every weight from the scope, and read its values in forward, not in the constructor",
                subject.logits(subject.model, tape, batch),
                0,
                "if the model is created from stored weights",
                subject.logits(drawn, tape, batch),
                0,
                "if the weights of an existing model become the same",
                batch.sequences().rows());
    }

    static String label(Parameter parameter) {
        return parameter.name() + " " + parameter.shape();
    }

    private AssertionError failure(String what) {
        return Subject.failure(config, seed, what);
    }
}

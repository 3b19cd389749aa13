package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.CrossEntropy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whole trainings against PyTorch in float64: AdamW with two groups, clipping, micro-batches and nanoGPT's learning
 * rates. {@code reference-torch-adamw.json} says which version and how to make it again.
 */
class TorchTrainingTest {
    private static final double TOLERANCE = 1e-12;
    private static final int HIDDEN = 8;
    private static final int INPUTS = 5;
    private static final int CLASSES = 4;
    private static final int BATCHES = 6;
    private static final int PARTS = 2;

    @ParameterizedTest
    @EnumSource(Schedule.Kind.class)
    void aTrainingOfHundredStepsIsThatOfTorch(Schedule.Kind kind, TestReporter reporter) throws IOException {
        ReferenceRun torch = ReferenceRun.read("torch-adamw");
        ReferenceRun expected = torch.part(kind.name().toLowerCase(Locale.ROOT));
        ReferenceRun settings = expected.part("settings");
        int steps = (int) torch.number("steps");
        assertEquals(100, steps);
        Schedule schedule = new Schedule(kind, settings.number("learning_rate"), settings.number("min_lr"), (int)
                settings.number("warmup_steps"));
        LearningRate rate = schedule.over(steps);
        Network network = new Network(torch.tensors("initial_parameters"));
        Adam adam = new Adam(
                network.parameters,
                new AdamConfig(
                        torch.number("beta1"),
                        torch.number("beta2"),
                        torch.number("adam_eps"),
                        torch.number("weight_decay")));
        Gradients gradients = new Gradients(network.parameters);

        double[] rates = new double[steps];
        double[] losses = new double[steps];
        double[] norms = new double[steps];
        int clipped = 0;
        for (int step = 0; step < steps; step++) {
            losses[step] = network.addGradients(torch, step % BATCHES);
            norms[step] = gradients.norm();
            clipped += gradients.clip(norms[step], torch.number("grad_clip")) ? 1 : 0;
            rates[step] = rate.at(step);
            adam.step(rates[step]);
            network.parameters.forEach(Parameter::zeroGrad);
            if (step + 1 == 1 || step + 1 == 10 || step + 1 == 100) {
                String key = "parameters_after_" + (step + 1);
                double worst = Distance.assertClose(expected.tensors(key), network.numbers(), TOLERANCE);
                reporter.publishEntry(kind + ", " + key, Double.toString(worst));
            }
        }

        // a cosine of the C library may differ from Java's in the last place
        assertArrayEquals(expected.numbers("rates"), rates, 1e-17);
        assertArrayEquals(expected.numbers("losses"), losses, TOLERANCE);
        assertArrayEquals(expected.numbers("norms"), norms, TOLERANCE);
        reporter.publishEntry(
                kind + ", losses and norms",
                Distance.absolute(losses, expected.numbers("losses")) + ", "
                        + Distance.absolute(norms, expected.numbers("norms")));
        assertTrue(clipped > 20 && clipped < 80, clipped + " of " + steps + " steps are clipped, others are not");
    }

    /** Two linear layers with biases and ReLU between them; the parameters in an order that mixes the two groups. */
    private static final class Network {
        final List<Parameter> parameters = new ArrayList<>();

        private final Parameter fc1;
        private final Parameter fc1Bias;
        private final Parameter fc2;
        private final Parameter fc2Bias;
        private final Tape tape = Tape.training();

        Network(Map<String, double[]> initial) {
            fc1 = add("fc1", Shape.of(HIDDEN, INPUTS), initial);
            fc1Bias = add("fc1_bias", Shape.of(HIDDEN), initial);
            fc2 = add("fc2", Shape.of(CLASSES, HIDDEN), initial);
            fc2Bias = add("fc2_bias", Shape.of(CLASSES), initial);
        }

        private Parameter add(String name, Shape shape, Map<String, double[]> initial) {
            Parameter parameter = new Parameter(name, shape, initial.get(name));
            parameters.add(parameter);
            return parameter;
        }

        /** Adds the gradients of the micro-batches of a step and returns its loss. */
        double addGradients(ReferenceRun torch, int batch) {
            Map<String, double[]> inputs = torch.tensors("inputs");
            int rows = 0;
            for (int part = 0; part < PARTS; part++) {
                rows += inputs.get(batch + "." + part).length / INPUTS;
            }
            double loss = 0;
            for (int part = 0; part < PARTS; part++) {
                String key = batch + "." + part;
                int[] targets = Arrays.stream(torch.part("targets").numbers(key))
                        .mapToInt(target -> (int) target)
                        .toArray();
                tape.reset();
                Tensor x = Tensor.constant(Shape.of(targets.length, INPUTS), inputs.get(key));
                Tensor hidden = tape.relu(tape.linear(x, fc1, fc1Bias));
                Tensor logits = tape.linear(hidden, fc2, fc2Bias);
                Tensor partOfLoss = tape.apply(new CrossEntropy(logits, targets, rows));
                tape.backward(partOfLoss);
                loss += partOfLoss.item();
            }
            return loss;
        }

        Map<String, double[]> numbers() {
            Map<String, double[]> numbers = new LinkedHashMap<>();
            for (Parameter parameter : parameters) {
                numbers.put(parameter.name(), parameter.data());
            }
            return numbers;
        }
    }
}

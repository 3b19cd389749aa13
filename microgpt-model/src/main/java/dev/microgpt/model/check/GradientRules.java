package dev.microgpt.model.check;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.TapeListener;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.check.GradientCheck;
import dev.microgpt.model.Batch;
import dev.microgpt.model.LanguageModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The gradients of the loss are its derivatives, and every parameter has one. */
final class GradientRules {
    private static final int SAMPLE = 4;
    private static final int ROUNDS = 8;

    /** Of finite differences, from large to small: a small step seldom crosses a kink, such as that of ReLU. */
    private static final double[] STEPS = {1e-3, 1e-4, 1e-5, 1e-6};

    private static final double TOLERANCE = 1e-6;

    /** The relative rounding error of the loss; some parameters have no other derivative, as a bias of all keys. */
    private static final double ROUNDING = 1e-14;

    private final Subject subject;
    private final LanguageModel model;
    private final Random random;
    private final Tape inference = Tape.inference();

    GradientRules(Subject subject) {
        this.subject = subject;
        model = subject.model;
        random = subject.random;
    }

    void check() {
        checkEachHasOne();
        Batch batch = batch(subject.sequences().subList(0, 3), 0);
        double loss = backward(batch);
        for (Parameter parameter : model.parameters().all()) {
            checkDerivatives(parameter, batch, loss);
        }
        checkOperations(batch);
    }

    /** Returns a batch with random numbers for dropout, whose derivatives matter too. */
    private Batch batch(List<int[]> sequences, int round) {
        return Batch.forTraining(sequences).withRandom(new CounterRandom(subject.seed).child(round), 0);
    }

    private Tensor loss(Tape tape, Batch batch) {
        return tape.crossEntropy(model.forward(tape, batch), batch.targets());
    }

    /** Computes all gradients, and returns the loss. */
    private double backward(Batch batch) {
        model.parameters().zeroGrad();
        Set<Parameter> own = new LinkedHashSet<>(model.parameters().all());
        Tape tape = Tape.training();
        tape.addListener(new TapeListener() {
            @Override
            public void onForward(Op op, Tensor y) {
                for (Tensor input : op.inputs()) {
                    if (input instanceof Parameter parameter && !own.contains(parameter)) {
                        throw subject.failure("the operation " + op.name() + " uses a parameter "
                                + CreationRules.label(parameter) + " that is not among parameters(); loading: request"
                                + " it from the scope, or it is neither trained nor stored");
                    }
                }
            }
        });
        Tensor loss = loss(tape, batch);
        if (!loss.hasGrad()) {
            throw subject.failure("the logits have no gradient; gradients: compute them from the parameters with"
                    + " operations on the tape");
        }
        tape.backward(loss);
        return loss.item();
    }

    /** Checks that no gradient is zero everywhere, whatever the weights are. */
    private void checkEachHasOne() {
        List<Parameter> without = new ArrayList<>(model.parameters().all());
        Batch batch = batch(subject.sequences(), 0);
        for (int round = 0; round < ROUNDS && !without.isEmpty(); round++) {
            if (round > 0) {
                CreationRules.addNoise(model.parameters(), random);
                batch = batch(subject.sequences(), round);
            }
            backward(batch);
            without.removeIf(parameter -> Arrays.stream(parameter.grad()).anyMatch(g -> g != 0));
        }
        if (without.isEmpty()) {
            return;
        }
        Parameter parameter = without.get(0);
        double[] before = subject.logits(model, inference, batch);
        for (int i = 0; i < parameter.data().length; i++) {
            parameter.data()[i] += random.nextGaussian();
        }
        boolean hasInfluence = !Arrays.equals(before, subject.logits(model, inference, batch));
        throw subject.failure(
                hasInfluence
                        ? "the gradient of " + CreationRules.label(parameter) + " is zero everywhere, but the logits"
                                + " depend on its values; gradients: it is cut off, so let an operation on the tape"
                                + " read it, whose backward adds to its gradient"
                        : "the gradient of " + CreationRules.label(parameter) + " is zero everywhere, because the"
                                + " logits do not depend on its values; gradients: it is never used, so use it or do"
                                + " not request it"
                                + (subject.blockSize == 1 ? ", or check with a block size above 1" : ""));
    }

    private void checkDerivatives(Parameter parameter, Batch batch, double loss) {
        double[] g = parameter.grad();
        Set<Integer> sample = new LinkedHashSet<>();
        int largest = 0;
        for (int i = 0; i < g.length; i++) {
            largest = Math.abs(g[i]) > Math.abs(g[largest]) ? i : largest;
        }
        sample.add(largest);
        for (int n = 1; n < SAMPLE; n++) {
            sample.add(random.nextInt(g.length));
        }
        double rounding = ROUNDING * Math.max(1, Math.abs(loss));
        boolean isAnyRight = false;
        boolean isAnyUnknown = false;
        for (int i : sample) {
            boolean isRight = isRight(parameter, i, batch, Math.abs(g[largest]) / 100, rounding);
            isAnyRight |= isRight && g[i] != 0;
            isAnyUnknown |= !isRight;
        }
        if (isAnyUnknown && !isAnyRight) {
            throw subject.failure("no finite difference with respect to " + CreationRules.label(parameter)
                    + " approaches a number as its step gets smaller; gradients: the loss must be differentiable, but"
                    + " for a few kinks");
        }
    }

    /** Returns whether an element is right, or false if finite differences disagree, as they do close to a kink. */
    private boolean isRight(Parameter parameter, int i, Batch batch, double least, double rounding) {
        double g = parameter.grad()[i];
        double n = Double.NaN;
        boolean isSettled = false;
        for (double step : STEPS) {
            double before = n;
            n = derivative(parameter.data(), i, batch, step);
            double bound = TOLERANCE * Math.max(Math.max(Math.abs(g), Math.abs(n)), least) + rounding / step;
            if (Math.abs(g - n) <= bound) {
                return true;
            }
            isSettled = Math.abs(n - before) <= bound;
        }
        if (!isSettled) {
            return false;
        }
        throw subject.failure("the gradient of " + CreationRules.label(parameter) + " at index " + i + " is " + g
                + " by backward but " + n + " by finite differences; gradients: check each operation of your own with"
                + " GradientCheck, and let no value be computed outside of operations");
    }

    /** Returns the central difference of fourth order of the loss. */
    private double derivative(double[] values, int i, Batch batch, double step) {
        double center = values[i];
        try {
            double near = lossAt(batch, values, i, center + step) - lossAt(batch, values, i, center - step);
            double far = lossAt(batch, values, i, center + 2 * step) - lossAt(batch, values, i, center - 2 * step);
            return (8 * near - far) / (12 * step);
        } finally {
            values[i] = center;
        }
    }

    private double lossAt(Batch batch, double[] values, int i, double value) {
        values[i] = value;
        inference.reset();
        return loss(inference, batch).item();
    }

    /**
     * Lets {@link GradientCheck} repeat the recording on used buffers. It compares the derivative of what it is given:
     * here of a number that is added to the loss, since those of the weights are known to be right.
     */
    private void checkOperations(Batch batch) {
        Parameter added = new Parameter("added", Shape.scalar(), 1.0);
        GradientCheck.kinked()
                .withSeed(subject.seed)
                .check(Subject.name(subject.config), tape -> tape.add(loss(tape, batch), added), added);
    }
}

package dev.microgpt.cli.explain;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.trace.Trace;
import dev.microgpt.train.AdamConfig;
import dev.microgpt.train.InspectedStep;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.checkpoint.Replay;
import dev.microgpt.train.data.BatchSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One training step: the operations of one of its sequences forward and backward, and what becomes of each weight.
 *
 * <p>The step is done by the trainer itself; the sequence is computed alone, without dropout, by a copy of the model.
 */
public final class StepExplanation {
    /** The number of parameters up to which all weights are on the page: each costs 100 bytes and two passes. */
    private static final int ALL_WEIGHTS = 5000;

    /** The weights of each tensor whose numbers are on the page of a larger model. */
    private static final int PROBES = 20;

    /** The number of points in the history of a weight. */
    private static final int POINTS = 10;

    private final boolean isAll;
    private final int[] inputs;
    private final int[] targets;
    private final Trace trace;
    private final Tensor loss;
    private final InspectedStep inspected;
    private final AdamConfig adam;
    private final double clip;
    private final int updates;
    private final Map<String, List<double[]>> state = new HashMap<>();
    private final List<Integer> historySteps = new ArrayList<>();
    private final List<List<double[]>> history = new ArrayList<>();

    /**
     * Does the next step of a run.
     *
     * @param run     the run before this step
     * @param batches its batches
     * @param training its settings
     */
    public StepExplanation(Replay.Run run, BatchSource batches, TrainingConfig training) {
        isAll = run.model().parameters().count() <= ALL_WEIGHTS;
        Batch batch = batches.batch(run.trainer().step(), 0, training.gradientAccumulationSteps());
        if (batch == null) {
            throw new IllegalArgumentException("step " + (run.trainer().step() + 1) + " has no batch");
        }
        int length = batch.sequences().length(0);
        inputs = Arrays.copyOf(batch.ids(), length);
        targets = Arrays.copyOf(batch.targets(), length);
        Tape tape = Tape.training();
        trace = Trace.on(tape);
        int[] sequence = Arrays.copyOf(inputs, length + 1);
        sequence[length] = targets[length - 1];
        Tensor logits = copy(run.model()).forward(tape, Batch.forTraining(List.of(sequence)));
        loss = tape.crossEntropy(logits, targets);
        tape.backward(loss);
        inspected = run.trainer().inspect(isAll ? Integer.MAX_VALUE : PROBES);
        adam = training.adam();
        clip = training.gradClip();
        updates = run.optimizer().updates();
        run.optimizer().state().forEach((name, arrays) -> {
            List<double[]> copies = new ArrayList<>();
            arrays.forEach(array -> copies.add(array.clone()));
            state.put(name, copies);
        });
    }

    private static LanguageModel copy(LanguageModel model) {
        Map<String, Tensor> weights = new HashMap<>();
        for (Parameter parameter : model.parameters().all()) {
            weights.put(parameter.name(), Tensor.constant(parameter.shape(), parameter.toArray()));
        }
        return model.config().create(Parameters.from(weights));
    }

    /**
     * Repeats a run once more, and keeps the weights at some of its steps.
     *
     * @param run  the run before its first step
     * @param last the last step
     */
    public void addHistory(Replay.Run run, int last) {
        int points = Math.min(POINTS, last);
        for (int point = 0; point <= points; point++) {
            int step = (int) ((long) last * point / points);
            run.trainer().run(step);
            List<double[]> weights = new ArrayList<>();
            for (Parameter parameter : run.model().parameters().all()) {
                weights.add(parameter.toArray());
            }
            historySteps.add(step);
            history.add(weights);
        }
    }

    Map<String, @Nullable Object> json(
            TensorList tensors, OperationList operations, TokenTexts texts, Explanation.Focus focus) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("step", inspected.step().number());
        json.put("batchLoss", inspected.step().loss());
        json.put("loss", loss.item());
        json.put("rate", inspected.step().learningRate());
        json.put("gradientNorm", inspected.step().gradientNorm());
        json.put("clip", clip);
        json.put("batchTargets", inspected.step().tokens());
        json.put("tokens", texts.json(inputs));
        json.put("targets", texts.json(targets));
        List<OperationList.Entry> entries = operations.add(trace);
        int position = Math.min(focus.position(), inputs.length - 1);
        new RowChoice(tensors, new Explanation.Focus(position, focus.layer(), focus.isAll()), inputs.length)
                .choose(entries);
        json.put("operations", withGradients(operations.json(entries), entries, tensors));
        json.put("weights", weights(tensors));
        if (state.containsKey("m") && state.containsKey("v")) {
            json.put("beta1", adam.beta1());
            json.put("beta2", adam.beta2());
            json.put("eps", adam.eps());
            json.put("weightDecay", adam.weightDecay());
            json.put("adamStep", updates);
            json.put(
                    "correction",
                    List.of(1 - StrictMath.pow(adam.beta1(), updates), 1 - StrictMath.pow(adam.beta2(), updates)));
        }
        json.put("history", history(tensors));
        return json;
    }

    private static List<Object> withGradients(
            List<Object> json, List<OperationList.Entry> entries, TensorList tensors) {
        Map<Tensor, Integer> known = new IdentityHashMap<>();
        for (int i = 0; i < json.size(); i++) {
            @SuppressWarnings("unchecked") // an operation is a map
            Map<String, @Nullable Object> operation = (Map<String, @Nullable Object>) json.get(i);
            OperationList.Entry entry = entries.get(i);
            operation.put("outputGradient", gradient(entry.step().output(), entry.output(), tensors, known));
            List<@Nullable Object> inputs = new ArrayList<>();
            for (int k = 0; k < entry.inputs().size(); k++) {
                inputs.add(gradient(entry.op().inputs().get(k), entry.inputs().get(k), tensors, known));
            }
            operation.put("inputGradients", inputs);
        }
        return json;
    }

    private static @Nullable Integer gradient(
            Tensor tensor, int index, TensorList tensors, Map<Tensor, Integer> known) {
        if (!tensor.hasGrad()) {
            return null;
        }
        return known.computeIfAbsent(tensor, x -> tensors.addWithRowsOf(index, x.grad(), TensorList.Kind.GRADIENT));
    }

    private List<Object> weights(TensorList tensors) {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < inspected.weights().size(); i++) {
            InspectedStep.Weights weights = inspected.weights().get(i);
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("name", weights.name());
            json.put("shape", TensorList.dims(weights.shape()));
            int[] at = weights.probes();
            json.put("at", isAll ? null : Arrays.stream(at).boxed().toList());
            json.put("value", add(tensors, weights, weights.before()));
            json.put("gradient", add(tensors, weights, weights.gradient()));
            json.put("difference", tensors.addNumbers(shape(weights), weights.differences(), TensorList.Kind.GRADIENT));
            json.put("m", state("m", i, weights, tensors));
            json.put("v", state("v", i, weights, tensors));
            double[] update = new double[weights.before().length];
            Arrays.setAll(update, w -> weights.after()[w] - weights.before()[w]);
            json.put("update", add(tensors, weights, update));
            json.put("after", add(tensors, weights, weights.after()));
            list.add(json);
        }
        return list;
    }

    private @Nullable Integer state(String name, int parameter, InspectedStep.Weights weights, TensorList tensors) {
        List<double[]> arrays = state.get(name);
        return arrays == null ? null : add(tensors, weights, arrays.get(parameter));
    }

    private int add(TensorList tensors, InspectedStep.Weights weights, double[] numbers) {
        return tensors.addNumbers(shape(weights), chosen(weights, numbers), TensorList.Kind.GRADIENT);
    }

    private Shape shape(InspectedStep.Weights weights) {
        return isAll ? weights.shape() : Shape.of(weights.probes().length);
    }

    private double[] chosen(InspectedStep.Weights weights, double[] numbers) {
        return isAll
                ? numbers
                : Arrays.stream(weights.probes()).mapToDouble(i -> numbers[i]).toArray();
    }

    private @Nullable Object history(TensorList tensors) {
        if (history.isEmpty()) {
            return null;
        }
        Map<String, @Nullable Object> byName = new LinkedHashMap<>();
        for (int i = 0; i < inspected.weights().size(); i++) {
            InspectedStep.Weights weights = inspected.weights().get(i);
            List<Object> points = new ArrayList<>();
            for (List<double[]> at : history) {
                int index = add(tensors, weights, at.get(i));
                tensors.allRowsRounded(index);
                points.add(index);
            }
            byName.put(weights.name(), points);
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("steps", historySteps);
        json.put("weights", byName);
        return json;
    }
}

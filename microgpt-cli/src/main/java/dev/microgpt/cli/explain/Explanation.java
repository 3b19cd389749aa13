package dev.microgpt.cli.explain;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.CausalAttention;
import dev.microgpt.model.Batch;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.generate.Prediction;
import dev.microgpt.model.trace.Ablation;
import dev.microgpt.model.trace.Hooks;
import dev.microgpt.model.trace.LogitLens;
import dev.microgpt.model.trace.Trace;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.internal.Largest;
import dev.microgpt.train.internal.json.JsonWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model computes from one text, as the JSON of the page: a single forward pass and its numbers, the logit lens,
 * and what is lost without each part.
 */
public final class Explanation {
    /** The number of parameters up to which a page has all numbers. */
    public static final int ALL_NUMBERS = 20_000;

    /** The tokens whose predicted probabilities are listed. */
    static final int TOP = 20;

    private static final int TOP_OF_STAGE = 5;

    private final LanguageModel model;
    private final TokenTexts texts;
    private final int[] inputs;
    private final int[] targets; // −1 for none
    private final Focus focus;
    private final TensorList tensors = new TensorList();
    private final OperationList operations = new OperationList(tensors);

    /**
     * What of a large model is on the page.
     *
     * @param position the position whose numbers are shown
     * @param layer    the layer whose numbers are shown
     * @param isAll    whether all numbers are shown
     */
    public record Focus(int position, int layer, boolean isAll) {}

    /**
     * Explains the prediction of a text.
     *
     * @param trained the model
     * @param inputs  the tokens of the text, at most the block size
     * @param targets the token after each of them, −1 where it is not known
     * @param focus   what is shown of a large model
     */
    public Explanation(TrainedModel trained, int[] inputs, int[] targets, Focus focus) {
        this.model = trained.model();
        this.texts = new TokenTexts(trained.tokenizer());
        this.inputs = inputs;
        this.targets = targets;
        this.focus = focus;
    }

    /** Returns the JSON; further fields are those of the caller, such as the training step. */
    public String json(Map<String, @Nullable Object> head, Drawing drawing, @Nullable StepExplanation step) {
        Batch batch = Batch.ofPrompt(inputs);
        Tape tape = Tape.inference();
        Trace trace = Trace.on(tape);
        Tensor logits = model.forward(tape, batch);
        List<OperationList.Entry> entries = operations.add(trace);
        new RowChoice(tensors, focus, inputs.length).choose(entries);

        Map<String, @Nullable Object> json = new LinkedHashMap<>(head);
        json.put("complete", focus.isAll());
        if (!focus.isAll()) {
            Map<String, @Nullable Object> shown = new LinkedHashMap<>();
            shown.put("position", focus.position());
            shown.put("layer", focus.layer());
            json.put("focus", shown);
        }
        json.put("tokens", texts.json(inputs));
        json.put("targets", texts.json(targets));
        json.put("operations", operations.json(entries));
        json.put("attention", attention(entries));
        json.put("stream", stream(trace));
        json.put("lens", lens(batch));
        List<Prediction> predictions = Prediction.of(logits);
        json.put("positions", positions(predictions));
        json.put("loss", loss(predictions));
        json.put("guess", StrictMath.log(model.config().vocabSize()));
        json.put("ablations", ablations(batch, predictions));
        json.put("drawing", drawing.json(model, texts, inputs));
        json.put("step", step == null ? null : step.json(tensors, operations, texts, focus));
        json.put("sources", operations.sources());
        json.put("microgpt", new MicroGptParts().json());
        json.put("vocabulary", texts.vocabulary());
        json.put("tensors", tensors.json());
        return JsonWriter.text(json).replace("<", "\\u003c"); // could end the element
    }

    private List<Object> attention(List<OperationList.Entry> entries) {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            OperationList.Entry entry = entries.get(i);
            if (entry.op() instanceof CausalAttention attention) {
                Map<String, @Nullable Object> json = new LinkedHashMap<>();
                json.put("layer", list.size());
                json.put("section", entry.section());
                json.put("operation", i);
                OperationList.put(json, attention);
                json.put("scores", entry.details().get("scores"));
                json.put("probabilities", entry.details().get("probabilities"));
                list.add(json);
            }
        }
        return list;
    }

    private List<Object> stream(Trace trace) {
        List<Object> list = new ArrayList<>();
        for (String point : LogitLens.stream(trace.points())) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("name", point);
            put(json, "tensor", "norms", trace.at(point));
            String added = point.replace("stream_mid", "attn_out").replace("stream", "mlp_out");
            if (!added.equals(point) && trace.points().contains(added)) {
                json.put("added", added);
                put(json, "addedTensor", "addedNorms", trace.at(added));
            }
            list.add(json);
        }
        return list;
    }

    private void put(Map<String, @Nullable Object> json, String tensor, String norms, Tensor x) {
        int index = tensors.add(x, TensorList.Kind.VALUE);
        tensors.row(index, focus.position());
        json.put(tensor, index);
        List<Object> lengths = new ArrayList<>();
        int columns = x.shape().columns();
        for (int row = 0; row < x.shape().size(); row += columns) {
            double squares = 0;
            for (int c = 0; c < columns; c++) {
                squares += x.data()[row + c] * x.data()[row + c];
            }
            lengths.add(Math.sqrt(squares));
        }
        json.put(norms, lengths);
    }

    private List<Object> lens(Batch batch) {
        List<Object> list = new ArrayList<>();
        LogitLens.forEach(model, batch, (point, logits) -> {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("name", point);
            List<Object> top = new ArrayList<>();
            List<@Nullable Object> probabilities = new ArrayList<>();
            List<@Nullable Object> ranks = new ArrayList<>();
            List<Object> entropies = new ArrayList<>();
            List<Prediction> predictions = Prediction.of(logits);
            for (int t = 0; t < targets.length; t++) {
                Prediction prediction = predictions.get(t);
                top.add(top(prediction, TOP_OF_STAGE));
                probabilities.add(targets[t] < 0 ? null : prediction.probability(targets[t]));
                ranks.add(targets[t] < 0 ? null : prediction.rank(targets[t]));
                entropies.add(prediction.entropy());
            }
            json.put("top", top);
            json.put("target", probabilities);
            json.put("rank", ranks);
            json.put("entropy", entropies);
            list.add(json);
        });
        return list;
    }

    private List<Object> top(Prediction prediction, int count) {
        List<Object> top = new ArrayList<>();
        for (int id : prediction.top(count)) {
            texts.use(id);
            top.add(List.of(id, prediction.probability(id)));
        }
        return top;
    }

    private List<Object> positions(List<Prediction> predictions) {
        List<Object> list = new ArrayList<>();
        for (int t = 0; t < inputs.length; t++) {
            Prediction prediction = predictions.get(t);
            boolean isKnown = targets[t] >= 0;
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("token", inputs[t]);
            json.put("target", isKnown ? targets[t] : null);
            json.put("probability", isKnown ? prediction.probability(targets[t]) : null);
            json.put("loss", isKnown ? finite(prediction.loss(targets[t])) : null);
            json.put("rank", isKnown ? prediction.rank(targets[t]) : null);
            json.put("entropy", prediction.entropy());
            json.put("top", top(prediction, TOP));
            list.add(json);
        }
        return list;
    }

    /** Returns the mean loss of the known targets, or null if there is none. */
    private @Nullable Double loss(List<Prediction> predictions) {
        double sum = 0;
        int known = 0;
        for (int t = 0; t < targets.length; t++) {
            if (targets[t] >= 0) {
                sum += predictions.get(t).loss(targets[t]);
                known++;
            }
        }
        return known == 0 ? null : finite(sum / known);
    }

    /** JSON has no infinity: the loss of a token whose logit is −∞. */
    private static @Nullable Double finite(double number) {
        return Double.isFinite(number) ? number : null;
    }

    private List<Object> ablations(Batch batch, List<Prediction> whole) {
        List<Object> list = new ArrayList<>();
        Hooks hooks = Hooks.of(model);
        Tape tape = Tape.inference();
        for (Ablation ablation : Ablation.of(model)) {
            Hooks off = ablation.addTo(hooks.empty());
            tape.reset();
            tape.addHook(off);
            List<Prediction> without = Prediction.of(model.forward(tape, batch));
            tape.removeHook(off);
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("name", ablation.toString());
            json.put("kind", ablation.kind().name().toLowerCase(Locale.ROOT));
            json.put("layer", ablation.layer());
            json.put("head", ablation.head() < 0 ? null : ablation.head());
            Double loss = loss(without);
            Double before = loss(whole);
            json.put("loss", loss);
            json.put("change", loss == null || before == null ? null : loss - before);
            List<@Nullable Object> probabilities = new ArrayList<>();
            List<Object> changed = new ArrayList<>();
            for (int t = 0; t < targets.length; t++) {
                probabilities.add(targets[t] < 0 ? null : without.get(t).probability(targets[t]));
                changed.add(changed(whole.get(t), without.get(t)));
            }
            json.put("probabilities", probabilities);
            json.put("changed", changed);
            list.add(json);
        }
        return list;
    }

    /** Returns the tokens whose probabilities changed most. */
    private List<Object> changed(Prediction before, Prediction after) {
        double[] changes = new double[model.config().vocabSize()];
        Arrays.setAll(changes, id -> Math.abs(after.probability(id) - before.probability(id)));
        List<Object> changed = new ArrayList<>();
        for (int id : Largest.of(TOP_OF_STAGE, changes)) {
            texts.use(id);
            changed.add(List.of(id, before.probability(id), after.probability(id)));
        }
        return changed;
    }
}

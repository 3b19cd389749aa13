package dev.microgpt.cli.explain;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.CausalAttention;
import dev.microgpt.model.trace.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The operations of a trace as JSON: what each computes of what, and how an element of its output is made. */
final class OperationList {
    private static final String TAIL = "head";

    /** How the elements of pairs are combined. */
    private static final Map<String, String> SYMBOLS =
            Map.of("add", "+", "subtract", "−", "multiply", "·", "divide", "/", "maximum", "max", "minimum", "min");

    private final TensorList tensors;
    private final Map<Class<?>, OpSource> known = new HashMap<>();
    private final Map<String, @Nullable Object> sources = new LinkedHashMap<>();

    OperationList(TensorList tensors) {
        this.tensors = tensors;
    }

    /**
     * One operation on the page.
     *
     * @param step    the operation
     * @param section the part of the model, such as {@code layer0.attention}
     * @param inputs  the indices of its inputs in the list of tensors
     * @param output  that of its output
     * @param details those of its details, by name
     */
    record Entry(Trace.Step step, String section, List<Integer> inputs, int output, Map<String, Integer> details) {
        Op op() {
            return step.op();
        }
    }

    /** Adds all operations of a trace, and their tensors without rows. */
    List<Entry> add(Trace trace) {
        List<Entry> entries = new ArrayList<>();
        String[] sections = sections(trace.steps());
        for (int i = 0; i < sections.length; i++) {
            Trace.Step step = trace.steps().get(i);
            List<Integer> inputs = new ArrayList<>();
            for (Tensor input : step.op().inputs()) {
                int index =
                        tensors.add(input, input instanceof Parameter ? TensorList.Kind.WEIGHT : TensorList.Kind.VALUE);
                if (input instanceof Parameter parameter) {
                    tensors.name(index, parameter.name());
                }
                inputs.add(index);
            }
            int output = tensors.add(step.output(), TensorList.Kind.VALUE);
            if (!step.names().isEmpty()) {
                tensors.name(output, step.names().get(0));
            }
            Map<String, Integer> details = new LinkedHashMap<>();
            step.op()
                    .details()
                    .forEach((name, tensor) -> details.put(name, tensors.add(tensor, TensorList.Kind.DETAIL)));
            entries.add(new Entry(step, sections[i], inputs, output, details));
        }
        return entries;
    }

    /** The section of an operation is that of the next named result. */
    private static String[] sections(List<Trace.Step> steps) {
        String[] sections = new String[steps.size()];
        String section = TAIL;
        for (int i = sections.length - 1; i >= 0; i--) {
            List<String> names = steps.get(i).names();
            section = names.isEmpty() ? section : section(names.get(0));
            sections[i] = section;
        }
        return sections;
    }

    private static String section(String point) {
        int dot = point.indexOf('.');
        if (dot < 0) {
            return point.equals("embd") ? "embedding" : TAIL;
        }
        String part = point.substring(dot + 1);
        boolean isAttention = part.startsWith("attn") || part.equals("stream_mid");
        return point.substring(0, dot) + (isAttention ? ".attention" : ".mlp");
    }

    List<Object> json(List<Entry> entries) {
        List<Object> list = new ArrayList<>();
        for (Entry entry : entries) {
            list.add(json(entry, list.size()));
        }
        return list;
    }

    private Map<String, @Nullable Object> json(Entry entry, int index) {
        Op op = entry.op();
        OpSource source = known.computeIfAbsent(op.getClass(), type -> OpSource.of(op.getClass()));
        if (source != null) {
            sources.put(op.getClass().getSimpleName(), source.text());
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("index", index);
        json.put("op", op.name());
        json.put(
                "name",
                entry.step().names().isEmpty() ? null : entry.step().names().get(0));
        json.put("names", entry.step().names());
        json.put("section", entry.section());
        json.put("formula", source == null ? "y = " + op.name() + "(…)" : source.formula());
        json.put("about", source == null ? "An operation from outside the library." : source.about());
        json.put("gradient", source == null ? "" : source.gradient());
        json.put("source", source == null ? null : op.getClass().getSimpleName());
        json.put("class", op.getClass().getName());
        json.put("microgpt", MicroGptParts.of(op.name()));
        json.put("inputs", entry.inputs());
        json.put("output", entry.output());
        json.put("detail", detail(entry, source));
        return json;
    }

    private Map<String, @Nullable Object> detail(Entry entry, @Nullable OpSource source) {
        Op op = entry.op();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        String kind = kind(op);
        json.put("kind", kind);
        if (op instanceof CausalAttention attention) {
            put(json, attention);
        } else if (kind.equals("pair")) {
            json.put("symbol", SYMBOLS.get(op.name()));
        } else if (kind.equals("element") && source != null) {
            json.put("function", source.formula());
        } else if (kind.equals("scaled")) {
            json.put("factorFormula", "1 / √(mean of the squares of the row + eps)");
        }
        for (Map.Entry<String, Integer> detail : entry.details().entrySet()) {
            json.put(detail.getKey(), detail.getValue());
        }
        if (kind.equals("gather")) {
            List<Object> rows = new ArrayList<>();
            for (double row : op.details().get("rows").data()) {
                rows.add((int) row);
            }
            json.put("rows", rows);
        }
        return json;
    }

    /** Puts what distinguishes attentions; a window of 0 is none. */
    static void put(Map<String, @Nullable Object> json, CausalAttention attention) {
        json.put("heads", attention.heads());
        json.put("keyHeads", attention.keyHeads());
        json.put("window", attention.window() == CausalAttention.ALL ? 0 : attention.window());
        json.put("scale", attention.scale());
    }

    /** Returns how an element of the output is made; the page knows these kinds. */
    static String kind(Op op) {
        if (!OpSource.isThere(op.getClass())) {
            return "none";
        }
        return switch (op.name()) {
            case "linear" -> "dot";
            case "matMul" -> "matmul";
            case "embedding" -> "gather";
            case "rmsNorm", "rmsNormGain" -> "scaled";
            case "causalAttention" -> "attention";
            case "reshape" -> "same";
            case "layerNorm", "rotary", "crossEntropy" -> op.name();
            case "add", "subtract", "multiply", "divide", "maximum", "minimum" -> "pair";
            default -> op instanceof ElementOp ? "element" : "none";
        };
    }

    /** The sources of all operations so far, by class. */
    Map<String, @Nullable Object> sources() {
        return sources;
    }
}

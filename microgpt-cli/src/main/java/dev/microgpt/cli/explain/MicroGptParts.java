package dev.microgpt.cli.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts of MicroGpt.java, the algorithm in one file, that stand for the operations of the library. */
final class MicroGptParts {
    /** Operation, part, and a piece of the line with which the part begins. */
    private static final String[][] PARTS = {
        {"embedding", "logits", "Value[] logits(int token"},
        {"causalAttention", "attention", "Value[] attention(Layer"},
        {"relu", "mlp", "Value[] mlp(Layer"},
        {"rmsNorm", "rmsNorm", "Value[] rmsNorm(Value[]"},
        {"softmax", "softmax", "Value[] softmax(Value[]"},
        {"linear", "linear", "Value[] linear(Value[][]"},
        {"add", "add", "Value[] add(Value[]"},
        {"crossEntropy", "train", "void train(Gpt"},
    };

    private final String text = OpSource.resource("MicroGpt.java");

    /** Returns the part that an operation stands for, or null. */
    static @Nullable String of(String operation) {
        for (String[] part : PARTS) {
            if (part[0].equals(operation)) {
                return part[1];
            }
        }
        return null;
    }

    /** Returns the text, and the first and last line of each part, counted from 1. */
    Map<String, @Nullable Object> json() {
        List<String> lines = text.lines().toList();
        Map<String, @Nullable Object> parts = new LinkedHashMap<>();
        for (String[] part : PARTS) {
            parts.put(part[1], new ArrayList<Object>(range(lines, part[2])));
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("file", text);
        json.put("parts", parts);
        return json;
    }

    private static List<Integer> range(List<String> lines, String beginning) {
        for (int first = 0; first < lines.size(); first++) {
            if (lines.get(first).contains(beginning)) {
                int last = first;
                while (!lines.get(first).endsWith("}") && !lines.get(last).equals("    }")) {
                    last++;
                }
                return List.of(first + 1, last + 1);
            }
        }
        throw new IllegalStateException("MicroGpt.java has no line with " + beginning);
    }
}

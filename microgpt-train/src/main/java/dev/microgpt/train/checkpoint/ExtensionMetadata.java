package dev.microgpt.train.checkpoint;

import dev.microgpt.train.internal.json.JsonFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes and reads the extensions of a run in the metadata of its checkpoints. */
final class ExtensionMetadata {
    static final String ENTRY = "extensions";

    private static final String STEP = "step";
    private static final String STEPS = "steps";

    private ExtensionMetadata() {}

    /** Adds the entry, unless there is no extension: older versions of microgpt read such checkpoints, too. */
    static void put(Map<String, String> metadata, List<Extension> extensions) {
        if (extensions.isEmpty()) {
            return;
        }
        long[] step = new long[extensions.size()];
        long[] steps = new long[extensions.size()];
        for (int i = 0; i < extensions.size(); i++) {
            step[i] = extensions.get(i).step();
            steps[i] = extensions.get(i).from();
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put(STEP, step);
        fields.put(STEPS, steps);
        metadata.put(ENTRY, JsonFields.write(fields));
    }

    /**
     * Reads the entry.
     *
     * @param end the number of steps of the whole run, to which the last extension leads
     */
    static List<Extension> read(Map<String, String> metadata, int end) {
        if (!metadata.containsKey(ENTRY)) {
            return List.of();
        }
        JsonFields fields = ModelMetadata.fields(metadata, ENTRY);
        long[] step = fields.integers(STEP);
        long[] steps = fields.integers(STEPS);
        fields.end();
        if (step.length == 0 || step.length != steps.length) {
            throw new IllegalArgumentException("metadata: extensions has " + step.length + " values of step and "
                    + steps.length + " of steps, but must have the same number of both, at least 1");
        }
        List<Extension> extensions = new ArrayList<>();
        for (int i = 0; i < step.length; i++) {
            long to = i + 1 < steps.length ? steps[i + 1] : end;
            extensions.add(new Extension(number(step[i]), number(steps[i]), number(to)));
        }
        return extensions;
    }

    private static int number(long steps) {
        if (steps < 1 || steps > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("metadata: extensions has the number " + steps
                    + ", but must have whole numbers from 1 to " + Integer.MAX_VALUE);
        }
        return (int) steps;
    }
}

package dev.microgpt.train.internal;

import dev.microgpt.autograd.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The differences between the tensors of a file and those a model needs, for an error message: missing, unexpected and
 * different ones, of each kind the first five with their shapes.
 */
public final class TensorMismatches {
    private static final int LISTED = 5;

    /** Up to this number of tensors more than half may be missing, and listing them is still useful. */
    private static final int FEW = 100;

    private final List<String> missing = new ArrayList<>();
    private final List<String> unexpected = new ArrayList<>();
    private final List<String> different = new ArrayList<>();

    /** Starts without any difference. */
    public TensorMismatches() {}

    /**
     * Returns whether the file lacks more than half of the tensors. Then the number of layers is wrong, perhaps
     * absurdly large, and the expected names should not even be generated.
     *
     * @param layers   the number of layers according to the file
     * @param perLayer the least number of tensors per layer
     * @param found    the number of tensors in the file
     */
    public static boolean isHopeless(int layers, int perLayer, int found) {
        return (long) layers * perLayer > 2L * found + FEW;
    }

    /** Adds a tensor that the file lacks. */
    public void missing(String name, Shape shape) {
        missing.add(Quoted.plain(name) + " " + shape);
    }

    /** Adds a tensor that the model does not have. */
    public void unexpected(String name, Shape shape) {
        unexpected.add(Quoted.plain(name) + " " + shape);
    }

    /** Adds a tensor of the wrong shape or type. */
    public void different(String name, Object found, Object expected) {
        different.add(Quoted.plain(name) + " is " + found + ", expected " + expected);
    }

    /** Returns whether there is no difference. */
    public boolean isEmpty() {
        return missing.isEmpty() && unexpected.isEmpty() && different.isEmpty();
    }

    /** Returns all differences on one line. */
    @Override
    public String toString() {
        return listed(missing, "missing", listed(unexpected, "unexpected", listed(different, "different", "")));
    }

    private static String listed(List<String> tensors, String what, String rest) {
        if (tensors.isEmpty()) {
            return rest;
        }
        String more = tensors.size() > LISTED ? ", …" : "";
        String first = String.join(", ", tensors.subList(0, Math.min(LISTED, tensors.size())));
        return tensors.size() + " " + what + " (" + first + more + ")" + (rest.isEmpty() ? "" : "; " + rest);
    }
}

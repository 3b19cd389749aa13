package dev.microgpt.train.internal;

import dev.microgpt.autograd.Shape;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with the tensors of a file, of each kind the first five with their shapes, for an error message. */
public final class TensorMismatches {
    private static final int LISTED = 5;

    /** Fewer are so many that a list of those that are missing is of use. */
    private static final int FEW = 100;

    private final List<String> missing = new ArrayList<>();
    private final List<String> unexpected = new ArrayList<>();
    private final List<String> different = new ArrayList<>();

    /** Begins with nothing that is wrong. */
    public TensorMismatches() {}

    /**
     * Tells whether not even half of the tensors can be there: then the number of layers is wrong, and so many names are
     * not to be made.
     *
     * @param layers   how many the file says the model has
     * @param perLayer how many tensors a layer has at least
     * @param found    how many tensors the file has
     */
    public static boolean isHopeless(int layers, int perLayer, int found) {
        return (long) layers * perLayer > 2L * found + FEW;
    }

    /** Adds one that is not there. */
    public void missing(String name, Shape shape) {
        missing.add(Quoted.plain(name) + " " + shape);
    }

    /** Adds one that should not be there. */
    public void unexpected(String name, Shape shape) {
        unexpected.add(Quoted.plain(name) + " " + shape);
    }

    /** Adds one that is there with other numbers. */
    public void different(String name, Object found, Object expected) {
        different.add(Quoted.plain(name) + " is " + found + ", expected " + expected);
    }

    /** Tells whether nothing is wrong. */
    public boolean isEmpty() {
        return missing.isEmpty() && unexpected.isEmpty() && different.isEmpty();
    }

    /** All that is wrong, in one line. */
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

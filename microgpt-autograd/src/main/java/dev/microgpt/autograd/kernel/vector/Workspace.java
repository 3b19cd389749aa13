package dev.microgpt.autograd.kernel.vector;

/** The scratch arrays of one thread for panels, strips and tiles; they grow as needed and are reused. */
final class Workspace {
    private static final ThreadLocal<Workspace> OF_THREAD = ThreadLocal.withInitial(Workspace::new);

    private double[] panels = {};
    private double[] strips = {};

    /** Holds a tile that overlaps columns of the result that are already done. */
    final double[] tile = new double[8 * VectorTile.WIDTH];

    private Workspace() {}

    static Workspace ofThread() {
        return OF_THREAD.get();
    }

    /** Returns an array for panels of B, with undefined content. */
    double[] panels(int size) {
        if (panels.length < size) {
            panels = new double[size];
        }
        return panels;
    }

    /** Returns an array for strips of A, with undefined content. */
    double[] strips(int size) {
        if (strips.length < size) {
            strips = new double[size];
        }
        return strips;
    }
}

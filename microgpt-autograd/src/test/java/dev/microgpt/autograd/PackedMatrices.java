package dev.microgpt.autograd;

/** Packs matrices for kernels other than those of this JVM. */
public final class PackedMatrices {
    private PackedMatrices() {}

    /** Packs numbers in panels of a width, in two pieces. */
    public static PackedMatrix of(Shape shape, double[] numbers, int width) {
        PackedMatrix.Builder builder = new PackedMatrix.Builder(shape, width);
        int half = numbers.length / 2;
        builder.add(numbers, half);
        double[] rest = new double[numbers.length - half];
        System.arraycopy(numbers, half, rest, 0, rest.length);
        builder.add(rest, rest.length);
        return builder.build();
    }
}

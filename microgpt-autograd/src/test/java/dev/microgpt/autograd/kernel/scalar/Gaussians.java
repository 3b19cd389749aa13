package dev.microgpt.autograd.kernel.scalar;

import java.util.Arrays;
import java.util.Random;

/** N(0, 1) numbers for contracts that need millions of them: drawn once, and taken from a random place on. */
final class Gaussians {
    private static final double[] DRAWN = new double[1 << 18];

    static {
        Random random = new Random(4);
        Arrays.setAll(DRAWN, i -> random.nextGaussian());
    }

    private Gaussians() {}

    static double[] from(Random place, int count) {
        int first = place.nextInt(DRAWN.length - count + 1);
        return Arrays.copyOfRange(DRAWN, first, first + count);
    }
}

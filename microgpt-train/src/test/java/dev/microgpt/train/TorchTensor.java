package dev.microgpt.train;

import dev.microgpt.autograd.CounterRandom;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A tensor that PyTorch computed: all elements of a small one; of a large one some of them, the largest magnitude and
 * three sums, one of which counts each element by a random factor of its own.
 */
final class TorchTensor {
    private final ReferenceRun figures;
    private final CounterRandom stream;

    TorchTensor(ReferenceRun figures, CounterRandom stream) {
        this.figures = figures;
        this.stream = stream;
    }

    /** The magnitude of the largest element. */
    double largest() {
        return isWhole() ? largest(figures.numbers("elements")) : figures.number("largest");
    }

    /**
     * Returns how far numbers lie from PyTorch's: the largest difference of an element or of a sum, as a part of a
     * magnitude; the difference of the squares as a part of their sum, which only of rounding is below the square of
     * the magnitude.
     *
     * <p>A sum is thus held to the tolerance of one element, so that one wrong element among thousands shows.
     */
    double distance(double[] found, double magnitude) {
        if (isWhole()) {
            return part(Distance.absolute(found, figures.numbers("elements")), magnitude);
        }
        CounterRandom factors = stream.child(0);
        // streams compensate the rounding of sums
        double sum = Arrays.stream(found).sum();
        double squares = Arrays.stream(found).map(x -> x * x).sum();
        double weighted = IntStream.range(0, found.length)
                .mapToDouble(i -> (factors.uniform(i) - 0.5) * found[i])
                .sum();
        double worst = Math.max(difference("sum", sum), difference("weighted", weighted));
        worst = Math.max(worst, difference("largest", largest(found)));
        int[] at = figures.integers("at");
        double[] elements = figures.numbers("elements");
        for (int i = 0; i < at.length; i++) {
            worst = Math.max(worst, Math.abs(found[at[i]] - elements[i]));
        }
        double size = Math.max(figures.number("squares"), magnitude * magnitude);
        return Math.max(part(worst, magnitude), part(difference("squares", squares), size));
    }

    private boolean isWhole() {
        return !figures.has("at");
    }

    private double difference(String figure, double found) {
        return Math.abs(figures.number(figure) - found);
    }

    /** A difference of nothing is nothing, also of a tensor of zeros. */
    private static double part(double difference, double of) {
        return difference == 0 ? 0 : difference / of;
    }

    private static double largest(double[] numbers) {
        double largest = 0;
        for (double number : numbers) {
            largest = Math.max(largest, Math.abs(number));
        }
        return largest;
    }
}

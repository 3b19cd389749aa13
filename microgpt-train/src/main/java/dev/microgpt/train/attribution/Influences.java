package dev.microgpt.train.attribution;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * The influences of the documents of a run on one text.
 *
 * @param all    those of all documents that the run trained on, in the order of their first occurrence; some or all are
 *     exact
 * @param sample those to judge the estimates by, all of them exact: all documents, or a random sample of them
 */
public record Influences(List<Influence> all, List<Influence> sample) {
    /**
     * Copies the lists.
     *
     * @param all    all influences
     * @param sample exact ones
     */
    public Influences {
        all = List.copyOf(all);
        sample = List.copyOf(sample);
    }

    /**
     * Returns the documents that made the text likelier, as far as they are exact.
     *
     * @param most the largest number to return
     * @return positive influences, the largest first
     * @throws IllegalArgumentException if the number is negative
     */
    public List<Influence> helped(int most) {
        return first(most, influence -> influence.exact() > 0 ? -influence.exact() : 0);
    }

    /**
     * Returns the documents that made the text less likely, as far as they are exact.
     *
     * @param most the largest number to return
     * @return negative influences, the most negative first
     * @throws IllegalArgumentException if the number is negative
     */
    public List<Influence> hindered(int most) {
        return first(most, influence -> influence.exact() < 0 ? influence.exact() : 0);
    }

    /** Returns those whose key is negative, the lowest first; of equal ones, the earlier in the run. */
    private List<Influence> first(int most, ToDoubleFunction<Influence> key) {
        if (most < 0) {
            throw new IllegalArgumentException(
                    "influences: the number of documents is " + most + ", but must be at least 0");
        }
        List<Influence> found = new ArrayList<>(all);
        found.removeIf(influence -> !(key.applyAsDouble(influence) < 0));
        found.sort(Comparator.comparingDouble(key));
        return List.copyOf(found.subList(0, Math.min(most, found.size())));
    }

    /**
     * Returns the influences of documents that the run first trained on in some of its steps. An estimate is only as
     * good as the steps after the document leave it.
     *
     * @param firstStep the number of the first of these steps, from 1
     * @param lastStep  the number of the last
     * @return the influences, and the part of the sample among them
     */
    public Influences between(int firstStep, int lastStep) {
        Predicate<Influence> others =
                influence -> influence.firstStep() < firstStep || influence.firstStep() > lastStep;
        List<Influence> some = new ArrayList<>(all);
        some.removeIf(others);
        List<Influence> someOfSample = new ArrayList<>(sample);
        someOfSample.removeIf(others);
        return new Influences(some, someOfSample);
    }

    /** {@return the number of documents whose influence is exact} */
    public int exactCount() {
        int count = 0;
        for (Influence influence : all) {
            count += influence.isExact() ? 1 : 0;
        }
        return count;
    }

    /** {@return the correlation between the exact influences of the sample and TracIn's estimates} */
    public Correlation ofGradientEstimates() {
        return correlation(Influence::gradientEstimate);
    }

    /** {@return the correlation with the estimates that scale gradients as Adam does; NaN with another optimizer} */
    public Correlation ofAdamEstimates() {
        return correlation(Influence::adamEstimate);
    }

    private Correlation correlation(ToDoubleFunction<Influence> estimate) {
        double[] exact = sample.stream().mapToDouble(Influence::exact).toArray();
        return Correlation.of(exact, sample.stream().mapToDouble(estimate).toArray());
    }
}

package dev.microgpt.train.attribution;

/**
 * The influence of a document on the log-probability of a text, in nats: positive if the run made the text likelier by
 * training on the document, negative if less likely.
 *
 * @param document         the document; all its occurrences count
 * @param firstStep        the number of the first step that trained on it, from 1
 * @param occurrences      how often the run trained on it
 * @param exact            the difference that the document made: log p(text) of the run, minus log p(text) of the same
 *     run without it; NaN if it was not computed
 * @param gradientEstimate TracIn's estimate of the same
 * @param adamEstimate     the same estimate, with each gradient scaled as Adam scales it; NaN with another optimizer
 */
public record Influence(
        String document, int firstStep, int occurrences, double exact, double gradientEstimate, double adamEstimate) {
    /** {@return whether the run was repeated without the document} */
    public boolean isExact() {
        return !Double.isNaN(exact);
    }

    /** {@return the better of the two estimates: Adam's, if there is one} */
    public double estimate() {
        return Double.isNaN(adamEstimate) ? gradientEstimate : adamEstimate;
    }

    Influence withExact(double difference) {
        return new Influence(document, firstStep, occurrences, difference, gradientEstimate, adamEstimate);
    }
}

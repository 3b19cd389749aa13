package dev.microgpt.model.generate;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a model expects at one position: a probability for each token of its vocabulary, before temperature, top-k and
 * top-p. Immutable.
 */
public final class Prediction {
    private final double[] probabilities;
    private final double[] logProbabilities;

    private Prediction(double[] probabilities, double[] logProbabilities) {
        this.probabilities = probabilities;
        this.logProbabilities = logProbabilities;
    }

    /**
     * Returns the predictions of all positions.
     *
     * @param logits shape {@code (T, V)}
     * @return {@code T} predictions
     */
    public static List<Prediction> of(Tensor logits) {
        int columns = logits.shape().columns();
        List<Prediction> predictions = new ArrayList<>();
        for (int row = 0; row < logits.shape().size(); row += columns) {
            predictions.add(of(logits.data(), row, columns));
        }
        return predictions;
    }

    /**
     * Returns the prediction of one position.
     *
     * @param logits an array that contains the logits; not modified
     * @param offset the index of the logit of token 0
     * @param n      the number of tokens {@code V}, which may be fewer than those of the model
     * @return a prediction for {@code n} tokens
     */
    public static Prediction of(double[] logits, int offset, int n) {
        Tape tape = Tape.inference();
        Tensor row = Tensor.constant(Shape.of(1, n), Arrays.copyOfRange(logits, offset, offset + n));
        return new Prediction(tape.softmax(row).toArray(), tape.logSoftmax(row).toArray());
    }

    /**
     * Returns the probability of a token.
     *
     * @param token from 0 to {@code V − 1}
     * @return from 0 to 1
     */
    public double probability(int token) {
        return probabilities[token];
    }

    /**
     * Returns the natural logarithm of the probability of a token.
     *
     * @param token from 0 to {@code V − 1}
     * @return at most 0; finite where the probability itself is too small for a number
     */
    public double logProbability(int token) {
        return logProbabilities[token];
    }

    /**
     * Returns the loss if a token is the next one.
     *
     * @param token from 0 to {@code V − 1}
     * @return {@code −log p}, in nats: the number that the training loss is the mean of
     */
    public double loss(int token) {
        return -logProbabilities[token];
    }

    /**
     * Returns the place of a token in the order of probability.
     *
     * @param token from 0 to {@code V − 1}
     * @return 1 for the most likely token; the lower id wins a tie
     */
    public int rank(int token) {
        int rank = 1;
        for (int i = 0; i < logProbabilities.length; i++) {
            double other = logProbabilities[i];
            double own = logProbabilities[token];
            rank += other > own || other == own && i < token ? 1 : 0;
        }
        return rank;
    }

    /**
     * {@return the mean of −log p over the own probabilities, in nats: 0 if the model is certain, log V if it guesses}
     */
    public double entropy() {
        double entropy = 0;
        for (int i = 0; i < probabilities.length; i++) {
            entropy -= probabilities[i] == 0 ? 0 : probabilities[i] * logProbabilities[i];
        }
        return entropy;
    }

    /**
     * Returns the most likely tokens.
     *
     * @param count the number of tokens
     * @return at most {@code count} tokens, by descending probability, the lower id first in a tie; none whose logit is
     *     -Infinity
     */
    public List<Integer> top(int count) {
        Ranking ranking = new Ranking();
        ranking.start(logProbabilities, logProbabilities.length, Double.NEGATIVE_INFINITY);
        List<Integer> tokens = new ArrayList<>();
        while (tokens.size() < count && ranking.size() > 0) {
            tokens.add(ranking.next());
        }
        return List.copyOf(tokens);
    }
}

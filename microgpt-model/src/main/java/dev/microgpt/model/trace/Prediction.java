package dev.microgpt.model.trace;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * What a model expects at one position: a probability for each token of its vocabulary. Immutable.
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
        Tape tape = Tape.inference();
        Tensor constant = Tensor.constant(logits.shape(), logits.data());
        double[] p = tape.softmax(constant).data();
        double[] logP = tape.logSoftmax(constant).data();
        int columns = logits.shape().columns();
        List<Prediction> predictions = new ArrayList<>();
        for (int row = 0; row < logits.shape().size(); row += columns) {
            predictions.add(new Prediction(
                    Arrays.copyOfRange(p, row, row + columns), Arrays.copyOfRange(logP, row, row + columns)));
        }
        return predictions;
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
     * @return at most {@code count} tokens, by descending probability, the lower id first in a tie
     */
    public List<Integer> top(int count) {
        Comparator<Integer> byProbability = Comparator.comparingDouble(token -> logProbabilities[token]);
        Comparator<Integer> leastFirst = byProbability.thenComparing(Comparator.reverseOrder());
        PriorityQueue<Integer> best = new PriorityQueue<>(leastFirst);
        for (int i = 0; i < logProbabilities.length; i++) {
            best.add(i);
            if (best.size() > count) {
                best.remove();
            }
        }
        List<Integer> tokens = new ArrayList<>(best);
        tokens.sort(leastFirst.reversed());
        return List.copyOf(tokens);
    }
}

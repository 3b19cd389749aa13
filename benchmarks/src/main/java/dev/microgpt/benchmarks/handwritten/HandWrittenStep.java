package dev.microgpt.benchmarks.handwritten;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.model.Batch;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import java.util.Arrays;

/**
 * A training step of {@link dev.microgpt.model.Gpt} on flat arrays that are allocated once: forward, backward and Adam
 * without tape, operations or tensors.
 *
 * <p>The arithmetic is that of the tape, sum for sum, so both have the same losses and weights to the bit. It is an
 * upper bound for the speed of a tape on the same kernels, not another way to train: arguments are not checked.
 */
public final class HandWrittenStep {
    private final Kernels kernels = Kernels.active();
    private final int c;
    private final int vocabSize;
    private final Weights weights;
    private final FlatAdam adam;
    private final HandWrittenLayer[] layers;
    private final Norm embeddingNorm;
    private final Loss loss;

    private final double[] embedded; // wte[id] + wpe[position]
    private final double[] normed; // rmsNorm(embedded)
    private final double[] x; // the residual stream
    private final double[] dx;
    private final double[] logits; // and their gradients

    /**
     * Copies the weights of a model.
     *
     * @param config       the shape of the model
     * @param parameters   its weights; not modified
     * @param maxSequences the largest number of sequences in a batch
     * @param beta1        decay rate of the average gradient, as in {@link dev.microgpt.train.Adam}
     * @param beta2        decay rate of the average squared gradient
     * @param eps          added to the root of the average squared gradient
     */
    public HandWrittenStep(
            GptConfig config, Parameters parameters, int maxSequences, double beta1, double beta2, double eps) {
        c = config.nEmbd();
        vocabSize = config.vocabSize();
        weights = new Weights(config, parameters);
        adam = new FlatAdam(weights.data.length, beta1, beta2, eps);
        int maxRows = maxSequences * config.blockSize();
        HandWrittenLayer.Scratch scratch = new HandWrittenLayer.Scratch(config, maxRows);
        layers = new HandWrittenLayer[config.nLayer()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = new HandWrittenLayer(config, weights, i, maxSequences, scratch);
        }
        embeddingNorm = new Norm(c, maxRows);
        loss = new Loss(vocabSize, maxRows);
        embedded = new double[maxRows * c];
        normed = new double[embedded.length];
        x = new double[embedded.length];
        dx = new double[embedded.length];
        logits = new double[maxRows * vocabSize];
    }

    /**
     * Trains on one batch.
     *
     * @param batch at most {@code maxSequences} sequences
     * @param rate  the learning rate
     * @return the loss before the update, in nats
     */
    public double step(Batch batch, double rate) {
        Sequences sequences = batch.sequences();
        forward(batch, sequences);
        double value = loss.forwardAndBackward(logits, batch.targets());
        backward(batch, sequences);
        adam.step(weights.data, weights.grad, rate);
        return value;
    }

    /**
     * Copies a weight.
     *
     * @param name the name of the parameter in the model
     * @param size its number of elements
     * @return a new array
     */
    public double[] parameter(String name, int size) {
        int offset = weights.offset(name);
        return Arrays.copyOfRange(weights.data, offset, offset + size);
    }

    private void forward(Batch batch, Sequences sequences) {
        int rows = sequences.rows();
        embed(batch.ids(), sequences);
        embeddingNorm.forward(rows, embedded, normed);
        System.arraycopy(normed, 0, x, 0, rows * c);
        for (HandWrittenLayer layer : layers) {
            layer.forward(sequences, x);
        }
        kernels.matmul(rows, vocabSize, c, x, 0, c, 1, weights.data, weights.lmHead, 1, c, logits, 0, vocabSize, false);
    }

    private void backward(Batch batch, Sequences sequences) {
        int rows = sequences.rows();
        int head = weights.lmHead;
        kernels.matmul(vocabSize, c, rows, logits, 0, 1, vocabSize, x, 0, c, 1, weights.grad, head, c, false);
        kernels.matmul(rows, c, vocabSize, logits, 0, vocabSize, 1, weights.data, head, c, 1, dx, 0, c, false);
        for (int i = layers.length - 1; i >= 0; i--) {
            layers[i].backward(sequences, dx);
        }
        embeddingNorm.backwardInPlace(rows, normed, dx);
        backwardEmbed(batch.ids(), sequences);
    }

    private void embed(int[] ids, Sequences sequences) {
        double[] w = weights.data;
        for (int s = 0; s < sequences.count(); s++) {
            for (int i = 0; i < sequences.length(s); i++) {
                int t = sequences.start(s) + i;
                int token = weights.wte + ids[t] * c;
                int position = weights.wpe + i * c;
                for (int j = 0; j < c; j++) {
                    embedded[t * c + j] = w[token + j] + w[position + j];
                }
            }
        }
    }

    private void backwardEmbed(int[] ids, Sequences sequences) {
        double[] g = weights.grad;
        // the only gradients that are accumulated instead of overwritten
        Arrays.fill(g, weights.wte, weights.lmHead, 0.0);
        for (int s = 0; s < sequences.count(); s++) {
            for (int i = 0; i < sequences.length(s); i++) {
                int t = sequences.start(s) + i;
                int token = weights.wte + ids[t] * c;
                int position = weights.wpe + i * c;
                for (int j = 0; j < c; j++) {
                    double d = dx[t * c + j];
                    g[token + j] += d;
                    g[position + j] += d;
                }
            }
        }
    }
}

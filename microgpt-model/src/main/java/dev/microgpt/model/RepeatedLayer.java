package dev.microgpt.model;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/** Decodes with any layer: remembers the input of all positions, and applies the layer to all of them again. */
final class RepeatedLayer implements Layer {
    private final SequenceLayer layer;
    private final int maxPositions;
    private double[] inputs = {};

    RepeatedLayer(SequenceLayer layer, int maxPositions) {
        this.layer = layer;
        this.maxPositions = maxPositions;
    }

    @Override
    public Tensor forward(Tape tape, Tensor x, Batch batch) {
        int channels = x.shape().columns();
        int past = batch.firstPosition();
        int positions = past + x.shape().rows();
        if (inputs.length == 0) {
            inputs = new double[Shape.of(maxPositions, channels).size()];
        }
        System.arraycopy(x.data(), 0, inputs, past * channels, x.shape().size());
        Tensor all = layer.forward(
                tape, Tensor.constant(Shape.of(positions, channels), inputs), Batch.ofPrompt(new int[positions]));
        return RepeatedDecoder.rows(all, past, positions);
    }
}

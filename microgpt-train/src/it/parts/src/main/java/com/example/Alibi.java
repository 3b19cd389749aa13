package com.example;

import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Attention;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Positions;
import dev.microgpt.model.Projection;
import dev.microgpt.model.Scope;
import dev.microgpt.model.SequenceLayer;
import dev.microgpt.model.setting.Setting;
import dev.microgpt.model.setting.Settings;

/** Attention with linear biases in place of positions (Press, Smith and Lewis, arXiv 2108.12409). */
public record Alibi(Settings settings) implements Attention {
    static final Setting<Double> SLOPE = Setting.positive("slope", 8.0, "Head h of H has the slope 2^(-slope*h/H)");

    public Alibi() {
        this(Settings.of(SLOPE));
    }

    public String name() {
        return "com.example.alibi";
    }

    public int version() {
        return 1;
    }

    public Alibi with(Settings settings) {
        return new Alibi(settings);
    }

    public SequenceLayer create(Scope scope, GptConfig config, int layer, Positions.Encoding positions) {
        int channels = config.nEmbd();
        Projection wq = Projection.of(scope, config, "attn_wq", null, channels, channels);
        Projection wk = Projection.of(scope, config, "attn_wk", null, channels, channels);
        Projection wv = Projection.of(scope, config, "attn_wv", null, channels, channels);
        Projection wo = Projection.toResidual(scope, config, "attn_wo", null, channels, channels);
        double[] slopes = slopes(config.nHead());
        String heads = scope.name("attn_heads");
        return (tape, x, batch) -> {
            Tensor q = wq.forward(tape, x, batch);
            Tensor k = wk.forward(tape, x, batch);
            Tensor v = wv.forward(tape, x, batch);
            Tensor y = tape.apply(new BiasedAttention(q, k, v, slopes, batch.sequences()));
            return wo.forward(tape, tape.point(heads, y), batch);
        };
    }

    private double[] slopes(int heads) {
        double[] slopes = new double[heads];
        for (int h = 0; h < heads; h++) {
            slopes[h] = StrictMath.pow(2, -settings.get(SLOPE) * (h + 1) / heads); // Math.pow may have other bits
        }
        return slopes;
    }
}

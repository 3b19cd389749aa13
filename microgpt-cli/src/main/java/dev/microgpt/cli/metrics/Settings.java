package dev.microgpt.cli.metrics;

import dev.microgpt.model.GptConfig;
import dev.microgpt.model.GptVariant;
import dev.microgpt.train.Adam;
import dev.microgpt.train.AdamConfig;
import dev.microgpt.train.Optimizer;
import dev.microgpt.train.OptimizerType;
import dev.microgpt.train.Schedule;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.checkpoint.Extension;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The settings of model and training as readable names and values, in the order of their options. */
public final class Settings {
    private Settings() {}

    public static Map<String, String> of(GptConfig model, TrainingConfig training, Optimizer optimizer) {
        Map<String, String> settings = of(model);
        settings.putAll(of(training, optimizer));
        return settings;
    }

    public static Map<String, String> of(GptConfig model) {
        Map<String, String> settings = new LinkedHashMap<>();
        GptVariant variant = model.variant();
        settings.put("n_layer", Integer.toString(model.nLayer()));
        settings.put("n_head", Integer.toString(model.nHead()));
        settings.put("n_embd", Integer.toString(model.nEmbd()));
        settings.put("block_size", Integer.toString(model.blockSize()));
        settings.put("n_inner", Integer.toString(model.nInner()));
        settings.put("norm", variant.norm().toString());
        settings.put("activation", variant.activation().toString());
        settings.put("bias", Boolean.toString(variant.bias()));
        settings.put("tie_head", Boolean.toString(variant.tieHead()));
        settings.put("embedding_norm", Boolean.toString(variant.embeddingNorm()));
        settings.put("final_norm", Boolean.toString(variant.finalNorm()));
        settings.put("initialization", variant.initialization().toString());
        settings.put("norm_eps", Double.toString(variant.normEps()));
        settings.put("attention_scale", variant.attentionScale().toString());
        settings.put("dropout", Double.toString(variant.dropout()));
        return settings;
    }

    /** Describes an extension of a run, with the learning rates on both sides of it. */
    public static String describe(Extension extension, Schedule schedule) {
        return "after step " + extension.step() + " of " + extension.from() + " to " + extension.to()
                + " steps; the learning rate is " + extension.rateBefore(schedule) + " at step " + extension.step()
                + " and " + extension.rateAfter(schedule) + " at step " + (extension.step() + 1);
    }

    /** Returns the settings of the training run and, if it is not Adam, the optimizer. */
    public static Map<String, String> of(TrainingConfig training, Optimizer optimizer) {
        Map<String, String> settings = of(training);
        OptimizerType type = optimizer.type();
        if (type != null && !(optimizer instanceof Adam)) {
            settings.put("optimizer", type.name() + ", version " + type.version());
        }
        return settings;
    }

    public static Map<String, String> of(TrainingConfig training) {
        Map<String, String> settings = new LinkedHashMap<>();
        Schedule schedule = training.schedule();
        AdamConfig adam = training.adam();
        settings.put("steps", Integer.toString(training.steps()));
        settings.put("batch_size", Integer.toString(training.batchSize()));
        settings.put("gradient_accumulation_steps", Integer.toString(training.gradientAccumulationSteps()));
        settings.put("schedule", schedule.kind().name().toLowerCase(Locale.ROOT));
        settings.put("learning_rate", Double.toString(schedule.learningRate()));
        settings.put("min_lr", Double.toString(schedule.minLr()));
        settings.put("warmup_steps", Integer.toString(schedule.warmupSteps()));
        settings.put("beta1", Double.toString(adam.beta1()));
        settings.put("beta2", Double.toString(adam.beta2()));
        settings.put("adam_eps", Double.toString(adam.eps()));
        settings.put("weight_decay", Double.toString(adam.weightDecay()));
        settings.put("grad_clip", Double.toString(training.gradClip()));
        settings.put("seed", Long.toUnsignedString(training.seed()));
        return settings;
    }
}

package dev.microgpt.cli.metrics;

import dev.microgpt.model.GptConfig;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.setting.Setting;
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

    public static Map<String, String> of(ModelConfig model, TrainingConfig training, Optimizer optimizer) {
        Map<String, String> settings = of(model);
        settings.putAll(of(training, optimizer));
        return settings;
    }

    /** Returns the settings of a model but the size of its vocabulary, which is not set but found in the data. */
    public static Map<String, String> of(ModelConfig model) {
        Map<String, String> settings = new LinkedHashMap<>();
        if (model.type() != GptConfig.TYPE) {
            settings.put(
                    "model", model.type().name() + ", version " + model.type().version());
        }
        for (Setting<?> setting : model.settings().list()) {
            if (setting != ModelConfig.VOCAB_SIZE) {
                settings.put(setting.name(), model.settings().text(setting));
            }
        }
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
        if (training.separateGradients()) {
            settings.put("separate_gradients", "true");
        }
        return settings;
    }
}

package dev.microgpt.cli.run;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.generate.Generator;
import dev.microgpt.model.generate.Sampler;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/** Generates samples from the model of a training run. */
public final class RunSamples {
    /** The sampling of samples that are shown during training. */
    private static final SamplingConfig DURING_TRAINING = SamplingConfig.ofTemperature(0.8);

    /** "show" in ASCII: separates the draws of these samples from other uses of the same seed. */
    private static final long STREAM = 0x73686f77L;

    private final LanguageModel model;
    private final TrainingData data;

    public RunSamples(LanguageModel model, TrainingData data) {
        this.model = model;
        this.data = data;
    }

    /** Returns samples after a step; they depend on seed and step alone, so a resumed run shows the same ones. */
    List<String> duringTraining(int step, int count, long seed) {
        PythonRandom random =
                new PythonRandom(new CounterRandom(seed).child(STREAM).bits(step));
        return generate(count, DURING_TRAINING, random);
    }

    List<String> generate(int count, SamplingConfig sampling, PythonRandom random) {
        List<String> texts = new ArrayList<>();
        for (int[] ids : tokens(count, sampling, random)) {
            texts.add(data.tokenizer().decode(ids));
        }
        return texts;
    }

    /** Returns the tokens of samples, without BOS. */
    public List<int[]> tokens(int count, SamplingConfig sampling, PythonRandom random) {
        Tokenizer tokenizer = data.tokenizer();
        Generator generator = new Generator(model, new Sampler(sampling), tokenizer.vocabSize());
        int[] start = data.format().promptTokens(tokenizer, "");
        List<int[]> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            try {
                samples.add(generator.generate(start, model.config().blockSize(), tokenizer.bos(), random));
            } catch (IllegalArgumentException notFinite) {
                throw CheckpointSaver.diverged(notFinite);
            }
        }
        return samples;
    }
}

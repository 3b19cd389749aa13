package dev.microgpt.cli.run;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.cli.data.DocumentData;
import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.generate.GenerationConfig;
import dev.microgpt.model.generate.Generator;
import dev.microgpt.model.generate.Sampler;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.model.generate.TextGenerator;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
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
        return generate(DURING_TRAINING, random, new Copies(List.of(), false, count));
    }

    /** Returns samples that a run shows: whole documents as {@link #tokens} has them, or the beginnings of texts. */
    List<String> generate(SamplingConfig sampling, PythonRandom random, Copies copies) {
        if (data.format() == DataFormat.TEXT) {
            return beginnings(sampling, random, copies);
        }
        List<String> texts = new ArrayList<>();
        for (int[] ids : tokens(sampling, random, copies)) {
            texts.add(data.tokenizer().decode(ids));
        }
        return texts;
    }

    /** Returns beginnings of texts, as long as those of {@code microgpt sample}. */
    private List<String> beginnings(SamplingConfig sampling, PythonRandom random, Copies copies) {
        TrainedModel trained = new TrainedModel(model, data.tokenizer(), data.format());
        TextGenerator generator = trained.generator(GenerationConfig.of(sampling));
        int[] start = data.format().promptTokens(data.tokenizer(), "");
        List<String> texts = new ArrayList<>();
        while (copies.wantsMore()) {
            try {
                String text = generator.generate(start, random).text();
                copies.add(text, true);
                texts.add(text);
            } catch (IllegalArgumentException notFinite) {
                throw CheckpointSaver.diverged(notFinite);
            }
        }
        return texts;
    }

    /** Returns what finds copies among samples of this run. */
    public Copies copies(boolean newOnly, int count) {
        return new Copies(data instanceof DocumentData documents ? documents.training() : List.of(), newOnly, count);
    }

    /**
     * Returns the tokens of samples of documents, without BOS: up to the end of the block.
     *
     * @param copies is shown each sample, and decides how many are drawn and which of them are returned
     */
    public List<int[]> tokens(SamplingConfig sampling, PythonRandom random, Copies copies) {
        Tokenizer tokenizer = data.tokenizer();
        Generator generator = new Generator(model, new Sampler(sampling), tokenizer.vocabSize());
        int[] start = data.format().promptTokens(tokenizer, "");
        int most = model.config().blockSize();
        List<int[]> samples = new ArrayList<>();
        while (copies.wantsMore()) {
            try {
                int[] ids = generator.generate(start, most, tokenizer.bos(), random);
                if (copies.keeps(copies.add(tokenizer.decode(ids), ids.length == most))) {
                    samples.add(ids);
                }
            } catch (IllegalArgumentException notFinite) {
                throw CheckpointSaver.diverged(notFinite);
            }
        }
        return samples;
    }
}

package com.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Tape;
import dev.microgpt.model.Batch;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.check.ModelCheck;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.Adam;
import dev.microgpt.train.LearningRate;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.Batcher;
import dev.microgpt.train.data.DataFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GruTest {
    private static final List<String> WORDS = List.of(("one two three four five six seven eight nine ten eleven twelve"
                    + " thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty")
            .split(" "));

    private final CharTokenizer tokenizer = CharTokenizer.fromDocuments(WORDS);
    private final ModelConfig config =
            ModelConfig.of(new GruType(), tokenizer.vocabSize(), 16).with(GruType.HIDDEN, 32);
    private final LanguageModel gru = config.create(Parameters.drawnFrom(new PythonRandom(42)));

    @Test
    void modelKeepsItsPromises() {
        assertEquals(
                List.of(), ModelCheck.check(ModelConfig.of(new GruType(), 5, 6).with(GruType.HIDDEN, 8)));
    }

    @Test
    void modelLearnsAndIsTheSameAfterItWasSavedAndLoaded(@TempDir Path folder) throws IOException {
        Adam adam = new Adam(gru.parameters().all(), 0.9, 0.99, 1e-8);
        Trainer trainer =
                new Trainer(gru, new Batcher(WORDS, tokenizer, 5, 16), adam, LearningRate.linearDecay(0.01, 200));
        List<Double> losses = new ArrayList<>();
        trainer.addListener(step -> losses.add(step.loss()));
        trainer.run(200);
        assertTrue(losses.get(199) < losses.get(0) / 2, losses.toString());

        Path file = folder.resolve("gru.safetensors");
        new TrainedModel(gru, tokenizer, DataFormat.DOCUMENTS).save(file);
        LanguageModel loaded = TrainedModel.load(file).model();
        assertEquals(config, loaded.config());
        Batch seven = Batch.ofPrompt(tokenizer.encode("seven"));
        assertArrayEquals(
                gru.forward(Tape.inference(), seven).toArray(),
                loaded.forward(Tape.inference(), seven).toArray());
    }
}

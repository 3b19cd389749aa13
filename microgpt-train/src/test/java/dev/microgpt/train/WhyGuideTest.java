package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.model.GptConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.attribution.Attribution;
import dev.microgpt.train.attribution.Influence;
import dev.microgpt.train.attribution.Influences;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.DataConfig;
import dev.microgpt.train.data.DataFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of docs/why.md, on a run of a few steps. */
class WhyGuideTest {
    @TempDir
    Path folder;

    @Test
    void theExamplePrintsTheDocumentsThatHelped() throws Exception {
        List<String> blocks = DocumentedJava.blocks(Path.of("..", "docs", "why.md"));
        assertEquals(1, blocks.size());
        TrainingConfig training = new TrainingConfig(12, 1, 0.01, 0.85, 0.99, 1e-8, 42);
        List<String> names = MicrogptRun.bundledNames();
        MicrogptRun run = new MicrogptRun(names, GptConfig.microgpt(2), training).train();
        DataConfig data = new DataConfig(DataFormat.DOCUMENTS, 0, "0123456789abcdef".repeat(4));
        Checkpoint saved = new Checkpoint(
                training, run.tokenizer, run.gpt, run.adam, 12, run.random.state(), data, Double.POSITIVE_INFINITY);
        Path file = Files.createDirectories(folder.resolve("out")).resolve("checkpoint.safetensors");
        saved.save(file);

        PythonRandom random = new PythonRandom(42);
        random.shuffle(new ArrayList<>(names));
        Influences influences = Attribution.of(saved, run.documents, random, run.tokenizer.encode("argis"))
                .influences(100);
        List<String> expected = new ArrayList<>();
        for (Influence influence : influences.helped(3)) {
            expected.add(influence.document() + " " + influence.exact());
        }
        expected.add(influences.between(801, 1000).ofAdamEstimates().toString());
        assertEquals(
                expected,
                new DocumentedJava(folder).run(blocks.get(0)).strip().lines().toList());
    }
}

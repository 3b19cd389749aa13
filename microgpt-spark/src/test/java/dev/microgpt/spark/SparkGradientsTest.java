package dev.microgpt.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.GptConfig;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.Adam;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.TrainingStep;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.DataConfig;
import dev.microgpt.train.data.Batcher;
import dev.microgpt.train.data.DataFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training on a cluster gives the checkpoint of one process, byte for byte. */
class SparkGradientsTest {
    private static final List<String> NAMES =
            List.of("emma", "olivia", "ava", "mia", "isabella", "zoe", "lily", "noah");
    private static final int STEPS = 12;

    @TempDir
    private Path folder;

    /** A run of six micro-batches a step, with a tied head, dropout and clipping. */
    private final class Run {
        private final CharTokenizer tokenizer = CharTokenizer.fromDocuments(NAMES);
        private final TrainingConfig training = TrainingConfig.nano()
                .withSteps(STEPS)
                .withBatchSize(2)
                .withGradientAccumulationSteps(6)
                .withSeparateGradients(true);
        private final PythonRandom random = new PythonRandom(training.seed());
        private final LanguageModel model;
        private final Adam adam;
        final Trainer trainer;
        final List<Double> losses = new ArrayList<>();

        Run() {
            GptConfig config =
                    GptConfig.gpt2(tokenizer.vocabSize()).withSizes(2, 2, 8, 8).with(GptConfig.DROPOUT, 0.2);
            model = config.create(Parameters.drawnFrom(random));
            adam = new Adam(model.parameters().all(), training.adam());
            trainer = new Trainer(model, new Batcher(NAMES, tokenizer, 2, 8), adam, training);
            trainer.addListener((TrainingStep step) -> losses.add(step.loss()));
        }

        byte[] checkpoint() throws IOException {
            Path file = folder.resolve("checkpoint.safetensors");
            DataConfig data = new DataConfig(DataFormat.DOCUMENTS, 0, "0".repeat(64));
            new Checkpoint(training, tokenizer, model, adam, STEPS, random.state(), data, 0.5).save(file);
            return Files.readAllBytes(file);
        }
    }

    private byte[] alone() throws IOException {
        Run run = new Run();
        run.trainer.run(STEPS);
        return run.checkpoint();
    }

    private void assertSameAsAlone(SparkConf conf) throws IOException {
        Run alone = new Run();
        alone.trainer.run(STEPS);
        Run run = new Run();
        try (JavaSparkContext spark = new JavaSparkContext(conf);
                SparkGradients gradients = new SparkGradients(spark)) {
            run.trainer.delegateTo(gradients);
            run.trainer.run(STEPS);
        }
        assertEquals(alone.losses, run.losses);
        assertArrayEquals(alone.checkpoint(), run.checkpoint());
    }

    @Test
    void threadsGiveTheBitsOfOneProcess() throws IOException {
        assertSameAsAlone(Cluster.threads());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void executorsGiveTheBitsOfOneProcess(int executors) throws IOException {
        assertSameAsAlone(Cluster.processes(executors));
    }

    @Test
    void anExecutorThatDiesInAStepChangesNoBit() throws Exception {
        byte[] expected = alone();
        Run run = new Run();
        List<ProcessHandle> killed = new ArrayList<>();
        try (JavaSparkContext spark = new JavaSparkContext(Cluster.processes(2));
                SparkGradients gradients = new SparkGradients(spark)) {
            Cluster.await(spark, 2);
            run.trainer.delegateTo((model, batches, denominator) -> {
                Thread killer =
                        new Thread(() -> Cluster.executors().stream().limit(1).forEach(victim -> {
                            victim.destroyForcibly();
                            killed.add(victim);
                        }));
                if (run.trainer.step() % 5 == 3) {
                    killer.start();
                }
                double loss = gradients.addGradients(model, batches, denominator);
                try {
                    killer.join();
                } catch (InterruptedException stop) {
                    throw new IllegalStateException(stop);
                }
                return loss;
            });
            run.trainer.run(STEPS);
        }
        assertEquals(2, killed.size());
        assertNotEquals(killed.get(0).pid(), killed.get(1).pid());
        assertArrayEquals(expected, run.checkpoint());
    }

    @Test
    void muchSlowerKernelsThanTheDriverHasAreRefusedInOneSentence() {
        Run run = new Run();
        try (JavaSparkContext spark = new JavaSparkContext(Cluster.processes(1, "-Dmicrogpt.kernels=scalar"));
                SparkGradients gradients = new SparkGradients(spark)) {
            run.trainer.delegateTo(gradients);
            SparkJobException refused = assertThrows(SparkJobException.class, () -> run.trainer.run(1));
            assertTrue(refused.getMessage().startsWith("an executor computes with scalar"), refused.getMessage());
            assertTrue(refused.getMessage().contains("spark.executor.extraJavaOptions"), refused.getMessage());
        }
    }

    @Test
    void executorsWithoutTheJarsAreRefusedInOneSentence() {
        Run run = new Run();
        SparkConf conf = Cluster.processes(1);
        String classPath = conf.get("spark.executor.extraClassPath");
        conf.set("spark.executor.extraClassPath", classPath.replaceAll("[^:]*microgpt-spark[^:]*classes:", ""));
        try (JavaSparkContext spark = new JavaSparkContext(conf);
                SparkGradients gradients = new SparkGradients(spark)) {
            run.trainer.delegateTo(gradients);
            SparkJobException refused = assertThrows(SparkJobException.class, () -> run.trainer.run(1));
            assertTrue(refused.getMessage().contains("an executor lacks classes of microgpt ("), refused.getMessage());
            assertTrue(refused.getMessage().contains("--jars"), refused.getMessage());
        }
    }

    @Test
    void anotherVersionIsRefusedInOneSentence() {
        SparkJobException refused = assertThrows(
                SparkJobException.class, () -> new Build("9.9", Build.here().kernels()).check());
        assertEquals(
                "an executor has version " + Build.here().version()
                        + " of microgpt, but the driver has 9.9; results would depend on where a task runs, so remove"
                        + " the other jar from the executors' class path (spark.executor.extraClassPath, the jars"
                        + " folder of Spark)",
                refused.getMessage());
    }
}

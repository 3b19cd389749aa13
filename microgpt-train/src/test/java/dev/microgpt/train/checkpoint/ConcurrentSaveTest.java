package dev.microgpt.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.Adam;
import dev.microgpt.train.LearningRate;
import dev.microgpt.train.Optimizer;
import dev.microgpt.train.Sgd;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.data.BatchSource;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.huggingface.Gpt2Folder;
import dev.microgpt.train.safetensors.NumberType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is saved while another thread trains is the state between two steps, or the save is refused and the old file
 * stays.
 *
 * <p>All weights begin at 0 and all gradients are 1, so after each step all weights are equal, as are all first and all
 * second moments: a file with two different weights is of two moments.
 */
class ConcurrentSaveTest {
    private static final int SAVES = 36;
    private static final CharTokenizer LETTERS = CharTokenizer.ofAlphabet("abcdefghij");
    private static final GptConfig CONFIG = GptConfig.gpt2(LETTERS.vocabSize()).withSizes(2, 2, 64, 16);
    private static final TrainingConfig TRAINING = new TrainingConfig(1_000_000, 1, 0.01, 0.9, 0.95, 1e-8, 1);
    private static final DataConfig DATA = new DataConfig(DataFormat.TEXT, 0.1, "0123456789abcdef".repeat(4));

    private final Gpt gpt = new Gpt(CONFIG, Parameters.drawnFrom(new PythonRandom(1)));
    private final Adam adam = new Adam(gpt.parameters().all(), 0.9, 0.95, 1e-8);

    private final ExecutorService other = Executors.newSingleThreadExecutor();

    @TempDir
    private Path folder;

    @AfterEach
    void endTheOtherThread() {
        other.shutdownNow();
    }

    @BeforeEach
    void makeAllWeightsEqual() throws IOException {
        for (Parameter parameter : gpt.parameters().all()) {
            Arrays.fill(parameter.data(), 0);
            Arrays.fill(parameter.grad(), 1);
        }
        for (Kind kind : Kind.values()) {
            save(kind);
        }
    }

    private enum Kind {
        CHECKPOINT,
        MODEL,
        EXPORT
    }

    private void save(Kind kind) throws IOException {
        TrainedModel model = new TrainedModel(gpt, LETTERS, DataFormat.TEXT);
        switch (kind) {
            case CHECKPOINT -> checkpoint().save(file(kind));
            case MODEL -> model.save(file(kind));
            case EXPORT -> Gpt2Folder.write(folder.resolve("export"), model, NumberType.F64, true);
        }
    }

    private Checkpoint checkpoint() {
        PythonRandom.State random = new PythonRandom(1).state();
        return new Checkpoint(TRAINING, LETTERS, gpt, adam, adam.updates(), random, DATA, Double.POSITIVE_INFINITY);
    }

    private Path file(Kind kind) {
        return kind == Kind.EXPORT
                ? folder.resolve("export").resolve("model.safetensors")
                : folder.resolve(kind + ".safetensors");
    }

    private void assertOfOneMoment(Kind kind) throws IOException {
        TrainedModel model =
                kind == Kind.EXPORT ? Gpt2Folder.read(folder.resolve("export")) : TrainedModel.load(file(kind));
        double first = model.model().parameters().get("wte").data()[0];
        for (Parameter parameter : model.model().parameters().all()) {
            assertAllAre(first, parameter.data(), parameter.name());
        }
        if (kind == Kind.CHECKPOINT) {
            Checkpoint loaded = Checkpoint.load(file(kind));
            double m = ((Adam) loaded.optimizer()).firstMoments().get(0)[0];
            double v = ((Adam) loaded.optimizer()).secondMoments().get(0)[0];
            assertEquals(1 - StrictMath.pow(0.9, loaded.step()), m, 1e-9);
            ((Adam) loaded.optimizer()).firstMoments().forEach(moments -> assertAllAre(m, moments, "m"));
            ((Adam) loaded.optimizer()).secondMoments().forEach(moments -> assertAllAre(v, moments, "v"));
        }
    }

    private static void assertAllAre(double expected, double[] values, String name) {
        for (double value : values) {
            assertEquals(expected, value, name);
        }
    }

    @Test
    void savesDuringALoopOfOnesOwnAreOfOneMomentOrRefused() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        Random pauses = new Random(42);
        Future<?> training = other.submit(() -> {
            while (!stop.get()) {
                adam.step(1e-3);
                for (int i = pauses.nextInt(400_000); i > 0 && !stop.get(); i--) {
                    Thread.onSpinWait();
                }
            }
        });
        try {
            for (int i = 0; i < SAVES; i++) {
                Kind kind = Kind.values()[i % 3];
                byte[] before = Files.readAllBytes(file(kind));
                try {
                    save(kind);
                } catch (IllegalStateException refused) {
                    assertArrayEquals(before, Files.readAllBytes(file(kind)), "a refused save changed " + kind);
                } catch (IllegalArgumentException refused) { // Adam made an update in the constructor of the checkpoint
                    assertTrue(refused.getMessage().contains("they must be equal"), refused.getMessage());
                }
                assertOfOneMoment(kind);
            }
        } finally {
            stop.set(true);
            training.get();
        }
        for (Kind kind : Kind.values()) {
            save(kind);
            assertOfOneMoment(kind);
        }
    }

    /** Without the refusal, each file would hold the half of an update. */
    @Test
    void savesInAnotherThreadDuringAStepAreRefusedAndThoseOfAListenerAreNot() throws IOException {
        List<byte[]> before = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            before.add(Files.readAllBytes(file(kind)));
        }
        int[] refused = {0};
        Optimizer halfWay = new Sgd(gpt.parameters().all()) {
            @Override
            public void step(double rate) {
                adam.step(rate);
                for (Kind kind : Kind.values()) {
                    Future<Void> saving = other.submit(() -> {
                        save(kind);
                        return null;
                    });
                    Throwable cause =
                            assertThrows(ExecutionException.class, saving::get).getCause();
                    assertInstanceOf(IllegalStateException.class, cause);
                    assertTrue(cause.getMessage().contains("only the training thread may use it"), cause.getMessage());
                    refused[0]++;
                }
                gpt.parameters().zeroGrad();
            }
        };
        BatchSource batches = (step, part, parts) -> Batch.forTraining(List.of(new int[] {1, 2, 3}));
        Trainer trainer = new Trainer(gpt, batches, halfWay, LearningRate.linearDecay(0.01, 2));
        trainer.run(1);
        assertEquals(3, refused[0]);
        for (Kind kind : Kind.values()) {
            assertArrayEquals(before.get(kind.ordinal()), Files.readAllBytes(file(kind)));
        }
        trainer.addListener(step -> {
            try {
                for (Kind kind : Kind.values()) {
                    save(kind);
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
        trainer.run(2);
        assertEquals(2, Checkpoint.load(file(Kind.CHECKPOINT)).step());
    }
}

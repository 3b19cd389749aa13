package dev.microgpt.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.generate.Generator;
import dev.microgpt.model.generate.Sampler;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeVocabulary;
import dev.microgpt.model.tokenizer.BpeVocabularyBuilder;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.Adam;
import dev.microgpt.train.AdamConfig;
import dev.microgpt.train.LearningRate;
import dev.microgpt.train.MicrogptRun;
import dev.microgpt.train.ParameterGroup;
import dev.microgpt.train.Schedule;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.data.Batcher;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.safetensors.NamedTensor;
import dev.microgpt.train.safetensors.Safetensors;
import dev.microgpt.train.safetensors.SafetensorsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    private static final List<String> NAMES = List.of("emma", "olivia", "ava", "zoë", "한국", "😀\"\\");
    private static final GptConfig SHAPE = GptConfig.microgpt(2).withSizes(2, 2, 6, 5);
    private static final TrainingConfig TRAINING = new TrainingConfig(30, 2, 0.013, 0.85, 0.99, 1e-8, -3);
    private static final DataConfig DATA = new DataConfig(DataFormat.TEXT, 0.1, "0123456789abcdef".repeat(4));

    @TempDir
    private Path folder;

    @Test
    void everythingComesBackBitForBit() throws IOException {
        MicrogptRun run = run(7);
        Path file = folder.resolve("run1.safetensors");
        Checkpoint saved = checkpoint(run);
        saved.save(file);
        Checkpoint loaded = Checkpoint.load(file);

        assertEquals(TRAINING, loaded.training());
        assertEquals(run.tokenizer, loaded.tokenizer());
        assertEquals(run.gpt.config(), loaded.model().config());
        assertEquals(7, loaded.step());
        assertEquals(7, loaded.optimizer().updates());
        assertEquals(run.random.state(), loaded.random());
        assertEquals(saved.data(), loaded.data());
        assertEquals(Double.POSITIVE_INFINITY, loaded.bestLoss());
        List<Parameter> expected = run.gpt.parameters().all();
        List<Parameter> actual = loaded.model().parameters().all();
        assertEquals(expected.toString(), actual.toString());
        for (int i = 0; i < expected.size(); i++) {
            String name = expected.get(i).name();
            assertArrayEquals(expected.get(i).data(), actual.get(i).data(), name);
            assertArrayEquals(
                    run.adam.firstMoments().get(i),
                    ((Adam) loaded.optimizer()).firstMoments().get(i),
                    name);
            assertArrayEquals(
                    run.adam.secondMoments().get(i),
                    ((Adam) loaded.optimizer()).secondMoments().get(i),
                    name);
        }
    }

    @ParameterizedTest
    @EnumSource(Schedule.Kind.class)
    void aTrainingWithEverySettingComesBackAndGoesOnBitForBit(Schedule.Kind kind) throws IOException {
        TrainingConfig training = new TrainingConfig(
                9, 2, 3, new Schedule(kind, 0.013, 1e-3, 4), new AdamConfig(0.9, 0.95, 1e-7, 0.3), 0.75, 11);
        MicrogptRun straight = new MicrogptRun(NAMES, SHAPE, training).train();
        MicrogptRun stopped = new MicrogptRun(NAMES, SHAPE, training);
        stopped.trainer.run(5);
        Path file = folder.resolve("run1.safetensors");
        new Checkpoint(
                        training,
                        stopped.tokenizer,
                        stopped.gpt,
                        stopped.adam,
                        5,
                        stopped.random.state(),
                        DATA,
                        Double.POSITIVE_INFINITY)
                .save(file);

        Checkpoint loaded = Checkpoint.load(file);
        assertEquals(training, loaded.training());
        int blockSize = SHAPE.blockSize();
        Batcher batcher = new Batcher(stopped.documents, loaded.tokenizer(), training.batchSize(), blockSize);
        Trainer trainer = new Trainer(loaded.model(), batcher, loaded.optimizer(), loaded.training());
        trainer.resumeAt(5);
        trainer.run(9);
        for (Parameter parameter : straight.gpt.parameters().all()) {
            Parameter resumed = loaded.model().parameters().get(parameter.name());
            assertArrayEquals(parameter.data(), resumed.data(), parameter.name());
        }
    }

    @Test
    void equalRunsGiveEqualBytesInAnyLocale() throws IOException {
        byte[] first = bytes(checkpoint(run(5)));
        Locale before = Locale.getDefault();
        try {
            for (String language : new String[] {"de-DE", "tr-TR", "ar-EG-u-nu-arab"}) {
                Locale.setDefault(Locale.forLanguageTag(language));
                assertArrayEquals(first, bytes(checkpoint(run(5))), language);
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void savingWhatWasLoadedGivesTheSameBytes() throws IOException {
        for (int steps : new int[] {0, 1, 30}) {
            byte[] saved = bytes(checkpoint(run(steps)));
            Path file = Files.write(folder.resolve("again.safetensors"), saved);
            assertArrayEquals(saved, bytes(Checkpoint.load(file)), "after " + steps + " steps");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void stoppingAndGoingOnIsNeverHavingStopped(int stop) throws IOException {
        byte[] straight = bytes(checkpoint(run(20)));

        Path file = Files.write(folder.resolve("stopped.safetensors"), bytes(checkpoint(run(stop))));
        Checkpoint resumed = goOn(Checkpoint.load(file), 20);
        assertArrayEquals(straight, bytes(resumed));
    }

    @Test
    void stoppingAfterEveryStepIsNeverHavingStopped() throws IOException {
        byte[] bytes = bytes(checkpoint(run(0)));
        for (int step = 1; step <= 20; step++) {
            Path file = Files.write(folder.resolve("stopped.safetensors"), bytes);
            bytes = bytes(goOn(Checkpoint.load(file), step));
        }
        assertArrayEquals(bytes(checkpoint(run(20))), bytes);
    }

    /** Takes a run up where a checkpoint left it, with nothing but the file and the data. */
    private static Checkpoint goOn(Checkpoint from, int steps) {
        List<String> documents = new ArrayList<>(NAMES);
        new PythonRandom(from.training().seed()).shuffle(documents);
        Batcher batcher = new Batcher(
                documents,
                from.tokenizer(),
                from.training().batchSize(),
                from.model().config().blockSize());
        LearningRate rate = from.training().schedule().over(from.training().steps());
        Trainer trainer = new Trainer(from.model(), batcher, from.optimizer(), rate);
        for (int step = from.step(); step < steps; step++) {
            Batch batch = batcher.batch(step);
            trainer.addGradients(batch, batch.targets().length);
            trainer.update(rate.at(step));
        }
        return new Checkpoint(
                from.training(),
                from.tokenizer(),
                from.model(),
                from.optimizer(),
                steps,
                from.random(),
                from.data(),
                Double.POSITIVE_INFINITY);
    }

    @Test
    void theRandomStateGoesOnWhereItStood() throws IOException {
        MicrogptRun run = run(3);
        run.random.gauss(0, 1); // so that the second of a pair waits
        Path file = folder.resolve("run1.safetensors");
        checkpoint(run).save(file);
        PythonRandom random = new PythonRandom(Checkpoint.load(file).random());
        for (int i = 0; i < 1000; i++) {
            assertEquals(run.random.gauss(0, 1), random.gauss(0, 1));
            assertEquals(run.random.random(), random.random());
        }
    }

    @Test
    void aLoadedModelGeneratesWhatTheSavedOneGenerates() throws IOException {
        MicrogptRun run = run(12);
        Path file = folder.resolve("run1.safetensors");
        checkpoint(run).save(file);
        Checkpoint loaded = Checkpoint.load(file);
        Generator generator = new Generator(loaded.model(), new Sampler(1));
        PythonRandom random = new PythonRandom(loaded.random());
        for (String expected : run.samples(20, 1)) {
            int bos = loaded.tokenizer().bos();
            int[] ids = generator.generate(new int[] {bos}, 5, bos, random);
            assertEquals(expected, loaded.tokenizer().decode(ids));
        }
    }

    @Test
    void noTimeHostPathOrVersionIsInTheFile() throws IOException {
        Files.createDirectories(folder.resolve("a/b"));
        Path here = folder.resolve("here.safetensors");
        Path there = folder.resolve("a/b/there.safetensors");
        checkpoint(run(2)).save(here);
        checkpoint(run(2)).save(there);
        assertArrayEquals(Files.readAllBytes(here), Files.readAllBytes(there));
        String text = Files.readString(here, StandardCharsets.ISO_8859_1);
        for (String word : new String[] {System.getProperty("java.version"), System.getProperty("user.dir"), "here"}) {
            assertFalse(text.contains(word), word);
        }
    }

    @Test
    void theBestLossComesBackBitForBit() throws IOException {
        MicrogptRun run = run(2);
        Path file = folder.resolve("run1.safetensors");
        for (double loss : new double[] {2.0 / 3, 0, Double.MIN_VALUE, Double.POSITIVE_INFINITY}) {
            with(run, loss).save(file);
            assertEquals(loss, Checkpoint.load(file).bestLoss());
        }
        assertThrows(IllegalArgumentException.class, () -> with(run, Double.NaN));
    }

    private static Checkpoint with(MicrogptRun run, double loss) {
        return new Checkpoint(TRAINING, run.tokenizer, run.gpt, run.adam, 2, run.random.state(), DATA, loss);
    }

    @Test
    void aCheckpointIsRecognizedByItsBeginning() throws IOException {
        Path file = folder.resolve("run1.safetensors");
        checkpoint(run(2)).save(file);
        assertTrue(Checkpoint.isRecognized(file));
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, 4096));
        assertTrue(Checkpoint.isRecognized(file), "damaged");
        checkpoint(run(2)).trainedModel().save(file);
        assertFalse(Checkpoint.isRecognized(file), "a model alone");
        NamedTensor weight = new NamedTensor("w", Shape.of(2), new double[2]);
        Safetensors.write(file, Map.of("format", "pt"), List.of(weight));
        assertFalse(Checkpoint.isRecognized(file), "of another program");
        for (String text : List.of("", "notes", "{\"microgpt_format\":\"1\"}")) {
            Files.writeString(file, text);
            assertFalse(Checkpoint.isRecognized(file), text);
        }
        assertFalse(Checkpoint.isRecognized(folder));
        assertFalse(Checkpoint.isRecognized(folder.resolve("none")));
    }

    @Test
    void theStepIsReadWithoutTheNumbersButNotFromADamagedFile() throws IOException {
        Path file = folder.resolve("run1.safetensors");
        checkpoint(run(7)).save(file);
        assertEquals(7, Checkpoint.stepIn(file));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertThrows(SafetensorsException.class, () -> Checkpoint.stepIn(file));
        checkpoint(run(7)).trainedModel().save(file);
        assertThrows(CheckpointException.class, () -> Checkpoint.stepIn(file));
        checkpoint(run(7)).save(file);
        Safetensors content = Safetensors.read(file);
        Map<String, String> metadata = new HashMap<>(content.metadata());
        metadata.put("progress", "{\"step\":-1,\"best_loss\":null}");
        Safetensors.write(file, metadata, content.tensors());
        assertThrows(CheckpointException.class, () -> Checkpoint.stepIn(file));
    }

    @Test
    void seedsAreWrittenAsUnsignedNumbers() throws IOException {
        Path file = folder.resolve("run1.safetensors");
        checkpoint(run(0)).save(file);
        String training = Safetensors.read(file).metadata().get("training");
        assertTrue(training.contains("\"seed\":18446744073709551613"), training);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void numbersThatAreNotFiniteAreNotSavedOverAGoodCheckpoint(double notFinite) throws IOException {
        MicrogptRun run = run(2);
        Path file = folder.resolve("run1.safetensors");
        checkpoint(run).save(file);
        byte[] good = Files.readAllBytes(file);
        run.gpt.parameters().get("wpe").data()[3] = notFinite;
        assertThrows(Exception.class, () -> checkpoint(run).save(file));
        assertArrayEquals(good, Files.readAllBytes(file));
    }

    @Test
    void aRehearsalLeavesNothingAndNoticesAFolderThatIsMissing() throws IOException {
        Checkpoint.rehearseSave(folder);
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
        assertThrows(IOException.class, () -> Checkpoint.rehearseSave(folder.resolve("none")));
    }

    @Test
    void aCheckpointIsNotWrittenIntoAFolderThatIsMissing() throws IOException {
        Checkpoint checkpoint = checkpoint(run(0));
        assertThrows(IOException.class, () -> checkpoint.save(folder.resolve("none/run1.safetensors")));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    // ---- what belongs together ----

    @Test
    void anAdamOfAnotherModelIsRefusedByName() {
        MicrogptRun run = run(3);
        MicrogptRun other = run(3);
        String first = run.gpt.parameters().all().get(0).name();
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> checkpoint(run, other.adam, 3));
        assertEquals(
                "checkpoint: Adam's parameter 0 is \"" + first + "\" of another model; it must have the"
                        + " parameters of this model, in the order of model.parameters().all()",
                e.getMessage());
    }

    @Test
    void anAdamOfSomeParametersOrInAnotherOrderIsRefusedByName() {
        MicrogptRun run = run(0);
        List<Parameter> parameters = new ArrayList<>(run.gpt.parameters().all());
        int last = parameters.size() - 1;
        String name = parameters.get(last).name();
        Adam some = new Adam(parameters.subList(0, last), TRAINING.adam());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> checkpoint(run, some, 0));
        assertTrue(e.getMessage().startsWith("checkpoint: Adam lacks parameter \"" + name + "\""), e.getMessage());
        Collections.reverse(parameters);
        Adam reversed = new Adam(parameters, TRAINING.adam());
        IllegalArgumentException order =
                assertThrows(IllegalArgumentException.class, () -> checkpoint(run, reversed, 0));
        assertTrue(
                order.getMessage().startsWith("checkpoint: Adam's parameter 0 is \"" + name + "\""),
                order.getMessage());
    }

    /** A resumed run would continue with the settings that are saved. */
    @Test
    void anAdamWithOtherSettingsIsRefusedByName() {
        MicrogptRun run = run(0);
        List<Parameter> parameters = run.gpt.parameters().all();
        Map<String, AdamConfig> others = Map.of(
                "beta1 is 0.9, but 0.85", new AdamConfig(0.9, 0.99, 1e-8, 0),
                "beta2 is 0.95, but 0.99", new AdamConfig(0.85, 0.95, 1e-8, 0),
                "epsilon is 1.0E-7, but 1.0E-8", new AdamConfig(0.85, 0.99, 1e-7, 0),
                "weight decay of \"wte\" is 0.1, but 0.0", new AdamConfig(0.85, 0.99, 1e-8, 0.1));
        others.forEach((wrong, config) -> {
            Adam adam = new Adam(parameters, config);
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> checkpoint(run, adam, 0));
            assertEquals(
                    "checkpoint: Adam's " + wrong + " by the training configuration; they must be equal, because a"
                            + " resumed run uses the configuration",
                    e.getMessage());
        });
    }

    @Test
    void anAdamWithOtherGroupsIsRefusedByName() {
        MicrogptRun run = run(0);
        List<Parameter> parameters = run.gpt.parameters().all();
        int last = parameters.size() - 1;
        List<ParameterGroup> groups = List.of(
                new ParameterGroup(parameters.subList(0, last), 0),
                new ParameterGroup(parameters.subList(last, last + 1), 0.3));
        Adam adam = new Adam(parameters, groups, 0.85, 0.99, 1e-8);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> checkpoint(run, adam, 0));
        String name = parameters.get(last).name();
        assertTrue(
                e.getMessage().startsWith("checkpoint: Adam's weight decay of \"" + name + "\" is 0.3, but 0.0 by the"),
                e.getMessage());
        assertEquals(0.3, adam.weightDecay(last));
    }

    @Test
    void aStepThatIsNotAdamsIsRefused() throws IOException {
        MicrogptRun run = run(5);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> checkpoint(run, run.adam, 3));
        assertEquals(
                "checkpoint: the step is 3, but Adam made 5 updates; they must be equal; a trainer that continues a run"
                        + " begins with Trainer.resumeAt",
                e.getMessage());
        Checkpoint before = checkpoint(run);
        run.trainer.run(6);
        Path file = folder.resolve("late.safetensors");
        IllegalStateException late = assertThrows(IllegalStateException.class, () -> before.save(file));
        assertEquals("checkpoint: the step is 5, but Adam made 6 updates; they must be equal", late.getMessage());
        assertFalse(Files.exists(file));
    }

    // ---- a longer run ----

    @ParameterizedTest
    @EnumSource(Schedule.Kind.class)
    void anExtendedRunTakesTheRatesOfALongOne(Schedule.Kind kind) throws IOException {
        Schedule schedule = new Schedule(kind, 0.1, 0.01, 0);
        MicrogptRun run = new MicrogptRun(NAMES, SHAPE, with(schedule, 4));
        run.trainer.run(4);
        Path file = folder.resolve("extended.safetensors");
        new Checkpoint(
                        with(schedule, 4),
                        run.tokenizer,
                        run.gpt,
                        run.adam,
                        4,
                        run.random.state(),
                        DATA,
                        Double.POSITIVE_INFINITY)
                .extendedTo(9)
                .save(file);
        assertTrue(Checkpoint.isFinishedIn(file), "once finished");
        Checkpoint longer = Checkpoint.load(file);
        assertEquals(with(schedule, 9), longer.training());
        Extension extension = new Extension(4, 4, 9);
        assertEquals(List.of(extension), longer.extensions());
        assertEquals(schedule.over(4).at(3), extension.rateBefore(schedule));
        assertEquals(schedule.over(9).at(4), extension.rateAfter(schedule));

        Batcher batcher = new Batcher(run.documents, longer.tokenizer(), 2, SHAPE.blockSize());
        Trainer trainer = new Trainer(longer.model(), batcher, longer.optimizer(), longer.training());
        trainer.resumeAt(longer.step());
        List<Double> rates = new ArrayList<>();
        trainer.addListener(step -> rates.add(step.learningRate()));
        trainer.run(9);
        for (int step = 4; step < 9; step++) {
            assertEquals(schedule.over(9).at(step), rates.get(step - 4));
        }
        MicrogptRun whole = new MicrogptRun(NAMES, SHAPE, with(schedule, 9)).train();
        boolean same = true;
        for (Parameter parameter : whole.gpt.parameters().all()) {
            Parameter extended = longer.model().parameters().get(parameter.name());
            same &= Arrays.equals(parameter.data(), extended.data());
        }
        assertEquals(kind == Schedule.Kind.CONSTANT, same);
    }

    private static TrainingConfig with(Schedule schedule, int steps) {
        return new TrainingConfig(steps, 2, 1, schedule, new AdamConfig(0.9, 0.95, 1e-8, 0.1), 1, 3);
    }

    @Test
    void aRunIsExtendedToMoreStepsOnlyAndRecordsNothingBeforeItsFirst() throws IOException {
        Checkpoint checkpoint = checkpoint(run(7));
        for (int steps : new int[] {30, 29, 0, -1}) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> checkpoint.extendedTo(steps));
            assertEquals(
                    "checkpoint: the run has 30 steps and can only be extended to more, not to " + steps,
                    e.getMessage());
        }
        Checkpoint twice = checkpoint.extendedTo(31).extendedTo(40);
        assertEquals(List.of(new Extension(7, 30, 31), new Extension(7, 31, 40)), twice.extensions());
        assertArrayEquals(bytes(twice), bytes(Checkpoint.load(folder.resolve("bytes.safetensors"))));
        assertFalse(Checkpoint.isFinishedIn(folder.resolve("bytes.safetensors")));
        assertEquals(List.of(), checkpoint(run(0)).extendedTo(31).extensions());
    }

    @Test
    void theSettingsAreReadWithoutTheNumbers() throws IOException {
        Path file = folder.resolve("run1.safetensors");
        checkpoint(run(7)).save(file);
        assertEquals(new RunSettings(TRAINING, DATA), RunSettings.in(file));
        checkpoint(run(7)).trainedModel().save(file);
        assertNull(RunSettings.in(file));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertThrows(SafetensorsException.class, () -> RunSettings.in(file));
    }

    @Test
    void whatCouldNotBeLoadedIsRefused() throws IOException {
        MicrogptRun run = run(5);
        TrainingConfig shorter = new TrainingConfig(4, 2, 0.013, 0.85, 0.99, 1e-8, -3);
        assertRefused(
                "checkpoint: the step is 5, but must be from 0 to the number of steps of the run, 4",
                () -> checkpoint(run, shorter, run.tokenizer));
        ByteTokenizer larger = new ByteTokenizer();
        assertRefused(
                "checkpoint: the tokenizer has 257 tokens, but must have at most those of the model, "
                        + run.tokenizer.vocabSize(),
                () -> checkpoint(run, TRAINING, larger));
        Checkpoint checkpoint = checkpoint(run);
        run.adam.secondMoments().get(0)[1] = -1;
        Path file = folder.resolve("negative.safetensors");
        assertRefused(
                "checkpoint: tensor \"adam.v.wte\": the number at index 1 is -1.0, but an average of squares must not"
                        + " be negative; nothing was saved",
                () -> checkpoint.save(file));
        assertFalse(Files.exists(file));
    }

    @Test
    void aTokenizerLargerThanTheMetadataIsFoundBeforeTraining() throws IOException {
        Checkpoint.checkStorable(new ByteTokenizer());
        BpeVocabularyBuilder builder = new BpeVocabularyBuilder();
        for (int id = 0; id < 256; id++) {
            byte[] token = new byte[BpeVocabulary.MAX_TOKEN_BYTES];
            Arrays.fill(token, (byte) 'x');
            token[0] = (byte) id;
            builder.token(id, token);
        }
        BpeTokenizer large = new BpeTokenizer(builder.noBos().build());
        String refusal = assertThrows(IllegalArgumentException.class, () -> Checkpoint.checkStorable(large))
                .getMessage();
        assertTrue(
                refusal.matches("safetensors: \\d+ bytes of metadata do not fit in one file; at most 16777216 do"),
                refusal);
        Gpt gpt = new Gpt(GptConfig.microgpt(256).withSizes(1, 1, 1, 1), Parameters.drawnFrom(new PythonRandom(1)));
        Path file = folder.resolve("large.safetensors");
        TrainedModel model = new TrainedModel(gpt, large, DataFormat.TEXT);
        refusal = assertThrows(IllegalArgumentException.class, () -> model.save(file))
                .getMessage();
        assertTrue(refusal.contains(" bytes of metadata do not fit in one file"), refusal);
        assertFalse(Files.exists(file));
    }

    private static void assertRefused(String message, Executable misuse) {
        assertEquals(message, assertThrows(RuntimeException.class, misuse).getMessage());
    }

    private static Checkpoint checkpoint(MicrogptRun run, TrainingConfig training, Tokenizer tokenizer) {
        return new Checkpoint(
                training, tokenizer, run.gpt, run.adam, run.trainer.step(), run.random.state(), DATA, 1.0);
    }

    private static MicrogptRun run(int steps) {
        MicrogptRun run = new MicrogptRun(NAMES, SHAPE, TRAINING);
        run.trainer.run(steps);
        return run;
    }

    private static Checkpoint checkpoint(MicrogptRun run) {
        return checkpoint(run, run.adam, run.trainer.step());
    }

    private static Checkpoint checkpoint(MicrogptRun run, Adam adam, int step) {
        return new Checkpoint(
                TRAINING, run.tokenizer, run.gpt, adam, step, run.random.state(), DATA, Double.POSITIVE_INFINITY);
    }

    private byte[] bytes(Checkpoint checkpoint) throws IOException {
        Path file = folder.resolve("bytes.safetensors");
        checkpoint.save(file);
        return Files.readAllBytes(file);
    }
}

package dev.microgpt.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.Lion;
import dev.microgpt.train.Optimizer;
import dev.microgpt.train.OptimizerType;
import dev.microgpt.train.Sgd;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.data.Batcher;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.safetensors.NamedTensor;
import dev.microgpt.train.safetensors.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints of runs with an optimizer that this library does not have. */
class OwnOptimizerTest {
    private static final List<String> NAMES = List.of("emma", "olivia", "ava", "isabella", "sophia");
    private static final Tokenizer LETTERS = CharTokenizer.fromDocuments(NAMES);
    private static final GptConfig SHAPE =
            GptConfig.microgpt(LETTERS.vocabSize()).with(GptConfig.DROPOUT, 0.2).withSizes(1, 2, 4, 6);
    private static final TrainingConfig TRAINING = new TrainingConfig(40, 2, 0.01, 0.9, 0.99, 1e-8, 7);
    private static final DataConfig DATA = new DataConfig(DataFormat.DOCUMENTS, 0.1, "0123456789abcdef".repeat(4));

    @TempDir
    private Path folder;

    private Path file;
    private LanguageModel gpt;

    @BeforeEach
    void createAModel() {
        file = folder.resolve("run1.safetensors");
        gpt = new Gpt(SHAPE, Parameters.drawnFrom(new PythonRandom(1)));
    }

    // ---- resuming ----

    @ParameterizedTest
    @ValueSource(strings = {"adam", "example.sgd", "example.lion", "example.scaled"})
    void aResumedRunIsAsIfItHadNeverStopped(String name) throws IOException {
        Optimizer optimizer = OptimizerType.named(name).create(gpt.parameters().all(), TRAINING);
        train(gpt, optimizer, 0, 20);
        checkpoint(optimizer, 20).save(file);
        byte[] saved = Files.readAllBytes(file);
        train(gpt, optimizer, 20, 40);

        Checkpoint loaded = Checkpoint.load(file);
        assertEquals(optimizer.getClass(), loaded.optimizer().getClass());
        assertEquals(20, loaded.optimizer().updates());
        loaded.save(file);
        assertArrayEquals(saved, Files.readAllBytes(file));
        double[] before = loaded.model().parameters().get("wte").toArray();
        train(loaded.model(), loaded.optimizer(), 20, 40);
        assertFalse(Arrays.equals(before, loaded.model().parameters().get("wte").data()), "nothing was trained");
        for (Parameter parameter : gpt.parameters().all()) {
            assertArrayEquals(
                    parameter.data(),
                    loaded.model().parameters().get(parameter.name()).data(),
                    parameter.name());
        }
    }

    private static void train(LanguageModel gpt, Optimizer optimizer, int from, int to) {
        Trainer trainer = new Trainer(gpt, new Batcher(NAMES, LETTERS, 2, SHAPE.blockSize()), optimizer, TRAINING);
        trainer.resumeAt(from);
        trainer.run(to);
    }

    private Checkpoint checkpoint(Optimizer optimizer, int step) {
        PythonRandom.State random = new PythonRandom(1).state();
        return new Checkpoint(TRAINING, LETTERS, gpt, optimizer, step, random, DATA, Double.POSITIVE_INFINITY);
    }

    // ---- the file ----

    @Test
    void theFileNamesTheOptimizerAndHasItsStateAfterTheWeights() throws IOException {
        saveLion();
        Safetensors content = Safetensors.read(file);
        assertEquals(
                "{\"name\":\"example.lion\",\"version\":2}", content.metadata().get("optimizer"));
        List<String> names = content.tensors().stream().map(NamedTensor::name).toList();
        List<String> weights =
                gpt.parameters().all().stream().map(Parameter::name).toList();
        List<String> expected = new ArrayList<>(weights);
        weights.forEach(name -> expected.add("optimizer.m." + name));
        assertEquals(expected, names);

        checkpoint(OptimizerType.named("adam").create(gpt.parameters().all(), TRAINING), 0)
                .save(file);
        assertFalse(Safetensors.read(file).metadata().containsKey("optimizer"), "Adam's files are as before");
    }

    @Test
    void anArrayOfAnotherLengthThanTheParametersIsAVector() throws IOException {
        checkpoint(new ScaledType().create(gpt.parameters().all(), TRAINING), 0).save(file);
        for (NamedTensor tensor : Safetensors.read(file).tensors()) {
            if (tensor.name().startsWith("optimizer.")) {
                assertEquals(Shape.of(1), tensor.shape(), tensor.name());
                assertTrue(tensor.name().startsWith("optimizer.mean_size."), tensor.name());
            }
        }
    }

    @Test
    void theModelIsLoadedWithoutTheJarOfItsOptimizer() throws IOException {
        saveLion();
        rename("example.gone", 3);
        TrainedModel model = TrainedModel.load(file);
        assertArrayEquals(
                gpt.parameters().get("wte").data(),
                model.model().parameters().get("wte").data());
        assertEquals(1, Checkpoint.stepIn(file));
        assertEquals(new RunSettings(TRAINING, DATA), RunSettings.in(file));
    }

    private void saveLion() throws IOException {
        Lion lion = new Lion(gpt.parameters().all(), TRAINING.adam());
        train(gpt, lion, 0, 1);
        checkpoint(lion, 1).save(file);
    }

    private void rename(String name, int version) throws IOException {
        rewrite("{\"name\":\"" + name + "\",\"version\":" + version + "}");
    }

    private void rewrite(String entry, NamedTensor... more) throws IOException {
        Safetensors content = Safetensors.read(file);
        Map<String, String> metadata = new LinkedHashMap<>(content.metadata());
        metadata.put("optimizer", entry);
        List<NamedTensor> tensors = new ArrayList<>(content.tensors());
        tensors.addAll(List.of(more));
        Safetensors.write(file, metadata, tensors);
    }

    // ---- what is not loaded ----

    @Test
    void anUnknownOptimizerIsRefusedWithItsNameAndVersionAndWhatToAdd() throws IOException {
        saveLion();
        rename("example.gone", 3);
        assertNotLoaded("the run cannot be resumed without version 3 of its optimizer: optimizer \"example.gone\" is"
                + " unknown: no OptimizerType on the class path or module path has this name; add the jar that");
    }

    @Test
    void anotherVersionIsRefusedWithBoth() throws IOException {
        saveLion();
        rename("example.lion", 1);
        assertNotLoaded("the run has version 1 of optimizer \"example.lion\", but the one on the class path or module"
                + " path has version 2; to resume, use the jar of version 1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"name":"adam","version":1} | metadata: the optimizer is adam, but an entry must be there only for another
            {"name":"lion","version":1} | the run cannot be resumed without version 1 of its optimizer: optimizer "lion" is unknown; it must be adam, or
            {"name":"example.lion"} | metadata "optimizer", field "version": found nothing
            {"version":2} | metadata "optimizer", field "name": found nothing
            {"name":"example.lion","version":2,"x":1} | metadata "optimizer": found the unknown field "x"
            """)
    void anEntryThatIsNotThatOfAnOptimizerIsRefused(String entry, String message) throws IOException {
        saveLion();
        rewrite(entry);
        assertNotLoaded(message);
    }

    @Test
    void stateThatIsMissingOrTooMuchIsListed() throws IOException {
        saveLion();
        rename("example.sgd", 1);
        int parameters = gpt.parameters().all().size();
        assertNotLoaded("the tensors are not those of the model in the metadata: " + parameters
                + " unexpected (optimizer.m.wte (");
        rename("example.scaled", 1);
        assertNotLoaded("the tensors are not those of the model in the metadata: " + parameters
                + " missing (optimizer.mean_size.wte (1), ");
        saveLion();
        NamedTensor other = new NamedTensor("adam.m.wte", Shape.of(1), new double[1]);
        rewrite("{\"name\":\"example.lion\",\"version\":2}", other);
        assertNotLoaded("the tensors are not those of the model in the metadata: 1 unexpected (adam.m.wte (1))");
    }

    private void assertNotLoaded(String message) {
        CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.load(file));
        assertTrue(e.getMessage().startsWith("checkpoint run1.safetensors: " + message), e.getMessage());
    }

    // ---- what is not saved ----

    @Test
    void anOptimizerWithoutATypeIsRefusedWithWhatToImplement() {
        assertNotStored(
                "the optimizer is a " + Odd.class.getName() + " without a type, so a file could not name it; implement"
                        + " Optimizer.type() and an OptimizerType that creates it, or save the model alone with"
                        + " TrainedModel.save",
                new Odd(gpt, Map.of(), null, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lion", "adam", "example.li on", "example."})
    void aNameThatCannotBeFoundAgainIsRefused(String name) {
        assertNotStored(
                "the optimizer is named \"" + name + "\", but must have words of letters, digits, _ and -, joined by"
                        + " dots, such as com.example.lion; names without a dot are reserved",
                new Odd(gpt, Map.of(), name, 1));
    }

    @Test
    void aVersionBelowOneIsRefused() {
        assertNotStored(
                "example.odd has version 0, but must have at least 1", new Odd(gpt, Map.of(), "example.odd", 0));
    }

    @Test
    void aStateThatAFileCannotHoldIsRefused() {
        List<double[]> each = new ArrayList<>();
        gpt.parameters().all().forEach(parameter -> each.add(new double[1]));
        Checkpoint.checkStorable(gpt, new Odd(gpt, Map.of("s_1", each), "example.odd", 1));
        assertNotStored(
                "example.odd's state \"s.1\" must have a name of letters, digits and underscores",
                new Odd(gpt, Map.of("s.1", each), "example.odd", 1));
        assertNotStored(
                "example.odd's state \"s\" has 1 arrays, but must have one for each of the " + each.size()
                        + " parameters",
                new Odd(gpt, Map.of("s", each.subList(0, 1)), "example.odd", 1));
        String copy =
                "example.odd's state \"s\" must have, for parameter \"wpe\", always the same array, not a copy, of"
                        + " at least one number";
        each.set(1, new double[0]);
        assertNotStored(copy, new Odd(gpt, Map.of("s", each), "example.odd", 1));
        assertNotStored(copy, new Odd(gpt, Map.of("s", each), "example.odd", 1) {
            @Override
            public Map<String, List<double[]>> state() {
                each.set(1, new double[1]);
                return Map.of("s", List.copyOf(each));
            }
        });
    }

    @Test
    void anOptimizerOfAnotherModelOrStepIsRefusedByItsName() {
        LanguageModel other = new Gpt(SHAPE, Parameters.drawnFrom(new PythonRandom(2)));
        assertNotStored(
                "example.lion's parameter 0 is \"wte\" of another model; it must have the parameters of this model, in"
                        + " the order of model.parameters().all()",
                new Lion(other.parameters().all(), TRAINING.adam()));
        List<Parameter> parameters = gpt.parameters().all();
        assertNotStored(
                "example.sgd lacks parameter \"wpe\"; it must have all parameters of this model",
                new Sgd(parameters.subList(0, 1)));
        Sgd later = new Sgd(parameters);
        later.resumeAt(2);
        assertNotStored(
                "the step is 0, but example.sgd made 2 updates; they must be equal; a trainer that continues a run"
                        + " begins with Trainer.resumeAt",
                later);
    }

    private void assertNotStored(String message, Optimizer optimizer) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> checkpoint(optimizer, 0));
        assertEquals("checkpoint: " + message, e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY})
    void aStateThatIsNotFiniteIsNotSavedOverAGoodCheckpoint(double wrong) throws IOException {
        Lion lion = new Lion(gpt.parameters().all(), TRAINING.adam());
        checkpoint(lion, 0).save(file);
        byte[] good = Files.readAllBytes(file);
        lion.state().get("m").get(1)[2] = wrong;
        IllegalStateException e = assertThrows(
                IllegalStateException.class, () -> checkpoint(lion, 0).save(file));
        assertEquals(
                "checkpoint: tensor \"optimizer.m.wpe\": the number at index 2 is " + wrong
                        + ", but all must be finite;" + " nothing was saved",
                e.getMessage());
        assertArrayEquals(good, Files.readAllBytes(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"adam.", "adam.m.wte", "adam.x", "optimizer.", "optimizer.m.wte"})
    void aParameterWithTheNameOfAStateIsRefused(String name) {
        Parameter parameter = new Parameter(name, Shape.of(1), new double[1]);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> OptimizerState.checkNames(List.of(parameter)));
        assertEquals(
                "checkpoint: the model has a parameter \"" + name + "\", but names that begin with adam. or optimizer."
                        + " are those of an optimizer's state; give it another name",
                e.getMessage());
        OptimizerState.checkNames(List.of(new Parameter("adam_" + name, Shape.of(1), new double[1])));
    }

    /** An optimizer with any state and type. */
    private static class Odd extends Sgd {
        private final Map<String, List<double[]>> state;
        private final @Nullable String name;
        private final int version;

        Odd(LanguageModel gpt, Map<String, List<double[]>> state, @Nullable String name, int version) {
            super(gpt.parameters().all());
            this.state = state;
            this.name = name;
            this.version = version;
        }

        @Override
        public Map<String, List<double[]>> state() {
            return state;
        }

        @Override
        public @Nullable OptimizerType type() {
            return name == null
                    ? null
                    : new OptimizerType() {
                        @Override
                        public String name() {
                            return name;
                        }

                        @Override
                        public int version() {
                            return version;
                        }

                        @Override
                        public Optimizer create(List<Parameter> parameters, TrainingConfig training) {
                            throw new UnsupportedOperationException();
                        }
                    };
        }
    }

    /** Divides the rate by a running mean of the gradient's size: a state of one number for each parameter. */
    private static final class Scaled extends Sgd {
        private final List<double[]> sizes = new ArrayList<>();

        Scaled(List<Parameter> parameters) {
            super(parameters);
            parameters.forEach(parameter -> sizes.add(new double[] {1}));
        }

        @Override
        public void step(double learningRate) {
            for (int i = 0; i < sizes.size(); i++) {
                double[] p = parameters().get(i).data();
                double[] g = parameters().get(i).grad();
                double[] size = sizes.get(i);
                for (int j = 0; j < p.length; j++) {
                    size[0] += 0.1 * (Math.abs(g[j]) - size[0]);
                    p[j] -= learningRate * g[j] / (size[0] + 1e-3);
                }
            }
            super.step(0); // counts the update
        }

        @Override
        public Map<String, List<double[]>> state() {
            return Map.of("mean_size", sizes);
        }

        @Override
        public OptimizerType type() {
            return new ScaledType();
        }
    }

    /** The type of {@link Scaled}. */
    public static final class ScaledType implements OptimizerType {
        @Override
        public String name() {
            return "example.scaled";
        }

        @Override
        public Optimizer create(List<Parameter> parameters, TrainingConfig training) {
            return new Scaled(parameters);
        }
    }
}

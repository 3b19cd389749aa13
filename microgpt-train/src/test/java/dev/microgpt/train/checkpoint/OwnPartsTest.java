package dev.microgpt.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.model.Activation;
import dev.microgpt.model.Batch;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.Layer;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.ModelType;
import dev.microgpt.model.Norm;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.Scope;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.setting.Setting;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.Adam;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.checkpoint.OwnParts.Bigram;
import dev.microgpt.train.checkpoint.OwnParts.Changing;
import dev.microgpt.train.data.Batcher;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.safetensors.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints of models with parts, or of a type, that this library does not have. */
class OwnPartsTest {
    private static final List<String> NAMES = List.of("emma", "olivia", "ava", "isabella", "sophia");
    private static final Tokenizer LETTERS = CharTokenizer.fromDocuments(NAMES);
    private static final GptConfig GPT =
            GptConfig.microgpt(LETTERS.vocabSize()).with(GptConfig.DROPOUT, 0.2).withSizes(2, 2, 4, 6);
    private static final TrainingConfig TRAINING = new TrainingConfig(40, 2, 0.01, 0.9, 0.99, 1e-8, 7);
    private static final DataConfig DATA = new DataConfig(DataFormat.DOCUMENTS, 0.1, "0123456789abcdef".repeat(4));
    private static final String JAR = "; use the jar that the model was trained with";

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    @AfterEach
    void theRightJar() {
        Changing.reset();
        file = folder.resolve("run1.safetensors");
    }

    /** A GPT with settings given as text, or the table of bigrams. */
    private static ModelConfig config(String text) {
        ModelConfig config = text.startsWith("model=")
                ? ModelConfig.of(ModelConfig.type("example.bigram"), LETTERS.vocabSize(), 6)
                : GPT;
        for (String assignment : text.split(" ")) {
            String[] parts = assignment.split("=", 2);
            config = parts[0].equals("model")
                    ? config
                    : config.with(config.settings().with(parts[0], parts[1]));
        }
        return config;
    }

    private static LanguageModel model(ModelConfig config) {
        return config.create(Parameters.drawnFrom(new PythonRandom(1)));
    }

    private static Adam adam(LanguageModel model) {
        return new Adam(model.parameters().all(), TRAINING.adam());
    }

    private static void train(LanguageModel model, Adam adam, int from, int to) {
        Trainer trainer =
                new Trainer(model, new Batcher(NAMES, LETTERS, 2, model.config().blockSize()), adam, TRAINING);
        trainer.resumeAt(from);
        trainer.run(to);
    }

    private static Checkpoint checkpoint(LanguageModel model, Adam adam, int step) {
        PythonRandom.State random = new PythonRandom(1).state();
        return new Checkpoint(TRAINING, LETTERS, model, adam, step, random, DATA, Double.POSITIVE_INFINITY);
    }

    private LanguageModel save(ModelConfig config) throws IOException {
        LanguageModel model = model(config);
        checkpoint(model, adam(model), 0).save(file);
        return model;
    }

    // ---- resuming ----

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    norm=example.one-gain | "norm":"example.one-gain" | {"example.one-gain":1}
                    activation=example.leaky(slope=1e-3) | "activation":"example.leaky(slope=0.001)" | {"example.leaky":7}
                    mlp=example.thin | "mlp":"example.thin(activation=gelu)" | {"example.thin":1}
                    mlp=example.thin(activation=example.leaky) | "mlp":"example.thin(activation=example.leaky(slope=0.1))" | {"example.thin":1,"example.leaky":7}
                    attention=example.damped | "attention":"example.damped" | {"example.damped":1}
                    positions=example.wave | "positions":"example.wave" | {"example.wave":1}
                    norm=example.one-gain activation=example.leaky attention=example.damped positions=example.wave | "attention":"example.damped","positions":"example.wave" | {"example.one-gain":1,"example.leaky":7,"example.damped":1,"example.wave":1}
                    model=example.bigram | {"type":"example.bigram","vocab_size":12,"block_size":6} | {"example.bigram":2}
                    model=example.bigram width=5 norm=example.one-gain | {"type":"example.bigram","vocab_size":12,"block_size":6,"width":5,"norm":"example.one-gain"} | {"example.bigram":2,"example.one-gain":1}
                    """)
    void aResumedRunIsAsIfItHadNeverStopped(String text, String stored, String versions) throws IOException {
        LanguageModel model = model(config(text));
        Adam adam = adam(model);
        train(model, adam, 0, 20);
        checkpoint(model, adam, 20).save(file);
        byte[] saved = Files.readAllBytes(file);
        train(model, adam, 20, 40);

        Map<String, String> metadata = Safetensors.read(file).metadata();
        String stores = metadata.get("model").replace("block_size\":6,\"norm\":\"rmsnorm\"", "block_size\":6");
        assertTrue(stores.contains(stored), stores);
        assertEquals(versions, metadata.get("parts"));
        assertTrue(metadata.get("probe").matches("[0-9a-f]{64}"), metadata.get("probe"));

        Checkpoint loaded = Checkpoint.load(file);
        assertEquals(config(text), loaded.model().config());
        loaded.save(file);
        assertArrayEquals(saved, Files.readAllBytes(file));
        train(loaded.model(), adam(loaded), 20, 40);
        assertSameWeights(model, loaded.model());
        assertSameWeights(Checkpoint.load(file).model(), TrainedModel.load(file).model());
    }

    private static Adam adam(Checkpoint loaded) {
        return (Adam) loaded.optimizer();
    }

    private static void assertSameWeights(LanguageModel expected, LanguageModel actual) {
        assertEquals(
                expected.parameters().all().size(), actual.parameters().all().size());
        for (Parameter parameter : expected.parameters().all()) {
            assertArrayEquals(
                    parameter.data(), actual.parameters().get(parameter.name()).data(), parameter.name());
        }
    }

    @Test
    void aModelAloneIsSavedAndLoaded() throws IOException {
        LanguageModel model = model(config("norm=example.one-gain"));
        new TrainedModel(model, LETTERS, DataFormat.DOCUMENTS).save(file);
        assertEquals(
                "{\"example.one-gain\":1}", Safetensors.read(file).metadata().get("parts"));
        assertSameWeights(model, TrainedModel.load(file).model());
    }

    @Test
    void aModelOfTheLibrarysOwnPartsHasNeitherEntry() throws IOException {
        save(GPT);
        Map<String, String> metadata = Safetensors.read(file).metadata();
        assertFalse(metadata.containsKey("parts"));
        assertFalse(metadata.containsKey("probe"));
        assertFalse(metadata.get("model").contains("type"), metadata.get("model"));
        assertFalse(metadata.get("model").contains("multi-head"), "defaults that older programs do not know");
    }

    /** As the document of the format says, computed again. */
    @Test
    void theProbeIsTheHashOfTheLogitsOfAFixedSequence() throws Exception {
        for (int blockSize : new int[] {1, 6, 300}) {
            LanguageModel model = save(config("norm=example.one-gain block_size=" + blockSize));
            int[] tokens = new int[Math.min(blockSize, 256)];
            long x = 1;
            for (int i = 0; i < tokens.length; i++) {
                x = x * 6364136223846793005L + 1442695040888963407L;
                tokens[i] = (int) ((x >>> 33) % LETTERS.vocabSize());
            }
            double[] logits =
                    model.forward(Tape.inference(), Batch.ofPrompt(tokens)).toArray();
            ByteBuffer bytes = ByteBuffer.allocate(8 * logits.length);
            Arrays.stream(logits).forEach(bytes::putDouble);
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
            assertEquals(hash, Safetensors.read(file).metadata().get("probe"));
        }
    }

    // ---- another jar ----

    private void saveChanging() throws IOException {
        save(config("norm=example.changing(times=3)"));
        assertEquals(
                "example.changing(times=3)",
                Checkpoint.load(file).model().config().settings().text(GptConfig.NORM));
    }

    private void assertNotLoaded(String message) {
        for (CheckpointException e : List.of(
                assertThrows(CheckpointException.class, () -> Checkpoint.load(file)),
                assertThrows(CheckpointException.class, () -> TrainedModel.load(file)))) {
            assertEquals("checkpoint run1.safetensors: " + message, e.getMessage());
        }
    }

    @Test
    void aMissingPartIsNamedWithItsVersionAndWhatToAdd() throws IOException {
        saveChanging();
        Changing.name = "example.changed";
        assertNotLoaded("norm \"example.changing\" is unknown: no Norm on the class path or module path has this name;"
                + " add the jar that has it, with a file META-INF/services/dev.microgpt.model.Norm; found only"
                + " example.one-gain, example.changed; the file was written with example.changing version 1");
        assertEquals(0, Checkpoint.stepIn(file));
        assertFalse(Checkpoint.isFinishedIn(file));
        assertTrue(Checkpoint.isIn(file));
        assertEquals(new RunSettings(TRAINING, DATA), RunSettings.in(file));
    }

    @Test
    void aMissingTypeIsNamed() throws IOException {
        save(config("model=example.bigram"));
        rewrite("model", "example.bigram", "example.trigram");
        assertNotLoaded("model \"example.trigram\" is unknown: no ModelType on the class path or module path has this"
                + " name; add the jar that has it, with a file META-INF/services/dev.microgpt.model.ModelType; found"
                + " only example.bigram; the file was written with example.bigram version 2");
    }

    @Test
    void anotherVersionIsRefusedWithBoth() throws IOException {
        saveChanging();
        Changing.version = 2;
        assertNotLoaded(
                "the file was written with version 1 of \"example.changing\", but version 2 is on the class path"
                        + " or module path" + JAR);
    }

    @Test
    void anotherFunctionOfTheSameNameAndVersionIsRefused() throws IOException {
        saveChanging();
        Changing.factor = Math.nextUp(2.0);
        assertNotLoaded(
                "the model computes other logits than the one that was saved, with the same names and versions of"
                        + " its parts, example.changing" + JAR
                        + " (or on another machine, let the part use the functions of"
                        + " Kernels or StrictMath, since those of Math may have other bits there)");
    }

    @Test
    void aPartOfTheModelThatIsNotANumberIsCompared() throws IOException {
        Changing.factor = Double.NaN;
        saveChanging(); // with logits that are NaN, it is still the same function
        Changing.factor = 2;
        assertThrows(CheckpointException.class, () -> Checkpoint.load(file));
    }

    @Test
    void whateverAPartThrowsIsAContentOfTheFileThatCannotBeUsed() throws IOException {
        saveChanging();
        String parts = "; the file was written with example.changing version 1";
        Changing.inForward = () -> {
            throw new ArithmeticException("no such row");
        };
        assertNotLoaded("a part of the model failed with java.lang.ArithmeticException: no such row" + parts);
        Changing.reset();
        Changing.inCreate = () -> {
            throw new NoClassDefFoundError("example/Helper");
        };
        assertNotLoaded("a part of the model failed with java.lang.NoClassDefFoundError: example/Helper" + parts);
        Changing.reset();
        Changing.inSettings = () -> {
            throw new IllegalStateException("not ready");
        };
        assertNotLoaded("a part of the model failed with java.lang.IllegalStateException: not ready" + parts);
    }

    // ---- other metadata ----

    private void rewrite(String entry, String from, String to) throws IOException {
        Safetensors content = Safetensors.read(file);
        Map<String, String> metadata = new LinkedHashMap<>(content.metadata());
        assertTrue(metadata.get(entry).contains(from), metadata.get(entry));
        metadata.put(entry, metadata.get(entry).replace(from, to));
        Safetensors.write(file, metadata, content.tensors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"parts", "probe"})
    void aMissingEntryIsNamed(String entry) throws IOException {
        save(config("norm=example.one-gain"));
        Safetensors content = Safetensors.read(file);
        Map<String, String> metadata = new LinkedHashMap<>(content.metadata());
        metadata.remove(entry);
        Safetensors.write(file, metadata, content.tensors());
        assertNotLoaded("metadata: the entry \"" + entry + "\" is missing, but must be there");
    }

    @ParameterizedTest
    @ValueSource(strings = {"parts", "probe"})
    void anEntryWithoutAPartOfOthersIsRefused(String entry) throws IOException {
        save(GPT);
        Safetensors content = Safetensors.read(file);
        Map<String, String> metadata = new LinkedHashMap<>(content.metadata());
        metadata.put(entry, "{}");
        Safetensors.write(file, metadata, content.tensors());
        assertNotLoaded("metadata: the model has only parts of this library, but the entry \"" + entry
                + "\" must be there only for others");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    parts | {"example.changing":1} | {} | metadata "parts", field "example.changing": found nothing, expected a whole number of 32 bits; no field has a default
                    parts | :1 | :"1" | metadata "parts", field "example.changing": found "1", expected a whole number of 32 bits
                    parts | :1 | :1,"example.other":1 | metadata "parts": found the unknown field "example.other", expected only example.changing
                    parts | { | [ | metadata "parts":
                    model | times=3 | times=0 | norm is example.changing(times=0): times is "0", but must be an integer of at least 1; the file was written with example.changing version 1
                    model | times=3 | often=3 | norm is example.changing(often=3): there is no setting "often"; the settings are times; the file was written with example.changing version 1
                    model | times=3 | times=4 | the model computes other logits than the one that was saved, with the same names and versions of its parts, example.changing; use the jar
                    model | {" | {"type":"gpt"," | metadata "model": the type is gpt, but the field must be there only for another
                    model | {" | {"type":7," | metadata "model", field "type": found 7, expected a string
                    model | times=3 | \\u001b[31m | metadata "model", field "norm": found "example.changing(\\u001b[31m)", expected a name of printable characters, with any settings in parentheses
                    model | "norm": | "rope_base":1e4,"norm": | metadata "model": the setting "rope_base" is unknown; the file was written by a newer version of microgpt, use that
                    """)
    void aDamagedEntryIsRefused(String entry, String from, String to, String message) throws IOException {
        saveChanging();
        rewrite(entry, from, to);
        CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.load(file));
        assertTrue(e.getMessage().startsWith("checkpoint run1.safetensors: " + message), e.getMessage());
    }

    @Test
    void anUnknownSettingOfATypeOfOthersIsThatOfAnotherJar() throws IOException {
        save(config("model=example.bigram"));
        rewrite("model", "\"block_size\"", "\"depth\":3,\"block_size\"");
        assertNotLoaded("metadata \"model\": the setting \"depth\" is unknown to the model example.bigram" + JAR
                + "; the file was written with example.bigram version 2");
    }

    // ---- what is not saved ----

    private void assertNotSaved(String message, ModelConfig config) {
        assertNotSaved(message, model(config));
    }

    private void assertNotSaved(String message, LanguageModel model) {
        Adam adam = adam(model);
        for (IllegalArgumentException e : List.of(
                assertThrows(
                        IllegalArgumentException.class,
                        () -> checkpoint(model, adam, 0).save(file)),
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new TrainedModel(model, LETTERS, DataFormat.DOCUMENTS).save(file)))) {
            assertEquals("checkpoint: " + message, e.getMessage());
        }
        assertFalse(Files.exists(file));
    }

    /** A norm of a name that is not a service, which scales. */
    private record Scaled(String name, double factor) implements Norm {
        @Override
        public Layer create(Scope scope, int channels, double eps) {
            return (tape, x, batch) -> tape.scale(x, factor);
        }
    }

    @Test
    void aPartThatIsNotFoundByItsNameIsRefusedWithWhatToDo() {
        String rest =
                ", which is not found by its name when the file is loaded; give the part a dotted name and list its"
                        + " class as a service in META-INF/services, or save the parameters alone with"
                        + " Safetensors.write";
        Activation unnamed = (tape, x) -> tape.scale(x, 2);
        assertNotSaved("the model has an unnamed Activation as activation" + rest, GPT.withActivation(unnamed));
        assertNotSaved("the model has example.no as norm" + rest, GPT.withNorm(new Scaled("example.no", 2)));
        assertNotSaved(
                "the model has example.one-gain as norm" + rest, GPT.withNorm(new Scaled("example.one-gain", 2)));
    }

    @Test
    void aTypeThatIsNotFoundByItsNameIsRefused() {
        ModelType missing = new Renamed("example.missing");
        assertNotSaved(
                "the type of the model, " + Renamed.class.getName() + ", is not found by its name \"example.missing\""
                        + " when the file is loaded; list the class as a service in"
                        + " META-INF/services/dev.microgpt.model.ModelType",
                ModelConfig.of(missing, LETTERS.vocabSize(), 6));
        for (String taken : List.of("gpt", "example.bigram")) {
            String other = ModelConfig.type(taken).getClass().getName();
            assertNotSaved(
                    "the model is of the type " + Renamed.class.getName() + ", but its name \"" + taken
                            + "\" is that of " + other + "; give it a name of its own",
                    ModelConfig.of(new Renamed(taken), LETTERS.vocabSize(), 6));
        }
    }

    /** The table of bigrams under another name. */
    private static class Renamed implements ModelType {
        private static final ModelType BIGRAM = new Bigram();
        private final String name;

        Renamed(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public List<Setting<?>> settings() {
            return BIGRAM.settings();
        }

        @Override
        public LanguageModel create(ModelConfig config, Parameters parameters) {
            return BIGRAM.create(config, parameters);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void aVersionBelowOneIsRefused(int version) {
        Changing.version = version;
        assertNotSaved(
                "example.changing has version " + version + ", but must have at least 1",
                config("norm=example.changing"));
    }

    @Test
    void twoVersionsOfOneNameAreRefused() {
        Changing.name = "example.leaky";
        assertNotSaved(
                "the model has two parts of the name \"example.leaky\", of the versions 1 and 7; give each a name"
                        + " of its own",
                config("norm=example.leaky activation=example.leaky"));
        Changing.version = 7; // the file cannot tell them apart, but need not
        LanguageModel model = model(config("norm=example.leaky activation=example.leaky"));
        checkpoint(model, adam(model), 0);
    }

    /** It would be found by its name, but without what the constructor was given. */
    @Test
    void aPartWithMoreThanItsSettingsIsRefused() {
        LanguageModel model = model(config("norm=example.changing"));
        int[] calls = {0};
        Changing.inForward = () -> Changing.factor = ++calls[0];
        assertNotSaved(
                "created again from its names and settings, the model computes other logits; all that determines what a"
                        + " part computes must be in its settings, and it must compute the same bits each time:"
                        + " example.changing",
                model);
    }

    @Test
    void aPartThatFailsLeavesTheFileAsItWas() throws IOException {
        saveChanging();
        byte[] good = Files.readAllBytes(file);
        LanguageModel model = model(config("norm=example.changing"));
        Checkpoint checkpoint = checkpoint(model, adam(model), 0);
        Changing.inForward = () -> {
            throw new ArithmeticException("no such row");
        };
        assertThrows(ArithmeticException.class, () -> checkpoint.save(file));
        assertArrayEquals(good, Files.readAllBytes(file));
    }

    @Test
    void aSettingNamedTypeIsRefused() {
        ModelType type = new Renamed("example.typed") {
            @Override
            public List<Setting<?>> settings() {
                return List.of(Setting.flag("type", true, "A flag"));
            }
        };
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> ModelConfig.of(type));
        assertEquals(
                "model \"example.typed\" has a setting named type, which is the name of the model itself in files; give"
                        + " it another name",
                e.getMessage());
    }
}

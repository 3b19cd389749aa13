package dev.microgpt.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Shape;
import dev.microgpt.model.GptConfig;
import dev.microgpt.train.MicrogptRun;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.fuzz.CountedCases;
import dev.microgpt.train.safetensors.NamedTensor;
import dev.microgpt.train.safetensors.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sound safetensors files that are not sound checkpoints: each is refused in one line that says why. */
@ExtendWith(CountedCases.class)
class CheckpointMetadataTest {
    private static final String WRONG_TENSORS = "the tensors are not those of the model in the metadata: ";

    @TempDir
    private Path folder;

    private Path file;
    private Map<String, String> metadata;
    private List<NamedTensor> tensors;

    @BeforeEach
    void saveAGoodCheckpoint() throws IOException {
        file = folder.resolve("run1.safetensors");
        TrainingConfig training = new TrainingConfig(10, 1, 0.01, 0.85, 0.99, 1e-8, 42);
        MicrogptRun run =
                new MicrogptRun(List.of("ab", "ba"), GptConfig.microgpt(2).withSizes(1, 1, 2, 4), training);
        run.trainer.run(3);
        DataConfig data = new DataConfig(DataFormat.DOCUMENTS, 0.25, "0123456789abcdef".repeat(4));
        new Checkpoint(
                        training,
                        run.tokenizer,
                        run.gpt,
                        run.adam,
                        3,
                        run.random.state(),
                        data,
                        Double.POSITIVE_INFINITY)
                .save(file);
        Safetensors content = Safetensors.read(file);
        metadata = new LinkedHashMap<>(content.metadata());
        tensors = new ArrayList<>(content.tensors());
        assertDoesNotThrow(() -> Checkpoint.load(file));
    }

    @Test
    void aCheckpointSaysAllThisAboutItself() {
        assertEquals(
                List.of("microgpt_format", "model", "training", "data", "tokenizer", "progress", "random"),
                List.copyOf(metadata.keySet()));
        assertEquals("1", metadata.get("microgpt_format"));
        assertEquals(
                "{\"vocab_size\":3,\"n_layer\":1,\"n_head\":1,\"n_embd\":2,\"block_size\":4,\"n_inner\":8,"
                        + "\"norm\":\"rmsnorm\","
                        + "\"activation\":\"relu\",\"bias\":false,\"tie_head\":false,\"embedding_norm\":true,"
                        + "\"final_norm\":false,\"dropout\":0.0,\"initialization\":\"microgpt\",\"norm_eps\":1.0E-5,"
                        + "\"attention_scale\":\"head\"}",
                metadata.get("model"));
        assertEquals(
                "{\"steps\":10,\"batch_size\":1,\"gradient_accumulation_steps\":1,\"schedule\":\"linear\","
                        + "\"learning_rate\":0.01,\"min_lr\":0.0,\"warmup_steps\":0,\"beta1\":0.85,\"beta2\":0.99,"
                        + "\"adam_eps\":1.0E-8,\"weight_decay\":0.0,\"grad_clip\":0.0,\"seed\":42}",
                metadata.get("training"));
        assertEquals("{\"type\":\"char\",\"alphabet\":\"ab\"}", metadata.get("tokenizer"));
        assertEquals(
                "{\"format\":\"documents\",\"val_fraction\":0.25,\"sha256\":\"" + "0123456789abcdef".repeat(4) + "\"}",
                metadata.get("data"));
        assertEquals("{\"step\":3,\"best_loss\":null}", metadata.get("progress"));
        assertTrue(
                metadata.get("random").matches("\\{\"internal\":\\[\\d+(,\\d+){624}],\"gauss_next\":null}"),
                metadata.get("random"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        model | "n_layer":1 | "n_layer":0 | n_layer is 0, but must be an integer of at least 1
        model | "n_layer":1 | "n_layer":2 | the tensors are not those of the model in the metadata: 6 missing (layer1.attn_wq (2, 2), layer1.attn_wk (2, 2), layer1.attn_wv (2, 2), layer1.attn_wo (2, 2), layer1.mlp_fc1 (8, 2), …)
        model | "n_layer":1 | "n_layer":"1" | metadata "model", field "n_layer": found "1", expected a whole number of 32 bits
        model | "n_layer":1 | "n_layer":1.0 | metadata "model", field "n_layer": found 1.0, expected a whole number of 32 bits
        model | "n_layer":1 | "n_layer":2147483648 | metadata "model", field "n_layer": found 2147483648, expected a whole number of 32 bits
        model | "n_layer":1 | "n_layer":null | metadata "model", field "n_layer": found null, expected a whole number of 32 bits
        model | "n_layer":1 | "n_layer":[1] | metadata "model", field "n_layer": found a list, expected a whole number of 32 bits
        model | "n_layer":1 | "n_layers":1 | metadata "model", field "n_layer": found nothing, expected a whole number of 32 bits; no field has a default; did you mean it by "n_layers"?
        model | "n_layer":1 | "n_layer":1,"n_layers":1 | metadata "model": the setting "n_layers" is unknown; the file was written by a newer version of microgpt, use that
        model | "vocab_size":3 | "vocab_size":4 | the tensors are not those of the model in the metadata: 2 different (wte is (3, 2), expected (4, 2), lm_head is (3, 2), expected (4, 2))
        model | "n_embd":2 | "n_embd":4 | the tensors are not those of the model in the metadata: 9 different (wte is (3, 2), expected (3, 4), wpe is (4, 2), expected (4, 4), lm_head is (3, 2), expected (3, 4), layer0.attn_wq
        model | "n_embd":2 | "n_embd":2147483647 | shape (3, 2147483647): has 6442450941 elements, but an array holds at most 2147483647
        model | "n_head":1 | "n_head":3 | n_embd 2 is not divisible by n_head 3; the nearest multiple is 3
        model | "block_size":4 | "block_size":3 | the tensors are not those of the model in the metadata: 1 different (wpe is (4, 2), expected (3, 2))
        model | "norm":"rmsnorm" | "norm":"batchnorm" | norm is "batchnorm", but must be one of rmsnorm, rmsnorm-gain, layernorm, layernorm-bias, none, or the dotted name of a part on the class path
        model | "norm":"rmsnorm" | "norm":"layernorm" | the tensors are not those of the model in the metadata: 3 missing (embd_norm.gain (2), layer0.attn_norm.gain (2), layer0.mlp_norm.gain (2))
        model | "bias":false | "bias":0 | metadata "model", field "bias": found 0, expected true or false
        model | "bias":false | "bias":{} | metadata "model", field "bias": found an object, expected true or false
        model | "tie_head":false | "tie_head":true | the tensors are not those of the model in the metadata: 1 unexpected (lm_head (3, 2))
        model | "n_inner":8 | "n_inner":0 | n_inner is 0, but must be an integer of at least 1
        model | "n_inner":8 | "n_inner":7 | the tensors are not those of the model in the metadata: 2 different (layer0.mlp_fc1 is (8, 2), expected (7, 2), layer0.mlp_fc2 is (2, 8), expected (2, 7))
        model | "norm_eps":1.0E-5 | "norm_eps":0.0 | norm_eps is 0.0, but must be a finite number above 0
        model | "attention_scale":"head" | "attention_scale":"x" | attention_scale is "x", but must be one of head, head-and-layer, layer, none
        model | "dropout":0.0 | "dropout":1 | dropout is 1.0, but must be a number of at least 0 and below 1
        training | "steps":10 | "steps":0 | steps is 0, but must be at least 1
        training | "steps":10 | "steps":2 | metadata: step is 3, but must be from 0 to 2
        training | "batch_size":1 | "batch_size":-1 | batch size is -1, but must be at least 1
        training | "learning_rate":0.01 | "learning_rate":1e400 | metadata "training", field "learning_rate": found Infinity, expected a finite number
        training | "learning_rate":0.01 | "learning_rate":"NaN" | metadata "training", field "learning_rate": found "NaN", expected a finite number
        training | "learning_rate":0.01 | "learning_rate":-0.01 | learning rate is -0.01, but must be positive and finite
        training | "beta1":0.85 | "beta1":1 | beta1 is 1.0, but must be at least 0 and below 1
        training | "beta2":0.99 | "beta2":2 | beta2 is 2.0, but must be at least 0 and below 1
        training | "adam_eps":1.0E-8 | "adam_eps":0 | adam eps is 0.0, but must be positive and finite
        training | "gradient_accumulation_steps":1 | "gradient_accumulation_steps":0 | gradient accumulation steps is 0, but must be at least 1
        training | "schedule":"linear" | "schedule":"LINEAR" | metadata "training", field "schedule": found "LINEAR", expected one of constant, linear, cosine
        training | "schedule":"linear" | "schedule":0 | metadata "training", field "schedule": found 0, expected a string
        training | "min_lr":0.0 | "min_lr":-1 | minimum learning rate is -1.0, but must be finite and at least 0
        training | "min_lr":0.0 | "min_lr":0.02 | minimum learning rate is 0.02, but must be at most the learning rate, which is 0.01
        training | "warmup_steps":0 | "warmup_steps":-1 | warm-up steps is -1, but must be at least 0
        training | "weight_decay":0.0 | "weight_decay":-0.1 | weight decay is -0.1, but must be finite and at least 0
        training | "grad_clip":0.0 | "grad_clip":-1 | gradient clipping norm is -1.0, but must be finite and at least 0
        training | "grad_clip":0.0 | "grad_clips":0 | metadata "training", field "grad_clip": found nothing, expected a finite number
        training | "seed":42 | "seed":-1 | metadata "training", field "seed": found -1, expected a whole number from 0 to 2^64 - 1
        training | "seed":42 | "seed":18446744073709551616 | metadata "training", field "seed": found 18446744073709551616, expected a whole number from 0 to 2^64 - 1
        tokenizer | "type":"char" | "type":"word" | metadata "tokenizer": found type "word", expected "char" or "byte", or a tokenizer.json of BPE
        tokenizer | "alphabet":"ab" | "alphabet":"ba" | tokenizer: the alphabet has 'a' (U+0061) at index 1 after 'b' (U+0062); its characters must be in ascending order of code points, each once
        tokenizer | "alphabet":"ab" | "alphabet":"abc" | metadata: the tokenizer has 4 tokens, but must have at most 3, the number of the model
        tokenizer | "alphabet":"ab" | "alphabet":"" | tokenizer: the alphabet is empty; it needs at least one character
        progress | "step":3 | "step":11 | metadata: step is 11, but must be from 0 to 10
        progress | "step":3 | "step":-1 | metadata: step is -1, but must be from 0 to 10
        progress | "step":3 | "step":true | metadata "progress", field "step": found true, expected a whole number of 32 bits
        progress | "best_loss":null | "best_loss":"low" | metadata "progress", field "best_loss": found "low", expected a finite number
        progress | "best_loss":null | "best_loss":1e999 | metadata "progress", field "best_loss": found Infinity, expected a finite number
        progress | "step":3,"best_loss":null | "step":3 | metadata "progress", field "best_loss": found nothing, expected a finite number
        data | "sha256":" | "sha256":"xyz | sha256 of the data is "xyz0123456789abcdef
        data | "format":"documents" | "format":"lines" | metadata "data", field "format": found "lines", expected one of documents, text
        data | "val_fraction":0.25 | "val_fraction":1 | validation fraction is 1.0, but must be at least 0 and below 1
        random | "gauss_next":null | "gauss_next":"0" | metadata "random", field "gauss_next": found "0", expected a finite number
        random | "gauss_next":null | "gauss_next":1e999 | metadata "random", field "gauss_next": found Infinity, expected a finite number
        random | "internal":[ | "internal":[-1, | random state: there are 626 numbers, but there must be 625: 624 words and an index
        random | "internal":[ | "internal":[1.5, | metadata "random", field "internal": found a list with something else at index 0, expected a list of whole numbers
        random | "internal":[ | "internal":[[], | metadata "random", field "internal": found a list with something else at index 0, expected a list of whole numbers
        random | "internal":[ | "internal":[99999999999999999999, | metadata "random", field "internal": found a list with something else at index 0, expected a list of whole numbers
        """)
    void aFieldThatIsWrongIsRefusedByName(String entry, String from, String to, String message) throws IOException {
        replace(entry, from, to);
        assertRefused(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "data", "tokenizer", "progress", "random"})
    void anEntryThatIsMissingIsNamed(String entry) throws IOException {
        metadata.remove(entry);
        assertRefused("metadata: the entry \"" + entry + "\" is missing, but must be there");
    }

    /** The run has done 3 of 10 steps. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"step":[3],"steps":[10]} | extension after step 3 of 10 to 10 steps: the numbers must ascend from at least 1, and only the first two may be equal
        {"step":[3],"steps":[2]} | extension after step 3 of 2 to 10 steps: the numbers must ascend
        {"step":[0],"steps":[2]} | metadata: extensions has the number 0, but must have whole numbers from 1 to 2147483647
        {"step":[2147483648],"steps":[2]} | metadata: extensions has the number 2147483648, but must have whole numbers
        {"step":[4],"steps":[5]} | checkpoint: the run was extended after step 4 to 10 steps, which must not be followed by step 3 of 10
        {"step":[3,2],"steps":[5,7]} | checkpoint: the run was extended after step 3 to 7 steps, which must not be followed by step 2 of 7
        {"step":[2,3],"steps":[5]} | metadata: extensions has 2 values of step and 1 of steps, but must have the same number of both, at least 1
        {"step":[],"steps":[]} | metadata: extensions has 0 values of step and 0 of steps, but must have the same number
        {"step":[3]} | metadata "extensions", field "steps": found nothing, expected a list of whole numbers
        {"step":[3],"steps":[5],"to":1} | metadata "extensions": found the unknown field "to", expected only step, steps
        {"step":3,"steps":5} | metadata "extensions", field "step": found 3, expected a list of whole numbers
        """)
    void extensionsThatDoNotFollowEachOtherAreRefused(String text, String message) throws IOException {
        metadata.put("extensions", text);
        assertRefused(message);
        metadata.put("extensions", "{\"step\":[2,3],\"steps\":[2,7]}");
        Safetensors.write(file, metadata, tensors);
        assertEquals(
                List.of(new Extension(2, 2, 7), new Extension(3, 7, 10)),
                Checkpoint.load(file).extensions());
    }

    @Test
    void aModelWithoutATrainingIsNotACheckpoint() throws IOException {
        metadata.remove("training");
        assertRefused(
                "the file has a model without the state of its training run, which must be there to resume; start a"
                        + " new run from the model instead");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "{} x", "nul", "{\"a\":1,\"a\":2}", "[[[[[[[[[[", "{\"a\":{\"b\":{}}}", "\u0000"})
    void anEntryThatIsNotOneObjectIsRefused(String text) throws IOException {
        metadata.put("training", text);
        assertRefused("metadata \"training\"");
    }

    @Test
    void anotherProgramsFileIsRefused() throws IOException {
        metadata.clear();
        metadata.put("format", "pt");
        assertRefused("this is not a checkpoint of microgpt, whose metadata must have the entry \"microgpt_format\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "0", "01", " 1", "", "1.0", "x"})
    void anotherFormatVersionIsRefused(String version) throws IOException {
        metadata.put("microgpt_format", version);
        assertRefused("the format version is " + version + ", but must be 1"
                + (version.equals("2") ? "; the file was written by a newer version of microgpt, use that" : ""));
    }

    @Test
    void asManyLayersAsAnIntegerCanSayDoNotExhaustTheMemory() throws IOException {
        replace("model", "\"n_layer\":1", "\"n_layer\":2147483647");
        assertRefused("n_layer is 2147483647, but the file has only 9 weights; each layer must have at least 6");
    }

    @Test
    void aTensorThatIsMissingIsNamed() throws IOException {
        for (String name : List.of("wte", "layer0.mlp_fc2")) {
            List<NamedTensor> all = new ArrayList<>(tensors);
            tensors.removeIf(tensor -> tensor.name().equals(name));
            assertRefused(WRONG_TENSORS + "1 missing (" + name + " (");
            tensors = all;
        }
        for (String name : List.of("adam.m.wte", "adam.v.layer0.attn_wo")) {
            List<NamedTensor> all = new ArrayList<>(tensors);
            tensors.removeIf(tensor -> tensor.name().equals(name));
            assertRefused(WRONG_TENSORS + "1 missing (" + name + " (");
            tensors = all;
        }
    }

    @Test
    void allThatIsWrongWithTheTensorsIsToldAtOnceWithTheFirstFiveOfEach() throws IOException {
        tensors.removeIf(
                tensor -> tensor.name().startsWith("layer0.")); // one renamed, one transposed, the others missing
        tensors.add(new NamedTensor("layer0.attn_w", Shape.of(2, 2), new double[4]));
        tensors.add(new NamedTensor("layer0.mlp_fc1", Shape.of(2, 8), new double[16]));
        for (String name : List.of("x", "y\"", "z", "..etc..passwd", "zz")) {
            tensors.add(new NamedTensor(name, Shape.of(1), new double[1]));
        }
        assertRefused(WRONG_TENSORS
                + "5 missing (layer0.attn_wq (2, 2), layer0.attn_wk (2, 2), layer0.attn_wv (2, 2), layer0.attn_wo"
                + " (2, 2),"
                + " layer0.mlp_fc2 (2, 8)); 6 unexpected (layer0.attn_w (2, 2), x (1), y\\u0022 (1), z (1),"
                + " ..etc..passwd (1), …); 1 different (layer0.mlp_fc1 is (2, 8), expected (8, 2))");
    }

    @Test
    void aMeanOfSquaresIsNotNegative() throws IOException {
        NamedTensor moment = tensors.get(tensors.size() - 1);
        moment.data()[1] = -1e-300;
        assertRefused("tensor \"" + moment.name()
                + "\": the number at index 1 is -1.0E-300, but an average of squares must not be negative");
        moment.data()[1] = -0.0;
        Safetensors.write(file, metadata, tensors);
        assertDoesNotThrow(() -> Checkpoint.load(file));
    }

    @Test
    void anUnknownEntryIsNamed() throws IOException {
        metadata.put("modell", "{}");
        assertRefused("metadata: the entry \"modell\" is unknown; entries must be microgpt_format, model, parts, probe,"
                + " training,");
        Safetensors.write(file, metadata, tensors);
        CheckpointException e = assertThrows(CheckpointException.class, () -> TrainedModel.load(file));
        assertTrue(e.getMessage().contains("\"modell\""), e.getMessage());
    }

    @Test
    void aTensorTooManyIsNamed() throws IOException {
        tensors.add(new NamedTensor("wte2", Shape.of(1), new double[1]));
        assertRefused(WRONG_TENSORS + "1 unexpected (wte2 (1))");
    }

    @ParameterizedTest
    @ValueSource(strings = {"adam.m.wte2", "adam.v.", "adam.m.layer1.attn_wq"})
    void aMomentOfNoParameterIsNamed(String name) throws IOException {
        tensors.add(new NamedTensor(name, Shape.of(1), new double[1]));
        Safetensors.write(file, metadata, tensors);
        CheckpointException e = assertThrows(CheckpointException.class, this::load);
        assertTrue(e.getMessage().contains(name), e.getMessage());
    }

    @Test
    void aTensorOfAnotherShapeIsNamed() throws IOException {
        reshape("layer0.mlp_fc1", Shape.of(2, 8));
        assertRefused(WRONG_TENSORS + "1 different (layer0.mlp_fc1 is (2, 8), expected (8, 2))");
        reshape("layer0.mlp_fc1", Shape.of(8, 2));
        reshape("adam.v.wpe", Shape.of(2, 4));
        assertRefused(WRONG_TENSORS + "1 different (adam.v.wpe is (2, 4), expected (4, 2))");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aNumberThatIsNotFiniteIsRefusedInEveryTensor(double notFinite) throws IOException {
        for (NamedTensor tensor : tensors) {
            double[] data = tensor.data();
            double before = data[data.length - 1];
            data[data.length - 1] = notFinite;
            assertRefused(
                    "tensor \"" + tensor.name() + "\": the number at index " + (data.length - 1) + " is " + notFinite);
            data[data.length - 1] = before;
        }
    }

    /** JUnit ends with an OutOfMemoryError; here it is one failure among others. */
    private void load() throws IOException {
        try {
            Checkpoint.load(file);
        } catch (OutOfMemoryError tooMuch) {
            throw new AssertionError("a small file exhausts the memory", tooMuch);
        }
    }

    private void replace(String entry, String from, String to) {
        String text = metadata.get(entry);
        assertTrue(text.contains(from), text);
        metadata.put(entry, text.replace(from, to));
    }

    private void reshape(String name, Shape shape) {
        tensors.replaceAll(tensor -> tensor.name().equals(name) ? new NamedTensor(name, shape, tensor.data()) : tensor);
    }

    private void assertRefused(String messageBegins) throws IOException {
        Safetensors.write(file, metadata, tensors);
        CheckpointException e = assertThrows(CheckpointException.class, this::load);
        String message = e.getMessage();
        assertTrue(message.startsWith("checkpoint run1.safetensors: " + messageBegins), message);
        assertFalse(message.contains("\n"), "one line: " + message);
        assertTrue(message.length() < 500, "short: " + message);
    }
}

package dev.microgpt.train.huggingface;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.train.internal.json.JsonWriter;
import dev.microgpt.train.safetensors.NamedTensor;
import dev.microgpt.train.safetensors.NumberType;
import dev.microgpt.train.safetensors.TensorFile;
import dev.microgpt.train.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The recorded model with a tied head, under the names that programs store it with. */
class TensorNamesTest {
    private static final String WEIGHTS = "model.safetensors";
    private static final String HEAD = "lm_head.weight";

    @TempDir
    private Path temporary;

    private Path folder;
    private LanguageModel expected;

    /** By the names in the model, such as {@code h.0.ln_1.weight}; the head is not among them. */
    private final Map<String, NamedTensor> tensors = new LinkedHashMap<>();

    @BeforeEach
    void readTheRecordedModel() throws IOException {
        folder = RecordedFolders.copy(RecordedFolders.MIXED, temporary.resolve("model"));
        expected = Gpt2Folder.read(folder).model();
        try (TensorFile file = TensorFile.open(folder.resolve(WEIGHTS))) {
            for (TensorInfo tensor : file.tensors()) {
                if (tensor.type().isReadable() && !tensor.name().endsWith("masked_bias")) {
                    String name = tensor.name().substring("transformer.".length());
                    tensors.put(name, new NamedTensor(name, tensor.shape(), file.read(tensor.name())));
                }
            }
        }
        Files.delete(folder.resolve(WEIGHTS));
    }

    private static NamedTensor named(String name, NamedTensor tensor) {
        return new NamedTensor(name, tensor.shape(), tensor.data());
    }

    private List<NamedTensor> stored(String prefix, boolean withEmbedding, String head) {
        List<NamedTensor> stored = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            if (withEmbedding || !name.equals("wte.weight")) {
                stored.add(named(prefix + name, tensor));
            }
        });
        if (head != null) {
            stored.add(named(head, tensors.get("wte.weight")));
        }
        return stored;
    }

    private void write(String file, List<NamedTensor> stored, Map<String, String> metadata) throws IOException {
        TensorFile.write(folder.resolve(file), metadata, stored, NumberType.F64);
    }

    private void assertReadAsExpected() throws IOException {
        LanguageModel found = Gpt2Folder.read(folder).model();
        assertEquals(expected.config(), found.config());
        List<Parameter> parameters = expected.parameters().all();
        assertEquals(parameters.size(), found.parameters().all().size());
        for (Parameter parameter : parameters) {
            double[] data = found.parameters().get(parameter.name()).data();
            assertArrayEquals(parameter.data(), data, parameter.name());
        }
    }

    private String refused() {
        return assertThrows(HuggingFaceException.class, () -> Gpt2Folder.read(folder))
                .getMessage();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "'transformer.', true, -",
                "'transformer.', true, lm_head.weight",
                "'transformer.', false, lm_head.weight",
                "'', true, -",
                "'', true, lm_head.weight",
                "'', false, lm_head.weight",
                "'module.', true, -",
                "'module.transformer.', true, module.lm_head.weight",
                "'module.transformer.', false, module.lm_head.weight",
                "'_orig_mod.transformer.', false, _orig_mod.lm_head.weight",
                "'_orig_mod.module.transformer.', true, _orig_mod.module.lm_head.weight",
                "'module._orig_mod.transformer.', false, module._orig_mod.lm_head.weight",
                "'_fsdp_wrapped_module.transformer.', false, _fsdp_wrapped_module.lm_head.weight",
                "'model.', true, model.lm_head.weight",
                "'model.transformer.', false, model.lm_head.weight",
                "'base_model.model.transformer.', true, base_model.model.lm_head.weight",
            })
    void namesDependOnTheProgramAndTheTiedWeightHasEitherOrBoth(String prefix, boolean withEmbedding, String head)
            throws IOException {
        write(WEIGHTS, stored(prefix, withEmbedding, head), Map.of());
        assertReadAsExpected();
    }

    @Test
    void layersMayBeWrappedOneByOne() throws IOException {
        List<NamedTensor> stored = new ArrayList<>();
        for (NamedTensor tensor : stored("transformer.", false, HEAD)) {
            String name = tensor.name().replaceFirst("(h\\.\\d+)\\.", "$1._checkpoint_wrapped_module._orig_mod.");
            stored.add(named(name, tensor));
        }
        write(WEIGHTS, stored, Map.of());
        assertReadAsExpected();
    }

    /** The metadata are those of safetensors.torch.save_model; the masks are those of older versions. */
    @Test
    void aFileOfSaveModelIsReadWithTheMasksOfOlderVersions() throws IOException {
        List<NamedTensor> stored = stored("transformer.", false, HEAD);
        stored.add(new NamedTensor("transformer.h.0.attn.bias", Shape.of(1, 1, 12, 12), new double[144]));
        stored.add(new NamedTensor("transformer.h.0.attn.masked_bias", Shape.scalar(), new double[] {-1e4}));
        write(WEIGHTS, stored, Map.of("transformer.wte.weight", HEAD));
        assertReadAsExpected();
    }

    @Test
    void shardsMayHaveTheTiedWeightAsHeadOnly() throws IOException {
        List<NamedTensor> stored = stored("transformer.", false, HEAD);
        Map<String, String> places = new LinkedHashMap<>();
        for (int part = 0; part < 2; part++) {
            String file = "model-0000" + (part + 1) + "-of-00002.safetensors";
            int half = stored.size() / 2;
            List<NamedTensor> some = part == 0 ? stored.subList(0, half) : stored.subList(half, stored.size());
            some.forEach(tensor -> places.put(tensor.name(), file));
            write(file, some, Map.of());
        }
        Files.writeString(
                folder.resolve("model.safetensors.index.json"), JsonWriter.text(Map.of("weight_map", places)));
        assertReadAsExpected();
    }

    @Test
    void tiedTensorsThatDifferAreNamedAsInTheFile() throws IOException {
        List<NamedTensor> stored = stored("module.transformer.", true, null);
        double[] other = tensors.get("wte.weight").data().clone();
        other[3] = 7;
        stored.add(new NamedTensor("module.lm_head.weight", Shape.of(288, 16), other));
        write(WEIGHTS, stored, Map.of());
        String message = refused();
        assertEquals(
                folder + ": found module.lm_head.weight with 7.0 at index 3 and module.transformer.wte.weight with "
                        + tensors.get("wte.weight").data()[3] + ", expected equal tensors; set"
                        + " \"tie_word_embeddings\": false in config.json if they are not tied",
                message);
    }

    @Test
    void anUntiedModelNeedsBoth() throws IOException {
        RecordedFolders.set(folder, "tie_word_embeddings", false);
        write(WEIGHTS, stored("transformer.", false, HEAD), Map.of());
        assertEquals(
                folder + ": the tensors are not those of config.json: 1 missing (transformer.wte.weight (288, 16))",
                refused());
    }

    @Test
    void aMissingTensorIsNamedWithThePrefixWhicheverItIs() throws IOException {
        for (String missing : new String[] {"wte.weight", "wpe.weight", "ln_f.weight", "h.0.ln_1.weight"}) {
            List<NamedTensor> stored = stored("_orig_mod.model.", true, null);
            stored.removeIf(tensor -> tensor.name().endsWith("." + missing));
            write(WEIGHTS, stored, Map.of());
            String shape = tensors.get(missing).shape().toString();
            assertEquals(
                    folder + ": the tensors are not those of config.json: 1 missing (model." + missing + " " + shape
                            + ")",
                    refused());
        }
    }

    @Test
    void aTensorUnderTwoNamesIsRefused() throws IOException {
        List<NamedTensor> stored = stored("transformer.", true, null);
        stored.add(named("module.transformer.ln_f.bias", tensors.get("ln_f.bias")));
        write(WEIGHTS, stored, Map.of());
        assertEquals(
                folder + ": the tensors are not those of config.json: 1 unexpected (module.transformer.ln_f.bias (16))",
                refused());
    }

    @Test
    void aHeadOfAnotherShapeIsNotTakenForTheEmbedding() throws IOException {
        List<NamedTensor> stored = stored("transformer.", false, null);
        stored.add(new NamedTensor(HEAD, Shape.of(16, 288), new double[16 * 288]));
        write(WEIGHTS, stored, Map.of());
        assertEquals(
                folder + ": the tensors are not those of config.json: 1 different (lm_head.weight is (16, 288),"
                        + " expected (288, 16))",
                refused());
    }
}

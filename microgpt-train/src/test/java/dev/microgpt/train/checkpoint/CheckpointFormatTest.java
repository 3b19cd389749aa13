package dev.microgpt.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.model.Activation;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Initialization;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.Mlp;
import dev.microgpt.model.Norm;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.setting.Settings;
import dev.microgpt.train.MicrogptRun;
import dev.microgpt.train.Optimizer;
import dev.microgpt.train.Sgd;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.safetensors.NamedTensor;
import dev.microgpt.train.safetensors.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/checkpoint-format.md against files: its tables are complete, and its reader reads. */
class CheckpointFormatTest {
    private static final Path GUIDE = Path.of("..", "docs", "checkpoint-format.md");
    private static final List<String> NAMES = List.of("emma", "olivia", "ava");
    private static final DataConfig DATA = new DataConfig(DataFormat.DOCUMENTS, 0, "0123456789abcdef".repeat(4));

    /** Whatever a model can have. */
    private static final GptConfig ALL = GptConfig.microgpt(2)
            .withNorm(Norm.LAYER_BIAS)
            .withActivation(Activation.GELU)
            .with(GptConfig.BIAS, true)
            .with(GptConfig.FINAL_NORM, true)
            .with(GptConfig.DROPOUT, 0.1)
            .with(GptConfig.QK_NORM, Norm.LAYER_BIAS)
            .with(GptConfig.INITIALIZATION, Initialization.SCALED);

    private static final int T = 5;
    private static final int M = 7;
    private static final int C = 6;
    private static final int H = 4 * 5;
    private static final int K = 2 * 5;
    private static final int D = 5;

    private static final TrainingConfig TRAINING = new TrainingConfig(2, 1, 0.01, 0.85, 0.99, 1e-8, 7);

    @TempDir
    private Path folder;

    private Path file;
    private MicrogptRun run;
    private Safetensors content;

    @BeforeEach
    void trainALittle() throws IOException {
        train(Mlp.PLAIN);
    }

    private void train(Mlp mlp) throws IOException {
        GptConfig config = ALL.withVocabSize(2)
                .withSizes(1, 4, C, T)
                .withInner(M)
                .withMlp(mlp)
                .with(GptConfig.N_KV_HEAD, 2)
                .with(GptConfig.HEAD_DIM, D);
        run = new MicrogptRun(NAMES, config, TRAINING).train();
        file = folder.resolve("checkpoint.safetensors");
        save(run.adam);
    }

    private void save(Optimizer optimizer) throws IOException {
        new Checkpoint(
                        TRAINING,
                        run.tokenizer,
                        run.gpt,
                        optimizer,
                        2,
                        run.random.state(),
                        DATA,
                        Double.POSITIVE_INFINITY)
                .extendedTo(3)
                .save(file);
        content = Safetensors.read(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "swiglu"})
    void everyTensorHasItsRowWithItsShapeInTheOrderOfTheFile(String mlp) throws IOException {
        train(mlp.equals("plain") ? Mlp.PLAIN : Mlp.SWIGLU);
        String others = mlp.equals("plain") ? ".*mlp_b?(gate|up|down)" : ".*mlp_(fc|b)[12]";
        Map<String, String> actual = new LinkedHashMap<>();
        for (NamedTensor tensor : content.tensors()) {
            actual.put(tensor.name(), tensor.shape().toString());
        }
        Map<String, String> documented = new LinkedHashMap<>();
        for (String prefix : List.of("", "adam.m.", "adam.v.")) {
            rows("Tensors").forEach((name, cells) -> {
                if (!name.matches(others)) {
                    documented.put(prefix + name.replace("layerI", "layer0"), shape(cells));
                }
            });
        }
        assertEquals(List.copyOf(documented.keySet()), List.copyOf(actual.keySet()));
        assertEquals(documented, actual);
    }

    private String shape(String cells) {
        return cells.replaceAll("(?s)\\).*", ")")
                .replace("M", Integer.toString(M))
                .replace("C", Integer.toString(C))
                .replace("H", Integer.toString(H))
                .replace("K", Integer.toString(K))
                .replace("D", Integer.toString(D))
                .replace("T", Integer.toString(T))
                .replace("V", Integer.toString(run.tokenizer.vocabSize()));
    }

    @Test
    void everyEntryOfTheMetadataHasItsRowWithAllItsFields() throws IOException {
        saveWithPartsOfOthers();
        Map<String, String> rows = rows("Metadata");
        List<String> entries = new ArrayList<>(List.of("checksum", "sha256"));
        entries.addAll(content.metadata().keySet());
        assertEquals(List.copyOf(rows.keySet()), entries);
        for (Map.Entry<String, String> entry : content.metadata().entrySet()) {
            List<String> fields = all("\"(\\w+)\":", entry.getValue());
            assertEquals(
                    List.of("microgpt_format", "parts", "probe").contains(entry.getKey()),
                    fields.isEmpty(),
                    entry.getKey());
            List<String> documented = all("`([^`]+)`", rows.get(entry.getKey()));
            documented.retainAll(fields);
            assertEquals(fields, documented, entry.getKey());
        }
        assertTrue(rows.get("microgpt_format").contains("`" + content.metadata().get("microgpt_format") + "`"));
    }

    /** With every entry and field but the type of a model that is no GPT. */
    private void saveWithPartsOfOthers() throws IOException {
        GptConfig config = ALL.withVocabSize(run.tokenizer.vocabSize()).withSizes(1, 2, C, T);
        Settings settings = config.settings()
                .with("attention", "example.damped")
                .with("mlp", "example.thin")
                .with("positions", "none");
        LanguageModel model = config.with(settings).create(Parameters.drawnFrom(new PythonRandom(1)));
        TrainingConfig training = new TrainingConfig(2, 1, 0.01, 0.85, 0.99, 1e-8, 7);
        Sgd sgd = new Sgd(model.parameters().all());
        sgd.resumeAt(2);
        new Checkpoint(training, run.tokenizer, model, sgd, 2, run.random.state(), DATA, Double.POSITIVE_INFINITY)
                .extendedTo(3)
                .save(file);
        content = Safetensors.read(file);
        assertTrue(rows("Metadata").get("model").contains("first its `type`"));
    }

    @Test
    void theReaderInPythonReadsWhatWasWritten() throws Exception {
        List<String> lines = readInPython(0);
        assertEquals(content.tensors().size() + 2, lines.size());
        for (int i = 0; i < content.tensors().size(); i++) {
            NamedTensor tensor = content.tensors().get(i);
            String line = lines.get(i);
            String shape = tensor.shape().toString().replace('(', '[').replace(')', ']');
            assertTrue(line.startsWith(tensor.name() + " " + shape + " ["), line);
            double[] first = all("[^\\[, \\]]+", line.substring(line.lastIndexOf('[') + 1)).stream()
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertArrayEquals(new double[] {tensor.data()[0], tensor.data()[1], tensor.data()[2]}, first, line);
        }
        assertEquals("model " + content.metadata().get("model"), lines.get(lines.size() - 2));
        assertEquals("sha256 right", lines.get(lines.size() - 1));
    }

    @Test
    void theReaderInPythonNoticesAFlippedBit() throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        List<String> lines = readInPython(1);
        assertEquals("sha256 WRONG", lines.get(lines.size() - 1));
    }

    private List<String> readInPython(int exitCode) throws Exception {
        List<String> blocks =
                all("(?s)```python\n(.*?)```", Files.readString(GUIDE).replace("\r\n", "\n"));
        assertEquals(1, blocks.size());
        Path reader = Files.writeString(folder.resolve("reader.py"), blocks.get(0));
        Path out = folder.resolve("out");
        Process python;
        try {
            python = new ProcessBuilder("python3", reader.toString(), file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
        } catch (IOException none) {
            assumeTrue(false, "skipped: this machine has no python3 to run the reader of the document");
            throw none;
        }
        assertEquals(exitCode, python.waitFor(), () -> "see " + out);
        return Files.readAllLines(out);
    }

    /** The first table below a heading: what stands in the first cell of each row, and the rest of the row. */
    private static Map<String, String> rows(String heading) throws IOException {
        String text = Files.readString(GUIDE).replace("\r\n", "\n");
        int from = text.indexOf("\n## " + heading + "\n");
        int to = text.indexOf("\n## ", from + 1);
        Map<String, String> rows = new LinkedHashMap<>();
        Pattern row = Pattern.compile("(?m)^\\| `([^`]+)` \\| (.*) \\|$");
        row.matcher(text.substring(from, to)).results().forEach(cells -> rows.put(cells.group(1), cells.group(2)));
        return rows;
    }

    private static List<String> all(String pattern, String text) {
        List<String> all = new ArrayList<>();
        for (MatchResult found :
                Pattern.compile(pattern).matcher(text).results().toList()) {
            all.add(found.group(found.groupCount()));
        }
        return all;
    }
}

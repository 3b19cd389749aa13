package dev.microgpt.train.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.model.Batch;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.CheckpointException;
import dev.microgpt.train.checkpoint.RunSettings;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.huggingface.Gpt2Folder;
import dev.microgpt.train.huggingface.HuggingFaceException;
import dev.microgpt.train.safetensors.NamedTensor;
import dev.microgpt.train.safetensors.NumberType;
import dev.microgpt.train.safetensors.Safetensors;
import dev.microgpt.train.safetensors.SafetensorsException;
import dev.microgpt.train.safetensors.TensorFile;
import dev.microgpt.train.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The readers of models, each with valid files. */
final class ModelTargets {
    /** Weights larger than this may overflow to infinity in a matrix product, even in a valid model. */
    private static final double HUGE = 1e50;

    private static final String MODEL = "model.safetensors";

    private final Path seeds;

    /** @param seeds a folder in which to create the files */
    ModelTargets(Path seeds) {
        this.seeds = seeds;
    }

    List<Target> all() throws IOException {
        return List.of(safetensors(), tensorFile(), checkpoint(), stepIn(), trainedModel(), gpt2());
    }

    private Target safetensors() throws IOException {
        return new Target(
                "safetensors",
                List.of(checkpointFile(), modelFile(), tensorsFile(NumberType.F64)),
                List.of(SafetensorsException.class),
                ModelTargets::readSafetensors,
                tensors(1));
    }

    private static Target.Check readSafetensors(Path folder) throws IOException {
        Safetensors read = Safetensors.read(folder.resolve(MODEL));
        return scratch -> {
            Path file = scratch.resolve(MODEL);
            Safetensors.write(file, writable(read.metadata()), read.tensors());
            Safetensors again = Safetensors.read(file);
            assertEquals(writable(read.metadata()), again.metadata());
            assertEquals(read.tensors().size(), again.tensors().size());
            for (int i = 0; i < read.tensors().size(); i++) {
                assertSame(read.tensors().get(i), again.tensors().get(i));
            }
        };
    }

    /** Removes the two names that other programs may use for something else. */
    private static Map<String, String> writable(Map<String, String> metadata) {
        Map<String, String> copy = new LinkedHashMap<>(metadata);
        copy.remove("checksum");
        copy.remove("sha256");
        return copy;
    }

    private static void assertSame(NamedTensor expected, NamedTensor found) {
        assertEquals(expected.name(), found.name());
        assertEquals(expected.shape(), found.shape());
        assertArrayEquals(expected.data(), found.data(), expected.name());
    }

    private Target tensorFile() throws IOException {
        return new Target(
                "tensor-file",
                List.of(tensorsFile(NumberType.F64), tensorsFile(NumberType.F32)),
                List.of(SafetensorsException.class),
                ModelTargets::readTensors,
                tensors(4));
    }

    private static Target.Check readTensors(Path folder) throws IOException {
        List<NamedTensor> tensors = new ArrayList<>();
        try (TensorFile file = TensorFile.open(folder.resolve(MODEL))) {
            for (TensorInfo info : file.tensors()) {
                if (info.type().isReadable()) {
                    tensors.add(new NamedTensor(info.name(), info.shape(), file.read(info.name())));
                }
            }
        }
        return scratch -> {
            TensorFile.write(scratch.resolve(MODEL), Map.of(), tensors, NumberType.F64);
            try (TensorFile file = TensorFile.open(scratch.resolve(MODEL))) {
                for (NamedTensor tensor : tensors) {
                    assertArrayEquals(tensor.data(), file.read(tensor.name()), tensor.name());
                }
            }
        };
    }

    private Target checkpoint() throws IOException {
        return new Target(
                "checkpoint",
                List.of(checkpointFile(), extendedFile()),
                List.of(SafetensorsException.class, CheckpointException.class),
                folder -> {
                    Checkpoint read = Checkpoint.load(folder.resolve(MODEL));
                    return scratch -> {
                        byte[] once = saved(read, scratch);
                        assertArrayEquals(once, saved(Checkpoint.load(scratch.resolve(MODEL)), scratch));
                        runs(read.model());
                    };
                },
                tensors(2));
    }

    private static byte[] saved(Checkpoint checkpoint, Path scratch) throws IOException {
        checkpoint.save(scratch.resolve(MODEL));
        return Files.readAllBytes(scratch.resolve(MODEL));
    }

    private Target stepIn() throws IOException {
        return new Target(
                "step-in",
                List.of(checkpointFile(), extendedFile()),
                List.of(SafetensorsException.class, CheckpointException.class),
                folder -> {
                    boolean isTraining = Checkpoint.isIn(folder.resolve(MODEL));
                    int step = Checkpoint.stepIn(folder.resolve(MODEL));
                    boolean isFinished = Checkpoint.isFinishedIn(folder.resolve(MODEL));
                    RunSettings settings = RunSettings.in(folder.resolve(MODEL));
                    return scratch -> {
                        assertEquals(List.of(true, true), List.of(isTraining, step >= 0));
                        assertTrue(isFinished
                                || settings != null
                                        && step < settings.training().steps());
                    };
                },
                tensors(1));
    }

    private Target trainedModel() throws IOException {
        return new Target(
                "trained-model",
                List.of(modelFile(), checkpointFile()),
                List.of(SafetensorsException.class, CheckpointException.class),
                folder -> {
                    TrainedModel read = TrainedModel.load(folder.resolve(MODEL));
                    return scratch -> checkModel(read, scratch);
                },
                tensors(1));
    }

    private static void checkModel(TrainedModel model, Path scratch) throws IOException {
        Path file = scratch.resolve(MODEL);
        model.save(file);
        byte[] once = Files.readAllBytes(file);
        TrainedModel again = TrainedModel.load(file);
        assertEquals(model.tokenizer(), again.tokenizer());
        assertEquals(model.model().config(), again.model().config());
        again.save(file);
        assertArrayEquals(once, Files.readAllBytes(file));
        runs(model.model());
    }

    private static void runs(LanguageModel gpt) {
        boolean isHuge = false;
        for (Parameter parameter : gpt.parameters().all()) {
            for (double number : parameter.toArray()) {
                isHuge |= Math.abs(number) > HUGE;
            }
        }
        int[] ids = new int[Math.min(3, gpt.config().blockSize())];
        for (double logit : gpt.forward(Tape.inference(), Batch.ofPrompt(ids)).toArray()) {
            assertEquals(true, isHuge || Double.isFinite(logit), "a logit is " + logit);
        }
    }

    private Target gpt2() throws IOException {
        List<Map<String, byte[]>> folders = new ArrayList<>();
        for (Tokenizer tokenizer : List.of(TinyModels.completeBpe(), CharTokenizer.ofAlphabet("ab"))) {
            Path folder = seeds.resolve("gpt2");
            Gpt2Folder.write(folder, TinyModels.model(tokenizer, GptConfig.gpt2(2)), NumberType.F32, true);
            Map<String, byte[]> files = SeedFiles.all(folder);
            files.remove("generation_config.json");
            Map<String, byte[]> older = new LinkedHashMap<>(files);
            folders.add(files);
            files.remove("vocab.json");
            files.remove("merges.txt");
            older.remove("tokenizer.json");
            if (older.containsKey("vocab.json")) {
                folders.add(older);
            }
        }
        return new Target(
                "gpt2-folder",
                folders,
                List.of(HuggingFaceException.class, SafetensorsException.class),
                folder -> {
                    TrainedModel read = Gpt2Folder.read(folder);
                    return scratch -> checkModel(read, scratch);
                },
                files -> tensors(8).of(files) + SeedFiles.boundOfText(files));
    }

    /** The promised bound: the size of the tensors, twice the header, and a megabyte. */
    private static Target.Bound tensors(int bytesAByte) {
        return files -> {
            ByteBuffer file = ByteBuffer.wrap(files.get(MODEL)).order(ByteOrder.LITTLE_ENDIAN);
            long claimed = file.capacity() < Long.BYTES ? 0 : file.getLong(0);
            long header = Math.max(0, Math.min(claimed, file.capacity() - Long.BYTES));
            return bytesAByte * (file.capacity() - header) + 2 * header + SeedFiles.MEGABYTE;
        };
    }

    private Map<String, byte[]> checkpointFile() throws IOException {
        TinyModels.checkpoint().save(seeds.resolve(MODEL));
        return SeedFiles.one(seeds.resolve(MODEL));
    }

    private Map<String, byte[]> extendedFile() throws IOException {
        TinyModels.checkpoint().extendedTo(5).save(seeds.resolve(MODEL));
        return SeedFiles.one(seeds.resolve(MODEL));
    }

    private Map<String, byte[]> modelFile() throws IOException {
        TinyModels.model(TinyModels.bpe(), GptConfig.nano(2)).save(seeds.resolve(MODEL));
        return SeedFiles.one(seeds.resolve(MODEL));
    }

    private Map<String, byte[]> tensorsFile(NumberType type) throws IOException {
        List<NamedTensor> tensors = new ArrayList<>();
        for (Parameter parameter : TinyModels.checkpoint().model().parameters().all()) {
            tensors.add(new NamedTensor(parameter.name(), parameter.shape(), parameter.toArray()));
        }
        TensorFile.write(seeds.resolve(MODEL), Map.of("format", "pt"), tensors, type);
        return SeedFiles.one(seeds.resolve(MODEL));
    }
}

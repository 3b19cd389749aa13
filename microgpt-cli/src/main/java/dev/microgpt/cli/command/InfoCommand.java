package dev.microgpt.cli.command;

import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.PackedMatrix.Precision;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.cli.metrics.Settings;
import dev.microgpt.cli.option.CheckpointOption;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.Extension;
import dev.microgpt.train.checkpoint.TrainedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code microgpt info}: describes a checkpoint. */
@CommandLine.Command(description = "Verify a checkpoint and print what it contains.")
public final class InfoCommand implements Command {
    @Mixin
    private final CheckpointOption checkpoint = new CheckpointOption();

    @Override
    public void run(Terminal terminal) throws IOException {
        checkpoint.read(file -> describe(file, terminal));
    }

    private static Path describe(Path file, Terminal terminal) throws IOException {
        if (Checkpoint.isIn(file)) {
            describe(file, Checkpoint.load(file), terminal);
        } else {
            describe(file, TrainedModel.loadForInference(file), terminal);
        }
        return file;
    }

    private static void describe(Path file, Checkpoint loaded, Terminal terminal) {
        describe(file, loaded.trainedModel(), terminal);
        terminal.print("step: " + loaded.step() + " of " + loaded.training().steps()
                + (loaded.endedEarly() ? ", ended early" : ""));
        print(Settings.of(loaded.training(), loaded.optimizer()), terminal);
        for (Extension extension : loaded.extensions()) {
            terminal.print("extended: "
                    + Settings.describe(extension, loaded.training().schedule()));
        }
        terminal.print("val_fraction: " + loaded.data().valFraction());
        terminal.print("data_sha256: " + loaded.data().sha256());
    }

    private static void describe(Path file, TrainedModel model, Terminal terminal) {
        terminal.print("checkpoint: " + file);
        terminal.print("num params: " + model.model().parameters().count());
        terminal.print("inference: " + inference(model.model().parameters().all()));
        terminal.print("vocab size: " + model.model().config().vocabSize());
        terminal.print("tokenizer: " + describe(model.tokenizer()));
        terminal.print("data_format: " + model.format());
        print(Settings.of(model.model().config()), terminal);
    }

    /** Says how precisely a model for inference stores its matrices, and how much memory the weights take. */
    private static String inference(List<Parameter> parameters) {
        Set<Precision> precisions = EnumSet.noneOf(Precision.class);
        double bytes = 0;
        for (Parameter parameter : parameters) {
            int size = parameter.shape().size();
            Precision precision = Precision.F64;
            if (parameter.shape().rank() == 2) {
                PackedMatrix packed = parameter.packed();
                precision = packed == null ? Precision.BF16.atLeastOf(parameter.data(), size) : packed.precision();
                precisions.add(precision);
            }
            bytes += (double) size * precision.bytes();
        }
        StringBuilder text = new StringBuilder();
        for (Precision precision : precisions) {
            text.append(text.length() == 0 ? "" : " and ").append(precision);
        }
        return text + " weights, " + Format.fixed(bytes / (1 << 20), 1) + " MB";
    }

    private static String describe(Tokenizer tokenizer) {
        if (tokenizer instanceof CharTokenizer chars) {
            return "characters " + Format.visible(chars.alphabet());
        }
        if (tokenizer instanceof BpeTokenizer bpe) {
            return "byte-level BPE with " + bpe.vocabulary().merges().size() + " merges";
        }
        return "bytes";
    }

    private static void print(Map<String, String> settings, Terminal terminal) {
        settings.forEach((name, value) -> terminal.print(name + ": " + value));
    }
}

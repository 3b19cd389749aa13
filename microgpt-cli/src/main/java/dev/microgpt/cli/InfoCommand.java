package dev.microgpt.cli;

import dev.microgpt.model.GptConfig;
import dev.microgpt.train.Checkpoint;
import dev.microgpt.train.TrainingConfig;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code microgpt info}: what a checkpoint says about itself. */
@CommandLine.Command(
        name = "info",
        sortOptions = false,
        description = "Print what a checkpoint holds, after checking that it is undamaged.")
final class InfoCommand implements Command {
    @Option(
            names = "--checkpoint",
            paramLabel = "FILE|DIR",
            converter = Converters.FilePath.class,
            description = "What train saved, or the folder it is in (default ${DEFAULT-VALUE}).")
    private Path checkpoint = Path.of("out");

    @Override
    public void run(Terminal terminal) throws IOException {
        Path file = RunFolder.checkpointAt("--checkpoint", checkpoint);
        Checkpoint loaded = Checkpoint.load(file);
        GptConfig model = loaded.gpt().config();
        TrainingConfig training = loaded.training();
        terminal.print("checkpoint: " + file);
        terminal.print("step: " + loaded.step() + " of " + training.steps());
        terminal.print("num params: " + loaded.gpt().parameters().count());
        terminal.print("vocab size: " + model.vocabSize());
        Settings.of(model, training).forEach((name, value) -> terminal.print(name + ": " + value));
        terminal.print("alphabet: " + Format.visible(loaded.tokenizer().alphabet()));
        terminal.print("data_format: " + loaded.data().format());
        terminal.print("val_fraction: " + loaded.data().valFraction());
        terminal.print("data_sha256: " + loaded.data().sha256());
    }
}

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
        Path file = RunFolder.checkpointAt(checkpoint);
        Checkpoint loaded = Checkpoint.load(file);
        GptConfig model = loaded.gpt().config();
        TrainingConfig training = loaded.training();
        terminal.print("checkpoint: " + file);
        terminal.print("step: " + loaded.step() + " of " + training.steps());
        terminal.print("num params: " + loaded.gpt().parameters().count());
        terminal.print("vocab size: " + model.vocabSize());
        terminal.print("n_layer: " + model.nLayer());
        terminal.print("n_head: " + model.nHead());
        terminal.print("n_embd: " + model.nEmbd());
        terminal.print("block_size: " + model.blockSize());
        terminal.print("alphabet: " + Format.visible(loaded.tokenizer().alphabet()));
        terminal.print("batch_size: " + training.batchSize());
        terminal.print("learning_rate: " + training.schedule().learningRate());
        terminal.print("beta1: " + training.adam().beta1());
        terminal.print("beta2: " + training.adam().beta2());
        terminal.print("adam_eps: " + training.adam().eps());
        terminal.print("seed: " + Long.toUnsignedString(training.seed()));
        terminal.print("data_sha256: " + loaded.data());
    }
}

package dev.microgpt.cli.command;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.metrics.TokenLines;
import dev.microgpt.cli.option.Converters;
import dev.microgpt.cli.option.EvalText;
import dev.microgpt.cli.option.Threads;
import dev.microgpt.cli.run.WorkEstimate;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.Evaluation;
import dev.microgpt.train.Evaluator;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.ValidationSet;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code microgpt eval}: how well a model predicts a text. */
@CommandLine.Command(
        name = "eval",
        sortOptions = false,
        description = "Measure how well a trained model predicts a text: loss in nats a token, perplexity, bits a token"
                + " and bits a byte.")
public final class EvalCommand implements Command {
    @Option(
            names = "--checkpoint",
            paramLabel = "FILE|DIR",
            converter = Converters.FilePath.class,
            description = "What train or import saved, or the folder it is in (default ${DEFAULT-VALUE}).")
    private Path checkpoint = Path.of("out");

    @Mixin
    private final EvalText text = new EvalText();

    @Option(
            names = "--per-token",
            paramLabel = "FILE.jsonl",
            converter = Converters.FilePath.class,
            description = "Also write a JSON object for each token that is predicted, one a line.")
    private @Nullable Path perToken;

    @Mixin
    private final Threads threads = new Threads();

    @Override
    public double plainSeconds() throws IOException {
        double parameters = RunFolder.read("--checkpoint", checkpoint, RunFolder::parameters);
        double tokens = text.usualTokens();
        return WorkEstimate.ofSampling(parameters, 1, tokens, tokens);
    }

    @Override
    public void run(Terminal terminal) throws IOException {
        threads.use(terminal);
        text.check();
        TrainedModel model = RunFolder.read("--checkpoint", checkpoint, TrainedModel::load);
        ValidationSet set = text.read(model);
        if (!text.repairs().isEmpty()) {
            terminal.say("note: " + text.repairs());
        }
        Evaluation evaluation = evaluate(model, set);
        terminal.print("tokens: " + evaluation.tokens());
        terminal.print("bytes: " + evaluation.bytes());
        terminal.print("loss: " + decimals(evaluation.loss()));
        terminal.print("perplexity: " + decimals(evaluation.perplexity()));
        terminal.print("bits per token: " + decimals(evaluation.bitsPerToken()));
        terminal.print("bits per byte: " + decimals(evaluation.bitsPerByte()));
    }

    private Evaluation evaluate(TrainedModel model, ValidationSet set) throws IOException {
        Evaluator evaluator = new Evaluator(model.gpt(), set);
        try {
            if (perToken == null) {
                return evaluator.evaluate(0);
            }
            boolean isOneText = text.format(model) == DataFormat.TEXT;
            try (TokenLines lines = new TokenLines(perToken, model.tokenizer(), isOneText)) {
                return evaluator.evaluate(0, lines);
            }
        } catch (IllegalArgumentException broken) {
            throw new CliException(ExitCode.CONTENT, "--checkpoint " + checkpoint + ": " + broken.getMessage(), null);
        }
    }

    private static String decimals(double number) {
        return Format.readable(number, 6);
    }
}

package dev.microgpt.cli.command;

import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.metrics.TokenLines;
import dev.microgpt.cli.option.CheckpointOption;
import dev.microgpt.cli.option.EvalText;
import dev.microgpt.cli.option.OutputFile;
import dev.microgpt.cli.option.Threads;
import dev.microgpt.cli.run.WorkEstimate;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.Evaluation;
import dev.microgpt.train.Evaluator;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.ValidationSet;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code microgpt eval}: evaluates a model on a text. */
@CommandLine.Command(
        description =
                "Evaluate a trained model on a text: loss in nats per token, perplexity, bits per token and bits per"
                        + " byte.")
public final class EvalCommand implements Command {
    @Mixin
    private final CheckpointOption checkpoint = new CheckpointOption();

    @Mixin
    private final EvalText text = new EvalText();

    @Option(
            names = "--per-token",
            paramLabel = "FILE.jsonl",
            description = "Also write one JSON object per predicted token to this file.")
    private @Nullable Path perToken;

    @Mixin
    private final Threads threads = new Threads();

    @Override
    public double plainSeconds() throws IOException {
        double parameters = checkpoint.read(RunFolder::parameters);
        double tokens = text.usualTokens();
        return WorkEstimate.ofSampling(parameters, 1, tokens, tokens);
    }

    @Override
    public void run(Terminal terminal) throws IOException {
        threads.use(terminal);
        text.check();
        if (perToken != null) {
            OutputFile.check("--per-token", perToken);
            TokenLines.checkReplaceable(perToken);
        }
        TrainedModel model = checkpoint.read(TrainedModel::loadForInference);
        ValidationSet set = text.read(model);
        terminal.sayNotes(text.notes());
        Evaluation evaluation = evaluate(model, set);
        terminal.print("tokens: " + evaluation.tokens());
        if (text.windows() > 0) {
            terminal.print("windows: " + text.windows());
        }
        terminal.print("bytes: " + evaluation.bytes());
        terminal.print("loss: " + decimals(evaluation.loss()));
        terminal.print("perplexity: " + decimals(evaluation.perplexity()));
        terminal.print("bits per token: " + decimals(evaluation.bitsPerToken()));
        terminal.print("bits per byte: " + decimals(evaluation.bitsPerByte()));
    }

    private Evaluation evaluate(TrainedModel model, ValidationSet set) throws IOException {
        Evaluator evaluator = new Evaluator(model.model(), set);
        try {
            if (perToken == null) {
                return evaluator.evaluate(0);
            }
            return TokenLines.write(perToken, model.tokenizer(), lines -> evaluator.evaluate(0, lines));
        } catch (IllegalArgumentException broken) {
            throw checkpoint.broken(broken);
        }
    }

    private static String decimals(double number) {
        return Format.readable(number, 6);
    }
}

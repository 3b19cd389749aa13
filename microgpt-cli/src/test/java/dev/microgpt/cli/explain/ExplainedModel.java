package dev.microgpt.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.cli.Run;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Norm;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.model.trace.Trace;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small model, a text, and their page. */
final class ExplainedModel {
    private static final Tokenizer LETTERS = CharTokenizer.ofAlphabet("abcdefghijklmnopqrstuvwxyz");

    /** Spaces, line feeds, Korean, Hebrew, and characters of two code units; the vocabulary has one token more. */
    private static final Tokenizer SCRIPTS =
            CharTokenizer.ofAlphabet("\t\n &<ab\u05D5\u05DC\u05E9\uB155\uC548\uD83D\uDE42");

    /** The model of microgpt. */
    static final ExplainedModel MICROGPT =
            new ExplainedModel(GptConfig.microgpt(LETTERS.vocabSize()), LETTERS, DataFormat.DOCUMENTS, "emma");

    /** Together they have every kind of operation that a page takes apart. */
    static final List<ExplainedModel> ALL = List.of(
            MICROGPT,
            new ExplainedModel(
                    GptConfig.llama(SCRIPTS.vocabSize())
                            .withSizes(2, 4, 16, 24)
                            .withInner(20)
                            .with(GptConfig.N_KV_HEAD, 2)
                            .with(GptConfig.WINDOW, 5)
                            .with(GptConfig.QK_NORM, Norm.RMS_GAIN)
                            .with(GptConfig.SOFTCAP, 15.0),
                    SCRIPTS,
                    DataFormat.TEXT,
                    "\uC548\uB155 \u05E9\u05DC\u05D5\n\uD83D\uDE42<a&b"),
            new ExplainedModel(
                    GptConfig.gpt2(LETTERS.vocabSize()).withSizes(1, 2, 16, 16),
                    LETTERS,
                    DataFormat.DOCUMENTS,
                    "olivia"));

    private final Gpt gpt;
    private final Tokenizer tokenizer;
    private final DataFormat format;
    private final String text;

    private ExplainedModel(GptConfig config, Tokenizer tokenizer, DataFormat format, String text) {
        this.tokenizer = tokenizer;
        this.format = format;
        this.text = text;
        gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(42)));
        PythonRandom random = new PythonRandom(7);
        for (Parameter parameter : gpt.parameters().all()) {
            for (int i = 0; i < parameter.data().length; i++) {
                parameter.data()[i] += 0.3 * random.gauss(0.0, 1.0); // so that attention is not flat and no bias is 0
            }
        }
    }

    /** Writes the page with the command. */
    Path page(Path folder) throws IOException {
        Path model = folder.resolve("model-" + ALL.indexOf(this) + ".safetensors");
        Path page = folder.resolve("page-" + ALL.indexOf(this) + ".html");
        new TrainedModel(gpt, tokenizer, format).save(model);
        String typed = text.replace("\n", "\\n");
        Run run = Run.of("explain", "--checkpoint", model.toString(), "--text", typed, "--out", page.toString());
        assertEquals(0, run.exitCode(), run.err());
        return page;
    }

    /** Writes a page that also shows the fourth step of a {@link dev.microgpt.cli.SmallTraining}. */
    static Path stepPage(Path run, Path data, Path page) {
        Run explained = Run.of(
                "explain",
                "--checkpoint",
                run.toString(),
                "--text",
                "the fox",
                "--step",
                "4",
                "--data",
                data.toString(),
                "--out",
                page.toString());
        assertEquals(0, explained.exitCode(), explained.err());
        return page;
    }

    /** What the library computes, apart from the page. */
    List<Trace.Step> steps() {
        Tape tape = Tape.inference();
        Trace trace = Trace.on(tape);
        gpt.forward(tape, Batch.ofPrompt(format.promptTokens(tokenizer, text)));
        return new ArrayList<>(trace.steps());
    }
}

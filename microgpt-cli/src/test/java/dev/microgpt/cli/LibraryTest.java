package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.generate.GenerationConfig;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.train.Evaluation;
import dev.microgpt.train.checkpoint.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library's short methods do what the commands do with the same options. */
class LibraryTest {
    private static final SamplingConfig SAMPLING = new SamplingConfig(0.8, 12, 0.95);
    private static final String[] OPTIONS = {
        "--num-samples", "1", "--temperature", "0.8", "--top-k", "12", "--top-p", "0.95", "--prompt", "an", "--seed"
    };

    @TempDir
    static Path folder;

    @BeforeAll
    static void train() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        done(SmallTraining.run(text, folder.resolve("text"), "--steps", "10"));
        Path names = Files.writeString(folder.resolve("names.txt"), "karen and anna\nemma\nolivia\n");
        done(Run.of(
                "train",
                "--steps",
                "5",
                "--data",
                names.toString(),
                "--out",
                folder.resolve("names").toString()));
    }

    private static String done(Run run) {
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return run.out();
    }

    private static Path model(String name) {
        return folder.resolve(name).resolve("checkpoint.safetensors");
    }

    private static String sample(String model, long seed, String... more) {
        List<String> args =
                new ArrayList<>(List.of("sample", "--checkpoint", model(model).toString()));
        args.addAll(List.of(OPTIONS));
        args.add(Long.toString(seed));
        args.addAll(List.of(more));
        return done(Run.of(args.toArray(new String[0])));
    }

    @Test
    void generateIsTheFirstSample() throws IOException {
        TrainedModel names = TrainedModel.load(model("names"));
        TrainedModel text = TrainedModel.load(model("text"));
        GenerationConfig config =
                GenerationConfig.of(SAMPLING).withMaxNewTokens(60).withStop("e\n", "qu");
        for (long seed = 1; seed <= 5; seed++) {
            assertEquals(sample("names", seed), "an" + names.generate("an", SAMPLING, seed) + "\n");
            assertEquals(
                    sample("text", seed, "--max-new-tokens", "60", "--stop", "e\\n", "--stop", "qu"),
                    "an" + text.generate("an", config, seed) + "\n");
        }
    }

    @Test
    void scoreIsThatOfEval() throws IOException {
        for (String model : List.of("names", "text")) {
            Evaluation score = TrainedModel.load(model(model)).score("anna\nolivia and emma\n".repeat(20));
            String shown = done(Run.of(
                    "eval", "--checkpoint", model(model).toString(), "--text", "anna\\nolivia and emma\\n".repeat(20)));
            assertTrue(shown.startsWith("tokens: " + score.tokens() + "\n"), shown);
            assertTrue(shown.contains("\nbytes: " + score.bytes() + "\n"), shown);
            assertTrue(shown.contains(String.format(Locale.ROOT, "\nloss: %.6f\n", score.loss())), shown);
        }
    }
}

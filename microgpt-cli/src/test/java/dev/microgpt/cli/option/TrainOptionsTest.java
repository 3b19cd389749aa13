package dev.microgpt.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.microgpt.cli.Run;
import dev.microgpt.cli.SmallTraining;
import dev.microgpt.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the options of {@code train} change, as {@code info} tells of the checkpoint. */
class TrainOptionsTest {
    @TempDir
    static Path folder;

    private static Map<String, String> usual = Map.of();
    private static int runs;

    @BeforeAll
    static void trainWithoutOptions() throws IOException {
        Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        usual = trained();
    }

    /** Trains one step, unless the options say otherwise. */
    private static Map<String, String> trained(String... options) {
        List<String> args = new ArrayList<>(List.of(options));
        args.add("--no-report");
        if (!args.contains("--steps")) {
            args.addAll(List.of("--steps", "1"));
        }
        Path out = folder.resolve("out" + runs++);
        Run run = SmallTraining.run(folder.resolve("text.txt"), out, args.toArray(new String[0]));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return SmallTraining.info(out);
    }

    /** The settings whose defaults follow others. */
    private static final Map<String, Set<String>> FOLLOWERS =
            Map.of("n_embd", Set.of("n_inner", "head_dim"), "n_head", Set.of("n_kv_head", "head_dim"));

    @ParameterizedTest
    @CsvSource({
        "--n-layer, 2, n_layer, 2",
        "--n-head, 4, n_head, 4",
        "--n-embd, 12, n_embd, 12",
        "--block-size, 5, block_size, 5",
        "--n-inner, 20, n_inner, 20",
        "--n-kv-head, 1, n_kv_head, 1",
        "--head-dim, 3, head_dim, 3",
        "--window, 2, window, 2",
        "--qk-norm, rmsnorm, qk_norm, rmsnorm",
        "--norm, rmsnorm-gain, norm, rmsnorm-gain",
        "--norm-eps, 1e-6, norm_eps, 1.0E-6",
        "--attention-scale, head-and-layer, attention_scale, head-and-layer",
        "--activation, gelu_tanh, activation, gelu-tanh",
        "--initialization, gpt2, initialization, gpt2",
        "--dropout, 0.25, dropout, 0.25",
        "--batch-size, 3, batch_size, 3",
        "--gradient-accumulation-steps, 2, gradient_accumulation_steps, 2",
        "--schedule, linear, schedule, linear",
        "--learning-rate, 0.002, learning_rate, 0.002",
        "--min-lr, 0.00001, min_lr, 1.0E-5",
        "--warmup-steps, 0, warmup_steps, 0",
        "--beta1, 0.5, beta1, 0.5",
        "--beta2, 0.75, beta2, 0.75",
        "--adam-eps, 1e-6, adam_eps, 1.0E-6",
        "--weight-decay, 0, weight_decay, 0.0",
        "--grad-clip, 0, grad_clip, 0.0",
        "--val-fraction, 0.25, val_fraction, 0.25",
        "--seed, 18446744073709551615, seed, 18446744073709551615"
    })
    void anOptionChangesItsOwnValueAlone(String option, String value, String name, String expected) {
        Map<String, String> after = trained(option, value);
        assertEquals(expected, after.get(name));
        for (String other : usual.keySet()) {
            boolean follows = FOLLOWERS.getOrDefault(name, Set.of()).contains(other);
            if (!other.equals(name)
                    && !follows
                    && !Set.of("num params", "checkpoint").contains(other)) {
                assertEquals(usual.get(other), after.get(other), other);
            }
        }
    }

    @Test
    void separateGradientsAreASettingOnlyWhereTheyAreAskedFor() {
        assertNull(usual.get("separate_gradients"));
        assertEquals("true", trained("--separate-gradients").get("separate_gradients"));
        assertNull(trained("--no-separate-gradients").get("separate_gradients"));
    }

    @Test
    void stepsAreThoseOfTheWholeRun() {
        Map<String, String> values = trained("--steps", "3");
        assertEquals("3 of 3", values.get("step"));
        assertEquals("3", values.get("steps"));
    }

    @Test
    void aLowRateLowersTheLastRateOfThePresetToo() {
        Map<String, String> values = trained("--learning-rate", "1e-5");
        assertEquals("1.0E-5", values.get("learning_rate"));
        assertEquals("1.0E-5", values.get("min_lr"));
    }

    @Test
    void optionsMayBeWrittenAsNanoGptWritesThem() {
        Map<String, String> values = trained("--grad_clip=0.5", "--min_lr", "0", "--no-tie_head");
        assertEquals("0.5", values.get("grad_clip"));
        assertEquals("0.0", values.get("min_lr"));
        assertEquals("false", values.get("tie_head"));
    }

    @Test
    void theNormsAroundTheBlocksAreOptional() {
        Map<String, String> values = trained("--embedding-norm", "--no-final-norm");
        assertEquals("true", values.get("embedding_norm"));
        assertEquals("false", values.get("final_norm"));
        int gain = 8; // of one norm more and of one less
        assertEquals(usual.get("num params"), values.get("num params"));
        int none = Integer.parseInt(trained("--no-final-norm").get("num params"));
        assertEquals(Integer.parseInt(usual.get("num params")) - gain, none);
    }

    @Test
    void aTiedHeadIsNotCountedTwice() {
        int tied = Integer.parseInt(usual.get("num params"));
        int untied = Integer.parseInt(trained("--no-tie-head").get("num params"));
        assertEquals(tied + 29 * 8, untied, "28 characters and BOS, 8 channels");
    }

    @Test
    void biasIsForLayerNormsAsWellUnlessANormIsNamed() {
        Map<String, String> both = trained("--bias");
        assertEquals("true", both.get("bias"));
        assertEquals("layernorm-bias", both.get("norm"));
        Map<String, String> products = trained("--bias", "--norm", "layernorm");
        assertEquals("true", products.get("bias"));
        assertEquals("layernorm", products.get("norm"));
        Map<String, String> norms = trained("--no-bias", "--norm", "layernorm-bias");
        assertEquals("false", norms.get("bias"));
        assertEquals("layernorm-bias", norms.get("norm"));
        Map<String, String> none = trained("--preset", "gpt2", "--no-bias", "--gradient-accumulation-steps", "1");
        assertEquals("false", none.get("bias"));
        assertEquals("layernorm", none.get("norm"));
        assertEquals("rmsnorm", trained("--preset", "microgpt", "--bias").get("norm"), "which has none");
    }
}

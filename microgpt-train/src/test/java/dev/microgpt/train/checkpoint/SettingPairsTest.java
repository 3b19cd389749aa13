package dev.microgpt.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Decoder;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.Positions;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.setting.Setting;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.Adam;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.data.Batcher;
import dev.microgpt.train.data.DataFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small models that together have every pair of values of two settings, as far as the configuration accepts it: each
 * trains, decodes what it computes, and is saved and loaded.
 */
class SettingPairsTest {
    private static final int MOST_MODELS = 40;
    private static final int STEPS = 3;
    private static final DataConfig DATA = new DataConfig(DataFormat.DOCUMENTS, 0.1, "0123456789abcdef".repeat(4));
    private static final TrainingConfig TRAINING = new TrainingConfig(STEPS, 2, 0.01, 0.9, 0.99, 1e-8, 7);

    /** The values of numbers, and of parts that have many; all other settings have all of theirs. */
    private static final Map<String, List<String>> VALUES = Map.ofEntries(
            Map.entry("vocab_size", List.of("5", "7")),
            Map.entry("n_layer", List.of("1", "2")),
            Map.entry("n_head", List.of("1", "2")),
            Map.entry("n_kv_head", List.of("1", "2")),
            Map.entry("n_embd", List.of("8", "12")),
            Map.entry("head_dim", List.of("4", "6")),
            Map.entry("block_size", List.of("4", "6")),
            Map.entry("window", List.of("0", "3")),
            Map.entry("n_inner", List.of("5", "16")),
            Map.entry("qk_norm", List.of("none", "rmsnorm-gain")),
            Map.entry("dropout", List.of("0.0", "0.3")),
            Map.entry("norm_eps", List.of("1e-5", "0.1")),
            Map.entry("rope_theta", List.of("10000", "7")),
            Map.entry("softcap", List.of("0.0", "1.5")));

    static final List<Setting<?>> SETTINGS = GptConfig.SETTINGS;

    @TempDir
    private Path folder;

    private static List<String> values(Setting<?> setting) {
        List<String> all = setting.kind() == Setting.Kind.FLAG ? List.of("false", "true") : setting.names();
        List<String> values = VALUES.getOrDefault(setting.name(), all);
        assertTrue(!values.isEmpty(), () -> setting + " needs two values in VALUES");
        return values;
    }

    // ---- the models ----

    /** A value of a setting. */
    private record Item(Setting<?> setting, String text) {
        GptConfig in(GptConfig config) {
            return config.with(config.settings().with(setting.name(), text));
        }

        boolean isIn(GptConfig config) {
            return in(config).equals(config);
        }
    }

    private static final List<Item> ITEMS = SETTINGS.stream()
            .flatMap(setting -> values(setting).stream().map(text -> new Item(setting, text)))
            .toList();

    private static GptConfig config(int... items) {
        GptConfig config = GptConfig.microgpt(2);
        for (int item : items) {
            config = ITEMS.get(item).in(config);
        }
        return config;
    }

    private static boolean isAccepted(GptConfig config) {
        try {
            config.checkFits();
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    /** Returns the pairs of items of two settings that the configuration accepts. */
    private static boolean[][] accepted() {
        boolean[][] accepted = new boolean[ITEMS.size()][ITEMS.size()];
        for (int i = 0; i < ITEMS.size(); i++) {
            for (int j = 0; j < i; j++) {
                accepted[i][j] = ITEMS.get(i).setting() != ITEMS.get(j).setting() && isAccepted(config(j, i));
                accepted[j][i] = accepted[i][j];
            }
        }
        return accepted;
    }

    /** Chooses models one by one, each of those that were tried with the most pairs that no model has yet. */
    static List<GptConfig> models() {
        boolean[][] accepted = accepted();
        boolean[][] missing = accepted();
        Random random = new Random(1);
        List<GptConfig> models = new ArrayList<>();
        while (Stream.of(missing).anyMatch(row -> first(row) >= 0)) {
            int[] best = {};
            for (int trial = 0; trial < 10; trial++) {
                int[] chosen = chosen(accepted, missing, random);
                best = pairs(missing, chosen) > pairs(missing, best) ? chosen : best;
            }
            for (int i : best) {
                for (int j : best) {
                    missing[i][j] = false;
                }
            }
            models.add(config(IntStream.of(best).sorted().toArray()));
        }
        return models;
    }

    /** Begins with a pair that is missing, and adds for each setting the value that is in the most missing pairs. */
    private static int[] chosen(boolean[][] accepted, boolean[][] missing, Random random) {
        int begin = IntStream.range(0, missing.length)
                .filter(i -> first(missing[i]) >= 0)
                .findFirst()
                .orElseThrow();
        int[] chosen = {begin, first(missing[begin])};
        List<Setting<?>> order = new ArrayList<>(SETTINGS);
        Collections.shuffle(order, random);
        for (Setting<?> setting : order) {
            int[] now = chosen;
            if (IntStream.of(now).anyMatch(i -> ITEMS.get(i).setting() == setting)) {
                continue;
            }
            int[] best = {};
            for (int i = 0; i < ITEMS.size(); i++) {
                int item = i;
                if (ITEMS.get(i).setting() == setting && IntStream.of(now).allMatch(j -> accepted[item][j])) {
                    int[] extended = Arrays.copyOf(now, now.length + 1);
                    extended[now.length] = item;
                    int more = pairs(missing, extended) - pairs(missing, best);
                    best = more > 0 || best.length == 0 || more == 0 && random.nextBoolean() ? extended : best;
                }
            }
            assertTrue(best.length > 0, () -> setting + " has no value that fits " + config(now));
            chosen = best;
        }
        return chosen;
    }

    private static int first(boolean[] row) {
        return IntStream.range(0, row.length).filter(i -> row[i]).findFirst().orElse(-1);
    }

    private static int pairs(boolean[][] missing, int[] chosen) {
        int pairs = 0;
        for (int i : chosen) {
            for (int j : chosen) {
                pairs += missing[i][j] ? 1 : 0;
            }
        }
        return pairs;
    }

    @Test
    void everyPairOfValuesIsInAModel(TestReporter reporter) {
        List<GptConfig> models = models();
        int pairs = 0;
        int refused = 0;
        for (Item one : ITEMS) {
            for (Item other : ITEMS.subList(0, ITEMS.indexOf(one))) {
                if (one.setting() != other.setting()) {
                    boolean isMet = models.stream().anyMatch(model -> one.isIn(model) && other.isIn(model));
                    boolean isRefused = !isAccepted(one.in(other.in(GptConfig.microgpt(2))));
                    assertTrue(isMet || isRefused, one + " and " + other);
                    pairs++;
                    refused += isRefused ? 1 : 0;
                }
            }
        }
        assertTrue(models.size() <= MOST_MODELS, models.size() + " models");
        assertTrue(refused <= pairs / 100, refused + " of " + pairs + " pairs are refused");
        reporter.publishEntry(models.size() + " models have all of " + (pairs - refused) + " pairs");
    }

    // ---- what each must do ----

    @ParameterizedTest
    @MethodSource("models")
    void modelTrainsDecodesAndIsSaved(GptConfig config) throws IOException {
        config.checkFits();
        String letters = "abcdef".substring(0, config.vocabSize() - 1);
        List<String> documents =
                List.of(letters, new StringBuilder(letters).reverse().toString(), "bd");
        Tokenizer tokenizer = CharTokenizer.fromDocuments(documents);
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(1)));
        Adam adam = new Adam(gpt.parameters().all(), TRAINING.adam());
        Trainer trainer = new Trainer(gpt, new Batcher(documents, tokenizer, 2, config.blockSize()), adam, TRAINING);
        List<Double> losses = new ArrayList<>();
        trainer.addListener(step -> losses.add(step.loss()));
        trainer.run(STEPS);
        assertEquals(STEPS, losses.stream().filter(Double::isFinite).count(), losses::toString);

        int[] tokens =
                new Random(2).ints(config.blockSize(), 0, config.vocabSize()).toArray();
        double[] logits = gpt.forward(Tape.inference(), Batch.ofPrompt(tokens)).toArray();
        assertTrue(Arrays.stream(logits).distinct().count() > 1, "logits of which nothing can be seen");
        assertArrayEquals(bits(logits), bits(decoded(gpt, tokens)));

        Path file = folder.resolve("run.safetensors");
        new Checkpoint(TRAINING, tokenizer, gpt, adam, STEPS, new PythonRandom(1).state(), DATA, 1.0).save(file);
        byte[] saved = Files.readAllBytes(file);
        Checkpoint loaded = Checkpoint.load(file);
        assertEquals(config, loaded.model().config());
        assertArrayEquals(bits(logits), bits(decoded(loaded.model(), tokens)));
        loaded.save(file);
        assertArrayEquals(saved, Files.readAllBytes(file));
    }

    private static double[] decoded(LanguageModel model, int... tokens) {
        Decoder decoder = model.decoder();
        return IntStream.of(tokens)
                .mapToObj(token -> decoder.last(Tape.inference(), Batch.ofPrompt(token)))
                .flatMapToDouble(row -> Arrays.stream(row.toArray()))
                .toArray();
    }

    // ---- what each value must do ----

    /** Parameters, their initial values or the logits must differ, with learned positions or with rotary ones. */
    @ParameterizedTest
    @FieldSource("SETTINGS")
    void everyValueOfASettingMakesAnotherModel(Setting<?> setting) {
        GptConfig learned = GptConfig.nano(5).withSizes(2, 2, 12, 6);
        GptConfig rotary = learned.withPositions(Positions.ROPE);
        Set<String> found = new HashSet<>();
        for (String text : values(setting)) {
            Item item = new Item(setting, text);
            assertTrue(found.add(fingerprint(item.in(rotary)) + fingerprint(item.in(learned))), item::toString);
        }
    }

    private static String fingerprint(GptConfig config) {
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(1)));
        StringBuilder all = new StringBuilder(config.shapes().toString());
        Random random = new Random(3);
        for (Parameter parameter : gpt.parameters().all()) {
            all.append(Arrays.hashCode(parameter.data()));
            Arrays.setAll(parameter.data(), i -> random.nextGaussian());
        }
        int[] tokens =
                random.ints(config.blockSize() + 1L, 0, config.vocabSize()).toArray();
        Batch batch = Batch.forTraining(List.of(tokens)).withRandom(new CounterRandom(4), 0);
        return all.append(Arrays.hashCode(gpt.forward(Tape.training(), batch).toArray()))
                .toString();
    }

    private static long[] bits(double[] numbers) {
        return Arrays.stream(numbers).mapToLong(Double::doubleToRawLongBits).toArray();
    }
}

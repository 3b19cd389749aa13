package dev.microgpt.cli.run;

import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.option.ModelOptions;
import dev.microgpt.cli.option.Preset;
import dev.microgpt.cli.option.TrainingOptions;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.OptimizerType;
import dev.microgpt.train.Schedule;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.budget.BudgetPlan;
import dev.microgpt.train.budget.ModelSize;
import dev.microgpt.train.budget.SpeedTest;
import dev.microgpt.train.budget.TimeBudget;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chooses the sizes of a run by {@code --budget}, and the options that start the same run without it. */
public final class RunBudget {
    private static final int MOST_WARMUP_STEPS = 100;
    private static final int STEPS_PER_WARMUP = 10;
    private static final BigDecimal FINAL_RATE = new BigDecimal("0.1"); // exact: it is printed

    /** The last pass is usually incomplete. */
    private static final double ALL_PASSES = 0.95;

    private final Terminal terminal;
    private final Preset preset;
    private final ModelOptions model;
    private final TrainingOptions training;
    private final TrainingData data;

    public RunBudget(
            Terminal terminal, Preset preset, ModelOptions model, TrainingOptions training, TrainingData data) {
        this.terminal = terminal;
        this.preset = preset;
        this.model = model;
        this.training = training;
        this.data = data;
    }

    /**
     * The choice.
     *
     * @param options the names and values of the options that stand for it, in the order of the command line; of these,
     *     a command contains the ones that are not given
     */
    public record Choice(ModelConfig model, TrainingConfig training, Map<String, String> options) {}

    /** Measures and chooses. */
    public Choice choose(Duration time) {
        List<ModelSize> ladder = ladder();
        int block = config(ladder.get(0)).blockSize();
        data.check(block);
        terminal.say("--budget " + Format.duration(time.toSeconds())
                + ": measuring how fast this machine trains models of increasing size");
        TimeBudget budget = new TimeBudget(time, data.trainingTokens(block), data.validationTokens(block));
        BudgetPlan plan;
        try {
            plan = budget.choose(ladder, this::candidate);
        } catch (IllegalArgumentException impossible) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--budget: " + impossible.getMessage(),
                    "give another --budget, or choose sizes and --steps yourself");
        }
        Choice choice = choice(plan);
        describe(plan, choice, time);
        return choice;
    }

    /** Returns the sizes that fit the options that are given. */
    private List<ModelSize> ladder() {
        Map<GptConfig, ModelSize> fitting = new LinkedHashMap<>();
        CliException reason = null;
        for (ModelSize size : data.ladder()) {
            try {
                fitting.putIfAbsent(config(size), size);
            } catch (CliException unfit) { // such as a number of heads that does not divide the channels
                reason = unfit;
            }
        }
        if (fitting.isEmpty() && reason != null) {
            throw reason;
        }
        return List.copyOf(fitting.values());
    }

    private GptConfig config(ModelSize size) {
        return (GptConfig) model.config(size.of(preset.model(data.tokenizer().vocabSize())));
    }

    /** Returns the settings of a run of some steps, which have the usual proportions. */
    private TrainingConfig training(ModelSize size, int blockSize, int steps) {
        TrainingConfig usual = preset.training();
        int warmup = Math.min(MOST_WARMUP_STEPS, steps / STEPS_PER_WARMUP);
        Schedule schedule = new Schedule(
                usual.schedule().kind(),
                size.learningRate(),
                FINAL_RATE.multiply(BigDecimal.valueOf(size.learningRate())).doubleValue(),
                warmup);
        return training.config(new TrainingConfig(
                steps,
                size.batchSize(data.meanLength(blockSize)),
                1,
                schedule,
                usual.adam(),
                usual.gradClip(),
                usual.seed()));
    }

    private TimeBudget.@Nullable Candidate candidate(ModelSize size) {
        GptConfig config = config(size);
        TrainingConfig settings = training(size, config.blockSize(), 1);
        OptimizerType optimizer = training.optimizer();
        try {
            MemoryNeed.check(config, optimizer, settings, data, 1);
        } catch (CliException tooLarge) {
            return null;
        }
        double tokens =
                data.meanLength(config.blockSize()) * settings.batchSize() * settings.gradientAccumulationSteps();
        return new TimeBudget.Candidate() {
            @Override
            public double parameters() {
                return config.parameterCount();
            }

            @Override
            public double tokensPerStep() {
                return tokens;
            }

            @Override
            public double secondsPerStep(Duration longest, int most) {
                // a generator of its own: the run draws what it would draw without measurements
                RunState trial = RunState.begun(config, optimizer, settings, new PythonRandom(settings.seed()));
                Trainer trainer = new Trainer(
                        trial.model(),
                        data.batches(config.blockSize(), settings.batchSize(), settings.seed()),
                        trial.optimizer(),
                        settings);
                double seconds = SpeedTest.secondsPerStep(trainer, longest, most);
                terminal.say(
                        "  " + described(config) + ": " + Format.grouped(Math.round(tokens / seconds)) + " tokens/s");
                return seconds;
            }
        };
    }

    private static String described(GptConfig config) {
        return Format.grouped((long) config.parameterCount()) + " parameters (" + config.nLayer()
                + (config.nLayer() == 1 ? " layer, " : " layers, ")
                + config.nEmbd() + " channels)";
    }

    private Choice choice(BudgetPlan plan) {
        GptConfig config = config(plan.size());
        TrainingConfig settings = training(plan.size(), config.blockSize(), plan.steps());
        Map<String, String> options = new LinkedHashMap<>();
        options.put("--preset", preset.toString());
        options.put("--n-layer", Integer.toString(config.nLayer()));
        options.put("--n-head", Integer.toString(config.nHead()));
        options.put("--n-embd", Integer.toString(config.nEmbd()));
        if (!config.settings().isUsual(GptConfig.N_INNER)) {
            options.put("--n-inner", Integer.toString(config.nInner()));
        }
        options.put("--block-size", Integer.toString(config.blockSize()));
        options.put("--batch-size", Integer.toString(settings.batchSize()));
        options.put("--steps", Integer.toString(settings.steps()));
        options.put("--warmup-steps", Integer.toString(settings.schedule().warmupSteps()));
        options.put("--learning-rate", Double.toString(settings.schedule().learningRate()));
        options.put("--min-lr", Double.toString(settings.schedule().minLr()));
        return new Choice(config, settings, options);
    }

    private void describe(BudgetPlan plan, Choice choice, Duration time) {
        String why = switch (plan.limit()) {
            case TIME -> "a larger model would see fewer than 20 tokens per parameter in the time";
            case DATA ->
                "a larger model would see fewer than 20 tokens per parameter in " + TimeBudget.MOST_PASSES
                        + " passes over the data";
            case MEMORY -> "the next size does not fit in memory";
            case LADDER -> "there is no larger size";
        };
        terminal.say("chosen: " + described((GptConfig) choice.model()) + ", " + Format.grouped(plan.steps())
                + " steps, about " + Format.duration(plan.seconds()) + ", "
                + Format.readable(plan.passes(), plan.passes() < 10 ? 1 : 0) + " passes over the data: " + why);
        boolean isDataShort = plan.passes() > ALL_PASSES * TimeBudget.MOST_PASSES;
        if (isDataShort && plan.seconds() < time.toSeconds() / 2.0) {
            terminal.say("note: the run takes less time than --budget: after " + TimeBudget.MOST_PASSES
                    + " passes over the same data a model learns little more; give more data for a better model");
        }
    }
}

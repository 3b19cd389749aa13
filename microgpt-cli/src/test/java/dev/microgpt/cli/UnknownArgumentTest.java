package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What is suggested for an option or a command that does not exist. */
class UnknownArgumentTest {
    /** The names of nanoGPT, llm.c and Hugging Face; each line is a command, and what is to be suggested. */
    @ParameterizedTest
    @CsvSource({
        "train --max_iters, --steps",
        "train --max-iters=5000, --steps",
        "train --lr_decay_iters, --steps",
        "train --warmup_iters, --warmup-steps",
        "train --eval_iters, --eval-steps",
        "train --out_dir, --out",
        "train --dataset, --data",
        "train --wandb_log, --report",
        "train --decay_lr, --schedule",
        "train --lr, --learning-rate",
        "train --LR, --learning-rate",
        "train --epochs, --steps",
        "train --num_iterations, --steps",
        "train --sequence_length, --block-size",
        "train --input_bin, --data",
        "train --val_loss_every, --eval-interval",
        "train -b, --batch-size",
        "train --num_train_epochs, --steps",
        "train --per_device_train_batch_size, --batch-size",
        "train --max_grad_norm, --grad-clip",
        "train --logging_steps, --log-interval",
        "train --save_steps, --checkpoint-interval",
        "train --save_total_limit, --keep",
        "train --output_dir, --out",
        "train --model-name-or-path, --init-from",
        "train --checkpoint, --init-from or --resume",
        "train --n_layers, --n-layer",
        "train --lerning_rate, --learning-rate",
        "train -steps, --steps",
        "train --learning, --learning-rate",
        "train --no-bais, --no-bias",
        "train --text_column, --field",
        "sample --start, --prompt",
        "sample --max_tokens, --max-new-tokens",
        "sample --num_return_sequences, --num-samples",
        "sample --out_dir, --checkpoint",
        "sample --temp, --temperature",
        "sample --topk, --top-k",
        "eval --prompt, --text",
        "export gpt2 --torch_dtype, --dtype",
        "tokenizer train --data x --vocab-size 300 --output, --out"
    })
    void aNameOfAnotherProgramOrASlipIsAnswered(String line, String meant) {
        Run run = Run.of(line.split(" "));
        String argument = line.substring(line.lastIndexOf(" -") + 1);
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertEquals(
                "microgpt: unknown option " + argument + ", did you mean " + meant + "?",
                run.err().lines().findFirst().orElse(""));
    }

    @ParameterizedTest
    @CsvSource({
        "generate, sample",
        "evaluate, eval",
        "fetch, data fetch",
        "help, --help",
        "server, serve",
        "continue, train --resume"
    })
    void aCommandOfAnotherNameIsSuggested(String name, String meant) {
        String err = Run.of(name).err();
        String question = ", did you mean " + meant + "?\n";
        assertTrue(err.startsWith("microgpt: unknown command or argument " + name + question), err);
    }

    @ParameterizedTest
    @CsvSource({"tune", "plot", "gpt", "train serve", "data compare", "train --device", "sample --xyzzy", "-q"})
    void nothingFarAwayIsSuggested(String line) {
        Run run = Run.of(line.split(" "));
        assertEquals(ExitCode.USAGE, run.exitCode());
        String argument = line.substring(line.lastIndexOf(' ') + 1);
        String first = run.err().lines().findFirst().orElse("");
        assertTrue(first.endsWith(" " + argument), first);
    }

    /** A line for an option that has another name now would never be used. */
    @Test
    void everyLineBeginsWithAnOption() {
        Set<String> options = new TreeSet<>();
        addOptions(options, CommandLines.parser());
        for (String line : UnknownArgument.OPTIONS) {
            assertTrue(options.contains("--" + line.substring(0, line.indexOf(':'))), line);
            assertTrue(line.matches("[a-z0-9-]+:( [a-z0-9-]+)+"), line);
        }
    }

    private static void addOptions(Set<String> options, CommandLine line) {
        for (OptionSpec option : line.getCommandSpec().options()) {
            options.add(option.longestName());
        }
        line.getSubcommands().values().forEach(subcommand -> addOptions(options, subcommand));
    }

    @Test
    void onlyOptionsMayHaveUnderscores() {
        assertTrue(Run.of("train", "--max_iters", "5").err().contains("--max_iters"), "shown as it was typed");
        assertTrue(
                Run.of("train", "--batch_size", "0").err().contains("--batch-size must be"),
                "an option of ours with underscores");
        assertTrue(Run.of("train", "--no_bias", "--steps=0").err().contains("--steps must be"), "a negated option");
        assertTrue(
                Run.of("train", "--data", "--no_such_file").err().contains("--no_such_file"),
                "a value that looks like an option");
    }
}

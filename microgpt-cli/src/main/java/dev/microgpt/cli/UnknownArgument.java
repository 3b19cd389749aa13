package dev.microgpt.cli;

import dev.microgpt.cli.failure.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Describes an argument that a command does not know, and suggests what it was probably meant to be. */
final class UnknownArgument {
    /** Words for our commands, each line after the command. */
    private static final List<String> COMMANDS = List.of(
            "train: fit pretrain",
            "train --resume: resume continue",
            "train --init-from: finetune fine-tune",
            "sample: generate gen infer inference complete chat",
            "eval: evaluate test validate perplexity",
            "score: rank surprise anomaly",
            "info: inspect show describe",
            "serve: server api",
            "data prepare: prepare encode",
            "data fetch: fetch download",
            "--help: help");

    /**
     * The names that nanoGPT, llm.c, Hugging Face's Trainer and others give to our options, each line after the option.
     * A name may be in several lines; a suggestion is an option that the command has.
     */
    static final List<String> OPTIONS = List.of(
            "steps: max-iters max-steps num-iterations num-steps iters iterations lr-decay-iters epochs num-epochs"
                    + " num-train-epochs x",
            "batch-size: per-device-train-batch-size train-batch-size micro-batch-size bs b",
            "gradient-accumulation-steps: grad-accum grad-accum-steps accumulation-steps accumulate-grad-batches"
                    + " total-batch-size",
            "learning-rate: lr max-lr l",
            "min-lr: lr-min final-lr learning-rate-decay-frac",
            "schedule: decay-lr scheduler lr-scheduler lr-scheduler-type lr-schedule",
            "warmup-steps: warmup-iters warmup-ratio num-warmup-steps",
            "beta1: adam-beta1",
            "beta2: adam-beta2",
            "adam-eps: adam-epsilon eps epsilon",
            "weight-decay: wd",
            "grad-clip: max-grad-norm clip clip-grad gradient-clip-val",
            "seed: random-seed random-state manual-seed",
            "n-layer: num-layers num-hidden-layers layers depth",
            "n-head: num-heads num-attention-heads heads",
            "n-embd: d-model hidden-size embed-dim embedding-dim embedding-size emb-dim width",
            "block-size: sequence-length seq-length seq-len max-seq-length context context-length n-ctx n-positions t",
            "activation: activation-function act",
            "tie-head: tie-weights tie-word-embeddings",
            "initialization: init init-std initializer-range",
            "preset: model-type config-name",
            "init-from: model-name-or-path pretrained finetune checkpoint ckpt load",
            "resume: resume-from-checkpoint resume-from checkpoint continue",
            "checkpoint: model model-name-or-path ckpt ckpt-path load init-from resume out out-dir output-dir",
            "data: dataset dataset-name input-bin train-file train-data corpus input file i",
            "field: text-column text-column-name text-field text-key json-keys json-key column key",
            "separator: delimiter eot document-separator",
            "glob: include pattern file-pattern",
            "val-fraction: val-split validation-split validation-split-percentage test-size",
            "vocab-size: n-vocab num-tokens",
            "tokenizer: tokenizer-name encoding",
            "out: out-dir output output-dir save-dir checkpoint-dir o",
            "overwrite: overwrite-output-dir force",
            "checkpoint-interval: save-steps save-every save-interval always-save-checkpoint",
            "keep: save-total-limit",
            "eval-interval: eval-every val-loss-every eval-strategy evaluation-strategy",
            "eval-steps: eval-iters val-max-steps",
            "log-interval: logging-steps log-every",
            "samples: sample-every",
            "report: wandb wandb-log wandb-project wandb-run-name report-to",
            "prompt: start text input",
            "text: prompt start input",
            "num-samples: num-return-sequences n",
            "max-new-tokens: max-tokens max-length length num-tokens",
            "top-k: k",
            "top-p: p nucleus",
            "stop: stop-token stop-sequence eos",
            "threads: num-threads n-threads num-workers workers",
            "dtype: torch-dtype precision");

    private UnknownArgument() {}

    /** Returns the sentence about the first unknown argument of a command. */
    static String describe(CommandLine line, String argument, boolean isOption) {
        CommandSpec spec = line.getCommandSpec();
        if (spec.optionsMap().containsKey(argument)) {
            return "unknown argument " + argument + ": an argument after -- is not an option";
        }
        String word = argument.replaceFirst("=.*", "").replaceFirst("^-+", "");
        String name = word.toLowerCase(Locale.ROOT).replace('_', '-');
        List<String> meant = isOption ? options(spec, name) : commands(line, name);
        return "unknown " + (isOption ? "option" : "command or argument") + " "
                + (argument.isEmpty() ? "\"\"" : argument) + Suggestions.question(meant);
    }

    private static List<String> options(CommandSpec spec, String name) {
        List<String> known = new ArrayList<>();
        for (OptionSpec option : spec.options()) {
            String ours = option.longestName().substring(2);
            known.add(ours);
            if (option.negatable()) {
                known.add("no-" + ours);
            }
        }
        List<String> meant = synonyms(OPTIONS, name);
        meant.retainAll(known);
        List<String> suggested = new ArrayList<>();
        for (String ours : meant.isEmpty() ? Suggestions.closest(name, known) : meant) {
            suggested.add("--" + ours);
        }
        return suggested;
    }

    private static List<String> commands(CommandLine line, String name) {
        List<String> close = Suggestions.closest(name, line.getSubcommands().keySet());
        return close.isEmpty() && line.getParent() == null ? synonyms(COMMANDS, name) : close;
    }

    /** Returns what the lines of a table with this name begin with. */
    private static List<String> synonyms(List<String> table, String name) {
        List<String> ours = new ArrayList<>();
        for (String line : table) {
            int colon = line.indexOf(':');
            if (List.of(line.substring(colon + 2).split(" ")).contains(name)) {
                ours.add(line.substring(0, colon));
            }
        }
        return ours;
    }
}

package dev.microgpt.cli;

import static dev.microgpt.cli.CatalogueCase.refused;
import static dev.microgpt.cli.CatalogueCase.refusedProcess;
import static dev.microgpt.cli.CatalogueCase.taken;

import dev.microgpt.cli.terminal.Format;
import dev.microgpt.model.GptConfig;
import java.util.ArrayList;
import java.util.List;

/** Bad inputs of every kind, with what the program must answer. */
final class Catalogue {
    private static final String DATA = "train --steps 1 --num-samples 0 --overwrite --data ";
    private static final String TEXT =
            "train --steps 1 --num-samples 0 --overwrite --no-report --preset nano --n-layer 1 --n-head 2 --n-embd 8"
                    + " --data ";

    private Catalogue() {}

    static List<CatalogueCase> all() {
        List<CatalogueCase> cases = new ArrayList<>();
        cases.addAll(commands());
        cases.addAll(numbers());
        cases.addAll(combinations());
        cases.addAll(paths());
        cases.addAll(errorsOfTheSystem());
        cases.addAll(pipes());
        cases.addAll(data());
        cases.addAll(tokens());
        cases.addAll(prompts());
        cases.addAll(checkpoints());
        cases.addAll(takenWithANote());
        return cases;
    }

    private static List<CatalogueCase> commands() {
        return List.of(
                refused(2, "", "Usage: microgpt", "train", "sample"),
                refused(2, "trian", "unknown command or argument trian", "did you mean train?"),
                refused(2, "tr\nain", "tr\\u000aain"),
                refused(2, "train \u001B[31m", "\\u001b[31m"),
                refused(2, "train ", "unknown command or argument \"\""),
                refused(2, "train extra", "extra"),
                refused(5, "info extra", "checkpoint ", "extra: no such file or folder\n"),
                refused(2, "info $/model extra", "unknown command or argument extra\n"),
                refused(2, "info $/model --checkpoint $/model", "--checkpoint and CHECKPOINT cannot be used together"),
                refused(2, "tune", "unknown command or argument tune\nhint: microgpt --help lists the commands\n"),
                refused(2, "plot", "unknown command or argument plot\nhint: microgpt --help lists the"),
                refused(2, "generate", "did you mean sample?\n"),
                refused(2, "data fetc", "did you mean fetch?"),
                refused(2, "data", "Usage: microgpt data"),
                refused(2, "data prepare", "--data is missing, but must be given as --data FILE|DIR|-\n"),
                refused(2, "import gpt2", "DIR is missing, but the arguments must be DIR\n"),
                refused(2, "export gpt2", "CHECKPOINT is missing, but the arguments must be CHECKPOINT DIR\n"),
                refused(2, "export gpt2 $/model", "DIR is missing, but the arguments must be CHECKPOINT DIR\n"),
                refused(2, "train --lerning-rate 0.1", "--lerning-rate", "did you mean --learning-rate?"),
                refused(2, "train --max_iters 5", "unknown option --max_iters, did you mean --steps?\n"),
                refused(2, "train --lr 0.1", "unknown option --lr, did you mean --learning-rate?\n"),
                refused(2, "train --device cpu", "unknown option --device\n"),
                refused(2, "sample --out_dir out", "unknown option --out_dir, did you mean --checkpoint?\n"),
                refused(2, "train -- --steps 1", "unknown argument --steps: an argument after -- is not an option\n"),
                refused(2, "train --steps", "--steps has no value, but must be given as --steps N\n"),
                refused(2, "train --steps 1 --steps 2", "--steps must be given only once, but is given twice\n"),
                valueRefused("train --steps", "", "an integer of at least 1"),
                valueRefused("train --quiet", "maybe", "true or false, or have no value"),
                valueRefused("train --report", "7", "true or false, or have no value"),
                valueRefused("train --data", "", "a path"),
                refused(2, "export gpt2 $/model ", "DIR must be a path, but is \"\"\n"),
                refused(
                        2,
                        "eval --checkpoint $/model",
                        "neither --data nor --text is given, but one of them must be\n"),
                refused(2, "why $/model", "neither --sample nor --text is given, but one of them must be\n"),
                refused(2, "why $/model --sample 1 --text a", "--sample and --text cannot be used together\n"));
    }

    private static List<CatalogueCase> numbers() {
        String atLeast0 = "an integer of at least 0";
        String atLeast1 = "an integer of at least 1";
        String seed = "an integer from 0 to 18446744073709551615";
        String threads = "an integer from 1 to 99999";
        String positive = "a finite number above 0";
        String notNegative = "a finite number of at least 0";
        String fraction = "a number of at least 0 and below 1";
        String share = "a number above 0 and at most 1";
        return List.of(
                valueRefused("train --steps", "abc", atLeast1),
                valueRefused("train --steps", "1e3", atLeast1),
                valueRefused("train --steps", "1_000", atLeast1),
                valueRefused("train --steps", "10.5", atLeast1),
                valueRefused("train --steps", "\u0661\u0662", atLeast1),
                valueRefused("train --steps", "a\nb", atLeast1),
                valueRefused("train --steps", "99999999999", "an integer from 1 to 2147483647"),
                valueRefused("train --steps", "0", atLeast1),
                valueRefused("train --steps", "-5", atLeast1),
                valueRefused("train --learning-rate", "NaN", positive),
                valueRefused("train --learning_rate", "Infinity", positive),
                valueRefused("train --learning-rate", "1e400", positive),
                valueRefused("train --learning-rate", "0x1p-3", positive),
                valueRefused("train --learning-rate", "1e-3f", positive),
                valueRefused("train --learning-rate", "0,1", positive),
                valueRefused("train --learning-rate", "-0.1", positive),
                valueRefused("train --learning-rate", "0", positive),
                valueRefused("train --beta1", "1.0", fraction),
                valueRefused("train --beta2", "1", fraction),
                valueRefused("train --beta1", "-0.1", fraction),
                valueRefused("train --adam-eps", "0", positive),
                valueRefused("train --weight-decay", "-1", notNegative),
                valueRefused("train --warmup-steps", "-1", atLeast0),
                valueRefused("train --temperature", "-1", notNegative),
                valueRefused("sample --temperature", "NaN", notNegative),
                valueRefused("sample --top-p", "0", share),
                valueRefused("sample --top-p", "1.5", share),
                valueRefused("sample --top-p", "NaN", share),
                valueRefused("sample --top-p", "1e-400", share),
                valueRefused("sample --top-k", "0", atLeast1),
                valueRefused("sample --top-k", "2.5", atLeast1),
                valueRefused("train --n-head", "0", atLeast1),
                valueRefused("train --n-layer", "-1", atLeast1),
                valueRefused("train --n-embd", "x", atLeast1),
                valueRefused("train --block-size", "0", atLeast1),
                valueRefused("train --n-inner", "0", atLeast1),
                valueRefused("train --norm-eps", "0", positive),
                valueRefused("train --attention-scale", "1", "one of head, head-and-layer, layer, none"),
                valueRefused("train --batch-size", "0", atLeast1),
                valueRefused("train --gradient-accumulation-steps", "0", atLeast1),
                refused(3, "train --block-size 2147483647", "elements, but an array holds at most"),
                refused(3, "train --n-embd 2147483644", "elements, but an array holds at most"),
                refused(3, "train --batch-size 2147483647", "the heap is limited to"),
                valueRefused("train --threads", "0", threads),
                valueRefused("train --threads", "-1", threads),
                valueRefused("train --threads", "100000", threads),
                valueRefused("sample --threads", "abc", threads),
                valueRefused("train --seed", "abc", seed),
                valueRefused("train --seed", "18446744073709551616", seed),
                valueRefused("sample --seed", "-1", seed),
                valueRefused("train --dropout", "1.0", fraction),
                valueRefused("train --dropout", "-0.1", fraction),
                valueRefused("train --val-fraction", "1", fraction),
                valueRefused("train --grad-clip", "-1", notNegative),
                valueRefused("train --keep", "0", atLeast1),
                valueRefused("train --checkpoint-interval", "0", atLeast1),
                valueRefused("train --eval-interval", "0", atLeast1),
                valueRefused("train --log-interval", "0", atLeast1),
                valueRefused("train --eval-steps", "-1", atLeast0),
                valueRefused("train --samples", "-1", atLeast0),
                valueRefused("train --num-samples", "-1", atLeast0),
                valueRefused("sample --max-new-tokens", "0", atLeast1),
                valueRefused("sample --max-new-tokens", "-1", atLeast1),
                valueRefused("sample --num-samples", "0", atLeast1),
                valueRefused("tokenizer train --data x --vocab-size", "256", "an integer of at least 257"),
                valueRefused("data fetch --timeout", "86401", "a number above 0 and at most 86400"),
                valueRefused("eval --text a --stride", "0", atLeast1),
                valueRefused("explain --text a --step", "0", atLeast1),
                valueRefused("explain --text a --position", "-1", atLeast0),
                valueRefused("explain --text a --layer", "-1", atLeast0),
                valueRefused("explain --text", "\\d", "text in which each backslash begins \\n, \\r, \\t or \\\\"),
                valueRefused("why --sample", "0", atLeast1),
                valueRefused("why --exact", "-1", atLeast0),
                valueRefused("why --top", "-1", atLeast0),
                valueRefused("sample --stop", "", "at least one character"),
                valueRefused("sample --prompt", "\\d", "text in which each backslash begins \\n, \\r, \\t or \\\\"),
                valueRefused("eval --text", "a\\", "text in which each backslash begins \\n, \\r, \\t or \\\\"),
                valueRefused("sample --stop", "\\d", "text in which each backslash begins \\n, \\r, \\t or \\\\"),
                valueRefused("sample --stop", "a\\", "text in which each backslash begins \\n, \\r, \\t or \\\\"),
                valueRefused(
                        "train --preset",
                        "big",
                        "one of microgpt, nano, llama, nanochat, gpt2, gpt2-medium, gpt2-large, gpt2-xl"),
                valueRefused("train --norm", "batchnorm", GptConfig.NORM.rule()),
                valueRefused("train --activation", "swish", GptConfig.ACTIVATION.rule()),
                valueRefused("train --initialization", "xavier", "one of microgpt, gpt2, scaled, zero-out"),
                valueRefused("train --format", "csv", "one of documents, text"),
                valueRefused("train --schedule", "step", "one of constant, linear, cosine"));
    }

    /** The value of an option, which must be refused by a sentence that gives both and the rule. */
    private static CatalogueCase valueRefused(String command, String value, String rule) {
        String option = command.substring(command.lastIndexOf("--")).replace('_', '-');
        String sentence = option + " must be " + rule + ", but is \"" + Format.visible(value) + "\"\n";
        return refused(2, command + "=" + value, sentence);
    }

    private static List<CatalogueCase> combinations() {
        return List.of(
                refused(2, "train --n-embd 10 --n-head 3", "--n-embd 10", "--n-head 3", "nearest", "9", "12"),
                refused(2, "explain $/model", "--text is missing, but must be given as --text TEXT\n"),
                refused(2, "explain $/model --text anna --position 5", "--position is 5, but must be below 5"),
                refused(2, "explain $/model --text anna --layer 1", "--layer is 1, but must be below 1"),
                refused(
                        2,
                        "explain $/model --text a --step 3 --data $/names.txt",
                        "--step is 3, but must be at most 2, the steps of the run\n"),
                refused(
                        2,
                        "train --min-lr 0.1",
                        "--min-lr: minimum learning rate is 0.1",
                        "must be at most the learning rate"),
                refused(2, "train --resume --init-from $/model", "--resume and --init-from cannot be used together\n"),
                refused(
                        2,
                        "train --extend --steps 9",
                        "--extend must be used together with --resume and --steps, but --resume is not given\n"),
                refused(
                        2,
                        "train --resume $/model --extend",
                        "--extend must be used together with --resume and --steps, but --steps is not given\n"),
                refused(
                        2,
                        "train --resume $/model --extend --steps 2 --data $/names.txt",
                        "--steps is 2, but must be above 2, the steps of $/model/checkpoint.safetensors, to extend"
                                + " that run\n"),
                refused(2, "train --resume --overwrite", "--resume and --overwrite cannot be used together\n"),
                refused(
                        2,
                        "train --init-from $/model --n-layer 2",
                        "--init-from cannot be used together with options of the model, which the checkpoint"
                                + " determines\n"),
                refused(2, "train --format text", "--format text needs --data, but it is not given\n"),
                refused(
                        2,
                        "eval --checkpoint $/model --text a --data $/text.txt",
                        "--data and --text cannot be used together\n"),
                refused(
                        2,
                        "train --init-from $/model --tokenizer byte --data $/names.txt",
                        "--tokenizer and --init-from cannot be used together: the model has its own tokenizer\n"),
                refused(
                        2,
                        "train --resume $/model --out $/folder",
                        "--resume $/model is not in --out $/folder, but both must name the same folder\n"),
                refused(4, "train --resume $/model --data $/text.txt", "--data", "SHA-256"),
                refused(
                        4,
                        "why $/model --text a --data $/text.txt",
                        "--data",
                        "SHA-256",
                        "give the same --data, read with the same --field"),
                refused(
                        4,
                        "why $/model --text a",
                        "--data has SHA-256",
                        "$/model/checkpoint.safetensors was trained on"),
                refused(4, "train --val-fraction 0.99999999", "the training split has 0 of 29800 documents"));
    }

    private static List<CatalogueCase> paths() {
        return List.of(
                refused(5, "train --data $/nmes.txt", "nmes.txt: no such file", "names.txt"),
                refused(
                        5,
                        "train --data $/gone/names.txt",
                        "$/gone/names.txt: no such file or folder; the folder $/gone does not exist\n"),
                refused(5, "train --data $/no\nfile", "no\\u000afile: no such file"),
                refused(5, "train --data $/folder", "$/folder", "the folder has no file *.txt"),
                refused(5, TEXT + "$/folder", "$/folder", "the folder has no file *.txt"),
                refused(5, "eval --checkpoint $/model --data $/nmes.txt", "nmes.txt: no such file", "names.txt"),
                refused(5, "data prepare --data $/nmes.txt --out $/prepared", "nmes.txt: no such file", "names.txt"),
                refused(
                        5,
                        "tokenizer train --data $/nmes.txt --vocab-size 300 --out $/t.json",
                        "nmes.txt: no such file"),
                refused(5, "train --out $/names.txt", "--out $/names.txt is a file, but must be a folder"),
                refused(5, "train --out /dev/null", "--out /dev/null is a file, but must be a folder"),
                refused(
                        5,
                        "train --metrics $/gone/m.jsonl",
                        "--metrics $/gone/m.jsonl: the folder $/gone is missing\n"),
                streamRefused("train --metrics"),
                streamRefused("train --out"),
                streamRefused("train --tokenizer"),
                streamRefused("train --resume"),
                streamRefused("train --init-from"),
                streamRefused("sample --checkpoint"),
                streamRefused("eval --text a --per-token"),
                streamRefused("data prepare --data $/text.txt --out"),
                streamRefused("data prepare --data $/text.txt --out $/prepared --tokenizer"),
                streamRefused("data fetch names --out"),
                streamRefused("tokenizer train --data $/text.txt --vocab-size 300 --out"),
                streamRefused("import gpt2 $/folder --out"),
                refused(2, "info -", "CHECKPOINT must be a path other than -"),
                refused(2, "export gpt2 $/model -", "DIR must be a path other than -"),
                refused(2, "import gpt2 - --out $/imported.safetensors", "DIR must be a path other than -"),
                refused(5, "train --metrics $/folder", "--metrics $/folder must be a file, but is a folder\n"),
                refused(
                        5,
                        "eval --checkpoint $/model --text anna --per-token $/gone/t.jsonl",
                        "--per-token $/gone/t.jsonl: the folder $/gone is missing\n"),
                refused(
                        5,
                        "tokenizer train --data $/latin1.txt --vocab-size 300 --out $/names.txt/t.json",
                        "--out $/names.txt/t.json: $/names.txt must be a folder, but is a file\n"),
                refused(
                        2,
                        "train --metrics /dev/null --report",
                        "--report and --metrics /dev/null cannot be used together: "),
                refused(5, "train --tokenizer /dev/null", "/dev/null must be an ordinary file, but is a device\n"),
                refused(5, "train --tokenizer $/folder", "$/folder must be an ordinary file, but is a folder\n"),
                refused(5, "train --resume $/gone", "--resume", "$/gone: no such file"),
                refused(4, "train --resume --out $/gone", "--resume: there is no checkpoint in", "gone"),
                refused(5, "train --init-from $/gone", "--init-from", "$/gone: no such file"),
                refusedProcess(4, "train --data $/caf\uDCE9.txt", "--data", "0xE9", "at offset"));
    }

    /** An option that names a file or folder, which a standard stream is not. */
    private static CatalogueCase streamRefused(String command) {
        String rule = "a path other than - (a standard stream cannot be used here, and ./- is a file of that name)";
        return valueRefused(command, "-", rule);
    }

    /** What the system reports in the language of the user. */
    static List<CatalogueCase> errorsOfTheSystem() {
        String name = "n".repeat(300);
        return List.of(
                refused(
                        5,
                        "train --data $/names.txt/x",
                        "$/names.txt/x: a part of its path must be a folder, but is a file\n"),
                refused(5, "train --data $/loop.txt", "$/loop.txt must be a file, but is a symbolic link to itself\n"),
                refused(
                        5,
                        "train --data $/loop.txt/x",
                        "$/loop.txt/x: a part of its path is a symbolic link to itself, but must be a folder\n"),
                refused(
                        5,
                        "train --data $/" + name,
                        "$/" + name + ": a name in its path has 300 bytes, but must have at most 255\n"),
                refused(
                        5,
                        "train --out $/names.txt/out",
                        "$/names.txt/out: a part of its path must be a folder, but is a file\n"),
                refused(
                        5,
                        "eval --checkpoint $/model --text anna --per-token $/gone/t.jsonl",
                        "--per-token $/gone/t.jsonl: the folder $/gone is missing\n"));
    }

    /** They would wait for somebody to write or read. */
    private static List<CatalogueCase> pipes() {
        if (!CatalogueInputs.hasPipes()) {
            return List.of();
        }
        String refused = "$/pipe must be an ordinary file, but is a pipe\n";
        return List.of(
                refused(5, "train --tokenizer $/pipe", refused),
                refused(5, "train --metrics $/pipe", "--metrics $/pipe must be a file, but is a pipe\n"),
                refused(4, "train --resume $/pipe", "pipe: not a safetensors file: found a pipe"),
                refused(4, "train --init-from $/pipe", "pipe: not a safetensors file: found a pipe"),
                refused(5, "data prepare --data $/text.txt --tokenizer $/pipe --out $/prepared", refused),
                refused(5, DATA + "$/pipes", "$/pipes/pipe.txt: this is a device, a pipe or a socket, but"),
                refused(
                        5,
                        "import gpt2 $/pipes --out $/imported.safetensors",
                        "$/pipes/config.json must be an ordinary file, but is a pipe\n"),
                refused(4, "export gpt2 $/pipe $/exported", "pipe: not a safetensors file: found a pipe"),
                refused(4, "info --checkpoint $/pipe", "pipe: not a safetensors file: found a pipe"),
                refused(
                        5,
                        "eval --checkpoint $/model --text anna --per-token $/pipe",
                        "--per-token $/pipe must be a file, but is a pipe\n"));
    }

    private static List<CatalogueCase> data() {
        return List.of(
                refused(4, DATA + "$/empty.txt", "empty.txt: the text has 0 lines"),
                refused(
                        4,
                        DATA + "$/blank.txt",
                        "blank.txt: the text has 3 lines, all of them blank, but must have one document per line"),
                refused(4, DATA + "/dev/null", "/dev/null: the text has 0 lines"),
                refusedProcess(4, DATA + "-", "data -: the text has 0 lines"),
                refused(4, TEXT + "$/empty.txt", "empty.txt: the text is empty"),
                refused(4, DATA + "$/latin1.txt", "latin1.txt:2: byte 0xE9 at offset 8"),
                refused(4, TEXT + "$/latin1.txt", "latin1.txt:2: byte 0xE9 at offset 8"),
                refused(4, "eval --checkpoint $/model --data $/latin1.txt", "latin1.txt:2: byte 0xE9"),
                refused(4, DATA + "$/utf16.txt", "utf16.txt", "looks like UTF-16", "iconv -f UTF-16"),
                refused(4, TEXT + "$/utf16.txt", "utf16.txt", "looks like UTF-16", "iconv -f UTF-16"),
                refused(4, DATA + "$/utf16le.txt", "utf16le.txt", "looks like UTF-16LE", "iconv -f UTF-16LE"),
                refused(4, DATA + "$/utf16be.txt", "utf16be.txt", "looks like UTF-16BE", "iconv -f UTF-16BE"),
                refused(4, DATA + "$/utf32.txt", "utf32.txt", "looks like UTF-32BE", "iconv -f UTF-32BE"),
                refused(4, DATA + "$/nul.txt", "nul.txt:2: byte 0x00 at offset 6"),
                refused(4, TEXT + "$/nul.txt", "nul.txt:2: byte 0x00 at offset 6"),
                refused(4, DATA + "$/names.gz", "names.gz", "gzip", "gunzip"),
                refused(4, TEXT + "$/names.gz", "names.gz", "gzip", "gunzip"),
                refused(4, DATA + "$/names.zip", "names.zip", "zip", "unzip"),
                refused(4, DATA + "$/names.pdf", "names.pdf", "PDF", "pdftotext"),
                refused(4, DATA + "$/names.parquet", "names.parquet", "Parquet"),
                refused(4, DATA + "$/lfs.txt", "lfs.txt", "a git-lfs pointer", "git lfs pull"),
                refused(4, TEXT + "$/lfs.txt", "lfs.txt", "a git-lfs pointer", "git lfs pull"),
                refused(4, DATA + "$/names.txt --tokenizer $/lfs.txt", "lfs.txt", "git-lfs pointer", "git lfs pull"),
                refused(4, "eval --checkpoint $/model --data $/lfs.txt", "lfs.txt", "git-lfs pointer", "git lfs pull"),
                refused(4, "data prepare --data $/lfs.txt --out $/prepared", "lfs.txt", "git-lfs pointer"),
                refused(4, DATA + "$/names.bin", "names.bin", "byte 0x"),
                refused(4, DATA + "$/model/checkpoint.safetensors", "checkpoint.safetensors", "byte 0x"),
                refused(4, TEXT + "$/names.txt", "tokens to train on", "must have at least 65"),
                refused(4, TEXT + "$/text.txt --val-fraction 0.001", "439 for training and 1 for validation"),
                refused(
                        4,
                        DATA + "$/accent.txt --init-from $/model",
                        "accent.txt:3: \"loe\u00E9\" has a character",
                        "U+00E9"),
                refused(4, TEXT_FROM_MODEL, "accent.txt:1: ", "(U+000A) is not in the vocabulary"));
    }

    /** Refused at the start, not when a run comes to the wrong token. */
    private static List<CatalogueCase> tokens() {
        String wrong = ".bin: the id 4 at position 100 is not in the vocabulary; ids must be below 4.";
        String initFrom = "train --steps 1 --format text --init-from $/model --data ";
        String eval = "eval --checkpoint $/model --format text --data ";
        return List.of(
                refused(4, TEXT + "$/ids-train", "data $/ids-train/train" + wrong),
                refused(4, TEXT + "$/ids-val", "data $/ids-val/val" + wrong),
                refused(4, initFrom + "$/ids-train", "data $/ids-train/train" + wrong),
                refused(4, initFrom + "$/ids-val", "data $/ids-val/val" + wrong),
                refused(4, eval + "$/ids-train", "data $/ids-train/train" + wrong),
                refused(4, eval + "$/ids-val", "data $/ids-val/val" + wrong),
                refused(4, TEXT + "$/ids-odd", "val.bin: the file has 7 bytes, but must have 2 for each token"),
                refused(4, eval + "$/ids", "--data $/ids has another tokenizer than the model"));
    }

    private static final String TEXT_FROM_MODEL =
            "train --steps 1 --format text --init-from $/model --data $/accent.txt";

    private static List<CatalogueCase> prompts() {
        return List.of(
                refused(
                        4,
                        "sample --checkpoint $/model --prompt ann\u00E9",
                        "--prompt",
                        "U+00E9) at index 3",
                        "\"abcelno"),
                refused(4, "sample --checkpoint $/model --prompt a\nb", "--prompt", "U+000A at index 1"),
                refused(4, "explain $/model --text annX", "--text", "'X' (U+0058) at index 3"),
                refused(
                        4,
                        "explain $/model --text " + "anna".repeat(4),
                        "--text must have at most 15 tokens, but has 16: the block size is 16"),
                refused(4, "sample --checkpoint $/model --prompt an\uDCE9", "--prompt", "at"),
                refusedProcess(4, "sample --checkpoint $/model --prompt an\uDCE9a", "--prompt", "0xE9 at offset 2"),
                refused(4, "eval --checkpoint $/model --text X", "--text", "'X' (U+0058) at index 0"),
                refused(
                        2,
                        "eval --checkpoint $/model --text anna --stride 17",
                        "--stride must be at most the block size of the model, 16, but is 17"),
                refused(4, "why $/model --text X --data $/names.txt", "--text", "'X' (U+0058) at index 0"),
                refused(
                        4,
                        "why $/model --data $/names.txt --text " + "anna".repeat(5),
                        "--text has 20 tokens, but must have at most 16, the block size"),
                refused(4, "eval --checkpoint $/model --text=", "--text: the text has 0 lines"),
                refused(
                        4,
                        "sample --checkpoint $/model --prompt " + "anna".repeat(10),
                        "--prompt must have at most 15 tokens, but has 40: the block size is 16, and one position"
                                + " marks the beginning\n"));
    }

    private static final String IMPORT = "microgpt import gpt2 $/gpt2 --out gpt2.safetensors\n";

    private static List<CatalogueCase> checkpoints() {
        String sample = "sample --checkpoint $/damaged/";
        String info = "info --checkpoint $/damaged/";
        return List.of(
                refused(5, "sample --checkpoint $/gone", "--checkpoint", "$/gone: no such file"),
                refused(
                        4,
                        "sample --checkpoint $/folder",
                        "--checkpoint",
                        "is a folder without checkpoint.safetensors"),
                refused(4, "info --checkpoint $/half", "--checkpoint", "is a folder without checkpoint.safetensors"),
                refused(
                        7,
                        DATA + "$/names.txt --out $/foreign",
                        "--out $/foreign: best.safetensors in it is not a checkpoint of a training run, which a run may"
                                + " delete or replace\n"),
                refused(4, "info --checkpoint $/empty.txt", "empty.txt", "found an empty file"),
                refused(4, "info --checkpoint $/text.txt", "text.txt: not a safetensors file", "; it looks like text"),
                refused(4, "info --checkpoint $/names.zip", "names.zip", "zip archive"),
                refused(
                        4,
                        "info --checkpoint /dev/null",
                        "not a safetensors file: found a device, expected an ordinary file"),
                refused(4, sample + "flipped.safetensors", "flipped.safetensors", "SHA-256"),
                refused(4, sample + "short.safetensors", "short.safetensors", "expected"),
                refused(4, sample + "long.safetensors", "long.safetensors", "expected"),
                refused(4, sample + "seven.safetensors", "seven.safetensors", "expected at least 8 bytes"),
                refused(4, "train --resume $/damaged/zeros.safetensors", "zeros.safetensors"),
                refused(4, sample + "zeros.safetensors", "zeros.safetensors", "zeros"),
                refused(4, sample + "huge.safetensors", "huge.safetensors", "18446744073709551615"),
                refused(4, info + "eight.safetensors", "eight.safetensors", "(file: found 8 bytes, expected a header"),
                refused(4, info + "path.safetensors", "header: found a path, \"../../x\""),
                refused(4, info + "number.safetensors", "found a name or a tensor of more than 131072 bytes"),
                refused(4, info + "string.safetensors", "found metadata of more than 16777216 bytes"),
                refused(4, info + "foreign.safetensors", "this is not a checkpoint of microgpt"),
                refused(4, "train --tokenizer $/list.json --data $/names.txt", "found a list, expected a JSON object"),
                refused(4, "import gpt2 $/large-config --out $/imported", "config.json", "exceeds the maximum allowed"),
                refused(4, "import gpt2 $/large-merges --out $/imported", "merges.txt: found more than 67108864 bytes"),
                refused(4, "sample --checkpoint $/newer", "checkpoint.safetensors"),
                refused(4, "import gpt2 $/folder --out $/imported.safetensors", "folder", "must have a config.json"),
                refused(
                        4,
                        "import gpt2 $/gpt2 --out $/imported.safetensors",
                        "$/gpt2/config.json, field \"num_hidden_layers\": found 2, expected 1, the value of"),
                refused(4, "info --checkpoint $/lfs.txt", "lfs.txt", "a git-lfs pointer", "git lfs pull"),
                refused(4, "sample --checkpoint $/gpt2", "$/gpt2 is a folder without", IMPORT),
                refused(4, "train --init-from $/gpt2", "--init-from $/gpt2 is a folder without", IMPORT),
                refused(4, "train --resume $/gpt2", "--resume $/gpt2 is a folder without", IMPORT),
                refused(4, "export gpt2 $/gpt2/config.json $/exported", "checkpoint config.json", IMPORT),
                refused(4, "info --checkpoint $/gpt2/model.safetensors", "git lfs pull", IMPORT));
    }

    private static List<CatalogueCase> takenWithANote() {
        return List.of(
                taken("train --steps 1 --threads 10000 --overwrite", "--threads 10000 is more than the"),
                taken(DATA + "$/one.txt", "vocabulary of 2"),
                taken(DATA + "$/same.txt", "vocabulary of 2", "all 30 documents are the same"),
                taken(DATA + "$/same-lines.txt", "all 30 documents are the same"),
                taken(DATA + "$/crlf.txt", "4 lines that end in CR or CRLF", "1 blank line"),
                taken(DATA + "$/mixed.txt", "2 lines that end in CR or CRLF"),
                taken(DATA + "$/mark.txt", "a byte order mark"),
                taken(DATA + "$/no-end.txt", "1 blank line"),
                taken(DATA + "$/long.txt", "1 of 4 documents", "longer than", "16"),
                taken(TEXT + "$/text.txt"),
                taken("sample --checkpoint $/model --temperature 0 --prompt="),
                taken("eval --checkpoint $/model --data $/many.txt"), // in a small heap
                taken("sample --checkpoint $/model --max-new-tokens 1000000000 --num-samples 1"));
    }
}

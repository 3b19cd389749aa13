package dev.microgpt.cli;

import static dev.microgpt.cli.CatalogueCase.refused;
import static dev.microgpt.cli.CatalogueCase.refusedProcess;
import static dev.microgpt.cli.CatalogueCase.taken;

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
        cases.addAll(data());
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
                refused(2, "info extra", "extra"),
                refused(2, "data fetc", "did you mean fetch?"),
                refused(2, "data", "Usage: microgpt data"),
                refused(2, "data prepare", "--data", "found no value"),
                refused(2, "import gpt2", "found no DIR"),
                refused(2, "export gpt2", "found no CHECKPOINT, expected CHECKPOINT DIR"),
                refused(2, "train --lerning-rate 0.1", "--lerning-rate", "did you mean --learning-rate?"),
                refused(2, "train -- --steps 1", "unknown argument --steps", "after --"),
                refused(2, "train --steps", "--steps: found no value, expected N"),
                refused(2, "train --steps=", "--steps: found \"\", expected a whole number from 1"),
                refused(2, "train --steps 1 --steps 2", "--steps: found twice"),
                refused(2, "train --quiet=maybe", "--quiet: found \"maybe\", expected true, false or no value"),
                refused(2, "train --report=7", "--report: found \"7\", expected true, false or no value"),
                refused(2, "train --data=", "--data: found \"\", expected a path"),
                refused(2, "eval --checkpoint $/model", "found neither --data nor --text"));
    }

    private static List<CatalogueCase> numbers() {
        String whole = "expected a whole number from ";
        return List.of(
                refused(2, "train --steps abc", "--steps: found \"abc\", " + whole + 1),
                refused(2, "train --steps 1e3", "--steps: found \"1e3\""),
                refused(2, "train --steps 1_000", "--steps: found \"1_000\""),
                refused(2, "train --steps 10.5", "--steps: found \"10.5\""),
                refused(2, "train --steps \u0661\u0662", "--steps: found \"\u0661\u0662\""),
                refused(2, "train --steps a\nb", "--steps: found \"a\\u000ab\""),
                refused(2, "train --steps 99999999999", "\"99999999999\"", whole + "1 to 2147483647"),
                refused(2, "train --steps 0", "--steps: found \"0\""),
                refused(2, "train --steps -5", "--steps: found \"-5\""),
                refused(
                        2,
                        "train --learning-rate NaN",
                        "--learning-rate: found \"NaN\", expected a finite number above 0"),
                refused(2, "train --learning_rate Infinity", "--learning-rate: found \"Infinity\""),
                refused(2, "train --learning-rate 1e400", "found \"1e400\""),
                refused(2, "train --learning-rate 0x1p-3", "found \"0x1p-3\""),
                refused(2, "train --learning-rate 1e-3f", "found \"1e-3f\""),
                refused(2, "train --learning-rate 0,1", "found \"0,1\""),
                refused(2, "train --learning-rate -0.1", "found \"-0.1\""),
                refused(2, "train --learning-rate 0", "found \"0\""),
                refused(2, "train --beta1 1.0", "--beta1: found \"1.0\", expected a number from 0 to below 1"),
                refused(2, "train --beta2 1", "--beta2: found \"1\""),
                refused(2, "train --beta1 -0.1", "--beta1: found \"-0.1\""),
                refused(2, "train --adam-eps 0", "--adam-eps: found \"0\""),
                refused(2, "train --temperature -1", "--temperature: found \"-1\""),
                refused(2, "sample --temperature NaN", "--temperature: found \"NaN\""),
                refused(2, "sample --top-p 0", "--top-p: found \"0\", expected a number above 0, at most 1"),
                refused(2, "sample --top-p 1.5", "--top-p: found \"1.5\""),
                refused(2, "sample --top-p NaN", "--top-p: found \"NaN\""),
                refused(2, "sample --top-p 1e-400", "--top-p: found \"1e-400\""),
                refused(2, "sample --top-k 0", "--top-k: found \"0\", " + whole + 1),
                refused(2, "sample --top-k 2.5", "--top-k: found \"2.5\""),
                refused(2, "train --n-head 0", "--n-head: found \"0\""),
                refused(2, "train --n-layer -1", "--n-layer: found \"-1\""),
                refused(2, "train --block-size 0", "--block-size: found \"0\""),
                refused(2, "train --batch-size 0", "--batch-size: found \"0\""),
                refused(3, "train --block-size 2147483647", "the heap is limited to"),
                refused(3, "train --n-embd 2147483644", "the heap is limited to"),
                refused(3, "train --batch-size 2147483647", "the heap is limited to"),
                refused(2, "train --threads 0", "--threads: found \"0\", " + whole + "1 to 99999"),
                refused(2, "train --threads -1", "--threads: found \"-1\""),
                refused(2, "train --threads 100000", "--threads: found \"100000\""),
                refused(2, "sample --threads abc", "--threads: found \"abc\""),
                refused(2, "train --seed abc", "--seed: found \"abc\"", "from 0 to 18446744073709551615"),
                refused(2, "train --seed 18446744073709551616", "--seed", "from 0 to 18446744073709551615"),
                refused(2, "train --dropout 1.0", "--dropout: found \"1.0\", expected a number from 0 to below 1"),
                refused(2, "train --dropout -0.1", "--dropout: found \"-0.1\""),
                refused(2, "train --val-fraction 1", "--val-fraction: found \"1\""),
                refused(2, "train --grad-clip -1", "--grad-clip: found \"-1\""),
                refused(2, "train --keep 0", "--keep: found \"0\""),
                refused(2, "train --checkpoint-interval 0", "--checkpoint-interval: found \"0\""),
                refused(2, "sample --max-new-tokens 0", "--max-new-tokens: found \"0\""),
                refused(2, "sample --max-new-tokens -1", "--max-new-tokens: found \"-1\""),
                refused(2, "sample --num-samples 0", "--num-samples: found \"0\""),
                refused(2, "sample --stop=", "--stop: found \"\", expected at least one character"),
                refused(2, "sample --stop \\d", "--stop: found \"\\d\", expected \\n, \\r, \\t or \\\\ where"),
                refused(2, "sample --stop a\\", "--stop: found \"a\\\", expected"),
                refused(2, "train --preset big", "--preset: found \"big\", expected one of microgpt, nano, gpt2"),
                refused(2, "train --norm batchnorm", "--norm: found \"batchnorm\", expected one of rmsnorm"),
                refused(2, "train --activation swish", "expected one of relu, gelu, gelu-tanh"),
                refused(2, "train --initialization xavier", "expected one of microgpt, gpt2, scaled"),
                refused(2, "train --schedule step", "expected one of constant, linear, cosine"));
    }

    private static List<CatalogueCase> combinations() {
        return List.of(
                refused(2, "train --n-embd 10 --n-head 3", "n-embd 10", "n-head 3", "nearest", "9", "12"),
                refused(
                        2,
                        "train --min-lr 0.1",
                        "--min-lr: minimum learning rate is 0.1",
                        "must be at most the learning rate"),
                refused(2, "train --resume --init-from $/model", "--resume: found --init-from beside it"),
                refused(2, "train --resume --overwrite", "--resume: found --overwrite beside it"),
                refused(2, "train --init-from $/model --n-layer 2", "found options that say what the model is"),
                refused(2, "train --format text", "--format text: found no --data, expected a text"),
                refused(4, "train --resume $/model --data $/text.txt", "--data", "SHA-256"),
                refused(4, "train --val-fraction 0.99999999", "the training split has 0 of 29800 documents"));
    }

    private static List<CatalogueCase> paths() {
        return List.of(
                refused(5, "train --data $/nmes.txt", "nmes.txt: no such file", "names.txt"),
                refused(5, "train --data $/gone/names.txt", "$/gone/names.txt: no such file", "no folder $/gone"),
                refused(5, "train --data $/no\nfile", "no\\u000afile: no such file"),
                refused(5, "train --data $/names.txt/x", "$/names.txt/x", "expected a folder"),
                refused(5, "train --data $/loop.txt", "loop.txt"),
                refused(5, "train --data $/folder", "$/folder", "the folder has no file NAME.txt"),
                refused(5, TEXT + "$/folder", "$/folder", "the folder has no file NAME.txt"),
                refused(5, "eval --checkpoint $/model --data $/nmes.txt", "nmes.txt: no such file", "names.txt"),
                refused(5, "data prepare --data $/nmes.txt --out $/prepared", "nmes.txt: no such file", "names.txt"),
                refused(
                        5,
                        "tokenizer train --data $/nmes.txt --vocab-size 300 --out $/t.json",
                        "nmes.txt: no such file"),
                refused(5, "train --out $/names.txt", "--out $/names.txt is a file, but must be a folder"),
                refused(5, "train --out $/names.txt/out", "$/names.txt/out", "expected a folder"),
                refused(5, "train --out /dev/null", "--out /dev/null is a file, but must be a folder"),
                refused(5, "train --metrics $/gone/m.jsonl", "--metrics", "$/gone"),
                refused(5, "train --metrics $/folder", "--metrics", "$/folder"),
                refused(5, "train --resume $/gone", "--resume", "$/gone: no such file"),
                refused(4, "train --resume --out $/gone", "--resume: there is no checkpoint in", "gone"),
                refused(5, "train --init-from $/gone", "--init-from", "$/gone: no such file"),
                refusedProcess(4, "train --data $/caf\uDCE9.txt", "--data", "0xE9", "at offset"));
    }

    private static List<CatalogueCase> data() {
        return List.of(
                refused(4, DATA + "$/empty.txt", "empty.txt: the text has 0 lines"),
                refused(4, DATA + "$/blank.txt", "blank.txt: the text has 3 lines, all of them blank"),
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
                refused(4, "sample --checkpoint $/model --prompt an\uDCE9", "--prompt", "at"),
                refusedProcess(4, "sample --checkpoint $/model --prompt an\uDCE9a", "--prompt", "0xE9 at offset 2"),
                refused(4, "eval --checkpoint $/model --text X", "--text", "'X' (U+0058) at index 0"),
                refused(4, "eval --checkpoint $/model --text=", "--text: the text has 0 lines"),
                refused(
                        4,
                        "sample --checkpoint $/model --prompt " + "anna".repeat(10),
                        "--prompt: found 40 tokens",
                        "15"));
    }

    private static List<CatalogueCase> checkpoints() {
        String sample = "sample --checkpoint $/damaged/";
        return List.of(
                refused(5, "sample --checkpoint $/gone", "--checkpoint", "$/gone: no such file"),
                refused(
                        4,
                        "sample --checkpoint $/folder",
                        "--checkpoint",
                        "is a folder without checkpoint.safetensors"),
                refused(4, "info --checkpoint $/half", "--checkpoint", "is a folder without checkpoint.safetensors"),
                refused(4, "info --checkpoint $/empty.txt", "empty.txt", "found an empty file"),
                refused(4, "info --checkpoint $/text.txt", "text.txt", "header length"),
                refused(4, "info --checkpoint $/names.zip", "names.zip", "zip archive"),
                refused(4, "info --checkpoint /dev/null", "expected an ordinary file"),
                refused(4, sample + "flipped.safetensors", "flipped.safetensors", "SHA-256"),
                refused(4, sample + "short.safetensors", "short.safetensors", "expected"),
                refused(4, sample + "long.safetensors", "long.safetensors", "expected"),
                refused(4, sample + "seven.safetensors", "seven.safetensors", "expected at least 8 bytes"),
                refused(4, sample + "zeros.safetensors", "zeros.safetensors", "zeros"),
                refused(4, sample + "huge.safetensors", "huge.safetensors", "18446744073709551615"),
                refused(4, "sample --checkpoint $/newer", "checkpoint.safetensors"),
                refused(4, "import gpt2 $/folder --out $/imported.safetensors", "folder", "must have a config.json"));
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
                taken("sample --checkpoint $/model --max-new-tokens 1000000000 --num-samples 1"));
    }
}

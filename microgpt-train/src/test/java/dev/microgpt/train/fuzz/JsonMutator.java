package dev.microgpt.train.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Mutates a JSON document, token by token. */
final class JsonMutator {
    private static final Pattern TOKEN = Pattern.compile(
            "\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"|-?\\d[\\d.eE+-]*|true|false|null|[\\[\\]{}:,]|\\s+|.",
            Pattern.DOTALL);

    private static final String[] VALUES = {
        "0",
        "-0",
        "02",
        "-1",
        "1",
        "2",
        "3",
        "7",
        "16",
        "1.5",
        "2.0",
        "1e2",
        "1e400",
        "-1e400",
        "1e-400",
        "NaN",
        "Infinity",
        "1000000",
        "134217728",
        "2147483647",
        "2147483648",
        "4294967296",
        "4294967297",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "9".repeat(70),
        "9".repeat(30_000),
        "null",
        "true",
        "false",
        "[]",
        "{}",
        "[[]]",
        "\"\"",
        "\"1\"",
        "{\"a\":1}",
        "[1,2,3]",
        "[65536,65536,0]",
        "[0]",
        "[4294967296,4294967296]",
    };

    private static final String[] TEXTS = {
        "",
        "a",
        "__metadata__",
        "sha256",
        "checksum",
        "F64",
        "F32",
        "F16",
        "BF16",
        "F4",
        "f64",
        "BOOL",
        "I8",
        "shape",
        "dtype",
        "data_offsets",
        "../../x",
        "/etc/passwd",
        "a/../b",
        "..",
        "C:\\\\x",
        "\\u0000",
        "\\n",
        "\\u001b[2J",
        "\\u202e",
        "\\ud800",
        "\\udc00\\ud800",
        "\\ud83d\\ude00",
        "\u0000",
        "\n",
        "\u00e9",
        "\ud55c",
        "\ufeff",
        "<|endoftext|>",
        "nulls",
        "x".repeat(5_000),
        "x".repeat(30_000),
        "\\u0041".repeat(700),
        "NaN",
        "gpt2",
        "BPE",
        "char",
        "byte",
        "n_layers",
        "\u0120a",
        "a b",
    };

    private final Random random;

    JsonMutator(Random random) {
        this.random = random;
    }

    /** Returns the document with one to three mutations. */
    String mutate(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
        for (int edits = 1 + random.nextInt(3); edits > 0 && !tokens.isEmpty(); edits--) {
            edit(tokens);
        }
        return String.join("", tokens);
    }

    private void edit(List<String> tokens) {
        int at = random.nextInt(tokens.size());
        switch (random.nextInt(13)) {
            case 0, 1, 2 -> tokens.set(likeNumber(tokens, at), VALUES[random.nextInt(VALUES.length)]);
            case 3, 4 -> tokens.set(likeText(tokens, at), '"' + TEXTS[random.nextInt(TEXTS.length)] + '"');
            case 5 -> swap(tokens, likeNumber(tokens, at), likeNumber(tokens, random.nextInt(tokens.size())));
            case 6 -> swap(tokens, likeText(tokens, at), likeText(tokens, random.nextInt(tokens.size())));
            case 7 -> spell(tokens, likeText(tokens, at));
            case 8 -> tokens.remove(at);
            case 9 -> repeat(tokens, at);
            case 10 -> tokens.add(at, (random.nextBoolean() ? "[" : "{\"a\":").repeat(1 + random.nextInt(3_000)));
            case 11 -> tokens.subList(at, tokens.size()).clear();
            default -> tokens.add(at, VALUES[random.nextInt(VALUES.length)] + (random.nextBoolean() ? "," : ""));
        }
    }

    /** Duplicates some tokens, with luck a whole field: a duplicate name or tensor. */
    private void repeat(List<String> tokens, int at) {
        int end = Math.min(tokens.size(), at + 1 + random.nextInt(24));
        tokens.addAll(at, List.copyOf(tokens.subList(at, end)));
    }

    /** Escapes, deletes or duplicates a character. */
    private void spell(List<String> tokens, int at) {
        String text = tokens.get(at);
        if (text.length() < 3) {
            return;
        }
        int i = 1 + random.nextInt(text.length() - 2);
        String letter = switch (random.nextInt(3)) {
            case 0 -> String.format("\\u%04x", (int) text.charAt(i));
            case 1 -> "";
            default -> text.substring(i, i + 1).repeat(2);
        };
        tokens.set(at, text.substring(0, i) + letter + text.substring(i + 1));
    }

    private static void swap(List<String> tokens, int a, int b) {
        String token = tokens.get(a);
        tokens.set(a, tokens.get(b));
        tokens.set(b, token);
    }

    private static int likeNumber(List<String> tokens, int from) {
        return next(tokens, from, "-0123456789");
    }

    private static int likeText(List<String> tokens, int from) {
        return next(tokens, from, "\"");
    }

    /** Returns the index of the next token with this prefix, or the given index if there is none. */
    private static int next(List<String> tokens, int from, String first) {
        for (int i = 0; i < tokens.size(); i++) {
            int at = (from + i) % tokens.size();
            if (first.indexOf(tokens.get(at).charAt(0)) >= 0) {
                return at;
            }
        }
        return from;
    }
}

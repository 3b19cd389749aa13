package dev.microgpt.train.fuzz;

import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeVocabulary;
import dev.microgpt.model.tokenizer.BpeVocabularyBuilder;
import dev.microgpt.model.tokenizer.CharTokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Random content for files, with a preference for what is odd or at a limit. */
final class RandomContent {
    /** Quotes, escapes, controls, separators, and characters of one to four bytes. */
    private static final int[] CHARACTERS = {
        0, 1, '\t', '\n', '\r', 0x1B, ' ', '"', '\\', '/', '<', 'a', 'b', 'z', 0x7F, 0x85, 0xA0, 0xAD, 0xE9, 0x120,
        0x301, 0x2028, 0x202E, 0xD55C, 0xE000, 0xFEFF, 0xFFFE, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF
    };

    private static final double[] NUMBERS = {
        0.0,
        -0.0,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MIN_NORMAL,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        1e22,
        0.1,
        1.0 / 3,
        9007199254740993.0,
        Float.MAX_VALUE,
        Float.MIN_VALUE
    };

    private static final String[] SPECIAL = {
        BpeVocabulary.END_OF_TEXT, "<pad>", "[MASK]", "<s>", "pad", "a b", "\u0120\u0120", "\ud55c", "\u0000\n"
    };

    private static final int LONGEST = BpeVocabulary.MAX_TOKEN_BYTES;

    private final Random random;

    RandomContent(Random random) {
        this.random = random;
    }

    /** Returns a text without lone surrogates. */
    String text(int longest) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(longest + 1); left > 0; left--) {
            text.appendCodePoint(
                    random.nextInt(4) > 0
                            ? CHARACTERS[random.nextInt(CHARACTERS.length)]
                            : random.nextInt(Character.MIN_SURROGATE));
        }
        return text.toString();
    }

    /** Returns any name: ordinary, empty, a path, with a control character or half a pair, at the limit or beyond. */
    String name() {
        return switch (random.nextInt(8)) {
            case 0 -> text(6);
            case 1 -> "x".repeat(4_095 + random.nextInt(3));
            case 2 -> text(3) + (char) (Character.MIN_SURROGATE + random.nextInt(0x800));
            case 3 -> "../".repeat(random.nextInt(3)) + "h." + random.nextInt(10);
            default -> "layer" + random.nextInt(1_000) + ".\u00e9 " + random.nextInt(1_000);
        };
    }

    /** Returns any finite number. */
    double number() {
        if (random.nextInt(3) == 0) {
            return NUMBERS[random.nextInt(NUMBERS.length)];
        }
        double number = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(number) ? number : random.nextGaussian();
    }

    double[] numbers(int count) {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = number();
        }
        return numbers;
    }

    CharTokenizer characters() {
        Set<Integer> characters = new TreeSet<>(List.of((int) 'a'));
        text(random.nextInt(10) == 0 ? 5_000 : 20).codePoints().forEach(characters::add);
        StringBuilder alphabet = new StringBuilder();
        characters.forEach(alphabet::appendCodePoint);
        return CharTokenizer.ofAlphabet(alphabet.toString());
    }

    /** Returns a BPE tokenizer with any ids, tokens that no merge makes, special tokens, and tokens at the limit. */
    BpeTokenizer bpe() {
        List<byte[]> tokens = new ArrayList<>();
        Set<String> known = new HashSet<>();
        int bytes = random.nextInt(3) == 0 ? 1 + random.nextInt(40) : 256;
        for (int b = 0; b < bytes; b++) {
            add(new byte[] {(byte) (b + '!')}, tokens, known);
        }
        List<byte[]> made = new ArrayList<>(tokens);
        List<byte[][]> merges = new ArrayList<>();
        for (int i = random.nextInt(60); i > 0; i--) {
            merge(
                    made.get(random.nextInt(made.size())),
                    made.get(random.nextInt(made.size())),
                    tokens,
                    known,
                    made,
                    merges);
        }
        byte[] longest = made.get(random.nextInt(made.size()));
        while (random.nextInt(10) > 0 && 2 * longest.length <= LONGEST) {
            merge(longest, longest, tokens, known, made, merges);
            longest = joined(longest, longest);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            add(text(4).concat("ab").getBytes(StandardCharsets.UTF_8), tokens, known);
        }
        List<String> special = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            String text = random.nextInt(6) == 0
                    ? "x".repeat(random.nextBoolean() ? LONGEST : 9)
                    : SPECIAL[random.nextInt(SPECIAL.length)];
            if (known.add(key(text.getBytes(StandardCharsets.UTF_8)))) {
                special.add(text);
            }
        }
        return new BpeTokenizer(vocabulary(tokens, special, merges));
    }

    private BpeVocabulary vocabulary(List<byte[]> tokens, List<String> special, List<byte[][]> merges) {
        List<Integer> ids = new ArrayList<>();
        for (int id = 0; id < tokens.size() + special.size(); id++) {
            ids.add(id);
        }
        Collections.shuffle(ids, random);
        BpeVocabularyBuilder builder = new BpeVocabularyBuilder();
        int next = 0;
        for (byte[] token : tokens) {
            builder.token(ids.get(next++), token);
        }
        for (String text : special) {
            builder.special(ids.get(next++), text);
        }
        merges.forEach(merge -> builder.merge(merge[0], merge[1]));
        if (special.isEmpty() || random.nextInt(4) == 0) {
            return builder.noBos().build();
        }
        return builder.bos(special.get(random.nextInt(special.size()))).build();
    }

    private static void merge(
            byte[] left,
            byte[] right,
            List<byte[]> tokens,
            Set<String> known,
            List<byte[]> made,
            List<byte[][]> merges) {
        byte[] both = joined(left, right);
        if (both.length <= LONGEST && add(both, tokens, known)) {
            made.add(both);
            merges.add(new byte[][] {left, right});
        }
    }

    private static byte[] joined(byte[] left, byte[] right) {
        byte[] both = new byte[left.length + right.length];
        System.arraycopy(left, 0, both, 0, left.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    private static boolean add(byte[] token, List<byte[]> tokens, Set<String> known) {
        return known.add(key(token)) && tokens.add(token);
    }

    private static String key(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}

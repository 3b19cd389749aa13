package dev.microgpt.train.score;

import dev.microgpt.model.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** A line as the tokens that a model sees, where characters that it does not know are BOS. */
final class EncodedLine {
    private final String text;

    /** The token before the line, those of the line, and the one that ends it. */
    private final int[] sequence;

    /** Positions in the sequence whose character the vocabulary lacks. */
    private final BitSet unknown;

    private EncodedLine(String text, int[] sequence, BitSet unknown) {
        this.text = text;
        this.sequence = sequence;
        this.unknown = unknown;
    }

    /**
     * Encodes a line.
     *
     * @param frame the token before and after it, which also stands for unknown characters
     */
    static EncodedLine of(String text, Tokenizer tokenizer, int frame) {
        BitSet unknown = new BitSet();
        int[] ids;
        try {
            ids = tokenizer.encode(text);
        } catch (IllegalArgumentException hasUnknown) {
            ids = encodedInPieces(text, tokenizer, frame, unknown);
        }
        int[] sequence = new int[ids.length + 2];
        System.arraycopy(ids, 0, sequence, 1, ids.length);
        sequence[0] = frame;
        sequence[ids.length + 1] = frame;
        return new EncodedLine(text, sequence, unknown);
    }

    /** Encodes what is between unknown characters; their positions in the sequence are set in {@code unknown}. */
    private static int[] encodedInPieces(String text, Tokenizer tokenizer, int frame, BitSet unknown) {
        List<int[]> pieces = new ArrayList<>();
        int count = 0;
        int from = 0;
        for (int i = 0, length; i < text.length(); i += length) {
            length = Character.charCount(text.codePointAt(i));
            if (!isKnown(text.substring(i, i + length), tokenizer)) {
                int[] before = tokenizer.encode(text.substring(from, i));
                pieces.add(before);
                pieces.add(new int[] {frame});
                count += before.length + 1;
                unknown.set(count);
                from = i + length;
            }
        }
        pieces.add(tokenizer.encode(text.substring(from)));
        return pieces.stream().flatMapToInt(Arrays::stream).toArray();
    }

    private static boolean isKnown(String character, Tokenizer tokenizer) {
        try {
            tokenizer.encode(character);
            return true;
        } catch (IllegalArgumentException lacking) {
            return false;
        }
    }

    /** Returns the number of tokens to predict: those of the line, and the one that ends it. */
    int targets() {
        return sequence.length - 1;
    }

    /** Returns a window: the tokens before the targets from {@code first}, and up to {@code most} targets. */
    int[] window(int first, int most) {
        return Arrays.copyOfRange(sequence, first, Math.min(sequence.length, first + most + 1));
    }

    /** Returns whether a target, counted from 0, is a character that the vocabulary lacks. */
    boolean isUnknown(int target) {
        return unknown.get(target + 1);
    }

    int characters() {
        return text.codePointCount(0, text.length());
    }

    /** Returns where a target begins in the line, as a number of its bytes. */
    private int offset(int target, byte[] bytes, Tokenizer tokenizer) {
        int offset = 0;
        for (int t = 0; t < target; t++) {
            offset = isUnknown(t) ? end(offset, bytes) : offset + tokenizer.bytes(sequence[t + 1]).length;
        }
        return offset;
    }

    /** Returns where the character ends that begins at an offset. */
    private static int end(int offset, byte[] bytes) {
        int end = offset + 1;
        while (end < bytes.length && isContinuation(bytes[end])) {
            end++;
        }
        return end;
    }

    private static boolean isContinuation(byte b) {
        return (b & 0xC0) == 0x80;
    }

    /** Returns the score whose most surprising token is a target. */
    LineScore score(double bits, int worst, double worstBits, Tokenizer tokenizer) {
        int characters = characters();
        if (worst == targets() - 1) {
            return new LineScore(bits, characters, targets(), characters + 1, "", worstBits);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int offset = offset(worst, bytes, tokenizer);
        byte[] token = isUnknown(worst)
                ? Arrays.copyOfRange(bytes, offset, end(offset, bytes))
                : tokenizer.bytes(sequence[worst + 1]);
        int before = 0; // characters that begin before the token does
        for (int i = 0; i <= offset; i++) {
            before += isContinuation(bytes[i]) ? 0 : 1;
        }
        return new LineScore(bits, characters, targets(), before, new String(token, StandardCharsets.UTF_8), worstBits);
    }
}

package dev.microgpt.model.check;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Decoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A decoder gives the logits of the forward pass, in whatever pieces it gets the sequence. */
final class DecoderRules {
    private static final String DECODING =
            "decoding: a decoder computes what forward computes, with the same operations"
                    + " in the same order, and continues at batch.firstPosition(); at 0 it begins again";

    private final Subject subject;
    private final Tape tape = Tape.inference();

    DecoderRules(Subject subject) {
        this.subject = subject;
    }

    void check() {
        Decoder decoder = subject.model.decoder();
        for (int round = 0; round < 2; round++) {
            boolean lastOnly = round == 1;
            for (List<Integer> lengths : splits(subject.blockSize)) {
                int[] tokens = subject.tokens(subject.blockSize);
                double[] expected = subject.alone(tokens);
                decoder.clear();
                for (int length : lengths) {
                    advance(decoder, tokens, length, lastOnly, expected, "from a decoder, in pieces of " + lengths);
                }
            }
        }
        Decoder second = subject.model.decoder();
        if (second.length() > 0) {
            throw subject.failure("decoder() returned a decoder with " + second.length()
                    + " positions; decoding: each call must return a new one, which belongs to one sequence");
        }
        checkTwo(decoder, second);
        checkRefusals(decoder);
        if (decoder.isEndless()) {
            checkBeyondTheBlock(decoder);
        }
    }

    /** Returns the lengths of pieces: all at once, one by one, a prompt and one by one, at random. */
    private List<List<Integer>> splits(int all) {
        List<List<Integer>> splits = new ArrayList<>();
        splits.add(List.of(all));
        splits.add(Collections.nCopies(all, 1));
        List<Integer> prompt = new ArrayList<>(List.of((all + 1) / 2));
        prompt.addAll(Collections.nCopies(all / 2, 1));
        splits.add(prompt);
        for (int i = 0; i < 4; i++) {
            List<Integer> random = new ArrayList<>();
            for (int left = all; left > 0; left -= random.get(random.size() - 1)) {
                random.add(1 + subject.random.nextInt(Math.min(left, 4)));
            }
            splits.add(random);
        }
        return splits;
    }

    private void advance(Decoder decoder, int[] tokens, int length, boolean lastOnly, double[] expected, String where) {
        int from = decoder.length();
        int rows = lastOnly ? 1 : length;
        double[] found = logits(decoder, tokens, length, lastOnly, where);
        subject.same(DECODING, found, 0, where, expected, from + length - rows, "from forward", rows);
    }

    private double[] logits(Decoder decoder, int[] tokens, int length, boolean lastOnly, String where) {
        int from = decoder.length();
        Batch piece = Batch.ofPrompt(Arrays.copyOfRange(tokens, from, from + length));
        tape.reset();
        Tensor logits;
        try {
            logits = lastOnly ? decoder.last(tape, piece) : decoder.forward(tape, piece);
        } catch (RuntimeException failed) {
            throw subject.failure(
                    "the decoder failed at position " + from + " with " + failed + ", " + where + "; " + DECODING,
                    failed);
        }
        return subject.checked(logits, lastOnly ? 1 : length);
    }

    /** There is no forward pass beyond the block, but token by token the logits must be those of whole blocks. */
    private void checkBeyondTheBlock(Decoder decoder) {
        int block = subject.blockSize;
        int[] tokens = subject.tokens(3 * block);
        double[][] expected = new double[3][];
        decoder.clear();
        for (int i = 0; i < 3; i++) {
            expected[i] = logits(decoder, tokens, block, false, "from an endless decoder, in blocks");
        }
        decoder.clear();
        for (int t = 0; t < tokens.length; t++) {
            double[] found = logits(decoder, tokens, 1, false, "from an endless decoder, token by token");
            subject.same(DECODING, found, 0, "token by token", expected[t / block], t % block, "in blocks", 1);
        }
    }

    private void checkTwo(Decoder one, Decoder two) {
        one.clear();
        int[] first = subject.tokens(subject.blockSize);
        int[] second = subject.changed(first);
        double[] expectedFirst = subject.alone(first);
        double[] expectedSecond = subject.alone(second);
        for (int i = 0; i < subject.blockSize; i++) {
            String where = "from one of two decoders that take turns";
            advance(one, first, 1, false, expectedFirst, where);
            advance(two, second, 1, false, expectedSecond, where);
        }
    }

    private void checkRefusals(Decoder decoder) {
        int[] tokens = subject.tokens(subject.blockSize);
        double[] expected = subject.alone(tokens);
        int half = subject.blockSize / 2;
        decoder.clear();
        if (half > 0) {
            advance(decoder, tokens, half, false, expected, "before refused calls");
        }
        if (!decoder.isEndless()) {
            checkRefused(decoder, Batch.ofPrompt(subject.tokens(subject.blockSize - half + 1)), "too many tokens");
        }
        checkRefused(decoder, Batch.ofPrompt(-1), "token -1");
        checkRefused(decoder, Batch.ofPrompt(subject.vocabSize), "token " + subject.vocabSize);
        advance(decoder, tokens, subject.blockSize - half, false, expected, "after refused calls");
    }

    private void checkRefused(Decoder decoder, Batch batch, String what) {
        int before = decoder.length();
        tape.reset();
        try {
            decoder.last(tape, batch);
        } catch (IllegalArgumentException refused) {
            if (decoder.length() == before) {
                return;
            }
        }
        throw subject.failure("a decoder with " + before + " positions has " + decoder.length() + " after a call with "
                + what + ", but must refuse it; limits: a decoder is created with the model whose config() has block"
                + " size and vocabulary");
    }
}

package dev.microgpt.model.check;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.TapeListener;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Threads do not disturb each other. So that it does not depend on luck, one of two threads stops after one of its
 * operations until the other has computed a whole forward pass; after each operation in turn.
 */
final class ThreadRules {
    private static final int MOST_STOPS = 32;
    private static final String THREADS =
            "threads: keep what one call needs in local variables and operations, not in fields";

    private final Subject subject;
    private final Batch own;
    private final double[] expected;
    private final Batch others;
    private final double[] othersExpected;

    ThreadRules(Subject subject) {
        this.subject = subject;
        int[] tokens = subject.tokens(subject.blockSize);
        own = Batch.ofPrompt(tokens);
        expected = subject.alone(tokens);
        int[] othersTokens = Arrays.copyOf(subject.changed(tokens), Math.max(1, tokens.length - 1));
        others = Batch.ofPrompt(othersTokens);
        othersExpected = subject.alone(othersTokens);
    }

    void check() {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            int operations = forward(other, -1);
            for (int stop = 0; stop < operations; stop += (operations + MOST_STOPS - 1) / MOST_STOPS) {
                forward(other, stop);
            }
        } finally {
            other.shutdown();
        }
    }

    /** Computes with a stop after an operation, and returns the number of operations. */
    private int forward(ExecutorService other, int stop) {
        int[] operations = {0};
        Tape tape = Tape.training();
        tape.addListener(new TapeListener() {
            @Override
            public void onForward(Op op, Tensor y) {
                if (operations[0]++ == stop) {
                    await(other);
                }
            }
        });
        double[] found = subject.logits(subject.model, tape, own, THREADS);
        String where = "if another thread computes other logits meanwhile";
        subject.same(
                THREADS, found, 0, where, expected, 0, "if not", own.sequences().rows());
        return operations[0];
    }

    private void await(ExecutorService other) {
        try {
            other.submit(() -> {
                        double[] found = subject.logits(subject.model, Tape.inference(), others, THREADS);
                        int rows = others.sequences().rows();
                        String where = "while another thread is in forward";
                        subject.same(THREADS, found, 0, where, othersExpected, 0, "if not", rows);
                    })
                    .get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof AssertionError broken) {
                throw broken;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the thread was interrupted", interrupted);
        }
    }
}

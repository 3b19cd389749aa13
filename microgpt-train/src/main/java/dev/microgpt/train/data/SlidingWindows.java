package dev.microgpt.train.data;

import dev.microgpt.train.data.ValidationSet.Window;

/**
 * The windows in which a sequence longer than the block size is evaluated: each begins {@code stride} tokens after the
 * one before and scores the targets that no earlier one has scored.
 *
 * <p>With a stride below the block size, each target after the first window has at least {@code blockSize − stride + 1}
 * tokens of context.
 *
 * @see <a href="https://huggingface.co/docs/transformers/perplexity">Hugging Face, Perplexity of fixed-length
 *     models</a>
 */
record SlidingWindows(int blockSize, int stride) {
    /** Checks the stride; the message begins with {@code who}. */
    static SlidingWindows of(String who, int blockSize, int stride) {
        if (stride < 1 || stride > blockSize) {
            throw new IllegalArgumentException(
                    who + ": the stride is " + stride + ", but must be from 1 to the block size, " + blockSize);
        }
        return new SlidingWindows(blockSize, stride);
    }

    /** Returns the number of windows of a sequence with at least 1 target. */
    long count(long targets) {
        return 1 + ceilDiv(Math.max(0, targets - blockSize), stride);
    }

    /** Returns the number of targets of a window. */
    int length(long window, long targets) {
        return (int) Math.min(blockSize, targets - window * stride);
    }

    Window place(long window) {
        return window == 0 ? Window.FIRST : new Window(window * stride, blockSize - stride);
    }

    /** Returns the number of batches, which must fit an int; the message begins with {@code who}. */
    static int batches(String who, long windows, int batchSize) {
        long batches = ceilDiv(windows, batchSize);
        if (batches > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(who + ": " + windows + " windows make " + batches + " batches of "
                    + batchSize + ", but at most " + Integer.MAX_VALUE + " can be counted; make the batches larger");
        }
        return (int) batches;
    }

    private static long ceilDiv(long a, long b) {
        return (a + b - 1) / b;
    }
}

package dev.microgpt.cli;

import dev.microgpt.model.GptConfig;

/** The memory that a training needs at least, found out before anything is allocated. */
record MemoryNeed(double bytes) {
    // weight, gradient and two moments
    private static final int NUMBERS_PER_PARAMETER = 4;

    static MemoryNeed of(GptConfig config) {
        return new MemoryNeed(config.parameterCount() * NUMBERS_PER_PARAMETER * Double.BYTES);
    }

    /** Refuses what cannot fit. */
    void check() {
        long heap = Runtime.getRuntime().maxMemory();
        if (bytes > heap) {
            throw new CliException(
                    ExitCode.MEMORY,
                    "the model does not fit the memory: parameters, gradients and Adam's moments take "
                            + Format.fixed(bytes / (1 << 20), 0) + " MB, the heap is limited to " + (heap >> 20)
                            + " MB",
                    "make --n-layer, --n-embd or --block-size smaller, or give the JVM more, as in java -Xmx8g");
        }
    }
}

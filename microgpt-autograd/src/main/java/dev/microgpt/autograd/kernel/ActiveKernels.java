package dev.microgpt.autograd.kernel;

import dev.microgpt.autograd.Kernels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one choice of kernels in this JVM, made when it is first asked for. */
public final class ActiveKernels {
    /** What every tape and optimizer uses. */
    public static final Kernels INSTANCE = choose(System.getProperty("microgpt.kernels", "auto"));

    // BigDecimal stands in for a missing instruction and takes microseconds; an interpreted fma takes some 20 ns.
    private static final int SLOW_FMA_NANOS = 1_000;

    private ActiveKernels() {}

    static Kernels choose(String wanted) {
        if (!wanted.equals("auto") && !wanted.equals("scalar")) {
            throw new IllegalArgumentException(
                    "-Dmicrogpt.kernels=" + wanted + ": unknown kernels, expected auto or scalar");
        }
        long nanos = nanosPerFma();
        boolean slow = nanos > SLOW_FMA_NANOS;
        String warning = " (slow: Math.fma takes " + nanos + " ns, so this processor has no FMA instruction, or"
                + " -XX:-UseFMA or -XX:UseAVX=0 switched it off)";
        Kernels kernels = new ScalarKernels("scalar" + (slow ? warning : ""));
        Logger log = LoggerFactory.getLogger(ActiveKernels.class);
        if (slow) {
            log.warn("kernels: {}", kernels.description());
        } else {
            log.debug("kernels: {} (-Dmicrogpt.kernels={})", kernels.description(), wanted);
        }
        return kernels;
    }

    /** The fastest of a few short rounds, so that one interruption does not look like a missing instruction. */
    private static long nanosPerFma() {
        int calls = 16;
        long best = Long.MAX_VALUE;
        double x = 1.0;
        for (int round = 0; round < 4; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                x = Math.fma(x, 1.0000001, 1e-9);
            }
            best = Math.min(best, (System.nanoTime() - start) / calls);
        }
        return x > 0 ? best : Long.MAX_VALUE;
    }
}

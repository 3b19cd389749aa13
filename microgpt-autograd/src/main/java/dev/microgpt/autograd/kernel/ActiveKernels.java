package dev.microgpt.autograd.kernel;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.kernel.scalar.ScalarKernels;
import dev.microgpt.autograd.kernel.thread.WorkerPool;
import dev.microgpt.autograd.kernel.vector.Species;
import dev.microgpt.autograd.kernel.vector.VectorKernels;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Chooses the kernels of this JVM, once, on first use.
 *
 * <p>{@code -Dmicrogpt.kernels=auto|scalar|vector} selects the implementation and {@code -Dmicrogpt.threads=N} the
 * number of threads, by default one per processor. Neither changes a bit of any result.
 */
public final class ActiveKernels {
    /** The kernels of every tape and optimizer. */
    public static final Kernels INSTANCE =
            choose(System.getProperty("microgpt.kernels", "auto"), System.getProperty("microgpt.threads"));

    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    /** More threads have never helped, and a pool of thousands is slow to start. */
    private static final int MOST_THREADS = 256;

    // Without the instruction, Math.fma uses BigDecimal and takes microseconds; interpreted, it takes some 20 ns.
    private static final int SLOW_FMA_NANOS = 1_000;

    private ActiveKernels() {}

    static Kernels choose(String wanted, @Nullable String threads) {
        Logger log = log();
        WorkerPool pool = new WorkerPool(Math.min(threads(threads), MOST_THREADS));
        Kernels chosen = choose(wanted, pool, log);
        log.debug(
                "kernels: {} (-Dmicrogpt.kernels={}), up to {} threads", chosen.description(), wanted, pool.threads());
        return chosen;
    }

    /**
     * Returns a log that is silent in a program without an SLF4J provider, where SLF4J would print a notice about that
     * to standard error; a program that logs itself is still told.
     */
    private static Logger log() {
        return System.getProperty("slf4j.provider") == null && !hasProvider()
                ? NOPLogger.NOP_LOGGER
                : LoggerFactory.getLogger(ActiveKernels.class);
    }

    /** Looks where SLF4J looks, and creates nothing. */
    private static boolean hasProvider() {
        try {
            return ServiceLoader.load(SLF4JServiceProvider.class, LoggerFactory.class.getClassLoader())
                    .iterator()
                    .hasNext();
        } catch (ServiceConfigurationError broken) {
            return true; // which SLF4J reports
        }
    }

    private static Kernels choose(String wanted, WorkerPool pool, Logger log) {
        if (!wanted.equals("auto") && !wanted.equals("scalar") && !wanted.equals("vector")) {
            throw new IllegalArgumentException(
                    "-Dmicrogpt.kernels=" + wanted + " is unknown; it must be auto, scalar or vector");
        }
        long nanos = nanosPerFma();
        if (nanos > SLOW_FMA_NANOS) {
            Kernels slow = new ScalarKernels(
                    "scalar (slow: Math.fma takes " + nanos + " ns, so this processor has no FMA"
                            + " instruction, or -XX:-UseFMA or -XX:UseAVX=0 switched it off)",
                    pool);
            log.warn("kernels: {}", slow.description());
            return slow;
        }
        if (wanted.equals("scalar")) {
            return new ScalarKernels("scalar", pool);
        }
        String missing = missingForVectors();
        if (missing == null) {
            return new VectorKernels(pool);
        }
        if (wanted.equals("vector")) {
            throw new IllegalArgumentException("-Dmicrogpt.kernels=vector: " + missing);
        }
        log.debug("kernels: no vector kernels: {}", missing);
        return new ScalarKernels("scalar", pool);
    }

    /** Returns why the vector kernels cannot run in this JVM, with the fix if there is one, or null if they can. */
    private static @Nullable String missingForVectors() {
        try {
            // looking up the module instead would load parts of the JDK that delay startup by some 20 ms
            Class.forName(VECTOR_MODULE + ".DoubleVector", false, null);
            return Species.LENGTH > 1 ? null : "this processor has no vectors of doubles";
        } catch (ClassNotFoundException notEnabled) {
            return "the Vector API is not enabled; add --add-modules " + VECTOR_MODULE + " to the java command";
        } catch (LinkageError failure) {
            return "the Vector API of this Java version is not compatible: " + failure;
        }
    }

    private static int threads(@Nullable String wanted) {
        if (wanted == null) {
            return Runtime.getRuntime().availableProcessors();
        }
        if (!wanted.matches("[0-9]{1,5}") || Integer.parseInt(wanted) < 1) {
            throw new IllegalArgumentException(
                    "-Dmicrogpt.threads=" + wanted + " is not a number of threads; it must be from 1 to 99999");
        }
        return Integer.parseInt(wanted);
    }

    /** Returns the fastest of a few short rounds, because one interruption would look like a missing instruction. */
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

package dev.microgpt.cli.run;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * Adds up what arrays of numbers take in the heap.
 *
 * <p>The collector G1 gives an array that is larger than half of one of its regions whole regions, up to twice its size.
 */
final class HeapNeed {
    private static final double HEADER = 16;

    private final double region;
    private double bytes;

    /**
     * Begins with nothing.
     *
     * @param region the bytes of a region of the heap; 0 if it has none, and arrays take what they need
     */
    HeapNeed(double region) {
        this.region = region;
    }

    void add(double arrays, double numbers) {
        double each = numbers == 0 ? 0 : HEADER + Double.BYTES * numbers;
        bytes += arrays * (2 * each > region && region > 0 ? Math.ceil(each / region) * region : each);
    }

    double bytes() {
        return bytes;
    }

    /** Asks the JVM, which takes some 20 ms. */
    static double regionOfThisJvm() {
        HotSpotDiagnosticMXBean options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (options == null
                || !Boolean.parseBoolean(options.getVMOption("UseG1GC").getValue())) {
            return 0;
        }
        return Double.parseDouble(options.getVMOption("G1HeapRegionSize").getValue());
    }
}

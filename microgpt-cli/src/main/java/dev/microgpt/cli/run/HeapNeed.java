package dev.microgpt.cli.run;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * Adds up the heap that arrays of {@code double} take.
 *
 * <p>G1 puts an array larger than half a heap region into regions of its own, which can double the space it takes.
 */
final class HeapNeed {
    private static final double HEADER = 16;

    private final double region;
    private double bytes;

    /**
     * Starts at 0 bytes.
     *
     * @param region the size of a heap region in bytes; 0 if the heap has no regions
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

    /** Returns the region size in bytes that this JVM uses, 0 without G1; takes about 20 ms. */
    static double regionOfThisJvm() {
        HotSpotDiagnosticMXBean options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (options == null
                || !Boolean.parseBoolean(options.getVMOption("UseG1GC").getValue())) {
            return 0;
        }
        return Double.parseDouble(options.getVMOption("G1HeapRegionSize").getValue());
    }
}

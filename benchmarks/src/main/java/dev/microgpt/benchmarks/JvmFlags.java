package dev.microgpt.benchmarks;

/** Flags of the JVMs that run the benchmarks; scalar and vector kernels never share a JVM. */
final class JvmFlags {
    static final String VECTOR_MODULE = "--add-modules=jdk.incubator.vector";
    static final String SCALAR = "-Dmicrogpt.kernels=scalar";
    static final String VECTOR = "-Dmicrogpt.kernels=vector";
    static final String ONE_THREAD = "-Dmicrogpt.threads=1";
    static final String TWO_THREADS = "-Dmicrogpt.threads=2";

    /** For benchmarks that may need more than the default heap, a quarter of the memory. */
    static final String LARGE_HEAP = "-Xmx3g";

    private JvmFlags() {}
}

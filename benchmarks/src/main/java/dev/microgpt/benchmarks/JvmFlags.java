package dev.microgpt.benchmarks;

/** What the forks of a benchmark add to the java command; scalar and vector kernels never share a JVM. */
final class JvmFlags {
    static final String VECTOR_MODULE = "--add-modules=jdk.incubator.vector";
    static final String SCALAR = "-Dmicrogpt.kernels=scalar";
    static final String VECTOR = "-Dmicrogpt.kernels=vector";
    static final String ONE_THREAD = "-Dmicrogpt.threads=1";
    static final String TWO_THREADS = "-Dmicrogpt.threads=2";

    /** Where more than the default quarter of the memory may be needed. */
    static final String LARGE_HEAP = "-Xmx3g";

    private JvmFlags() {}
}

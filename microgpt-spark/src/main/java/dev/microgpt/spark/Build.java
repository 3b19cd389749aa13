package dev.microgpt.spark;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.train.Trainer;
import java.io.Serializable;

/**
 * The library in a JVM: executors must have the one of the driver.
 *
 * @param version the version of the library
 * @param kernels the description of its kernels
 */
record Build(String version, String kernels) implements Serializable {
    private static final String PLAIN = "scalar";

    /** Returns that of this JVM. */
    static Build here() {
        String version = Trainer.class.getPackage().getImplementationVersion();
        return new Build(version == null ? "unknown" : version, Kernels.active().description());
    }

    /** Called in an executor: refuses it if it has another library than the driver, or much slower kernels. */
    void check() {
        Build here = here();
        if (!here.version.equals(version)) {
            throw new SparkJobException("an executor has version " + here.version + " of microgpt, but the driver has "
                    + version + "; results would depend on where a task runs, so remove the other jar from the"
                    + " executors' class path (spark.executor.extraClassPath, the jars folder of Spark)");
        }
        if (here.kernels.startsWith(PLAIN) && !kernels.startsWith(PLAIN)) {
            throw new SparkJobException("an executor computes with " + here.kernels + " kernels, but the driver with "
                    + kernels + " ones, which are several times faster; give executors the flag --add-modules"
                    + " jdk.incubator.vector, as Spark does, and no -Dmicrogpt.kernels in"
                    + " spark.executor.extraJavaOptions");
        }
    }
}

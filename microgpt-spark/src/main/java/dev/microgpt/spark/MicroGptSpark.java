package dev.microgpt.spark;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The program for {@code spark-submit}: prepares corpora, scores, trains and sweeps on a cluster.
 *
 * <pre>
 * spark-submit --jars microgpt.jar microgpt-spark.jar prepare --data TEXTS --out FOLDER
 * spark-submit --jars microgpt.jar microgpt-spark.jar score --checkpoint FILE --data ROWS --column NAME --out FOLDER
 * spark-submit --jars microgpt.jar microgpt-spark.jar train --out FOLDER OPTIONS OF microgpt train
 * spark-submit --jars microgpt.jar microgpt-spark.jar sweep --file SWEEP --out FOLDER
 * </pre>
 */
public final class MicroGptSpark {
    private MicroGptSpark() {}

    /**
     * Runs a command on the cluster of the Spark session, and ends the JVM: with code 0 if it was done, 1 if it failed,
     * and 2 if the command line is wrong.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        int code = 1;
        try {
            code = Jobs.run(List.of(args), out, err);
        } catch (NoClassDefFoundError missing) { // this class needs none but Java's
            err.println("microgpt-spark: the class " + missing.getMessage()
                    + " is missing on the driver; give the library:"
                    + " spark-submit --jars microgpt.jar microgpt-spark.jar …");
        }
        System.exit(code);
    }
}

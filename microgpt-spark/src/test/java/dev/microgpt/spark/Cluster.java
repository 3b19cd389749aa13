package dev.microgpt.spark;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Clusters on this machine: threads, or processes as on several machines. */
final class Cluster {
    private static final String FLAGS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    private Cluster() {}

    /** A cluster of two threads in this JVM. */
    static SparkConf threads() {
        return conf("local[2]");
    }

    /** A cluster of a master, and of workers with an executor each, in processes of their own. */
    static SparkConf processes(int executors, String flags) {
        home();
        return conf("local-cluster[" + executors + ",1,512]")
                .set("spark.executor.memory", "512m")
                .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .set("spark.executor.extraJavaOptions", FLAGS + " " + flags);
    }

    static SparkConf processes(int executors) {
        return processes(executors, "");
    }

    private static SparkConf conf(String master) {
        return new SparkConf()
                .setMaster(master)
                .setAppName("test")
                .set("spark.ui.enabled", "false")
                .set("spark.sql.shuffle.partitions", "2")
                .set(
                        "spark.local.dir",
                        Path.of("target", "spark-local").toAbsolutePath().toString());
    }

    /** Makes what an installation of Spark has, as far as workers need it: a folder of jars. */
    private static void home() {
        Path jars = Path.of(System.getenv("SPARK_HOME"), "jars");
        try {
            Files.createDirectories(jars);
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                Path jar = Path.of(entry);
                if (jar.toString().contains("scala-library")) {
                    Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
                }
            }
        } catch (FileAlreadyExistsException before) {
            // made by an earlier test
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The processes of the executors of this JVM. */
    static List<ProcessHandle> executors() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .toList();
    }

    /** Waits until so many executors are there. */
    static void await(JavaSparkContext spark, int executors) {
        long end = System.nanoTime() + 60_000_000_000L;
        Set<String> found = new HashSet<>();
        while (System.nanoTime() < end) {
            found = Arrays.stream(spark.sc().statusTracker().getExecutorInfos())
                    .map(info -> info.host() + ":" + info.port())
                    .collect(Collectors.toSet());
            if (found.size() > executors) { // the driver is one of them
                return;
            }
            LockSupport.parkNanos(50_000_000);
        }
        throw new AssertionError("no " + executors + " executors, but " + found);
    }
}

package dev.microgpt.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.sweep.Comparison;
import dev.microgpt.train.sweep.RunEnd;
import dev.microgpt.train.sweep.RunTrainer;
import dev.microgpt.train.sweep.Sweep;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program, and what it trains: the runs of {@code microgpt train}. */
class MicroGptSparkTest {
    private static final Map<String, String> RUN = new TreeMap<>(Map.of(
            "steps",
            "6",
            "batch-size",
            "2",
            "gradient-accumulation-steps",
            "3",
            "n-embd",
            "8",
            "n-head",
            "2",
            "checkpoint-interval",
            "2",
            "separate-gradients",
            "true",
            "val-fraction",
            "0.1"));

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        out.reset();
        err.reset();
        return Jobs.run(
                List.of(args),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Lets the program use this cluster, as spark-submit does by system properties. */
    private static void submit(SparkConf conf, Runnable work) {
        Map<String, String> settings = new TreeMap<>();
        for (scala.Tuple2<String, String> setting : conf.getAll()) {
            settings.put(setting._1(), setting._2());
        }
        settings.forEach(System::setProperty);
        try {
            work.run();
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        bake --out x | the command "bake" must be one of prepare, score, train, sweep
        prepare --data x --out y --fields z | prepare has no option --fields, but --data, --out,
        train --steps 3 | --out must be given, with a value
        sweep --file x --file y | --file is given twice
        sweep file | found "file" where an option must be
        """)
    void aWrongCommandLineIsRefusedBeforeThereIsACluster(String line, String message) {
        assertEquals(2, run(line.split(" ")));
        assertTrue(err().startsWith("microgpt-spark: " + message), err());
        assertEquals(1, err().lines().count(), err());
    }

    @Test
    void whatIsMissingIsRefusedInOneLine() {
        submit(Cluster.threads(), () -> {
            assertEquals(1, run("prepare", "--data", folder + "/no.txt", "--out", folder + "/out"));
            assertEquals("microgpt-spark: " + folder + "/no.txt does not exist, or is not on this machine\n", err());
            assertEquals(1, run("train", "--out", folder + "/out", "--stepps", "3"));
            assertTrue(err().contains("--stepps"), err());
            assertEquals(1, run("train", "--out", folder + "/out", "--n-head", "3"));
            assertTrue(err().contains("--n-head 3"), err());
            assertEquals(2, run("train", "--out", folder + "/out", "--no-separate-gradients"));
        });
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void aTrainingIsThatOfTheCommandTrainAndIsNotRepeated() throws IOException {
        Path alone = Files.createDirectories(folder.resolve("alone"));
        assertEquals(new RunEnd(RunEnd.State.DONE, 0, ""), RunTrainer.find().train(RUN, alone, () -> false));
        Path spread = folder.resolve("spread");
        String[] command = ("train --out " + spread + " --steps 6 --batch-size 2 --gradient-accumulation-steps=3"
                        + " --n-embd 8 --n-head 2 --checkpoint-interval 2 --val-fraction 0.1")
                .split(" ");
        submit(Cluster.processes(2), () -> {
            assertEquals(0, run(command), err());
            assertTrue(out.toString(StandardCharsets.UTF_8).contains("spread: done"), out.toString());
        });
        for (String file : new String[] {"checkpoint.safetensors", "best.safetensors"}) {
            assertArrayEquals(Files.readAllBytes(alone.resolve(file)), Files.readAllBytes(spread.resolve(file)), file);
        }
        String losses = "(\"loss\":[^,]*)";
        assertEquals(
                Files.readString(alone.resolve("metrics.jsonl")).replaceAll("\"tokens_per_second\":[^,}]*", ""),
                Files.readString(spread.resolve("metrics.jsonl")).replaceAll("\"tokens_per_second\":[^,}]*", ""),
                losses);
        long written = spread.resolve("checkpoint.safetensors").toFile().lastModified();
        submit(Cluster.threads(), () -> assertEquals(0, run(command), err()));
        assertEquals(written, spread.resolve("checkpoint.safetensors").toFile().lastModified());
    }

    @Test
    void aSweepIsThatOfOneMachineAlsoIfExecutorsDie() throws Exception {
        String file = "steps = 150\ncheckpoint-interval = 25\nn-embd = 8\nn-head = 2\nval-fraction = 0.1\n"
                + "learning-rate = 0.01, 0.02, 0.03, 0.04\nbatch-size = 1, 2\nseed = 1, 2, 3\n";
        Sweep sweep = Sweep.parse("sweep.txt", file);
        assertEquals(24, sweep.runs().size());
        Path alone = folder.resolve("alone");
        Files.createDirectories(alone);
        RunTrainer trainer = RunTrainer.find();
        for (var run : sweep.runs()) {
            assertEquals(
                    RunEnd.State.DONE, run.train(trainer, alone, () -> false).state());
        }
        Path spread = folder.resolve("spread");
        int kills;
        List<RunEnd> ends;
        try (JavaSparkContext spark = new JavaSparkContext(Cluster.processes(2))) {
            Cluster.await(spark, 2);
            Killer killer = new Killer(spread);
            killer.start();
            ends = SparkSweep.train(spark, sweep, spread);
            kills = killer.kills;
        }
        assertEquals(2, kills, "executors killed while they trained");
        for (int i = 0; i < 24; i++) {
            String name = sweep.runs().get(i).name();
            assertEquals(new RunEnd(RunEnd.State.DONE, 0, ""), ends.get(i), name);
            assertArrayEquals(
                    Files.readAllBytes(alone.resolve(name).resolve("checkpoint.safetensors")),
                    Files.readAllBytes(spread.resolve(name).resolve("checkpoint.safetensors")),
                    name);
        }
        assertEquals(table(sweep, alone), table(sweep, spread));
        Map<Path, Long> times = times(spread);
        try (JavaSparkContext spark = new JavaSparkContext(Cluster.threads())) {
            assertEquals(ends, SparkSweep.train(spark, sweep, spread));
        }
        assertEquals(times, times(spread), "nothing is done twice");
    }

    private static Map<Path, Long> times(Path folder) throws IOException {
        Map<Path, Long> times = new TreeMap<>();
        try (var files = Files.walk(folder)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> times.put(file, file.toFile().lastModified()));
        }
        return times;
    }

    /** Without the times. */
    private static String table(Sweep sweep, Path folder) throws IOException {
        List<Path> folders =
                sweep.runs().stream().map(run -> folder.resolve(run.name())).toList();
        return Comparison.of(folders).text().replaceAll("(?m) +[0-9.]+ +[0-9]+$", "");
    }

    /** Kills an executor after the sixth and the twelfth run have begun. */
    private static final class Killer extends Thread {
        private final Path folder;
        volatile int kills;

        Killer(Path folder) {
            super("killer");
            this.folder = folder;
            setDaemon(true);
        }

        @Override
        public void run() {
            long end = System.nanoTime() + 100_000_000_000L;
            while (kills < 2 && System.nanoTime() < end) {
                String[] begun = folder.toFile().list();
                List<ProcessHandle> executors = Cluster.executors();
                if (begun != null && begun.length >= 6 * (kills + 1) && !executors.isEmpty()) {
                    executors.get(0).destroyForcibly();
                    kills++;
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }
}

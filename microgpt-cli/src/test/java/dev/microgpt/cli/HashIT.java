package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same training gives the same bytes with any number of threads, any kernels, in any mode of the JVM, which stand
 * for other machines, and on any JDK.
 *
 * <p>A build tries each mode on this JDK and some on others, with other threads and kernels each time; a nightly build
 * tries all combinations.
 */
class HashIT {
    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");
    private static final String JAR = System.getProperty("microgpt.jar");
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final int[] THREADS = {1, 2, 3, 4, 7};
    private static final String[] KERNELS = {"scalar", "vector"};

    /** As the others, a step with jobs so large that they wake threads. */
    private static final String DOCUMENTS = "--steps 2 --batch-size 64 --n-embd 48";

    private static final String TEXT =
            "--preset gpt2 --n-layer 2 --n-head 2 --n-embd 32 --block-size 64 --data text.txt"
                    + " --steps 2 --warmup-steps 1 --val-fraction 0 --no-report --num-samples 0";

    /** Its masks of dropout belong to a sequence: no thread draws them, and no batch. */
    private static final String IN_HALVES = TEXT + " --batch-size 4 --gradient-accumulation-steps 2";

    /** Shared heads, a window, rotary positions, norms of queries and keys, a gated MLP, a cap. */
    private static final String MODERN = "--preset llama --n-layer 2 --n-embd 32 --n-inner 40 --head-dim 6 --window 40"
            + " --qk-norm rmsnorm-gain --softcap 15 --dropout 0.1 --block-size 64 --batch-size 8 --data text.txt"
            + " --steps 2 --warmup-steps 1 --val-fraction 0 --no-report --num-samples 0";

    private static final List<String> TRAININGS = List.of(IN_HALVES, DOCUMENTS, MODERN);

    /**
     * Flags of a JVM.
     *
     * @param slow takes seconds with the Vector API, or a minute
     */
    private record Mode(boolean slow, String... flags) {
        Mode and(Mode other) {
            List<String> all = new ArrayList<>(List.of(flags));
            all.addAll(List.of(other.flags));
            return new Mode(slow || other.slow, all.toArray(new String[0]));
        }
    }

    /** One training. */
    private record Variant(Path java, Mode mode, int threads, String kernels, String training) {
        List<String> command() {
            List<String> command =
                    new ArrayList<>(List.of(java.toString(), "-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UseSerialGC"));
            command.addAll(List.of(mode.flags()));
            if (kernels.equals("vector")) {
                command.add("--add-modules=jdk.incubator.vector");
            }
            command.addAll(List.of("-Dmicrogpt.kernels=" + kernels, "-Dmicrogpt.threads=" + threads, "-jar", JAR));
            command.addAll(List.of(("train --quiet --overwrite " + training).split(" ")));
            return command;
        }
    }

    private static final Mode DEFAULT = new Mode(false);
    private static final Mode INTERPRETED = new Mode(true, "-Xint");
    private static final Mode COMPILED = new Mode(true, "-XX:-TieredCompilation", "-Xcomp");

    /** The hash that all runs of a training have. */
    private static final Map<String, String> expected = new TreeMap<>();

    /** How many runs had the same hash, by the version of the JDK. */
    private static final Map<Integer, Integer> compared = new TreeMap<>();

    @TempDir
    Path folder;

    @BeforeEach
    void writeText() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            text.append(i * i).append(i % 7 == 0 ? '\n' : ' ');
        }
        Files.writeString(folder.resolve("text.txt"), text);
    }

    private static List<Mode> modes() {
        List<Mode> modes = new ArrayList<>(List.of(
                DEFAULT,
                INTERPRETED,
                new Mode(false, "-XX:TieredStopAtLevel=1"),
                new Mode(false, "-XX:+UnlockDiagnosticVMOptions", "-XX:-UseLibmIntrinsic")));
        if (System.getProperty("os.arch").equals("amd64")) {
            for (int avx = 1; avx <= 3; avx++) {
                modes.add(new Mode(false, "-XX:UseAVX=" + avx));
            }
        }
        return modes;
    }

    @Test
    void everyVariantHasTheSameHashOnThisJdk() throws Exception {
        compare(List.of(JAVA));
    }

    @Test
    void everyVariantHasTheSameHashOnOtherJdks() throws Exception {
        List<Path> others = otherJdks();
        assumeFalse(others.isEmpty(), "skipped: there is no other JDK of version 17 or newer beside this one");
        compare(others);
    }

    private void compare(List<Path> jdks) throws Exception {
        for (String training : TRAININGS) {
            if (!expected.containsKey(training)) {
                expected.put(training, hash(new Variant(JAVA, DEFAULT, 1, "scalar", training)));
            }
        }
        for (Variant variant : NIGHTLY ? all(jdks) : sample(jdks)) {
            assertEquals(expected.get(variant.training()), hash(variant), () -> "with " + variant.command());
            compared.merge(featureVersion(variant.java().getParent().getParent()), 1, Integer::sum);
        }
    }

    @AfterAll
    static void publish(TestReporter reporter) {
        int all = compared.values().stream().mapToInt(count -> count).sum();
        String figure = all + " runs tried, " + all + " with the same hash; by JDK: " + compared;
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    /** Each mode on this JDK, two of them together with another, and some on others. */
    private static List<Variant> sample(List<Path> jdks) {
        List<Variant> variants = new ArrayList<>();
        int i = featureVersion(jdks.get(0).getParent().getParent()); // so that each JDK has other combinations
        for (Path java : jdks) {
            List<Mode> modes = modes();
            if (!java.equals(JAVA)) { // what a mode changes it changes on any JDK
                modes = List.of(DEFAULT, INTERPRETED, modes.get(modes.size() - 2));
            }
            for (int m = 2; m < 4 && modes.size() > 4; m++) { // the compiler's and the processor's: one JVM less each
                modes.set(m, modes.get(m).and(modes.remove(4)));
            }
            for (Mode mode : modes) {
                String kernels = mode.slow() ? "scalar" : KERNELS[i % 2];
                String training = TRAININGS.get(i % TRAININGS.size());
                variants.add(new Variant(java, mode, THREADS[i % THREADS.length], kernels, training));
                i++;
            }
        }
        return variants;
    }

    private static List<Variant> all(List<Path> jdks) {
        List<Mode> modes = modes();
        modes.add(COMPILED);
        List<Variant> variants = new ArrayList<>();
        for (Path java : jdks) {
            for (String training : TRAININGS) {
                for (Mode mode : modes) {
                    for (String kernels : KERNELS) {
                        for (int threads : mode.slow() ? new int[] {3} : THREADS) {
                            variants.add(new Variant(java, mode, threads, kernels, training));
                        }
                    }
                }
            }
        }
        return variants;
    }

    /** A table that is also the head gets gradients of two uses, which accumulation adds up in another order. */
    @Test
    void halvesOfABatchGiveTheWeightsOfTheWhole() throws Exception {
        hash(new Variant(JAVA, DEFAULT, 1, "scalar", IN_HALVES + " --no-tie-head"));
        Map<String, double[]> expected = weights();
        String whole = TEXT + " --batch-size 8 --gradient-accumulation-steps 1 --no-tie-head";
        hash(new Variant(JAVA, DEFAULT, 3, "vector", whole));
        Map<String, double[]> actual = weights();
        assertEquals(expected.keySet(), actual.keySet());
        for (String name : expected.keySet()) {
            assertArrayEquals(expected.get(name), actual.get(name), name);
        }
    }

    /** The weights of the last checkpoint, without what it says of how they came about. */
    private Map<String, double[]> weights() throws IOException {
        Map<String, double[]> weights = new TreeMap<>();
        Checkpoint checkpoint = Checkpoint.load(folder.resolve("out/checkpoint.safetensors"));
        for (Parameter parameter : checkpoint.model().parameters().all()) {
            weights.put(parameter.name(), parameter.data());
        }
        return weights;
    }

    /** Trains and returns the SHA-256 of the checkpoint. */
    private String hash(Variant variant) throws Exception {
        Process process = new ProcessBuilder(variant.command())
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        assertTrue(process.waitFor(300, TimeUnit.SECONDS), () -> "ends in time: " + variant.command());
        assertEquals(ExitCode.DONE, process.exitValue(), Files.readString(folder.resolve("err")));
        byte[] checkpoint = Files.readAllBytes(folder.resolve("out/checkpoint.safetensors"));
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(checkpoint));
    }

    /** JDKs of other feature versions in the folder where Linux distributions keep them. */
    private static List<Path> otherJdks() throws IOException {
        Path folder = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> jdks = Files.list(folder)) {
            return jdks.filter(jdk -> !Files.isSymbolicLink(jdk)) // a second name of one that is there as well
                    .filter(jdk -> featureVersion(jdk) >= 17)
                    .filter(jdk -> featureVersion(jdk) != Runtime.version().feature())
                    .map(jdk -> jdk.resolve("bin/java"))
                    .sorted()
                    .toList();
        }
    }

    /** Returns the number in the JDK's own {@code release} file, or 0. */
    private static int featureVersion(Path jdk) {
        try {
            return Files.readAllLines(jdk.resolve("release")).stream()
                    .filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> Runtime.Version.parse(line.replaceAll("JAVA_VERSION=|\"", "")))
                    .mapToInt(Runtime.Version::feature)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | IllegalArgumentException notAJdk) {
            return 0;
        }
    }
}

package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.train.Checkpoint;
import java.io.File;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a stranger runs it: a process of its own. */
class MicrogptIT {
    private static final String JAR = System.getProperty("microgpt.jar");
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    /** microgpt.py's samples on the same names, as recorded in microgpt-train's reference figures. */
    private static final List<String> SAMPLES = List.of(
            "argis", "salelin", "tin", "tiato", "liana", "earn", "guny", "arage", "mavah", "jinas", "marda", "yela",
            "arra", "tussha", "tarra", "araker", "puman", "hararel", "idana", "masda");

    @TempDir
    Path folder;

    @Test
    void trainWithoutOptionsIsTheReferenceRun() throws Exception {
        List<String> lines = run(List.of(JAVA.toString(), "-jar", JAR, "train"));
        assertEquals(3 + 1000 + 2 + 20, lines.size());
        assertEquals(List.of("num docs: 29800", "vocab size: 27", "num params: 4192"), lines.subList(0, 3));
        assertEquals("step    1 / 1000 | loss 3.4005", lines.get(3));
        for (int i = 0; i < SAMPLES.size(); i++) {
            assertEquals(String.format("sample %2d: %s", i + 1, SAMPLES.get(i)), lines.get(1005 + i));
        }
        assertTrue(Files.exists(folder.resolve("out/checkpoint.safetensors")));
    }

    @Test
    void theSameRunHasTheSameHashInEveryModeOfTheJvm() throws Exception {
        String expected = hashOf(JAVA, List.of());
        List<List<String>> modes = new ArrayList<>(List.of(
                List.of("-Xint"),
                List.of("-XX:TieredStopAtLevel=1"),
                List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-UseLibmIntrinsic")));
        if (System.getProperty("os.arch").equals("amd64")) {
            modes.addAll(List.of(List.of("-XX:UseAVX=1"), List.of("-XX:UseAVX=2"), List.of("-XX:UseAVX=3")));
        }
        for (List<String> mode : modes) {
            assertEquals(expected, hashOf(JAVA, mode), "with " + mode);
        }
    }

    /** Compiles every method before its first call, which takes seconds. */
    @Test
    @Tag("slow")
    void theSameRunHasTheSameHashWhenAllIsCompiled() throws Exception {
        List<String> compiled = List.of("-XX:-TieredCompilation", "-Xcomp");
        assertEquals(hashOf(JAVA, List.of()), hashOf(JAVA, compiled));
    }

    @Test
    void theSameRunHasTheSameHashOnOtherJdks() throws Exception {
        List<Path> others = otherJdks();
        assumeFalse(others.isEmpty(), "skipped: there is no other JDK of version 17 or newer beside this one");
        String expected = hashOf(JAVA, List.of());
        for (Path java : others) {
            assertEquals(expected, hashOf(java, List.of()), "with " + java);
            assertEquals(expected, hashOf(java, List.of("-Xint")), "with " + java + " -Xint");
        }
    }

    /** Steps large enough for threads to share. */
    @Test
    void theSameRunHasTheSameHashWithAnyKernelsAndThreads() throws Exception {
        String[] size = {"--steps", "2", "--batch-size", "250", "--n-embd", "48"};
        String expected = hashOf(JAVA, List.of("-Dmicrogpt.kernels=scalar", "-Dmicrogpt.threads=1"), size);
        assertEquals(expected, hashOf(JAVA, List.of("-Dmicrogpt.kernels=scalar", "-Dmicrogpt.threads=3"), size));
        String[] modes = {"", "-XX:UseAVX=1", "-XX:UseAVX=2", "-XX:TieredStopAtLevel=1"};
        int[] threads = {2, 7, 1, 3};
        for (int i = 0; i < modes.length; i++) {
            List<String> flags = new ArrayList<>(List.of(
                    "--add-modules=jdk.incubator.vector",
                    "-Dmicrogpt.kernels=vector",
                    "-Dmicrogpt.threads=" + threads[i],
                    "-XX:+IgnoreUnrecognizedVMOptions"));
            if (!modes[i].isEmpty()) {
                flags.add(modes[i]);
            }
            assertEquals(expected, hashOf(JAVA, flags, size), "with " + flags);
        }
    }

    /** The masks of dropout belong to a sequence: no thread draws them, and no batch. */
    @Test
    void aTextWithDropoutHasTheSameHashWithAnyKernelsThreadsAndBatches() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            text.append(i * i).append(i % 7 == 0 ? '\n' : ' ');
        }
        Files.writeString(folder.resolve("text.txt"), text);
        String[] model = ("--preset gpt2 --n-layer 2 --n-head 2 --n-embd 32 --block-size 32 --data text.txt --steps 4"
                        + " --warmup-steps 2 --val-fraction 0 --no-report --num-samples 0")
                .split(" ");
        String[] halves = with(model, "--batch-size", "4", "--gradient-accumulation-steps", "2");
        List<String> scalar = List.of("-Dmicrogpt.kernels=scalar");
        List<String> vector = List.of("--add-modules=jdk.incubator.vector", "-Dmicrogpt.kernels=vector");
        String expected = "";
        for (List<String> kernels : List.of(scalar, vector)) {
            for (int threads : new int[] {1, 3}) {
                List<String> flags = new ArrayList<>(kernels);
                flags.add("-Dmicrogpt.threads=" + threads);
                String hash = hashOf(JAVA, flags, halves);
                expected = expected.isEmpty() ? hash : expected;
                assertEquals(expected, hash, "with " + flags);
            }
        }
        // a table that is also the head gets gradients of two uses, which accumulation adds up in another order
        hashOf(JAVA, vector, with(halves, "--no-tie-head"));
        Map<String, double[]> weights = weights();
        hashOf(JAVA, vector, with(model, "--no-tie-head", "--batch-size", "8", "--gradient-accumulation-steps", "1"));
        Map<String, double[]> ofOneBatch = weights();
        assertEquals(weights.keySet(), ofOneBatch.keySet());
        for (String name : weights.keySet()) {
            assertArrayEquals(weights.get(name), ofOneBatch.get(name), name);
        }
    }

    private static String[] with(String[] some, String... more) {
        List<String> all = new ArrayList<>(List.of(some));
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }

    /** The weights of the last checkpoint, without what it says of how they came about. */
    private Map<String, double[]> weights() throws IOException {
        Map<String, double[]> weights = new TreeMap<>();
        Checkpoint checkpoint = Checkpoint.load(folder.resolve("out/checkpoint.safetensors"));
        for (Parameter parameter : checkpoint.gpt().parameters().all()) {
            weights.put(parameter.name(), parameter.data());
        }
        return weights;
    }

    @Test
    void nothingIsSaidAboutLoggingOrMissingModules() throws Exception {
        Path err = folder.resolve("err");
        run(List.of(JAVA.toString(), "-jar", JAR, "train", "--steps", "1", "--quiet"), err);
        assertEquals("", Files.readString(err));
    }

    @Test
    void logsGoToStandardErrorIfAskedFor() throws Exception {
        Path err = folder.resolve("err");
        run(List.of(JAVA.toString(), "-Dmicrogpt.log=debug", "-jar", JAR, "train", "--steps", "1", "--quiet"), err);
        assertTrue(Files.readString(err).contains("kernels: scalar"), Files.readString(err));
    }

    @Test
    void reportsAFullDisk() throws Exception {
        Path full = Path.of("/dev/full");
        assumeFalse(!Files.exists(full), "skipped: this system has no /dev/full");
        assertFails(ExitCode.IO, "standard output", full, "-jar", JAR, "train", "--steps", "1");
        Path out = folder.resolve("stdout");
        assertFails(ExitCode.IO, "--metrics", out, "-jar", JAR, "train", "--steps", "9", "--metrics", full.toString());
    }

    @Test
    void refusesUnknownKernels() throws Exception {
        Path out = folder.resolve("stdout");
        String message = "unknown kernels, expected auto";
        assertFails(ExitCode.USAGE, message, out, "-Dmicrogpt.kernels=fast", "-jar", JAR, "--version");
        assertFails(ExitCode.USAGE, message, out, "-Dmicrogpt.kernels=fast", "-jar", JAR, "train");
    }

    @Test
    void saysThatAMissingInstructionMakesItSlow() throws Exception {
        assumeTrue(
                System.getProperty("os.arch").equals("amd64"),
                "skipped: this processor cannot do without the instruction");
        List<String> lines = run(List.of(JAVA.toString(), "-XX:-UseFMA", "-jar", JAR, "--version"));
        assertTrue(lines.get(0).contains("scalar (slow: Math.fma takes"), lines.get(0));
    }

    private void assertFails(int exitCode, String message, Path out, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(JAVA.toString()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        String err = Files.readString(folder.resolve("err"));
        assertEquals(exitCode, process.exitValue(), err);
        assertTrue(err.contains(message), err);
        assertTrue(err.lines().count() <= 3, err);
    }

    /** Trains a little and returns the SHA-256 of the checkpoint. */
    private String hashOf(Path java, List<String> flags) throws Exception {
        return hashOf(java, flags, "--steps", "60", "--batch-size", "3", "--n-layer", "2", "--n-embd", "20");
    }

    private String hashOf(Path java, List<String> flags, String... size) throws Exception {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(flags);
        command.addAll(List.of("-jar", JAR, "train", "--quiet", "--overwrite"));
        command.addAll(List.of(size));
        run(command);
        byte[] checkpoint = Files.readAllBytes(folder.resolve("out/checkpoint.safetensors"));
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(checkpoint));
    }

    private List<String> run(List<String> command) throws IOException, InterruptedException {
        return run(command, folder.resolve("err"));
    }

    private List<String> run(List<String> command, Path err) throws IOException, InterruptedException {
        File out = folder.resolve("stdout").toFile();
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out)
                .redirectError(err.toFile())
                .start();
        assertTrue(process.waitFor(180, TimeUnit.SECONDS), "ends in time");
        assertEquals(ExitCode.DONE, process.exitValue(), Files.readString(err));
        return Files.readAllLines(out.toPath());
    }

    /** JDKs of other feature versions in the folder where Linux distributions keep them. */
    private static List<Path> otherJdks() throws IOException {
        Path folder = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> jdks = Files.list(folder)) {
            return jdks.filter(jdk -> featureVersion(jdk) >= 17)
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

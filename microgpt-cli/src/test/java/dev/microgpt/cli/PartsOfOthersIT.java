package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.jvm.Launcher;
import dev.microgpt.cli.jvm.SecondJvm;
import dev.microgpt.cli.terminal.Logging;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program with the jar of another project: in the JVM that is started, and in the one that this starts. */
class PartsOfOthersIT {
    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");
    private static final String JAR = System.getProperty("microgpt.jar");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String LOG = "-D" + Logging.LEVEL + "=debug";
    private static final String ATTENTION = "--attention=com.example.damped(by=0.25)";
    private static final String MODEL = "--model=com.example.bigram --set=width=3";
    private static final String SMALL =
            "train --data=text.txt --n-embd=4 --n-head=1 --block-size=8 --num-samples=0 --steps=6"
                    + " --checkpoint-interval=3 --keep=9 ";

    private static Path parts;
    private static Path others;

    @TempDir
    Path folder;

    private Path last;

    @BeforeAll
    static void compile(@TempDir Path jars) throws IOException {
        parts = PartsJar.write(jars, 1);
        others = PartsJar.write(jars, 2);
    }

    @BeforeEach
    void writeText() throws IOException {
        Files.writeString(folder.resolve("text.txt"), "emma\nolivia\nava\nisabel\nsophia\nmia\n");
        last = folder.resolve("out/checkpoint.safetensors");
    }

    @Test
    void aPartTrainsInOneJvmAndResumesInAnother() throws Exception {
        trainAndResume(SMALL + ATTENTION, "attention: com.example.damped(by=0.25)");
    }

    @Test
    void aModelTrainsInOneJvmAndResumesInAnother() throws Exception {
        trainAndResume(SMALL.replaceAll("--n-\\w+=\\d", "") + MODEL, "model: com.example.bigram, version 1");
    }

    private void trainAndResume(String train, String described) throws Exception {
        assumeTrue(
                ModuleFinder.ofSystem().find(SecondJvm.VECTOR_API).isPresent(),
                "skipped: this JDK comes without the module " + SecondJvm.VECTOR_API);
        done(run(parts, Trainings.HERE, train));
        byte[] straight = Files.readAllBytes(last);
        Files.delete(last);
        Files.delete(folder.resolve("out/checkpoint-00000006.safetensors"));
        Run resumed = done(run(parts, Trainings.IN_SECOND_JVM, "train --resume --data=text.txt --num-samples=0"));
        assertTrue(resumed.err().contains("no second JVM: this is the second"), resumed.err());
        assertArrayEquals(straight, Files.readAllBytes(last));

        assertTrue(done(run(parts, Trainings.HERE, "info")).out().contains(described));
        Run sample = done(run(parts, Trainings.HERE, "sample --num-samples=2"));
        assertEquals(2, sample.out().lines().count(), sample.err());
        if (NIGHTLY) {
            assertEquals(
                    sample.out(),
                    done(run(parts, Trainings.IN_SECOND_JVM, "sample --num-samples=2"))
                            .out());
            done(run(parts, Trainings.IN_SECOND_JVM, "eval --data=text.txt"));
            done(run(
                    parts,
                    Trainings.IN_SECOND_JVM,
                    "train --init-from=out --out=tuned --data=text.txt --num-samples=0"));
            assertEquals(
                    ExitCode.CONTENT,
                    run(null, Trainings.IN_SECOND_JVM, "sample").exitCode());
        }
    }

    @Test
    void withoutItsJarOrWithAnotherVersionAFileIsRefused() throws Exception {
        done(run(parts, Trainings.HERE, SMALL + ATTENTION));
        Run missing = run(null, Trainings.HERE, "sample");
        assertEquals(ExitCode.CONTENT, missing.exitCode(), missing.err());
        assertTrue(
                missing.err()
                        .contains("microgpt: checkpoint checkpoint.safetensors: attention \"com.example.damped\" is"
                                + " unknown: no Attention on the class path or module path has this name; add the jar"),
                missing.err());
        Run other = run(others, Trainings.HERE, "info");
        assertEquals(ExitCode.CONTENT, other.exitCode(), other.err());
        assertTrue(
                other.err()
                        .contains("the file was written with version 1 of \"com.example.damped\", but version 2 is on"),
                other.err());
        if (NIGHTLY) {
            Run unknown = run(null, Trainings.HERE, SMALL + ATTENTION);
            assertEquals(ExitCode.USAGE, unknown.exitCode(), unknown.err());
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theScriptAddsTheJar() throws Exception {
        List<String> command =
                new ArrayList<>(List.of(Path.of("..", "microgpt").toRealPath().toString()));
        command.addAll(List.of((SMALL + ATTENTION).split(" ")));
        ProcessBuilder script = new ProcessBuilder(command);
        script.environment().put("JAVA_HOME", System.getProperty("java.home"));
        script.environment().put("MICROGPT_OPTS", "-XX:TieredStopAtLevel=1");
        script.environment().put("MICROGPT_CLASSPATH", parts.toString());
        done(run(script));
    }

    private static Run done(Run run) {
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return run;
    }

    /** Runs the program with a jar on its class path, or by its own jar alone. */
    private Run run(Path jar, String flag, String args) throws Exception {
        List<String> command = new ArrayList<>(List.of(JAVA, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", flag, LOG));
        command.addAll(
                jar == null
                        ? List.of("-jar", JAR)
                        : List.of("-cp", JAR + File.pathSeparator + jar, Main.class.getName()));
        command.addAll(List.of(args.trim().split(" +")));
        return run(new ProcessBuilder(command));
    }

    private Run run(ProcessBuilder command) throws Exception {
        File out = folder.resolve("stdout").toFile();
        File err = folder.resolve("stderr").toFile();
        command.environment().remove(Launcher.VARIABLE);
        Process process = command.directory(folder.toFile())
                .redirectOutput(out)
                .redirectError(err)
                .start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "ends in time");
        } finally {
            process.destroyForcibly();
        }
        return new Run(process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
    }
}

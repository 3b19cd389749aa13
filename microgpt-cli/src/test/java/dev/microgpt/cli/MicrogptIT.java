package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.cli.failure.ExitCode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
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
        assertReadmeShows(String.join("\n", lines) + "\n");
    }

    /** The commands of the README print what it shows; three points stand for what it leaves out, and sizes vary. */
    private void assertReadmeShows(String trained) throws IOException {
        Pattern block =
                Pattern.compile("```sh\n\\./microgpt ([^#\n]*?) *#[^\n]*\n```\n\n```text\n(.*?)```", Pattern.DOTALL);
        String readme = Files.readString(Path.of("../README.md")).replace("\r\n", "\n");
        List<MatchResult> blocks = block.matcher(readme).results().toList();
        assertEquals(3, blocks.size());
        for (MatchResult each : blocks) {
            List<String> command = new ArrayList<>(List.of(each.group(1).split(" ")));
            String printed = trained;
            if (!command.equals(List.of("train"))) {
                command.add("--checkpoint=" + folder.resolve("out"));
                if (command.contains("explain")) {
                    command.add("--out=" + folder.resolve("explain.html"));
                }
                Run run = Run.of(command.toArray(new String[0]));
                printed = run.out().replace(folder + File.separator, "");
            }
            String shown = "\\Q" + each.group(2).replace("…\n", "\\E(?s:.*)\\Q") + "\\E";
            shown = shown.replaceAll("\\d+ kB", "\\\\E\\\\d+ kB\\\\Q");
            assertTrue(printed.matches(shown), command + " prints " + printed);
        }
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
        assertFails(ExitCode.IO, "standard output", full, "-jar", JAR, "--help");
        Path out = folder.resolve("stdout");
        assertFails(ExitCode.IO, "--metrics", out, "-jar", JAR, "train", "--steps", "9", "--metrics", full.toString());
    }

    @Test
    void refusesUnknownKernels() throws Exception {
        Path out = folder.resolve("stdout");
        String message = "-Dmicrogpt.kernels=fast is unknown; it must be auto, scalar or vector";
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
}

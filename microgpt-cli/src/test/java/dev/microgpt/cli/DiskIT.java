package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunCheckpoints;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.internal.disk.Disk;
import dev.microgpt.train.internal.disk.OtherDisk;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real full disks, removed folders and links; DiskErrorTest simulates errors. */
class DiskIT {
    private static final Path FULL = Path.of("/dev/full");

    private static int tried;
    private static int held;

    @TempDir
    Path folder;

    private Trainings trainings;
    private Path text;
    private Path out;

    @BeforeEach
    void prepare() throws Exception {
        trainings = new Trainings(folder);
        text = Files.writeString(folder.resolve("small.txt"), SmallTraining.TEXT);
        out = folder.resolve("out");
    }

    @AfterEach
    void leavesNothingRunning() {
        trainings.close();
    }

    @AfterAll
    static void publish(TestReporter reporter) {
        String figure = tried + " real faults tried (full disk, folder removed or read-only, links), " + held
                + " told and without harm to what was saved";
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    private Run train(String... options) {
        return SmallTraining.run(text, out, options);
    }

    private void assertNothingHalfWritten() {
        for (String name : out.toFile().list()) {
            assertFalse(name.startsWith(".") && !name.equals(".lock"), name);
        }
    }

    /** As on a full disk, but for the reason: no file may become longer than 4 KB, which a checkpoint is. */
    @Test
    void whereACheckpointDoesNotFitTheOneBeforeStays() throws Exception {
        assumeTrue(
                Trainings.works("bash", "-c", "ulimit -f 4"), "skipped: no bash here that limits the size of a file");
        String options = Trainings.ENDLESS + " --checkpoint-interval 2";
        tried++;
        trainings.run(Trainings.to(3, options));
        byte[] saved = trainings.bytes("out/checkpoint.safetensors");
        Process process = trainings.start(
                List.of("bash", "-c", "ulimit -f 4; exec \"$@\"", "bash"),
                Trainings.HERE,
                options + " --resume",
                ProcessBuilder.Redirect.PIPE);
        Trainings.drain(process);
        assertEquals(ExitCode.IO, trainings.exitCodeOf(process), trainings.err(process));
        List<String> said = trainings.err(process).lines().toList();
        assertEquals(4, said.size(), trainings.err(process)); // also a note about little data
        assertTrue(
                said.get(2)
                        .matches(
                                "microgpt: out/checkpoint-00000004.safetensors: step 4 of 100000000 could not be saved:"
                                        + " .+ \\(it needs about [0-9,]+ bytes, [0-9,]+ are free\\)"),
                said.get(2));
        assertEquals(
                "hint: all steps after step 3 are lost; fix the cause and resume with: microgpt " + options
                        + " --resume",
                said.get(3));
        assertArrayEquals(saved, trainings.bytes("out/checkpoint.safetensors"));
        assertNothingHalfWritten();
        trainings.run(Trainings.to(5, options) + " --resume");
        trainings.run(Trainings.to(5, options) + " --out straight");
        assertArrayEquals(
                trainings.bytes("straight/checkpoint.safetensors"), trainings.bytes("out/checkpoint.safetensors"));
        held++;
    }

    @Test
    void whereNoResultFitsItIsSaid() throws Exception {
        assumeTrue(Files.isWritable(FULL), "skipped: no " + FULL + " here");
        tried++;
        Process process = trainings.start(
                List.of("env"),
                Trainings.HERE,
                Trainings.ENDLESS,
                ProcessBuilder.Redirect.to(new File(FULL.toString())));
        assertEquals(ExitCode.IO, trainings.exitCodeOf(process), trainings.err(process));
        assertTrue(trainings.err(process).contains("microgpt: standard output: "), trainings.err(process));
        assertFalse(Files.exists(out.resolve("checkpoint.safetensors")), "there was no step to save");
        held++;
    }

    @Test
    void whereMetricsDoNotFitTheTrainingIsSaved() throws IOException {
        assumeTrue(Files.isWritable(FULL), "skipped: no " + FULL + " here");
        tried++;
        Run run = train("--metrics", FULL.toString(), "--no-report");
        assertEquals(ExitCode.IO, run.exitCode(), run.err());
        assertTrue(run.err().contains("microgpt: --metrics /dev/full: "), run.err());
        assertTrue(run.err().contains("hint: step 1 of 6 is saved; resume with: microgpt "), run.err());
        assertEquals(1, Checkpoint.load(out.resolve("checkpoint.safetensors")).step());
        assertNothingHalfWritten();
        held++;
    }

    /** Trains, and does something to the folder just before the checkpoint of step 3 is written. */
    private Run trainAnd(FailingDisk.Failure atStepThree) {
        FailingDisk disk = new FailingDisk(Disk.operations(), -1, 0, false, () -> {}) {
            @Override
            public NewFile create(Path file) throws IOException {
                if (file.getFileName().toString().startsWith(".checkpoint-00000003")) {
                    atStepThree.happen();
                }
                return super.create(file);
            }
        };
        OtherDisk other = OtherDisk.use(disk);
        try {
            return train("--checkpoint-interval", "1");
        } finally {
            other.close();
        }
    }

    @Test
    void aFolderThatIsRemovedMeanwhileIsNamed() throws IOException {
        tried++;
        Run run = trainAnd(() -> {
            for (String name : out.toFile().list()) {
                Files.delete(out.resolve(name));
            }
            Files.delete(out);
        });
        assertEquals(ExitCode.IO, run.exitCode(), run.err());
        assertTrue(
                run.err()
                        .endsWith("microgpt: --out " + out
                                + ": the folder was removed, so step 3 of 6 could not be saved\n"
                                + "hint: the checkpoints in it are lost; start the run again\n"),
                run.err());
        held++;
    }

    @Test
    void aFolderThatBecomesReadOnlyKeepsWhatIsInIt() throws IOException {
        assumeTrue(!"root".equals(System.getProperty("user.name")), "skipped: root may write into any folder");
        tried++;
        Run run = trainAnd(() -> assertTrue(out.toFile().setWritable(false)));
        assertTrue(out.toFile().setWritable(true));
        assertEquals(ExitCode.IO, run.exitCode(), run.err());
        assertTrue(run.err().contains("step 3 of 6 could not be saved: "), run.err());
        assertTrue(run.err().contains("hint: all steps after step 2 are lost"), run.err());
        assertEquals(2, Checkpoint.load(new RunCheckpoints(out).after(2)).step());
        assertNothingHalfWritten();
        held++;
    }

    private static Path link(Path link, Path target) {
        try {
            return Files.createSymbolicLink(link, target);
        } catch (IOException | UnsupportedOperationException unsupported) {
            assumeTrue(false, "skipped: no symbolic links here");
            return link;
        }
    }

    @Test
    void aLinkToAFolderIsTheFolder() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        link(out, real);
        tried++;
        Run run = train("--checkpoint-interval", "2");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(Files.isSymbolicLink(out));
        assertEquals(6, Checkpoint.load(real.resolve("checkpoint.safetensors")).step());
        assertEquals(ExitCode.DONE, train("--resume").exitCode());
        held++;
    }

    /** The link goes, not what it leads to. */
    @ParameterizedTest
    @ValueSource(strings = {"checkpoint.safetensors", "best.safetensors", "checkpoint-00000002.safetensors"})
    void aCheckpointIsNeverWrittenThroughALink(String name) throws IOException {
        Files.createDirectory(out);
        Path foreign = Files.writeString(folder.resolve("foreign"), "not ours");
        Path link = link(out.resolve(name), foreign);
        tried++;
        Run refused = train("--checkpoint-interval", "2");
        assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode(), refused.err());
        Run run = train("--checkpoint-interval", "2", "--keep", "9", "--overwrite");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals("not ours", Files.readString(foreign));
        assertFalse(Files.isSymbolicLink(link));
        Checkpoint.load(link);
        held++;
    }

    @Test
    void theLockIsNoLink() throws IOException {
        Files.createDirectory(out);
        Path foreign = Files.writeString(folder.resolve("foreign"), "not ours");
        link(out.resolve(".lock"), foreign);
        tried++;
        Run run = train();
        assertEquals(ExitCode.IO, run.exitCode(), run.err());
        assertTrue(run.err().contains(": .lock in it is a link, but must be an ordinary file if it exists"), run.err());
        assertEquals("not ours", Files.readString(foreign));
        held++;
    }

    /** More than any disk holds; so that the run ends, it diverges. */
    @Test
    void whatWillNotFitIsSaidBefore() throws IOException {
        tried++;
        Run run = train(
                "--steps",
                "2000000000",
                "--checkpoint-interval",
                "1",
                "--keep",
                "2000000000",
                "--learning-rate",
                "1e300",
                "--grad-clip",
                "0");
        assertEquals(ExitCode.DIVERGED, run.exitCode(), run.err());
        assertTrue(
                run.err()
                        .matches("(?s).*microgpt: warning: --out " + out + ": only [0-9,]+ bytes are free, but"
                                + " 2000000003 more checkpoints need [0-9]+; free some space, or lower --keep\n.*"),
                run.err());
        Run small = SmallTraining.run(text, folder.resolve("small"));
        assertFalse(small.err().contains("warning"), small.err());
        held++;
    }
}

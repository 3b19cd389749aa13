package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunCheckpoints;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.internal.disk.Disk;
import dev.microgpt.train.internal.disk.FileOperations;
import dev.microgpt.train.internal.disk.OtherDisk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Every file operation of a training run fails once: nothing saved is lost, and the user is told. */
class DiskErrorTest {
    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");

    /** The seed of the sample of failing writes that a build tries. */
    private static final long SEED = Long.getLong("microgpt.test.seed", 20_261);

    private static final int FAILED_WRITES = NIGHTLY ? Integer.MAX_VALUE : 15;
    private static final int TRIED_BETWEEN_RESUMPTIONS = NIGHTLY ? 4 : 12;

    private static final String REASON = "injected by the test";
    private static final String[] OPTIONS = {
        "--n-embd",
        "2",
        "--n-head",
        "1",
        "--block-size",
        "4",
        "--steps",
        "4",
        "--checkpoint-interval",
        "1",
        "--keep",
        "1",
        "--val-fraction",
        "0.3",
        "--eval-interval",
        "2",
        "--no-report"
    };
    private static final FileOperations REAL = Disk.operations();

    @TempDir
    Path folder;

    private Path text = Path.of("");
    private Path out = Path.of("");
    private byte[] end = {};

    /** The operations from here on are those of the run. */
    private int rehearsed;

    /** What fails: an operation, so many bytes of it done, and how. */
    private record Fault(int operation, FailingDisk.Operation which, int bytes, boolean cleanUp, boolean memory) {
        void happen() throws IOException {
            if (memory) {
                throw new OutOfMemoryError(REASON);
            }
            throw new IOException(REASON);
        }

        @Override
        public String toString() {
            return "seed " + SEED + ", operation " + operation + ", " + which + (memory ? ", no memory" : "")
                    + (which.isWrite() ? ", after " + bytes + " bytes of it" : "")
                    + (cleanUp ? ", and the clean-up" : "");
        }
    }

    @BeforeEach
    void writeText() throws IOException {
        text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        out = folder.resolve("out");
    }

    /** Trains into the folder on that disk. */
    private Run train(FailingDisk disk, String... more) {
        List<String> options = new ArrayList<>(List.of(OPTIONS));
        options.addAll(List.of(more));
        OtherDisk failing = OtherDisk.use(disk);
        try {
            return SmallTraining.run(text, out, options.toArray(new String[0]));
        } finally {
            failing.close();
        }
    }

    private static FailingDisk sound() {
        return new FailingDisk(REAL, -1, 0, false, () -> {});
    }

    /** What can fail in a training that nothing fails in. */
    private List<Fault> faults() throws IOException {
        FailingDisk disk = sound();
        Run run = train(disk);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        end = Files.readAllBytes(new RunCheckpoints(out).last());
        for (int i = 0; i < disk.operations().size(); i++) {
            rehearsed = disk.operations().get(i).file().toString().contains(".rehearsal-") ? i + 1 : rehearsed;
        }
        List<Fault> faults = new ArrayList<>();
        List<Fault> writes = new ArrayList<>();
        for (int i = 0; i < disk.operations().size(); i++) {
            FailingDisk.Operation which = disk.operations().get(i);
            if (which.isWrite()) {
                addWrites(writes, i, which);
            } else {
                faults.add(new Fault(i, which, 0, false, false));
            }
            if (which.what().equals("sync") && i >= rehearsed) {
                faults.add(new Fault(i, which, 0, true, false));
            }
        }
        Collections.shuffle(writes, new Random(SEED));
        faults.addAll(writes.subList(0, Math.min(FAILED_WRITES, writes.size())));
        return faults;
    }

    private static void addWrites(List<Fault> faults, int operation, FailingDisk.Operation which) {
        faults.add(new Fault(operation, which, 0, false, false));
        faults.add(new Fault(operation, which, 0, false, true));
        long sector = SimulatedDisk.SECTOR;
        for (long cut = (which.offset() / sector + 1) * sector; cut < which.offset() + which.length(); cut += sector) {
            faults.add(new Fault(operation, which, (int) (cut - which.offset()), false, false));
        }
    }

    @Test
    void whateverFailsWhatWasSavedStaysAndTheUserIsTold(TestReporter reporter) throws IOException {
        int held = 0;
        int resumed = 0;
        List<Fault> faults = faults();
        for (Fault fault : faults) {
            clearFolder();
            tryFault(fault);
            if (held % TRIED_BETWEEN_RESUMPTIONS == 0) {
                resumed += resume(fault) ? 1 : 0;
            }
            held++;
        }
        String figure = faults.size() + " failures injected into a training, " + held
                + " reported with every checkpoint kept and no temporary file left; " + resumed
                + " of the runs went on to the end and had the same bytes";
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    private void clearFolder() throws IOException {
        for (String name : contents().keySet()) {
            Files.delete(out.resolve(name));
        }
    }

    private Map<String, byte[]> contents() throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        for (String name : out.toFile().list()) {
            contents.put(name, Files.readAllBytes(out.resolve(name)));
        }
        return contents;
    }

    private Map<String, byte[]> checkpoints() throws IOException {
        Map<String, byte[]> checkpoints = contents();
        checkpoints.keySet().removeIf(name -> name.startsWith(".") || !name.endsWith(".safetensors"));
        return checkpoints;
    }

    private void tryFault(Fault fault) throws IOException {
        Map<String, byte[]> saved = new TreeMap<>();
        FailingDisk disk = new FailingDisk(REAL, fault.operation(), fault.bytes(), fault.cleanUp(), () -> {
            saved.putAll(checkpoints());
            fault.happen();
        });
        Run run = train(disk);
        String where = fault + ": " + run.err();
        boolean inRehearsal = fault.operation() > 0 && fault.operation() < rehearsed; // the first is of a probe
        if (inRehearsal) { // which is no part of the run
            assertEquals(ExitCode.DONE, run.exitCode(), where);
            assertTrue(run.err().contains("warning: a checkpoint could not be saved now: "), where);
            assertArrayEquals(end, Files.readAllBytes(new RunCheckpoints(out).last()), where);
            return;
        }
        assertEquals(fault.memory() ? ExitCode.MEMORY : ExitCode.IO, run.exitCode(), where);
        assertTrue(run.err().contains(fault.memory() ? "microgpt: out of memory" : REASON), where);
        Map<String, byte[]> now = checkpoints();
        assertEquals(saved.keySet(), now.keySet(), where);
        for (String name : saved.keySet()) {
            assertArrayEquals(saved.get(name), now.get(name), where);
            Checkpoint.load(out.resolve(name));
        }
        checkCleanUp(fault, disk, where);
    }

    /** The temporary file goes, and nothing else is done: what failed is not tried again. */
    private void checkCleanUp(Fault fault, FailingDisk disk, String where) {
        List<FailingDisk.Operation> after = disk.operations()
                .subList(fault.operation() + 1, disk.operations().size());
        for (FailingDisk.Operation operation : after) {
            boolean temporary = operation.file().getFileName().toString().contains(".tmp-");
            assertTrue(temporary && List.of("close", "delete").contains(operation.what()), where + operation);
        }
        boolean kept = fault.cleanUp() || fault.which().what().equals("delete");
        for (String name : out.toFile().list()) {
            assertFalse(!kept && name.startsWith(".") && !name.equals(".lock"), where + name);
        }
    }

    /** With a disk that works again. */
    private boolean resume(Fault fault) throws IOException {
        if (new RunCheckpoints(out)
                        .latest(new Terminal(OutputStream.nullOutputStream(), OutputStream.nullOutputStream()))
                == null) {
            return false;
        }
        Run run = train(sound(), "--resume");
        assertEquals(ExitCode.DONE, run.exitCode(), fault + run.err());
        assertArrayEquals(end, Files.readAllBytes(new RunCheckpoints(out).last()), fault.toString());
        for (String name : contents().keySet()) {
            assertFalse(name.contains(".tmp-"), fault + name);
        }
        return true;
    }
}

package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunCheckpoints;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.internal.disk.Disk;
import dev.microgpt.train.internal.disk.OtherDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The states in which a crash of the machine may leave a run. All file operations of a training run are recorded; for
 * every moment between two of them, and everything that may be lost then, the folder is made as the crash would leave
 * it, and the run goes on.
 */
class CrashStateTest {
    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");

    /** Of which states a build tries a sample, and where bits flip; to try others. */
    private static final long SEED = Long.getLong("microgpt.test.seed", 20_261);

    private static final int STATES_OF_A_MOMENT = NIGHTLY ? Integer.MAX_VALUE : 3;
    private static final int MOMENTS_OF_A_RESUMPTION = NIGHTLY ? 5 : 80;

    private static final String[] TINY = {"--preset", "microgpt", "--n-embd", "2", "--n-head", "1", "--block-size", "4"
    };

    private static int states;
    private static int recovered;
    private static int empty;
    private static int damaged;
    private static int resumed;
    private static int moments;

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private Path text = Path.of("");
    private Path out = Path.of("");
    private Path crashed = Path.of("");

    /** Every checkpoint that was ever whole: in which run, at which step. */
    private final Map<ByteBuffer, Saved> whole = new HashMap<>();

    private Map<String, byte[]> onDisk = new HashMap<>();

    private static final Saved NOTHING = new Saved(-1, -1);

    private record Saved(int run, int step) {
        boolean before(Saved other) {
            return run < other.run || run == other.run && step < other.step;
        }
    }

    @BeforeEach
    void writeText() throws IOException {
        text = Files.writeString(folder.resolve("text.txt"), "abba\nbaab\nab\nba\naabb\nbbaa\n".repeat(3));
        out = folder.resolve("out");
        crashed = Files.createDirectory(folder.resolve("crashed"));
    }

    @AfterAll
    static void publish(TestReporter reporter) {
        reporter.publishFile(
                "figure.txt",
                MediaType.TEXT_PLAIN_UTF_8,
                file -> Files.writeString(
                        file,
                        states + " states tried after " + moments + " operations: " + recovered + " recovered, "
                                + empty + " of before anything was saved, " + (states - recovered - empty)
                                + " silently wrong; in " + damaged
                                + " more a durable file was damaged, named and passed over; " + resumed
                                + " runs went on to the end and had the same bytes"));
    }

    private Run train(OutputStream results, String... more) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> args = new ArrayList<>(List.of("train", "--data", text.toString(), "--num-samples", "0"));
        args.addAll(List.of(TINY));
        args.addAll(List.of(more));
        int exitCode = Main.run(new Terminal(results, err), args.toArray(new String[0]));
        return new Run(exitCode, results.toString(), err.toString(StandardCharsets.UTF_8));
    }

    private static String[] in(Path out, String options) {
        return ("--out " + out + " " + options).split(" ");
    }

    /** The contents of the files of a folder and its subfolder; the lock, which is always empty then, is left out. */
    private static Map<String, byte[]> contents(Path folder) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.equals(RecordedDisk.SUBFOLDER)) {
                    contents(file).forEach((below, content) -> contents.put(name + "/" + below, content));
                } else if (!name.equals(".lock")) {
                    contents.put(name, Files.readAllBytes(file));
                }
            }
        }
        return contents;
    }

    /** The log of a run, with what the user was shown when. */
    private List<RecordedDisk.Entry> record(int run, String options) throws IOException {
        RecordedDisk disk = new RecordedDisk(Disk.operations());
        OutputStream results = new ByteArrayOutputStream() {
            @Override
            public void write(byte[] line) throws IOException {
                super.write(line);
                String begin = new String(line, StandardCharsets.UTF_8);
                if (begin.startsWith("step ")) {
                    remember(run);
                    disk.log()
                            .add(new RecordedDisk.Shown(
                                    Integer.parseInt(begin.substring(4, 9).strip())));
                }
            }
        };
        OtherDisk recorded = OtherDisk.use(disk);
        try {
            Run done = train(results, in(out, options));
            assertEquals(ExitCode.DONE, done.exitCode(), done.err());
        } finally {
            recorded.close();
        }
        remember(run);
        disk.log().add(new RecordedDisk.Shown(Integer.MAX_VALUE));
        return disk.log();
    }

    private void remember(int run) throws IOException {
        List<Path> files = new RunCheckpoints(out).all();
        files.addAll(new RunCheckpoints(out.resolve(RecordedDisk.SUBFOLDER)).all());
        for (Path file : files) {
            whole.putIfAbsent(ByteBuffer.wrap(Files.readAllBytes(file)), new Saved(run, Checkpoint.stepIn(file)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', --steps 6 --checkpoint-interval 1 --keep 1",
        "'', --steps 8 --checkpoint-interval 2 --keep 2 --val-fraction 0.3 --eval-interval 1",
        "'', --steps 6 --val-fraction 0.3 --eval-interval 1",
        "--steps 6 --checkpoint-interval 1, "
                + "--steps 4 --seed 7 --checkpoint-interval 2 --val-fraction 0.3 --eval-interval 1 --overwrite",
        "--steps 4 --schedule constant, --steps 7 --schedule constant --checkpoint-interval 1 --keep 1 --resume"
    })
    void aCrashAtAnyMomentLosesNothingThatWasSaved(String before, String options) throws IOException {
        if (!before.isEmpty()) {
            assertEquals(
                    ExitCode.DONE,
                    train(new ByteArrayOutputStream(), in(out, before)).exitCode());
            if (options.contains("--overwrite")) { // a finished run would stay in its place
                SmallTraining.unfinish(new RunCheckpoints(out).last());
            }
            remember(0);
        }
        Map<String, byte[]> first = Files.exists(out) ? contents(out) : Map.of();
        List<RecordedDisk.Entry> log = record(1, options);
        byte[] end = Files.readAllBytes(new RunCheckpoints(out).last());
        SimulatedDisk disk = new SimulatedDisk(first);
        Saved least = newest(first, NOTHING);
        for (int moment = 0; moment < log.size(); moment++) {
            disk.apply(log.get(moment));
            boolean shown = log.get(moment) instanceof RecordedDisk.Shown;
            least = shown ? newest(disk.now(), least) : least;
            List<SimulatedDisk.State> all = disk.crashes(random);
            Collections.shuffle(all, random);
            for (SimulatedDisk.State state : all.subList(0, Math.min(STATES_OF_A_MOMENT, all.size()))) {
                tryCrash(state, least, "seed " + SEED + ", after operation " + moment + ": " + state.how());
            }
            if (shown) {
                tryDamage(disk.now(), "seed " + SEED + ", after operation " + moment);
            }
            if (moment % MOMENTS_OF_A_RESUMPTION == 0 && !least.equals(NOTHING)) {
                resume(all.get(0), options, 1, end);
            }
        }
        assertContents(contents(out), disk.now());
        moments += log.size();
    }

    /**
     * A finished run is there until the new one has ended, after every crash; from then on, the new one is, at the
     * latest once the next command has taken the folder.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--steps 4 --seed 7 --checkpoint-interval 2 --val-fraction 0.3 --eval-interval 1 --overwrite",
                "--steps 6 --resume @/checkpoint-00000002.safetensors --val-fraction 0.3 --eval-interval 1"
                        + " --checkpoint-interval 2 --keep 3"
            })
    void aFinishedRunIsThereUntilTheNewOneIs(String options) throws IOException {
        String before = "--steps 6 --checkpoint-interval 2 --keep 3 --val-fraction 0.3 --eval-interval 1";
        assertEquals(
                ExitCode.DONE,
                train(new ByteArrayOutputStream(), in(out, before)).exitCode());
        remember(0);
        Map<String, byte[]> first = contents(out);
        byte[] finished = first.get("checkpoint.safetensors");
        boolean repeats = options.contains("--resume");
        List<RecordedDisk.Entry> log = record(1, options.replace("@", out.toString()));
        byte[] end = Files.readAllBytes(new RunCheckpoints(out).last());
        SimulatedDisk disk = new SimulatedDisk(first);
        Saved least = newest(first, NOTHING);
        for (int moment = 0; moment < log.size(); moment++) {
            disk.apply(log.get(moment));
            boolean shown = log.get(moment) instanceof RecordedDisk.Shown;
            least = shown ? newest(disk.now(), least) : least;
            List<SimulatedDisk.State> all = disk.crashes(random);
            Collections.shuffle(all, random);
            for (SimulatedDisk.State state : all.subList(0, Math.min(STATES_OF_A_MOMENT, all.size()))) {
                String how = "seed " + SEED + ", after operation " + moment + ": " + state.how();
                byte[] last = state.files().get("checkpoint.safetensors");
                assertTrue(Arrays.equals(finished, last) || Arrays.equals(end, last), how);
                tryCrash(state, repeats ? NOTHING : least, how);
            }
            if (moment % MOMENTS_OF_A_RESUMPTION == MOMENTS_OF_A_RESUMPTION - 1) {
                resume(
                        all.get(0),
                        repeats ? "--steps 6 --val-fraction 0.3 --eval-interval 1" : options,
                        repeats ? 0 : 1,
                        end);
            }
        }
        assertContents(contents(out), disk.now());
        moments += log.size();
    }

    private Saved newest(Map<String, byte[]> contents, Saved least) {
        Saved newest = least;
        for (Map.Entry<String, byte[]> file : contents.entrySet()) {
            boolean hidden =
                    file.getKey().substring(file.getKey().indexOf('/') + 1).startsWith(".");
            Saved saved = hidden ? null : whole.get(ByteBuffer.wrap(file.getValue()));
            if (saved != null && newest.before(saved)) {
                newest = saved;
            }
        }
        return newest;
    }

    /** What {@code --resume} goes on from is whole, no older than what the user was shown to be saved, and unharmed. */
    private void tryCrash(SimulatedDisk.State state, Saved least, String how) throws IOException {
        put(state.files());
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Path latest = latest(said);
        states++;
        assertEquals("", said.toString(), how); // a name of a checkpoint never stands for half of one
        if (latest == null) {
            assertEquals(NOTHING, least, how);
            empty++;
            return;
        }
        Saved found = whole.get(ByteBuffer.wrap(Files.readAllBytes(latest)));
        assertNotNull(found, how);
        assertFalse(found.before(least), how + ", found " + found + ", expected " + least + " or later");
        recovered++;
    }

    /** Returns what {@code --resume} goes on from; like that, it first completes a replacement. */
    private @Nullable Path latest(OutputStream said) throws IOException {
        Terminal terminal = new Terminal(said, said);
        RunFolder found = RunFolder.toResume(crashed);
        if (Files.exists(crashed.resolve(RecordedDisk.SUBFOLDER + "/complete.safetensors"))) {
            found.take(terminal).close();
            onDisk = contents(crashed);
        }
        return found.checkpoints().latest(terminal);
    }

    /** A disk that says that data is durable may be wrong: then the next best one is taken, and the user told. */
    private void tryDamage(Map<String, byte[]> contents, String how) throws IOException {
        put(contents);
        RunCheckpoints checkpoints = new RunCheckpoints(crashed);
        Path newest =
                checkpoints.latest(new Terminal(OutputStream.nullOutputStream(), OutputStream.nullOutputStream()));
        if (newest == null) {
            return;
        }
        String name = newest.getFileName().toString();
        byte[] content = contents.get(name);
        int cut = SimulatedDisk.SECTOR * random.nextInt(1, content.length / SimulatedDisk.SECTOR);
        for (byte[] bad : List.of(
                new byte[0],
                new byte[content.length],
                Arrays.copyOf(content, cut),
                Arrays.copyOf(Arrays.copyOf(content, cut), content.length),
                SimulatedDisk.flipped(content, random))) {
            Map<String, byte[]> others = new TreeMap<>(contents);
            others.put(name, bad);
            put(others);
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            Path latest = checkpoints.latest(new Terminal(said, said));
            assertTrue(said.toString().startsWith("microgpt: warning: skipping " + newest + ": "), how + said);
            assertEquals(1, said.toString().lines().count(), how + said);
            others.remove(name);
            Saved found = latest == null ? NOTHING : whole.get(ByteBuffer.wrap(Files.readAllBytes(latest)));
            assertEquals(highestStep(others), found.step(), how);
            damaged++;
        }
    }

    private int highestStep(Map<String, byte[]> contents) {
        int highest = NOTHING.step();
        for (byte[] content : contents.values()) {
            Saved saved = whole.get(ByteBuffer.wrap(content));
            highest = Math.max(highest, saved == null ? highest : saved.step());
        }
        return highest;
    }

    /** The run goes on to the bytes it would have ended with, and what the crash left half written is gone. */
    private void resume(SimulatedDisk.State state, String options, int number, byte[] end) throws IOException {
        put(state.files());
        Path latest = latest(OutputStream.nullOutputStream());
        if (latest == null
                || whole.get(ByteBuffer.wrap(Files.readAllBytes(latest))).run() != number) {
            return;
        }
        String goOn = options.replace(" --overwrite", "").replace(" --resume", "") + " --resume";
        Run run = train(new ByteArrayOutputStream(), in(crashed, goOn));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertArrayEquals(end, Files.readAllBytes(new RunCheckpoints(crashed).last()), state.how());
        onDisk = contents(crashed);
        for (String name : onDisk.keySet()) {
            assertFalse(name.startsWith("."), name);
        }
        resumed++;
    }

    /** Makes the folder as a crash left it; what is the same as before stays. */
    private void put(Map<String, byte[]> contents) throws IOException {
        for (String name : onDisk.keySet()) {
            if (!contents.containsKey(name)) {
                Files.delete(crashed.resolve(name));
            }
        }
        for (Map.Entry<String, byte[]> file : contents.entrySet()) {
            if (onDisk.get(file.getKey()) != file.getValue()) {
                Path path = crashed.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
            }
        }
        onDisk = new HashMap<>(contents);
    }

    /** The simulation is no other than the real disk. */
    private static void assertContents(Map<String, byte[]> real, Map<String, byte[]> simulated) {
        assertEquals(real.keySet(), simulated.keySet());
        real.forEach((name, content) -> assertArrayEquals(content, simulated.get(name), name));
    }
}

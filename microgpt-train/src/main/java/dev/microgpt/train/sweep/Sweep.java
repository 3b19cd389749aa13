package dev.microgpt.train.sweep;

import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The runs that a sweep file lists.
 *
 * <p>A line is {@code NAME = VALUE}, with an option of {@code microgpt train}; several values, separated by commas,
 * give a run for each, combined with those of all other lines. Lines before the first section {@code [NAME]} are for
 * all sections; a section replaces their values by its own. A line that begins with {@code #} is a comment.
 *
 * <pre>
 * preset = nano
 * data = shakespeare.txt
 * learning-rate = 0.001, 0.003
 * seed = 1, 2, 3
 *
 * [narrow]
 *
 * [wide]
 * n-embd = 256
 * </pre>
 *
 * <p>These are twelve runs. The name of a run has the section and the settings with several values, such as {@code
 * wide_learning-rate-0.003_seed-1}. Immutable.
 *
 * <pre>{@code
 * Sweep sweep = Sweep.read(Path.of("sweep.txt"));
 * RunTrainer trainer = RunTrainer.find();
 * sweep.check(trainer, folder, 2);
 * List<RunEnd> ends = sweep.train(trainer, folder, 2, () -> false, listener);
 * }</pre>
 */
public final class Sweep {
    /** The most runs of a sweep. */
    public static final int MOST_RUNS = 10_000;

    private static final String SEED = "seed";
    private static final int LONGEST_FILE = 1 << 20;

    private final String file;
    private final List<SweptRun> runs;
    private final List<SweepLine> lines;

    Sweep(String file, List<SweptRun> runs, List<SweepLine> lines) {
        this.file = file;
        this.runs = List.copyOf(runs);
        this.lines = List.copyOf(lines);
    }

    /**
     * Reads a sweep file.
     *
     * @param file a file of UTF-8, at most 1 MiB
     * @return its runs, at least one; their settings are not checked yet
     * @throws SweepException if it is not a sweep file
     * @throws IOException    if it cannot be read
     */
    public static Sweep read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = OrdinaryFile.open(file)) {
            bytes = in.readNBytes(LONGEST_FILE + 1);
        }
        if (bytes.length > LONGEST_FILE) {
            throw new SweepException(
                    file + " must have at most " + LONGEST_FILE + " bytes, but has more; is it another kind of file?");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException other) {
            throw (IOException)
                    new SweepException(file + " must be text in UTF-8, but is not; save it in that encoding")
                            .initCause(other);
        }
        return parse(file.toString(), text);
    }

    /**
     * Reads the text of a sweep file.
     *
     * @param file the name of the file in messages
     * @param text the text
     * @return its runs, at least one; their settings are not checked yet
     * @throws SweepException if it is not that of a sweep file
     */
    public static Sweep parse(String file, String text) throws SweepException {
        return new SweepParser(file).parse(text);
    }

    /**
     * Returns the runs, in the order of the file; the values of its last line change fastest.
     *
     * @return an immutable list
     */
    public List<SweptRun> runs() {
        return runs;
    }

    /**
     * Checks everything that can be known before the first run starts: each value, each run with all its settings, and
     * that no folder has another run.
     *
     * @param trainer knows the options
     * @param folder  the folder of the sweep; need not exist
     * @param jobs    the number of runs at the same time, at least 1
     * @throws SweepException if a setting or a run is refused
     * @throws IOException    if a file cannot be read
     */
    public void check(RunTrainer trainer, Path folder, int jobs) throws IOException {
        Set<SweepLine> checked = new HashSet<>();
        for (SweepLine line : lines) {
            if (checked.add(line)) {
                try {
                    trainer.check(line.name(), line.value());
                } catch (IllegalArgumentException refused) {
                    throw line.refused(file, String.valueOf(refused.getMessage()));
                }
            }
        }
        Set<Map<String, String>> tried = new HashSet<>();
        for (SweptRun run : runs) {
            run.endIn(folder);
            Map<String, String> others = new LinkedHashMap<>(run.settings());
            others.remove(SEED);
            if (tried.add(others)) {
                try {
                    trainer.check(run.settings(), Math.min(jobs, runs.size()));
                } catch (IOException refused) {
                    throw (IOException) new SweepException(file + ": the run " + run.name() + " with "
                                    + described(run.settings()) + " is refused: " + RunEnd.reason(refused))
                            .initCause(refused);
                }
            }
        }
    }

    private static String described(Map<String, String> settings) {
        List<String> all = new ArrayList<>();
        settings.forEach((name, value) -> all.add(name + " = " + Quoted.plain(value)));
        return String.join(", ", all);
    }

    /**
     * Returns the folders of the runs that have begun, for {@link Comparison#of}.
     *
     * @param folder the folder of the sweep
     * @return in the order of {@link #runs}; a run that could not begin has none
     */
    public List<Path> begun(Path folder) {
        return runs.stream()
                .map(run -> folder.resolve(run.name()))
                .filter(RunFile::isIn)
                .toList();
    }

    /**
     * Trains all runs that have not ended in the folder before. A run that fails, also by an {@link Error}, does not
     * stop the others. What the listener throws is rethrown after the runs in training have ended; no other begins.
     *
     * @param trainer  trains each
     * @param folder   the folder of the sweep, created if missing
     * @param jobs     the number of runs at the same time, at least 1; it does not change their results
     * @param stop     asked after each step whether to save all runs and return; called by several threads
     * @param listener learns of each run
     * @return how each run ended, in the order of {@link #runs}
     */
    public List<RunEnd> train(RunTrainer trainer, Path folder, int jobs, BooleanSupplier stop, SweepListener listener) {
        if (jobs < 1) {
            throw new IllegalArgumentException("jobs is " + jobs + ", but must be at least 1");
        }
        RunEnd[] ends = new RunEnd[runs.size()];
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Runnable work = () -> {
            try {
                for (int i = next.getAndIncrement(); i < ends.length; i = next.getAndIncrement()) {
                    ends[i] = train(runs.get(i), trainer, folder, stop, listener);
                }
            } catch (Throwable ofListener) {
                thrown.compareAndSet(null, ofListener);
                next.set(ends.length);
            }
        };
        List<Thread> others = new ArrayList<>();
        for (int i = 1; i < Math.min(jobs, runs.size()); i++) {
            Thread other = new Thread(work, "sweep " + i);
            other.setContextClassLoader(Thread.currentThread().getContextClassLoader());
            other.start();
            others.add(other);
        }
        work.run();
        boolean interrupted = false;
        for (Thread other : others) {
            while (other.isAlive()) {
                try {
                    other.join();
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Throwable ofListener = thrown.get();
        if (ofListener != null) {
            Sweep.<RuntimeException>rethrow(ofListener);
        }
        return Arrays.asList(ends);
    }

    /** Rethrows checked exceptions too, which other JVM languages can throw undeclared. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void rethrow(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private RunEnd train(SweptRun run, RunTrainer trainer, Path folder, BooleanSupplier stop, SweepListener listener) {
        RunEnd end;
        try {
            if (!stop.getAsBoolean() && !run.endIn(folder).isFinal()) {
                synchronized (this) {
                    listener.onBegin(run);
                }
            }
            end = run.train(trainer, folder, stop);
        } catch (IOException | RuntimeException | Error failure) {
            end = RunEnd.failed(failure);
        }
        synchronized (this) {
            listener.onEnd(run, end);
        }
        return end;
    }
}

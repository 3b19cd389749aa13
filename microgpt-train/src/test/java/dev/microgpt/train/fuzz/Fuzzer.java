package dev.microgpt.train.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Feeds corrupted files to a reader. Every input depends on the seed and its number only. */
final class Fuzzer {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final Path KEPT = Path.of("target", "fuzz");

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Target target;
    private final long seed;
    private final Path folder;
    private final Path scratch;

    private volatile long number;
    private volatile long begun;
    private volatile Map<String, byte[]> present = Map.of();
    private String spoilt = "";

    long tried;
    long accepted;
    double worstRatio;

    Fuzzer(Target target, long seed, Path folder, Path scratch) {
        this.target = target;
        this.seed = seed;
        this.folder = folder;
        this.scratch = scratch;
    }

    /**
     * Tries some inputs in a separate thread, and fails if one takes too long.
     *
     * @param first the number of the first input
     * @param count the number of inputs
     */
    void run(long first, long count) throws Exception {
        Throwable[] failure = new Throwable[1];
        Thread thread = new Thread(() -> {
            try {
                for (long i = first; i < first + count; i++) {
                    tryNumber(i);
                }
            } catch (Throwable t) {
                failure[0] = t;
            }
        });
        thread.setDaemon(true);
        begun = System.nanoTime();
        thread.start();
        while (thread.isAlive()) {
            thread.join(100);
            if (thread.isAlive() && System.nanoTime() - begun > LIMIT_NANOS) {
                StackTraceElement[] place = thread.getStackTrace();
                AssertionError hangs = new AssertionError(describe("hangs"));
                hangs.setStackTrace(place);
                throw hangs;
            }
        }
        if (failure[0] != null) {
            throw new AssertionError(describe(failure[0].toString()), failure[0]);
        }
    }

    private String describe(String what) throws IOException {
        Path kept = KEPT.resolve(target.name() + "-" + seed + "-" + number);
        write(Files.createDirectories(kept), present);
        return target.name() + ": input " + number + " of seed " + seed + " " + what + "; it is kept in " + kept
                + ", to try it again: -Dmicrogpt.test.seed=" + seed;
    }

    private void tryNumber(long i) throws IOException {
        number = i;
        begun = System.nanoTime();
        Random random = new Random(seed * 0x9E3779B97F4A7C15L + i);
        Map<String, byte[]> files = new LinkedHashMap<>(
                target.seeds().get(random.nextInt(target.seeds().size())));
        if (i >= target.seeds().size()) {
            spoil(files, random);
        } else {
            files = new LinkedHashMap<>(target.seeds().get((int) i)); // as it is, to be accepted
        }
        write(folder, files);
        present = files;
        tried++;
        long before = threads.getCurrentThreadAllocatedBytes();
        Target.Check check;
        try {
            check = target.reader().read(folder);
        } catch (IOException | UncheckedIOException refused) {
            measure(threads.getCurrentThreadAllocatedBytes() - before, files);
            checkRefusal(refused, i);
            return;
        }
        measure(threads.getCurrentThreadAllocatedBytes() - before, files);
        accepted++;
        check.run(scratch);
    }

    private void spoil(Map<String, byte[]> files, Random random) {
        List<String> names = List.copyOf(files.keySet());
        spoilt = names.get(random.nextInt(names.size()));
        byte[] bytes = files.get(spoilt);
        if (spoilt.endsWith(".safetensors")) {
            files.put(spoilt, new SafetensorsMutator(random).mutate(bytes));
        } else if (spoilt.endsWith(".json") && random.nextInt(4) > 0) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            String other = new JsonMutator(random).mutate(text);
            files.put(spoilt, other.getBytes(StandardCharsets.UTF_8));
        } else {
            files.put(spoilt, new ByteMutator(random).mutate(bytes));
        }
    }

    private void measure(long allocated, Map<String, byte[]> files) {
        if (number < target.seeds().size()) {
            return; // classes were loaded
        }
        double ratio = (double) allocated / target.bound().of(files);
        worstRatio = Math.max(worstRatio, ratio);
        if (ratio > 1) {
            throw new AssertionError("allocates " + allocated + " bytes, more than "
                    + target.bound().of(files));
        }
    }

    private void checkRefusal(Exception refused, long i) {
        if (i < target.seeds().size()) {
            throw new AssertionError("a good input is refused", refused);
        }
        Throwable cause = refused instanceof UncheckedIOException ? refused.getCause() : refused;
        if (!target.declared().contains(cause.getClass())) {
            throw new AssertionError("another exception escapes", refused);
        }
        String flaw = Refusals.flaw(String.valueOf(cause.getMessage()), folder.resolve(spoilt));
        if (!flaw.isEmpty()) {
            throw new AssertionError("is refused with a message that " + flaw, refused);
        }
    }

    private static void write(Path folder, Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
    }
}

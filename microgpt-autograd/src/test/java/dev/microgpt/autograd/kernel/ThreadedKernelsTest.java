package dev.microgpt.autograd.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.kernel.scalar.KernelsContract;
import dev.microgpt.autograd.kernel.scalar.LowerContract;
import dev.microgpt.autograd.kernel.scalar.PackedContract;
import dev.microgpt.autograd.kernel.scalar.ProductContract;
import dev.microgpt.autograd.kernel.thread.WorkerPool;
import dev.microgpt.autograd.kernel.vector.VectorKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three threads, so that parts are uneven. */
class ThreadedKernelsTest {
    private static final long SHARED = 1_000_000_000;

    private static final Kernels THREADED = new VectorKernels(new WorkerPool(3));

    @Nested
    class Products extends ProductContract {
        @Override
        protected Kernels kernels() {
            return THREADED;
        }
    }

    @Nested
    class Packed extends PackedContract {
        @Override
        protected Kernels kernels() {
            return THREADED;
        }
    }

    @Nested
    class Lower extends LowerContract {
        @Override
        protected Kernels kernels() {
            return THREADED;
        }
    }

    @Nested
    class Rows extends KernelsContract {
        @Override
        protected Kernels kernels() {
            return THREADED;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 7, 1000})
    void partsCoverTheRangeOnce(int n) {
        int[] visits = new int[n];
        int[] visitsOfPart = new int[THREADED.threads()];
        THREADED.parallel(n, SHARED, (part, from, to) -> {
            visitsOfPart[part]++;
            for (int i = from; i < to; i++) {
                visits[i]++;
            }
        });
        int[] once = new int[n];
        Arrays.fill(once, 1);
        assertArrayEquals(once, visits);
        assertEquals(Math.max(1, Math.min(n, 3)), Arrays.stream(visitsOfPart).sum());
    }

    @Test
    void littleWorkStaysWithTheCaller() {
        Thread[] ran = new Thread[1];
        THREADED.parallel(1000, 1000, (part, from, to) -> {
            assertEquals(1000, to - from);
            ran[0] = Thread.currentThread();
        });
        assertEquals(Thread.currentThread(), ran[0]);
    }

    /** Waking a thread takes longer than some work that a thread that is awake would share. */
    @Test
    void onlyMuchWorkWakesThreads() {
        Kernels resting = new VectorKernels(new WorkerPool(3));
        List<Integer> parts = new ArrayList<>();
        for (long work : new long[] {100_000, SHARED}) {
            AtomicInteger runs = new AtomicInteger();
            resting.parallel(1000, work, (part, from, to) -> runs.incrementAndGet());
            parts.add(runs.get());
        }
        assertEquals(List.of(1, 3), parts);
    }
}

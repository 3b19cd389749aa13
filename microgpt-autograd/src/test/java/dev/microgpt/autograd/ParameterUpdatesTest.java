package dev.microgpt.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One thread writes parameters, or many read them; whoever comes second is refused. */
class ParameterUpdatesTest {
    private final Parameter a = new Parameter("a", Shape.of(2), 1, 2);
    private final Parameter b = new Parameter("b", Shape.of(1), 3);
    private final List<Parameter> both = List.of(a, b);

    private final ExecutorService other = Executors.newSingleThreadExecutor(task -> new Thread(task, "other"));

    @AfterEach
    void endTheOtherThread() {
        other.shutdownNow();
    }

    @Test
    void readersDoNotDisturbEachOther() {
        ParameterUpdates first = ParameterUpdates.watch("save", both);
        elsewhere(() -> ParameterUpdates.watch("save", both).checkNone());
        first.checkNone();
    }

    @Test
    void readerIsRefusedDuringAnUpdateAndNotAfterIt() {
        ParameterUpdates.begin(both);
        IllegalStateException refused = refusedElsewhere(() -> ParameterUpdates.watch("save", List.of(b)));
        assertEquals(
                "save: thread \"" + Thread.currentThread().getName() + "\" is training parameter \"b\"; while a model"
                        + " is trained, only the training thread may use it: call this between two steps on that"
                        + " thread, for example in a TrainingListener, or after training has ended",
                refused.getMessage());
        ParameterUpdates.end(both);
        elsewhere(() -> ParameterUpdates.watch("save", both).checkNone());
    }

    @Test
    void updateInTheMeantimeIsNoticedWhetherItHasEndedOrNot() {
        ParameterUpdates reader = ParameterUpdates.watch("save", both);
        elsewhere(() -> {
            ParameterUpdates.begin(List.of(b));
            ParameterUpdates.end(List.of(b));
        });
        IllegalStateException ended = assertThrows(IllegalStateException.class, reader::checkNone);
        assertTrue(
                ended.getMessage().startsWith("save: a training step updated parameter \"b\" in the meantime; while"),
                ended.getMessage());
        ParameterUpdates again = ParameterUpdates.watch("save", both);
        elsewhere(() -> ParameterUpdates.begin(both));
        IllegalStateException begun = assertThrows(IllegalStateException.class, again::checkNone);
        assertTrue(
                begun.getMessage().startsWith("save: thread \"other\" updated parameter \"a\" in the"),
                begun.getMessage());
        elsewhere(() -> ParameterUpdates.end(both));
    }

    @Test
    void secondWriterIsRefusedAndNothingHasBegun() {
        ParameterUpdates.begin(List.of(b));
        IllegalStateException refused = refusedElsewhere(() -> ParameterUpdates.begin(both));
        String here = Thread.currentThread().getName();
        assertEquals(
                "train: thread \"" + here + "\" is training parameter \"b\", so thread \"other\" cannot; only one"
                        + " thread at a time may train a model",
                refused.getMessage());
        elsewhere(() -> {
            ParameterUpdates.begin(List.of(a)); // or this would be refused
            ParameterUpdates.end(List.of(a));
        });
        ParameterUpdates.end(List.of(b));
    }

    @Test
    void threadMayBeginAnUpdateWithinItsOwnAndReadBeforeIt() {
        ParameterUpdates.claim(both);
        ParameterUpdates own = ParameterUpdates.watch("evaluator", both);
        ParameterUpdates.claim(both);
        ParameterUpdates.end(both);
        own.checkNone();
        ParameterUpdates.begin(List.of(a));
        ParameterUpdates.end(List.of(a));
        assertThrows(IllegalStateException.class, own::checkNone);
        refusedElsewhere(() -> ParameterUpdates.watch("save", List.of(a)));
        refusedElsewhere(() -> ParameterUpdates.claim(List.of(b)));
        ParameterUpdates.end(both);
        elsewhere(() -> ParameterUpdates.watch("save", both));
    }

    /** A save that began before a step may end within it, as long as no value has changed. */
    @Test
    void claimInTheMeantimeChangesNothing() {
        ParameterUpdates reader = ParameterUpdates.watch("save", both);
        elsewhere(() -> ParameterUpdates.claim(both));
        reader.checkNone();
        elsewhere(() -> ParameterUpdates.begin(both));
        assertThrows(IllegalStateException.class, reader::checkNone);
    }

    /** All values are written as one number: what a reader is allowed to keep must be of one moment. */
    @Test
    void whatAReaderKeepsIsOfOneMoment() throws Exception {
        Parameter wide = new Parameter("wide", Shape.of(4096), new double[4096]);
        List<Parameter> parameters = List.of(wide);
        AtomicBoolean stop = new AtomicBoolean();
        Future<?> writer = other.submit(() -> {
            for (int value = 1; !stop.get(); value++) {
                ParameterUpdates.begin(parameters);
                Arrays.fill(wide.data(), value);
                ParameterUpdates.end(parameters);
                for (int i = 0; i < value % 50; i++) {
                    Thread.onSpinWait();
                }
            }
        });
        int kept = 0;
        try {
            for (int i = 0; i < 20_000 || kept == 0 && !writer.isDone(); i++) {
                double[] values;
                try {
                    ParameterUpdates reader = ParameterUpdates.watch("save", parameters);
                    values = wide.toArray();
                    reader.checkNone();
                } catch (IllegalStateException refused) {
                    continue;
                }
                kept++;
                for (double value : values) {
                    assertEquals(values[0], value);
                }
            }
        } finally {
            stop.set(true);
        }
        writer.get();
        assertTrue(kept > 0, "every read was refused, which proves nothing");
    }

    private IllegalStateException refusedElsewhere(Runnable misuse) {
        ExecutionException thrown = assertThrows(
                ExecutionException.class, () -> other.submit(misuse).get());
        return assertInstanceOf(IllegalStateException.class, thrown.getCause());
    }

    private void elsewhere(Runnable task) {
        try {
            other.submit(task).get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new AssertionError(failure);
        }
    }
}

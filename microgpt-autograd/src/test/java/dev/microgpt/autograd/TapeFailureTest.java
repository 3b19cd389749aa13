package dev.microgpt.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** An operation that throws leaves the tape as it was. */
class TapeFailureTest {
    private final Parameter x = new Parameter("x", Shape.of(2), 1, -2);

    @Test
    void nextOperationGetsTheBuffersOfTheOneThatFailed() {
        Tape tape = Tape.training();
        double[] first = tape.buffer(2);
        tape.reset();
        Exception thrown = assertThrows(IllegalStateException.class, () -> tape.apply(failing((t, y) -> t.buffer(7))));
        assertEquals("planted", thrown.getMessage());
        assertSame(first, tape.scale(x, 3).data());
    }

    @Test
    void recordingBeforeAndAfterTheFailureRunsBackward() {
        Tape tape = Tape.training();
        Tensor before = tape.scale(x, 3);
        assertThrows(IllegalStateException.class, () -> tape.apply(failing((t, y) -> t.buffer(7))));
        Tensor after = tape.scale(before, 5);
        tape.backward(tape.sum(after));
        assertArrayEquals(new double[] {3, -6}, before.toArray());
        assertArrayEquals(new double[] {15, -30}, after.toArray());
        assertArrayEquals(new double[] {15, 15}, x.grad());
    }

    @Test
    void errorIsNotSwallowedEither() {
        Tape tape = Tape.training();
        double[] first = tape.buffer(2);
        tape.reset();
        Op op = failing((t, y) -> {
            throw new AssertionError("an error");
        });
        assertThrows(AssertionError.class, () -> tape.apply(op));
        assertSame(first, tape.scale(x, 3).data());
    }

    /** An operation may be made of others; then they must go with it, or backward would run them on lent buffers. */
    @Test
    void operationsThatTheFailedOneAppliedAreForgotten() {
        Parameter inner = new Parameter("inner", Shape.of(2), 1, 1);
        Tape tape = Tape.training();
        assertThrows(IllegalStateException.class, () -> tape.apply(failing((t, y) -> t.scale(inner, 7))));
        tape.backward(tape.sum(tape.scale(x, 3)));
        assertArrayEquals(new double[] {3, 3}, x.grad());
        assertArrayEquals(new double[2], inner.grad());
    }

    @Test
    void failureOfTheFirstOperationDoesNotClaimTheTape() {
        Tape tape = Tape.training();
        assertThrows(IllegalStateException.class, () -> tape.apply(failing((t, y) -> {})));
        CompletableFuture.runAsync(() -> tape.scale(x, 3)).join();
    }

    /** An operation that does something in forward and then throws. */
    private Op failing(BiConsumer<Tape, Tensor> first) {
        return new Op() {
            @Override
            public List<Tensor> inputs() {
                return List.of(x);
            }

            @Override
            public Shape shape() {
                return x.shape();
            }

            @Override
            public void forward(Tape tape, Tensor y) {
                first.accept(tape, y);
                throw new IllegalStateException("planted");
            }

            @Override
            public void backward(Tape tape, Tensor y) {
                throw new AssertionError("it was never recorded");
            }
        };
    }
}

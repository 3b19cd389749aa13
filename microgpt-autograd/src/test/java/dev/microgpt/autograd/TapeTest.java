package dev.microgpt.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Recording, running backward, and what is refused. */
class TapeTest {
    private final Parameter x = new Parameter("x", Shape.of(2), 1, -2);

    @Test
    void gradientAccumulatesWhenResultsAreUsedTwice() {
        Parameter a = new Parameter("a", Shape.scalar(), 3);
        Tape tape = Tape.training();
        Tensor b = tape.add(a, a);
        Tensor c = tape.add(b, b);
        tape.backward(c);
        assertEquals(12.0, c.item());
        assertEquals(2.0, b.grad()[0]);
        assertEquals(4.0, a.grad()[0]);
    }

    @Test
    void backwardStartsFromTheGivenTensorAndIgnoresWhatCameLater() {
        Tape tape = Tape.training();
        Tensor y = tape.scale(x, 3);
        tape.scale(y, 100);
        tape.backward(y, 1, 10);
        assertArrayEquals(new double[] {3, 30}, x.grad());
    }

    @Test
    void gradientOfWhatTheLossDoesNotDependOnIsZeroInEveryStep() {
        Tape tape = Tape.training();
        for (int step = 0; step < 3; step++) {
            x.zeroGrad();
            // the two change places in every step, so each finds what the other left in its buffer
            Tensor[] order = {tape.scale(x, 2), tape.scale(x, 3)};
            if (step % 2 == 1) {
                Collections.reverse(Arrays.asList(order));
            }
            Tensor later = tape.scale(order[0], 5);
            Tensor loss = tape.sum(order[1]);
            Tensor after = tape.scale(order[1], 7);
            tape.backward(loss);
            double slope = step % 2 == 0 ? 3 : 2;
            assertArrayEquals(new double[] {slope, slope}, x.grad());
            assertArrayEquals(new double[] {1, 1}, order[1].grad());
            for (Tensor unused : new Tensor[] {order[0], later, after}) {
                assertArrayEquals(new double[] {0, 0}, unused.grad());
            }
            tape.reset();
        }
    }

    @Test
    void chainOfAMillionOperationsRunsBackward() {
        Parameter a = new Parameter("a", Shape.scalar(), 1);
        Tape tape = Tape.training();
        Tensor y = a;
        for (int i = 0; i < 1_000_000; i++) {
            y = tape.scale(y, i % 2 == 0 ? -2.0 : 0.5);
        }
        tape.backward(y);
        assertEquals(1.0, y.item());
        assertEquals(1.0, a.grad()[0]);
    }

    // ---- the inference tape ----

    @Test
    void inferenceTapeComputesTheSameAndKeepsNoGradient() {
        Tape tape = Tape.inference();
        Tensor y = tape.sum(tape.relu(x));
        assertEquals(1.0, y.item());
        assertFalse(y.hasGrad());
        assertRefused(
                "backward: the tensor () was not computed on this tape from anything that has a gradient; this is an"
                        + " inference tape, use Tape.training()",
                () -> tape.backward(y));
        assertArrayEquals(new double[2], x.grad());
    }

    @Test
    void resultOfConstantsIsNotRecorded() {
        Tape tape = Tape.training();
        Tensor y = tape.sum(Tensor.constant(Shape.of(2), 1, 2));
        assertFalse(y.hasGrad());
        assertRefused(
                "backward: the tensor () was not computed on this tape from anything that has a gradient",
                () -> tape.backward(y));
    }

    // ---- misuse of backward ----

    @Test
    void backwardFromMoreThanOneNumberIsRefused() {
        Tape tape = Tape.training();
        Tensor y = tape.relu(x);
        assertRefused(
                "backward: the tensor is (2), but only a scalar can be a loss; reduce it with sum or mean, or"
                        + " pass the gradient of the loss with respect to it",
                () -> tape.backward(y));
        tape.backward(tape.sum(y)); // nothing was spoiled
        assertArrayEquals(new double[] {1, 0}, x.grad());
    }

    @Test
    void gradientOfAnotherLengthIsRefused() {
        Tape tape = Tape.training();
        Tensor y = tape.relu(x);
        String message = assertThrows(IllegalArgumentException.class, () -> tape.backward(y, 1, 2, 3))
                .getMessage();
        assertEquals("backward: the tensor is (2), so its gradient must have 2 numbers, but 3 were given", message);
    }

    @Test
    void secondBackwardIsRefusedAndAddsNothing() {
        Tape tape = Tape.training();
        Tensor y = tape.sum(x);
        tape.backward(y);
        String message = "backward: it has already run on this recording, and running it again would add all gradients"
                + " twice; call reset() and record again";
        assertRefused(message, () -> tape.backward(y));
        assertArrayEquals(new double[] {1, 1}, x.grad());
    }

    @Test
    void recordingAfterBackwardIsRefused() {
        Tape tape = Tape.training();
        Tensor y = tape.sum(x);
        tape.backward(y);
        assertRefused("relu: backward has run on this recording; call reset() first", () -> tape.relu(y));
    }

    @Test
    void backwardFromALeafIsRefused() {
        Parameter leaf = new Parameter("leaf", Shape.scalar(), 1);
        Tape tape = Tape.training();
        tape.scale(leaf, 2);
        assertRefused(
                "backward: the tensor () was not computed on this tape from anything that has a gradient",
                () -> tape.backward(leaf));
    }

    // ---- text ----

    @Test
    void itsTextIsATableOfTheRecordedOperations() {
        Tape tape = Tape.training();
        Tensor scaled = tape.scale(x, 3);
        tape.sum(tape.multiply(scaled, Tensor.constant(Shape.of(2), 1, 2)));
        assertEquals("""
                training tape with 3 operations
                   0  scale            (2)          x
                   1  multiply         (2)          #0 (2)
                   2  sum              ()           #1""", tape.toString());
        Tape inference = Tape.inference();
        inference.scale(x, 3);
        assertEquals("inference tape with 0 operations", inference.toString());
    }

    // ---- two tapes, two threads ----

    @Test
    void tensorOfAnotherTapeIsRefused() {
        Tape one = Tape.training();
        Tape two = Tape.training();
        Tensor y = one.relu(x);
        assertRefused(
                "add: an input (2) belongs to another tape; record all operations of one graph on one tape",
                () -> two.add(x, y));
        assertRefused(
                "backward: the tensor () was not computed on this tape from anything that has a gradient",
                () -> two.backward(one.sum(x)));
        Tensor other = two.add(x, x); // the tape is still good
        assertArrayEquals(new double[] {2, -4}, other.toArray());
    }

    @Test
    void tapesOfOneThreadDoNotDisturbEachOther() {
        Tape one = Tape.training();
        Tape two = Tape.inference();
        Tensor y = one.scale(x, 3);
        two.scale(x, 5);
        two.reset();
        two.scale(x, 7);
        one.backward(one.sum(y));
        assertArrayEquals(new double[] {3, -6}, y.toArray());
        assertArrayEquals(new double[] {3, 3}, x.grad());
    }

    @Test
    void secondThreadIsRefusedUntilReset() {
        Tape tape = Tape.training();
        Tensor y = tape.sum(x);
        String here = Thread.currentThread().getName();
        String expected = " uses a tape on which thread \"" + here
                + "\" is recording; give each thread its own tape, or call reset() in between";
        assertRefusedElsewhere(expected, () -> tape.relu(x));
        assertRefusedElsewhere(expected, () -> tape.backward(y));
        tape.backward(y);
        tape.reset();
        CompletableFuture.runAsync(() -> tape.relu(x)).join();
        assertThrows(IllegalStateException.class, () -> tape.relu(x));
    }

    @Test
    void tapeIsNotResetWhileAnotherThreadComputesOnIt() {
        Tape tape = Tape.training();
        Tensor y = tape.relu(x);
        String expected = " resets a tape on which thread \""
                + Thread.currentThread().getName() + "\" is computing; give each thread its own tape";
        TapeListener resetting = new TapeListener() {
            @Override
            public void onForward(Op op, Tensor output) {
                assertRefusedElsewhere(expected, tape::reset);
            }

            @Override
            public void onBackward(Op op, Tensor output) {
                assertRefusedElsewhere(expected, tape::reset);
            }
        };
        tape.addListener(resetting);
        tape.backward(tape.sum(y));
        assertArrayEquals(new double[] {1, 0}, x.grad());
        CompletableFuture.runAsync(tape::reset).join(); // between two operations it is allowed, and invalidates them
        assertThrows(IllegalStateException.class, y::data);
    }

    private static void assertRefusedElsewhere(String ending, Runnable misuse) {
        Throwable cause = assertThrows(CompletionException.class, CompletableFuture.runAsync(misuse)::join)
                .getCause();
        assertEquals(IllegalStateException.class, cause.getClass());
        assertTrue(cause.getMessage().startsWith("tape: thread \""), cause.getMessage());
        assertTrue(cause.getMessage().endsWith(ending), cause.getMessage());
    }

    private static void assertRefused(String message, Executable misuse) {
        assertEquals(message, assertThrows(IllegalStateException.class, misuse).getMessage());
    }
}

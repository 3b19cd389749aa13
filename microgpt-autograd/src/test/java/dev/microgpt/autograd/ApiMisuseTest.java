package dev.microgpt.autograd;

import static dev.microgpt.autograd.Misuse.argument;
import static dev.microgpt.autograd.Misuse.state;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.check.GradientCheck;
import dev.microgpt.autograd.op.Linear;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a program does wrong with shapes, tensors, tapes and operations is refused, and leaves the tape as it was. */
class ApiMisuseTest {
    static final String LIMIT = "at most 2147483647";

    private static int tried;
    private static int refused;

    /** A tape on which something is recorded, and the next array that it would lend. */
    static final class Recording {
        final Parameter x = new Parameter("x", Shape.of(2, 3), 1, -2, 3, 4, 5, -6);
        final Tape tape = Tape.training();
        final double[] next;
        Tensor y;

        Recording() {
            tape.scale(x, 3);
            next = tape.buffer(1);
            tape.reset();
            y = tape.scale(x, 3);
        }
    }

    static List<Misuse<Recording>> shapes() {
        return List.of(
                argument("negative dimension", r -> Shape.of(4, -1), "shape (4, -1)", "-1", "at least 1"),
                argument("dimension of zero", r -> Shape.of(0), "shape (0)", "0", "at least 1"),
                argument("2³¹ elements", r -> Shape.of(1 << 16, 1 << 15), "shape (65536, 32768)", "2147483648", LIMIT),
                argument("2³² elements", r -> Shape.of(1 << 16, 1 << 16), "shape (65536, 65536)", "4294967296", LIMIT),
                argument(
                        "2⁶⁴ elements",
                        r -> Shape.of(1 << 16, 1 << 16, 1 << 16, 1 << 16),
                        "shape (65536, 65536, 65536, 65536)",
                        "18446744073709551616",
                        LIMIT),
                argument("axis beyond the last", r -> Shape.of(2, 3).dim(2), "shape (2, 3)", "axis is 2", "below 2"),
                argument("negative axis", r -> Shape.of(2, 3).dim(-1), "shape (2, 3)", "axis is -1", "from 0"),
                argument("no sequence", r -> Sequences.ofLengths(), "sequences", "none", "at least one"),
                argument("empty sequence", r -> Sequences.ofLengths(2, 0), "sequences", "sequence 1 has 0", "least 1"),
                argument(
                        "sequences of 2³² rows",
                        r -> Sequences.ofLengths(Integer.MAX_VALUE, Integer.MAX_VALUE),
                        "sequences",
                        "4294967294",
                        LIMIT),
                argument(
                        "sequence beyond the last",
                        r -> Sequences.ofLengths(2, 1).start(2),
                        "sequences",
                        "no sequence 2",
                        "from 0 to 1"),
                argument(
                        "negative sequence",
                        r -> Sequences.ofLengths(2, 1).length(-1),
                        "sequences",
                        "no sequence -1",
                        "from 0 to 1"));
    }

    static List<Misuse<Recording>> tensors() {
        return List.of(
                argument(
                        "constant with too few numbers",
                        r -> Tensor.constant(Shape.of(2, 3), 1, 2, 3),
                        "tensor",
                        "3",
                        "(2, 3) needs 6"),
                argument(
                        "parameter with too many numbers",
                        r -> new Parameter("wte", Shape.of(2), 1, 2, 3),
                        "parameter \"wte\"",
                        "3",
                        "(2) needs 2"),
                state("item of a matrix", r -> r.x.item(), "item", "(2, 3)", "one element"),
                state(
                        "gradient of a constant",
                        r -> OperationMisuse.constant(2).grad(),
                        "tensor (2)",
                        "constant",
                        "make it a Parameter"),
                state(
                        "gradient on an inference tape",
                        r -> Tape.inference().relu(r.x).grad(),
                        "tensor (2, 3)",
                        "inference tape",
                        "use Tape.training()"),
                state("numbers after reset", r -> stale(r).data(), "tensor (2, 3)", "was reset", "toArray()"),
                state("gradient after reset", r -> stale(r).grad(), "tensor (2, 3)", "was reset", "toArray()"),
                state("copy after reset", r -> stale(r).toArray(), "tensor (2, 3)", "was reset", "toArray()"),
                state("input after reset", ApiMisuseTest::staleInput, "tensor (2, 3)", "was reset", "toArray()"));
    }

    static List<Misuse<Recording>> tapes() {
        return List.of(
                state("backward of a matrix", r -> r.tape.backward(r.y), "backward", "(2, 3)", "sum or mean"),
                argument("gradient of 1 number", r -> r.tape.backward(r.y, 1), "backward", "1 were", "6 numbers"),
                state(
                        "backward of a parameter",
                        r -> r.tape.backward(scalar()),
                        "backward",
                        "()",
                        "not computed on this"),
                state(
                        "backward of a constant's sum",
                        r -> Tape.training().backward(Tape.training().sum(OperationMisuse.constant(2))),
                        "backward",
                        "()",
                        "not computed on this tape"),
                state("backward twice", r -> backwardTwice(), "backward", "already", "call reset()"),
                state("backward after reset", r -> backwardAfterReset(), "tensor ()", "was reset", "before reset()"),
                state("recording after backward", r -> recordingAfterBackward(), "relu", "backward has run", "reset()"),
                state("backward without gradients", r -> inferred(), "backward", "inference tape", "Tape.training()"),
                state(
                        "backward of another tape's sum",
                        r -> r.tape.backward(Tape.training().sum(r.x)),
                        "backward",
                        "()",
                        "not computed on this tape"),
                state(
                        "input of another tape",
                        r -> r.tape.add(r.y, Tape.training().relu(r.x)),
                        "add: an input (2, 3)",
                        "another tape",
                        "on one tape"),
                state(
                        "two tapes inside an operation",
                        r -> r.tape.apply(new Linear(r.y, Tape.inference().scale(r.x, 2), null)),
                        "linear: an input (2, 3)",
                        "another tape",
                        "on one tape"),
                state(
                        "recording by another thread",
                        r -> elsewhere(() -> r.tape.relu(r.y)),
                        "tape: thread",
                        Thread.currentThread().getName(),
                        "its own tape"),
                state(
                        "backward by another thread",
                        r -> elsewhere(() -> r.tape.backward(r.y, new double[6])),
                        "tape: thread",
                        "is recording",
                        "call reset()"),
                argument("buffer of −1", r -> r.tape.buffer(-1), "tape: the size of a buffer", "-1", "at least 0"),
                argument(
                        "tolerance of infinity",
                        r -> GradientCheck.smooth().withTolerance(Double.POSITIVE_INFINITY),
                        "gradient check",
                        "Infinity",
                        "finite"),
                argument(
                        "check of no inputs",
                        r -> GradientCheck.smooth().check("square", t -> t.multiply(r.x, r.x)),
                        "gradient check of square",
                        "no inputs",
                        "at least one"));
    }

    @ParameterizedTest
    @MethodSource({
        "shapes",
        "tensors",
        "tapes",
        "dev.microgpt.autograd.OperationMisuse#operations",
        "dev.microgpt.autograd.OperationMisuse#nulls",
        "dev.microgpt.autograd.ElementMisuse#operations",
        "dev.microgpt.autograd.ElementMisuse#nulls",
        "dev.microgpt.autograd.ShapeMisuse#operations",
        "dev.microgpt.autograd.ShapeMisuse#nulls"
    })
    void misuseIsRefusedAndLeavesTheTapeAsItWas(Misuse<Recording> misuse) {
        tried++;
        Recording recording = new Recording();
        misuse.check(recording);
        assertTrue(recording.next == recording.tape.buffer(1), "something was recorded or kept a buffer");
        recording.tape.backward(recording.y, 1, 2, 3, 4, 5, 6);
        assertArrayEquals(new double[] {3, -6, 9, 12, 15, -18}, recording.y.toArray());
        assertArrayEquals(new double[] {3, 6, 9, 12, 15, 18}, recording.x.grad());
        refused++;
    }

    // ---- what is allowed, and documented ----

    @Test
    void numbersAreViewsAndToArrayIsACopy() {
        Recording recording = new Recording();
        recording.x.toArray()[0] = 99;
        recording.y.toArray()[0] = 99;
        assertEquals(1, recording.x.data()[0]);
        assertEquals(3, recording.y.data()[0]);
        recording.x.data()[0] = 7;
        recording.x.grad()[0] = 8;
        assertEquals(7, recording.x.toArray()[0]);
        assertEquals(8, recording.x.grad()[0]);
    }

    @Test
    void inputsThatChangeAfterRecordingChangeTheGradient() {
        Parameter x = new Parameter("x", Shape.scalar(), 3);
        Tape tape = Tape.training();
        Tensor y = tape.multiply(x, x);
        x.data()[0] = 5;
        tape.backward(y);
        assertEquals(9, y.item());
        assertEquals(10, x.grad()[0]);
    }

    @Test
    void tensorsOfATapeThatAnotherThreadResetAreStaleAndNotSilentlyOverwritten() {
        Recording recording = new Recording();
        CompletableFuture.runAsync(recording.tape::reset).join();
        state("", (Recording r) -> r.tape.relu(r.y), "tensor (2, 3)", "was reset", "toArray()")
                .check(recording);
    }

    @AfterAll
    static void publish(TestReporter reporter) {
        String figure = tried + " cases of misuse of shapes, tensors, operations and tapes tried, " + refused
                + " refused with a message that names who refuses, what was found and what was expected, and the"
                + " tape as"
                + " it was";
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    // ---- what the cases are made of ----

    private static Parameter scalar() {
        return new Parameter("leaf", Shape.scalar(), 1);
    }

    private static Tensor stale(Recording r) {
        Tape tape = Tape.training();
        Tensor y = tape.relu(r.x);
        tape.reset();
        return y;
    }

    /** Gives a stale tensor to its own tape, which records again meanwhile. */
    private static void staleInput(Recording r) {
        Tape tape = Tape.training();
        Tensor y = tape.relu(r.x);
        tape.reset();
        tape.relu(r.x);
        tape.relu(y);
    }

    private static void backwardTwice() {
        Tape tape = Tape.training();
        Tensor loss = tape.sum(new Parameter("w", Shape.of(2), 1, 2));
        tape.backward(loss);
        tape.backward(loss);
    }

    private static void backwardAfterReset() {
        Tape tape = Tape.training();
        Tensor loss = tape.sum(new Parameter("w", Shape.of(2), 1, 2));
        tape.reset();
        tape.backward(loss);
    }

    private static void recordingAfterBackward() {
        Tape tape = Tape.training();
        Tensor loss = tape.sum(new Parameter("w", Shape.of(2), 1, 2));
        tape.backward(loss);
        tape.relu(loss);
    }

    private static void inferred() {
        Tape tape = Tape.inference();
        tape.backward(tape.sum(new Parameter("w", Shape.of(2), 1, 2)));
    }

    private static void elsewhere(Runnable misuse) {
        try {
            CompletableFuture.runAsync(misuse).join();
        } catch (CompletionException thrown) {
            throw (RuntimeException) thrown.getCause();
        }
    }
}

package dev.microgpt.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a hook sees at a named point, and what it may put there. */
class HookTest {
    private final Parameter x = new Parameter("x", Shape.of(2), 1, -2);
    private final Tape tape = Tape.inference();

    @Test
    void aPointIsTheTensorItself() {
        Tensor y = tape.scale(x, 3);
        assertSame(y, tape.point("y", y));
        tape.addHook((on, point, seen) -> seen);
        assertSame(y, tape.point("y", y));
    }

    @Test
    void hooksAreCalledInOrderWithWhatTheEarlierOnesReturned() {
        List<String> calls = new ArrayList<>();
        Hook twice = (on, point, seen) -> on.scale(seen, 2);
        tape.addHook(twice);
        tape.addHook((on, point, seen) -> {
            calls.add(point + " " + seen.data()[0]);
            return seen;
        });
        assertArrayEquals(new double[] {2, -4}, tape.point("x", x).toArray());
        tape.removeHook(twice);
        tape.point("again", x);
        assertEquals(List.of("x 2.0", "again 1.0"), calls);
    }

    @Test
    void replacementOnATrainingTapeTakesTheGradient() {
        Tape training = Tape.training();
        training.addHook((on, point, seen) -> on.scale(seen, 5));
        Tensor y = training.point("y", training.scale(x, 3));
        training.backward(training.sum(y));
        assertArrayEquals(new double[] {15, 15}, x.grad());

        Tape cut = Tape.training();
        x.zeroGrad();
        cut.addHook((on, point, seen) -> Tensor.constant(seen.shape(), 7, 7));
        Tensor z = cut.point("z", cut.scale(x, 3));
        cut.backward(cut.sum(cut.add(z, x)));
        assertArrayEquals(new double[] {1, 1}, x.grad());
    }

    @Test
    void replacementOfAnotherShapeIsRefused() {
        tape.addHook((on, point, seen) -> Tensor.constant(Shape.of(3), 1, 2, 3));
        Exception refused = assertThrows(IllegalArgumentException.class, () -> tape.point("layer0.mlp_out", x));
        assertEquals(
                "point layer0.mlp_out: the tensor is (2), but a hook returns (3); it must return the tensor that it is"
                        + " shown, or one of the same shape",
                refused.getMessage());
    }

    @Test
    @SuppressWarnings("NullAway") // what is tested
    void nullIsRefused() {
        tape.addHook((on, point, seen) -> null);
        Exception refused = assertThrows(IllegalArgumentException.class, () -> tape.point("y", x));
        assertTrue(refused.getMessage().contains("a hook returns null"), refused.getMessage());
        assertThrows(NullPointerException.class, () -> tape.addHook(null));
    }

    @Test
    void tensorsOfAnotherTapeOrFromBeforeAResetAreRefused() {
        Tensor foreign = Tape.inference().scale(x, 2);
        Tensor[] old = {tape.scale(x, 2)};
        tape.reset();
        tape.addHook((on, point, seen) -> point.equals("foreign") ? foreign : old[0]);
        Exception refused = assertThrows(IllegalStateException.class, () -> tape.point("foreign", x));
        assertTrue(refused.getMessage().startsWith("point foreign: a hook returns a tensor (2) of another tape"));
        assertThrows(IllegalStateException.class, () -> tape.point("old", x));
    }
}

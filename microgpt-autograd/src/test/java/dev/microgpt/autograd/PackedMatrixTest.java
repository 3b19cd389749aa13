package dev.microgpt.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.PackedMatrix.Precision;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class PackedMatrixTest {
    private static final double FLOAT = (float) Math.PI;

    private static PackedMatrix packed(double... numbers) {
        return PackedMatrix.of(Tensor.constant(Shape.of(1, numbers.length), numbers));
    }

    private static Parameter parameter() {
        return new Parameter("layer0.w", PackedMatrix.of(Tensor.constant(Shape.of(2, 3), 1, 2, 3, 4, 5, 6)));
    }

    @Test
    void thePrecisionIsTheLowestThatHoldsEachNumber() {
        assertEquals(
                Precision.BF16,
                packed(0.0, -0.0, 1.5, -0x1p-133, 0x1.fep127, Double.NaN).precision());
        assertEquals(
                Precision.BF16,
                packed(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY).precision());
        assertEquals(
                Precision.F32,
                packed(1.5, FLOAT, Float.MIN_VALUE, Float.MAX_VALUE).precision());
        assertEquals(Precision.F32, packed(1.5, 0x1.ffp0).precision(), "nine digits, one more than bfloat16 has");
        assertEquals(Precision.F64, packed(1.5, 0.1).precision());
        assertEquals(Precision.F64, packed(1.5, 0x1p128).precision(), "too large");
        assertEquals(Precision.F64, packed(1.5, 0x1p-150).precision(), "too small");
        assertEquals(
                Precision.F64,
                packed(Double.longBitsToDouble(0x7ff8000000000001L)).precision(),
                "another NaN");
    }

    @Test
    void numbersComeBackWhenAHigherPrecisionIsNeededLate() {
        Shape shape = Shape.of(19, 3);
        for (double[] last : new double[][] {{2.0}, {FLOAT}, {0.1}}) {
            double[] numbers = new double[shape.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = i - 20;
            }
            numbers[numbers.length - 1] = last[0];
            PackedMatrix.Builder builder = new PackedMatrix.Builder(shape);
            for (int i = 0; i < numbers.length; i += 5) {
                double[] part = Arrays.copyOfRange(numbers, i, i + 5);
                builder.add(part, Math.min(5, numbers.length - i));
            }
            PackedMatrix packed = builder.build();
            assertArrayEquals(numbers, packed.toArray());
            assertEquals(last[0], packed.toArray()[numbers.length - 1]);
        }
    }

    @Test
    void onlyMatricesWithAllTheirNumbersArePacked() {
        assertThrows(IllegalArgumentException.class, () -> PackedMatrix.of(Tensor.constant(Shape.of(2), 1, 2)));
        PackedMatrix.Builder builder = new PackedMatrix.Builder(Shape.of(2, 2));
        builder.add(new double[] {1, 2, 3}, 3);
        assertThrows(IllegalStateException.class, builder::build);
        assertThrows(IllegalArgumentException.class, () -> builder.add(new double[] {4, 5}, 2));
        builder.add(new double[] {4}, 1);
        assertArrayEquals(new double[] {1, 2, 3, 4}, builder.build().toArray());
        assertThrows(IllegalStateException.class, builder::build, "it has given its arrays away");
        assertThrows(
                IllegalArgumentException.class, () -> new PackedMatrix.Builder(Shape.of(Integer.MAX_VALUE / 2 - 1, 2)));
    }

    @Test
    void linearAndEmbeddingReadItOnAnInferenceTape() {
        Tape tape = Tape.inference();
        Parameter packed = parameter();
        Tensor weight = Tensor.constant(packed.shape(), packed.toArray());
        Tensor x = Tensor.constant(Shape.of(2, 3), 0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
        Tensor bias = Tensor.constant(Shape.of(2), 7, 8);
        assertArrayEquals(
                tape.linear(x, weight).toArray(), tape.linear(x, packed).toArray());
        assertArrayEquals(
                tape.linear(x, weight, bias).toArray(),
                tape.linear(x, packed, bias).toArray());
        assertArrayEquals(
                new double[] {4, 5, 6, 1, 2, 3}, tape.embedding(packed, 1, 0).toArray());
    }

    /** A tape uses its buffers again, with what they held. */
    @Test
    void aProductBeginsAtZero() {
        Tape tape = Tape.inference();
        Tensor x = Tensor.constant(Shape.of(1, 3), 1, 1, 1);
        double[] first = tape.linear(x, parameter()).toArray();
        tape.reset();
        assertArrayEquals(first, tape.linear(x, parameter()).toArray());
        assertArrayEquals(new double[] {6, 15}, first);
    }

    @Test
    void aTrainingTapeAndEverythingElseRefuseIt() {
        Parameter packed = parameter();
        Tensor x = Tensor.constant(Shape.of(1, 3), 1, 1, 1);
        Tape training = Tape.training();
        assertRefused(
                "linear: weight (2, 3) is packed for inference, but the tape keeps gradients",
                () -> training.linear(x, packed));
        assertRefused("embedding: table (2, 3) is packed for inference", () -> training.embedding(packed, 1));
        assertRefused("tensor \"layer0.w\" (2, 3) is packed for inference and has no array", packed::data);
        assertRefused("tensor \"layer0.w\" (2, 3) has no gradient: it is packed", packed::grad);
        assertRefused("is packed for inference", () -> Tape.inference().relu(packed));
        assertFalse(packed.hasGrad());
        packed.zeroGrad(); // has nothing to do
    }

    private static void assertRefused(String expected, Executable call) {
        String message = assertThrows(IllegalStateException.class, call).getMessage();
        assertTrue(message.contains(expected), message);
    }

    @Test
    void printsItsPrecision() {
        assertEquals("layer0.w (2, 3) [packed BF16]", parameter().toString());
        assertEquals("BF16 (2, 3)", PackedMatrix.of(parameter()).toString());
        assertNull(Tensor.constant(Shape.of(1, 1), 1).packed());
    }
}

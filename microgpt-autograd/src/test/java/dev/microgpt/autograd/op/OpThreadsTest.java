package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What threads compute together, each on its own rows, has the bits of one thread. */
class OpThreadsTest {
    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");

    /** In a build, every sixth, among them attention, a product and a norm with a gain. */
    static final List<OpCases.Form> FORMS = IntStream.range(0, OpCases.FORMS.size())
            .filter(i -> NIGHTLY || i % 6 == 2)
            .mapToObj(OpCases.FORMS::get)
            .toList();

    @ParameterizedTest
    @FieldSource("FORMS")
    void threadsGetTheBitsOfOneThread(OpCases.Form form) {
        // so many elements that threads wake even for a copy
        OpCase made = form.op() == CausalAttention.class ? form.at(304, 96, 8) : form.at(401, 1603, 9);
        List<double[]> together = valueAndGradients(made);
        List<double[]> alone = new ArrayList<>();
        Kernels.active().parallel(2, Long.MAX_VALUE, (part, from, to) -> {
            if (part == 0) { // the pool has one job at a time, so within it everything runs on this thread
                alone.addAll(valueAndGradients(made));
            }
        });
        for (int i = 0; i < alone.size(); i++) {
            String what = i == 0 ? "value" : "gradient of " + made.inputs().get(i - 1);
            assertArrayEquals(alone.get(i), together.get(i), what);
        }
    }

    private static List<double[]> valueAndGradients(OpCase made) {
        Tape tape = Tape.training();
        Tensor y = made.apply(tape);
        double[] dy = new double[y.shape().size()];
        Arrays.setAll(dy, i -> 1 + i % 7);
        tape.backward(y, dy);
        List<double[]> results = new ArrayList<>(List.of(y.toArray()));
        for (Parameter input : made.inputs()) {
            results.add(input.grad().clone());
            input.zeroGrad();
        }
        return results;
    }
}

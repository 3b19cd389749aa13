package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.element.Gelu;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong derivatives, each of which the check of the right ones has to refuse: without them it would prove nothing. */
class OpGradientControlTest {
    private static int caught;

    static List<Arguments> everyInputOfEveryForm() {
        List<Arguments> all = new ArrayList<>();
        for (OpCases.Form form : OpCases.FORMS) {
            for (Parameter input : form.at(9, 8, 7).inputs()) {
                all.add(Arguments.of(form, input.name()));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("everyInputOfEveryForm")
    void gradientWrongByOnePartInAMillionFails(OpCases.Form form, String input) {
        assertRefused(form, input, FaultyOp.Fault.SCALED);
    }

    @ParameterizedTest
    @MethodSource("everyInputOfEveryForm")
    void gradientWithoutItsLargestElementFails(OpCases.Form form, String input) {
        assertRefused(form, input, FaultyOp.Fault.DROPPED);
    }

    static List<Arguments> everyInputWithUnequalGradients() {
        return everyInputOfEveryForm().stream()
                .filter(one -> !List.of("sum", "mean").contains(one.get()[0].toString()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("everyInputWithUnequalGradients")
    void gradientShiftedByOneElementFails(OpCases.Form form, String input) {
        assertRefused(form, input, FaultyOp.Fault.SHIFTED);
    }

    private static void assertRefused(OpCases.Form form, String input, FaultyOp.Fault fault) {
        OpCase right = form.at(9, 8, 7);
        int index = right.inputs().stream().map(Parameter::name).toList().indexOf(input);
        OpCase wrong = new OpCase(
                right.name(), right.inputs(), in -> new FaultyOp(right.build().apply(in), index, fault), right.check());
        right.worstError(); // the fault must be the only reason to fail
        String message = assertThrows(AssertionError.class, wrong::worstError).getMessage();
        assertTrue(message.startsWith(right.name() + ": the gradient of " + input + " "), message);
        caught++;
    }

    // ---- one term of the formula missing ----

    enum Formula {
        /** {@code dx = y · dy} for {@code dx = y · (dy − Σ dy · y)}. */
        SOFTMAX_WITHOUT_THE_SUM {
            @Override
            Op op(Parameter x) {
                return new WithExtra(new Softmax(x), (tape, y) -> {
                    for (int i = 0; i < 8; i++) {
                        x.grad()[i] += y.data()[i] * tape.kernels().dot(y.grad(), 0, y.data(), 0, 8);
                    }
                });
            }
        },
        /** {@code dx = r · dy} for {@code dx = r · (dy − y · mean(dy · y))}. */
        RMS_NORM_WITHOUT_THE_MEAN {
            @Override
            Op op(Parameter x) {
                return new WithExtra(new RmsNorm(x, 1e-5), (tape, y) -> {
                    double r = y.data()[0] / x.data()[0];
                    for (int i = 0; i < 8; i++) {
                        x.grad()[i] += r * y.data()[i] * tape.kernels().dot(y.grad(), 0, y.data(), 0, 8) / 8;
                    }
                });
            }
        },
        /** {@code dx = r · (dn − n · mean(dn · n))} for {@code dx = r · (dn − mean(dn) − n · mean(dn · n))}. */
        LAYER_NORM_WITHOUT_THE_MEAN {
            @Override
            Op op(Parameter x) {
                Tensor ones = Tensor.constant(Shape.of(8), 1, 1, 1, 1, 1, 1, 1, 1);
                return new WithExtra(new LayerNorm(x, ones, null, 1e-5), (tape, y) -> {
                    double r = (y.data()[0] - y.data()[1]) / (x.data()[0] - x.data()[1]);
                    for (int i = 0; i < 8; i++) {
                        x.grad()[i] += r * tape.kernels().sum(y.grad(), 0, 8) / 8;
                    }
                });
            }
        },
        /** {@code dx = p · dy / N} for {@code dx = (p − onehot(target)) · dy / N}. */
        CROSS_ENTROPY_WITHOUT_THE_TARGET {
            @Override
            Op op(Parameter x) {
                return new WithExtra(
                        new CrossEntropy(x, new int[] {3}, 2.0), (tape, y) -> x.grad()[3] += y.grad()[0] / 2.0);
            }
        },
        /** {@code dx = dy · Φ(x)} for {@code dx = dy · (Φ(x) + x·φ(x))}. */
        GELU_WITHOUT_THE_DENSITY {
            @Override
            Op op(Parameter x) {
                return new WithExtra(new Gelu(x), (tape, y) -> {
                    for (int i = 0; i < 8; i++) {
                        double xi = x.data()[i];
                        x.grad()[i] -= y.grad()[i] * xi * StrictMath.exp(-xi * xi / 2) / StrictMath.sqrt(2 * Math.PI);
                    }
                });
            }
        };

        abstract Op op(Parameter x);
    }

    @ParameterizedTest
    @EnumSource
    void formulaWithoutOneTermFails(Formula formula) {
        Parameter x = Sizes.of(1, 8, 1).matrix("x");
        OpCase wrong = new OpCase(
                formula.name(),
                List.of(x),
                in -> formula.op(x),
                OpCases.form("softmax").at(1, 8, 1).check());
        String message = assertThrows(AssertionError.class, wrong::worstError).getMessage();
        assertTrue(message.contains("the gradient of x (1, 8) at index"), message);
        caught++;
    }

    @Test
    void reluCheckedAcrossItsKinkFails() {
        OpCase made = OpCases.form("relu").at(3, 4, 1);
        made.inputs().get(0).data()[5] = 1e-5 * new Random(1).nextDouble(); // the step of the check is 1e-4
        assertThrows(AssertionError.class, made::worstError);
    }

    @AfterAll
    static void publish(TestReporter reporter) {
        String figure = caught + " wrong derivatives tried, " + caught + " caught";
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    /** An operation whose backward does something on top. */
    private record WithExtra(Op op, BiConsumer<Tape, Tensor> extra) implements Op {
        @Override
        public List<Tensor> inputs() {
            return op.inputs();
        }

        @Override
        public Shape shape() {
            return op.shape();
        }

        @Override
        public void forward(Tape tape, Tensor y) {
            op.forward(tape, y);
        }

        @Override
        public void backward(Tape tape, Tensor y) {
            op.backward(tape, y);
            extra.accept(tape, y);
        }
    }
}

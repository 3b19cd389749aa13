package dev.microgpt.autograd.kernel;

import dev.microgpt.autograd.Kernels;
import org.junit.jupiter.api.Nested;

class ScalarKernelsTest {
    private static final Kernels SCALAR = new ScalarKernels("scalar");

    @Nested
    class Products extends ProductContract {
        @Override
        Kernels kernels() {
            return SCALAR;
        }
    }

    @Nested
    class Lower extends LowerContract {
        @Override
        Kernels kernels() {
            return SCALAR;
        }
    }

    @Nested
    class Rows extends KernelsContract {
        @Override
        Kernels kernels() {
            return SCALAR;
        }
    }
}

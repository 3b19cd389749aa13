package dev.microgpt.autograd.kernel.scalar;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.kernel.thread.WorkerPool;
import org.junit.jupiter.api.Nested;

class ScalarKernelsTest {
    private static final Kernels SCALAR = new ScalarKernels("scalar", new WorkerPool(1));

    @Nested
    class Products extends ProductContract {
        @Override
        protected Kernels kernels() {
            return SCALAR;
        }
    }

    @Nested
    class Packed extends PackedContract {
        @Override
        protected Kernels kernels() {
            return SCALAR;
        }
    }

    @Nested
    class Lower extends LowerContract {
        @Override
        protected Kernels kernels() {
            return SCALAR;
        }
    }

    @Nested
    class Rows extends KernelsContract {
        @Override
        protected Kernels kernels() {
            return SCALAR;
        }
    }
}

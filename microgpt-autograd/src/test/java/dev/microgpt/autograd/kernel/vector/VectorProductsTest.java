package dev.microgpt.autograd.kernel.vector;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.kernel.scalar.LowerContract;
import dev.microgpt.autograd.kernel.scalar.PackedContract;
import dev.microgpt.autograd.kernel.scalar.ProductContract;
import dev.microgpt.autograd.kernel.thread.WorkerPool;
import org.junit.jupiter.api.Nested;

/** The products of the vector kernels. */
class VectorProductsTest {
    private static final Kernels VECTOR = new VectorKernels(new WorkerPool(1));

    @Nested
    class Products extends ProductContract {
        @Override
        protected Kernels kernels() {
            return VECTOR;
        }
    }

    @Nested
    class Packed extends PackedContract {
        @Override
        protected Kernels kernels() {
            return VECTOR;
        }
    }

    @Nested
    class Lower extends LowerContract {
        @Override
        protected Kernels kernels() {
            return VECTOR;
        }
    }
}

package dev.microgpt.autograd.kernel.vector;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.kernel.scalar.KernelsContract;
import dev.microgpt.autograd.kernel.thread.WorkerPool;

/**
 * The vector kernels but for the products, which are tested at the same time, in {@link VectorProductsTest}.
 *
 * <p>The build passes {@code --add-modules jdk.incubator.vector} to tests, without which these could not run.
 */
class VectorKernelsTest extends KernelsContract {
    private static final Kernels VECTOR = new VectorKernels(new WorkerPool(1));

    @Override
    protected Kernels kernels() {
        return VECTOR;
    }
}

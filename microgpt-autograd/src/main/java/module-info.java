/**
 * Tensor-level reverse-mode automatic differentiation on flat {@code double[]} buffers.
 *
 * <p>Start at {@link dev.microgpt.autograd.Tape}.
 */
module dev.microgpt.autograd {
    requires org.slf4j;
    requires static jdk.incubator.vector; // used if the java command adds it
    requires static org.jspecify;

    exports dev.microgpt.autograd;
    exports dev.microgpt.autograd.op;
    exports dev.microgpt.autograd.check;
}

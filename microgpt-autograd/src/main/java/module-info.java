/**
 * Reverse-mode automatic differentiation of tensors, on flat {@code double[]} buffers.
 *
 * <p>The entry point is {@link dev.microgpt.autograd.Tape}.
 */
module dev.microgpt.autograd {
    requires org.slf4j;
    requires static jdk.incubator.vector; // used if added by --add-modules jdk.incubator.vector
    requires static org.jspecify;

    exports dev.microgpt.autograd;
    exports dev.microgpt.autograd.op;
    exports dev.microgpt.autograd.op.element;
    exports dev.microgpt.autograd.op.reduce;
    exports dev.microgpt.autograd.op.shape;
    exports dev.microgpt.autograd.check;

    uses org.slf4j.spi.SLF4JServiceProvider;
}

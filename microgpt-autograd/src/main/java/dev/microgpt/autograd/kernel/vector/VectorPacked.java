package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;

import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.PackedMatrix.Precision;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products with a packed matrix, four panels at a time: the processor prefetches four streams, each within a page of
 * memory, faster than one.
 *
 * <p>All vectors have the size of {@link Species#SPECIES}. A vector of {@code float} is loaded whole, and its first
 * half converted.
 */
final class VectorPacked {
    /** The width of panels. */
    static final int WIDTH = 2 * LENGTH;

    /** The number of panels that are read at a time. */
    static final int PANELS = 4;

    /** The height of strips. */
    static final int HEIGHT = Species.MANY_REGISTERS ? 8 : 4;

    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SPECIES.vectorShape());

    private VectorPacked() {}

    /** Adds the product of a row and four panels, which begin at {@code b0} to {@code b3}, to {@code 4·WIDTH} sums. */
    static void panels(PackedMatrix b, int b0, int b1, int b2, int b3, int k, double[] a, int a0, double[] c, int c0) {
        if (b.precision() == Precision.F64) {
            ofDoubles(b.numbers(), b0, b1, b2, b3, k, a, a0, c, c0);
        } else if (b.precision() == Precision.F32) {
            ofFloats(b.bits(), b0, b1, b2, b3, k, a, a0, c, c0);
        } else {
            ofPairs(b.bits(), b0, b1, b2, b3, k, a, a0, c, c0);
        }
    }

    /** Numbers of 8 bytes. */
    private static void ofDoubles(
            double[] b, int b0, int b1, int b2, int b3, int k, double[] a, int a0, double[] c, int c0) {
        DoubleVector s0 = DoubleVector.fromArray(SPECIES, c, c0);
        DoubleVector t0 = DoubleVector.fromArray(SPECIES, c, c0 + LENGTH);
        DoubleVector s1 = DoubleVector.fromArray(SPECIES, c, c0 + 2 * LENGTH);
        DoubleVector t1 = DoubleVector.fromArray(SPECIES, c, c0 + 3 * LENGTH);
        DoubleVector s2 = DoubleVector.fromArray(SPECIES, c, c0 + 4 * LENGTH);
        DoubleVector t2 = DoubleVector.fromArray(SPECIES, c, c0 + 5 * LENGTH);
        DoubleVector s3 = DoubleVector.fromArray(SPECIES, c, c0 + 6 * LENGTH);
        DoubleVector t3 = DoubleVector.fromArray(SPECIES, c, c0 + 7 * LENGTH);
        for (int p = 0, q = 0; p < k; p++, q += WIDTH) {
            DoubleVector x = DoubleVector.broadcast(SPECIES, a[a0 + p]);
            s0 = x.fma(DoubleVector.fromArray(SPECIES, b, b0 + q), s0);
            t0 = x.fma(DoubleVector.fromArray(SPECIES, b, b0 + q + LENGTH), t0);
            s1 = x.fma(DoubleVector.fromArray(SPECIES, b, b1 + q), s1);
            t1 = x.fma(DoubleVector.fromArray(SPECIES, b, b1 + q + LENGTH), t1);
            s2 = x.fma(DoubleVector.fromArray(SPECIES, b, b2 + q), s2);
            t2 = x.fma(DoubleVector.fromArray(SPECIES, b, b2 + q + LENGTH), t2);
            s3 = x.fma(DoubleVector.fromArray(SPECIES, b, b3 + q), s3);
            t3 = x.fma(DoubleVector.fromArray(SPECIES, b, b3 + q + LENGTH), t3);
        }
        s0.intoArray(c, c0);
        t0.intoArray(c, c0 + LENGTH);
        s1.intoArray(c, c0 + 2 * LENGTH);
        t1.intoArray(c, c0 + 3 * LENGTH);
        s2.intoArray(c, c0 + 4 * LENGTH);
        t2.intoArray(c, c0 + 5 * LENGTH);
        s3.intoArray(c, c0 + 6 * LENGTH);
        t3.intoArray(c, c0 + 7 * LENGTH);
    }

    /** Numbers of 4 bytes. */
    private static void ofFloats(
            int[] b, int b0, int b1, int b2, int b3, int k, double[] a, int a0, double[] c, int c0) {
        DoubleVector s0 = DoubleVector.fromArray(SPECIES, c, c0);
        DoubleVector t0 = DoubleVector.fromArray(SPECIES, c, c0 + LENGTH);
        DoubleVector s1 = DoubleVector.fromArray(SPECIES, c, c0 + 2 * LENGTH);
        DoubleVector t1 = DoubleVector.fromArray(SPECIES, c, c0 + 3 * LENGTH);
        DoubleVector s2 = DoubleVector.fromArray(SPECIES, c, c0 + 4 * LENGTH);
        DoubleVector t2 = DoubleVector.fromArray(SPECIES, c, c0 + 5 * LENGTH);
        DoubleVector s3 = DoubleVector.fromArray(SPECIES, c, c0 + 6 * LENGTH);
        DoubleVector t3 = DoubleVector.fromArray(SPECIES, c, c0 + 7 * LENGTH);
        for (int p = 0, q = 0; p < k; p++, q += WIDTH) {
            DoubleVector x = DoubleVector.broadcast(SPECIES, a[a0 + p]);
            s0 = x.fma(
                    (DoubleVector) IntVector.fromArray(INTS, b, b0 + q)
                            .reinterpretAsFloats()
                            .convertShape(VectorOperators.F2D, SPECIES, 0),
                    s0);
            t0 = x.fma(
                    (DoubleVector) IntVector.fromArray(INTS, b, b0 + q + LENGTH)
                            .reinterpretAsFloats()
                            .convertShape(VectorOperators.F2D, SPECIES, 0),
                    t0);
            s1 = x.fma(
                    (DoubleVector) IntVector.fromArray(INTS, b, b1 + q)
                            .reinterpretAsFloats()
                            .convertShape(VectorOperators.F2D, SPECIES, 0),
                    s1);
            t1 = x.fma(
                    (DoubleVector) IntVector.fromArray(INTS, b, b1 + q + LENGTH)
                            .reinterpretAsFloats()
                            .convertShape(VectorOperators.F2D, SPECIES, 0),
                    t1);
            s2 = x.fma(
                    (DoubleVector) IntVector.fromArray(INTS, b, b2 + q)
                            .reinterpretAsFloats()
                            .convertShape(VectorOperators.F2D, SPECIES, 0),
                    s2);
            t2 = x.fma(
                    (DoubleVector) IntVector.fromArray(INTS, b, b2 + q + LENGTH)
                            .reinterpretAsFloats()
                            .convertShape(VectorOperators.F2D, SPECIES, 0),
                    t2);
            s3 = x.fma(
                    (DoubleVector) IntVector.fromArray(INTS, b, b3 + q)
                            .reinterpretAsFloats()
                            .convertShape(VectorOperators.F2D, SPECIES, 0),
                    s3);
            t3 = x.fma(
                    (DoubleVector) IntVector.fromArray(INTS, b, b3 + q + LENGTH)
                            .reinterpretAsFloats()
                            .convertShape(VectorOperators.F2D, SPECIES, 0),
                    t3);
        }
        s0.intoArray(c, c0);
        t0.intoArray(c, c0 + LENGTH);
        s1.intoArray(c, c0 + 2 * LENGTH);
        t1.intoArray(c, c0 + 3 * LENGTH);
        s2.intoArray(c, c0 + 4 * LENGTH);
        t2.intoArray(c, c0 + 5 * LENGTH);
        s3.intoArray(c, c0 + 6 * LENGTH);
        t3.intoArray(c, c0 + 7 * LENGTH);
    }

    /** Numbers of 2 bytes. */
    private static void ofPairs(
            int[] b, int b0, int b1, int b2, int b3, int k, double[] a, int a0, double[] c, int c0) {
        DoubleVector s0 = DoubleVector.fromArray(SPECIES, c, c0);
        DoubleVector t0 = DoubleVector.fromArray(SPECIES, c, c0 + LENGTH);
        DoubleVector s1 = DoubleVector.fromArray(SPECIES, c, c0 + 2 * LENGTH);
        DoubleVector t1 = DoubleVector.fromArray(SPECIES, c, c0 + 3 * LENGTH);
        DoubleVector s2 = DoubleVector.fromArray(SPECIES, c, c0 + 4 * LENGTH);
        DoubleVector t2 = DoubleVector.fromArray(SPECIES, c, c0 + 5 * LENGTH);
        DoubleVector s3 = DoubleVector.fromArray(SPECIES, c, c0 + 6 * LENGTH);
        DoubleVector t3 = DoubleVector.fromArray(SPECIES, c, c0 + 7 * LENGTH);
        IntVector high = IntVector.broadcast(INTS, 0xFFFF_0000);
        for (int p = 0, q = 0; p < k; p++, q += LENGTH) {
            DoubleVector x = DoubleVector.broadcast(SPECIES, a[a0 + p]);
            IntVector v0 = IntVector.fromArray(INTS, b, b0 + q);
            s0 = x.fma(
                    (DoubleVector) v0.lanewise(VectorOperators.LSHL, 16)
                            .reinterpretAsFloats()
                            .convertShape(VectorOperators.F2D, SPECIES, 0),
                    s0);
            t0 = x.fma(
                    (DoubleVector) v0.and(high).reinterpretAsFloats().convertShape(VectorOperators.F2D, SPECIES, 0),
                    t0);
            IntVector v1 = IntVector.fromArray(INTS, b, b1 + q);
            s1 = x.fma(
                    (DoubleVector) v1.lanewise(VectorOperators.LSHL, 16)
                            .reinterpretAsFloats()
                            .convertShape(VectorOperators.F2D, SPECIES, 0),
                    s1);
            t1 = x.fma(
                    (DoubleVector) v1.and(high).reinterpretAsFloats().convertShape(VectorOperators.F2D, SPECIES, 0),
                    t1);
            IntVector v2 = IntVector.fromArray(INTS, b, b2 + q);
            s2 = x.fma(
                    (DoubleVector) v2.lanewise(VectorOperators.LSHL, 16)
                            .reinterpretAsFloats()
                            .convertShape(VectorOperators.F2D, SPECIES, 0),
                    s2);
            t2 = x.fma(
                    (DoubleVector) v2.and(high).reinterpretAsFloats().convertShape(VectorOperators.F2D, SPECIES, 0),
                    t2);
            IntVector v3 = IntVector.fromArray(INTS, b, b3 + q);
            s3 = x.fma(
                    (DoubleVector) v3.lanewise(VectorOperators.LSHL, 16)
                            .reinterpretAsFloats()
                            .convertShape(VectorOperators.F2D, SPECIES, 0),
                    s3);
            t3 = x.fma(
                    (DoubleVector) v3.and(high).reinterpretAsFloats().convertShape(VectorOperators.F2D, SPECIES, 0),
                    t3);
        }
        s0.intoArray(c, c0);
        t0.intoArray(c, c0 + LENGTH);
        s1.intoArray(c, c0 + 2 * LENGTH);
        t1.intoArray(c, c0 + 3 * LENGTH);
        s2.intoArray(c, c0 + 4 * LENGTH);
        t2.intoArray(c, c0 + 5 * LENGTH);
        s3.intoArray(c, c0 + 6 * LENGTH);
        t3.intoArray(c, c0 + 7 * LENGTH);
    }
}

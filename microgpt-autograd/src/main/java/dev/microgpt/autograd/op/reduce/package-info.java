/**
 * Functions that make one number of many: of all, of each row, or of each column.
 *
 * <p>The entry point is {@link dev.microgpt.autograd.op.reduce.Sum}. Read on with
 * {@link dev.microgpt.autograd.op.reduce.SumOfEachRow}. One number for each row is a column, {@code (T, 1)}, and one
 * for each column a row, {@code (C)}, so the functions of two tensors in {@link dev.microgpt.autograd.op.element} take
 * both.
 */
@NullMarked
package dev.microgpt.autograd.op.reduce;

import org.jspecify.annotations.NullMarked;

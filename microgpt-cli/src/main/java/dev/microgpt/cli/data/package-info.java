/**
 * The data of a training run, as {@code --data} names it.
 *
 * <p>Start at {@link dev.microgpt.cli.data.TrainingData} and its two kinds, {@link dev.microgpt.cli.data.DocumentData}
 * and {@link dev.microgpt.cli.data.TextData}; {@link dev.microgpt.cli.data.DocumentFiles} and {@link
 * dev.microgpt.cli.data.StandardInput} find the input.
 */
@NullMarked
package dev.microgpt.cli.data;

import org.jspecify.annotations.NullMarked;

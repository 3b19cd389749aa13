/**
 * Options that commands share or that belong together, and the conversion of their values.
 *
 * <p>Read {@link dev.microgpt.cli.option.Converters} with {@link dev.microgpt.cli.option.Range} first: a field's type
 * decides how the option is read. Then {@link dev.microgpt.cli.option.Preset}, the defaults that
 * {@link dev.microgpt.cli.option.ModelOptions} and {@link dev.microgpt.cli.option.TrainingOptions} override, and
 * {@link dev.microgpt.cli.option.RunOptions}.
 */
@NullMarked
package dev.microgpt.cli.option;

import org.jspecify.annotations.NullMarked;

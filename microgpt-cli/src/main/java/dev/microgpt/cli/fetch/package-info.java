/**
 * Downloads of {@code microgpt data fetch}.
 *
 * <p>Start at {@link dev.microgpt.cli.fetch.Download}, which copies a {@link dev.microgpt.cli.fetch.WebFile} into a
 * {@link dev.microgpt.cli.fetch.PartialFile}.
 */
@NullMarked
package dev.microgpt.cli.fetch;

import org.jspecify.annotations.NullMarked;

/**
 * The page of {@code microgpt explain}: the numbers of {@link dev.microgpt.model.trace} as JSON, and the page around
 * them.
 */
@NullMarked
package dev.microgpt.cli.explain;

import org.jspecify.annotations.NullMarked;

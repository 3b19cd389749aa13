/**
 * The page that shows a training run: start at {@link dev.microgpt.cli.report.RunReport}, which reads the metrics into
 * a {@link dev.microgpt.cli.report.History} and has a {@link dev.microgpt.cli.report.Page} made of it.
 */
@NullMarked
package dev.microgpt.cli.report;

import org.jspecify.annotations.NullMarked;

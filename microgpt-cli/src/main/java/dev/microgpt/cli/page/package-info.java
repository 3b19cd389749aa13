/** Pages of HTML in one file, which need no network: {@link dev.microgpt.cli.page.Template} and
 * {@link dev.microgpt.cli.page.Html}. */
@NullMarked
package dev.microgpt.cli.page;

import org.jspecify.annotations.NullMarked;

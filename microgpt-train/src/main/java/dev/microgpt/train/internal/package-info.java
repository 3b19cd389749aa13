/** What several packages of this module need; not exported. */
@NullMarked
package dev.microgpt.train.internal;

import org.jspecify.annotations.NullMarked;

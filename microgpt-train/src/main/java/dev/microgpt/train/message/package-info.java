/** Parts of error messages; not exported. */
@NullMarked
package dev.microgpt.train.message;

import org.jspecify.annotations.NullMarked;

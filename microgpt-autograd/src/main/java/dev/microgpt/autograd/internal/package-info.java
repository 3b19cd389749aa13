/** What the packages of this module share and do not export. */
@NullMarked
package dev.microgpt.autograd.internal;

import org.jspecify.annotations.NullMarked;

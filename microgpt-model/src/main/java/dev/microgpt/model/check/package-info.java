/**
 * A check of the promises of language models.
 *
 * <p>The entry point is {@link dev.microgpt.model.check.ModelCheck}; this project tests its own models with it, and you
 * should test yours, whether it is a part of a GPT or a whole model.
 */
@NullMarked
package dev.microgpt.model.check;

import org.jspecify.annotations.NullMarked;

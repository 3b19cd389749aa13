/**
 * Models behind HTTP: the completions of OpenAI's API, scores of lines, and a page to try them.
 *
 * <p>Start at {@link dev.microgpt.cli.serve.Server}, which lets {@code Api} check and route each request. A request for
 * texts is read by {@code CompletionRequest} and answered by {@code Completions}; {@code Slots} bounds how many are
 * answered at a time. All work on models is in the libraries.
 */
@NullMarked
package dev.microgpt.cli.serve;

import org.jspecify.annotations.NullMarked;

/**
 * The settings of models and of their parts: named values with a type, a range, a default and a line of help, and parts
 * that are found by name.
 *
 * <p>Start at {@link dev.microgpt.model.setting.Setting}, then {@link dev.microgpt.model.setting.Settings} and
 * {@link dev.microgpt.model.setting.Part}.
 */
@NullMarked
package dev.microgpt.model.setting;

import org.jspecify.annotations.NullMarked;

package dev.microgpt.train.data;

import java.io.Serializable;

/**
 * The names of the token files of a part.
 *
 * @param training   the file of the training split; empty if the part has none of it
 * @param validation the file of the validation split; empty if the part has none of it
 */
public record PartTokens(String training, String validation) implements Serializable {}

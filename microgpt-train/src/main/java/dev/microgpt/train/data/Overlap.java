package dev.microgpt.train.data;

import java.util.Arrays;
import java.util.Collection;

/**
 * How much of a text stands word for word in the training documents: did the model invent it, or copy it?
 *
 * @param copies    the number of documents that are the text
 * @param longest   the longest piece of the text that some document contains, the first of several; empty if there is
 *     none
 * @param documents the number of documents that contain this piece
 */
public record Overlap(int copies, String longest, int documents) {
    /**
     * Compares a text with documents, in time proportional to the product of their lengths.
     *
     * @param text     the text
     * @param training the documents
     * @return what they have in common
     */
    public static Overlap of(String text, Collection<String> training) {
        int[] characters = text.codePoints().toArray();
        int[] ending = new int[characters.length + 1]; // length of the common piece that ends before each character
        int copies = 0;
        int from = 0;
        int length = 0;
        for (String document : training) {
            copies += document.equals(text) ? 1 : 0;
            Arrays.fill(ending, 0);
            for (int d = 0; d < document.length(); d = document.offsetByCodePoints(d, 1)) {
                int character = document.codePointAt(d);
                for (int t = characters.length; t > 0; t--) {
                    ending[t] = characters[t - 1] == character ? ending[t - 1] + 1 : 0;
                    if (ending[t] > length || ending[t] == length && t - length < from) {
                        length = ending[t];
                        from = t - length;
                    }
                }
            }
        }
        String longest = new String(characters, from, length);
        int documents = 0;
        for (String document : training) {
            documents += length > 0 && document.contains(longest) ? 1 : 0;
        }
        return new Overlap(copies, longest, documents);
    }
}

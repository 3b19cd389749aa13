package dev.microgpt.model.tokenizer.bpe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Learns merges from words and their frequencies.
 *
 * <p>Pair counts are updated incrementally: a merge changes only the pairs next to its places, and each pair knows its
 * places.
 *
 * <p>No token is learned twice. Whether bytes become one token depends only on the merges so far, not on adjacent
 * bytes, so once they do, they do everywhere and never occur as another pair.
 */
public final class MergeLearner {
    private static final int BYTES = 256;

    /** The minimum frequency of a pair to be merged: a single occurrence is no pattern. */
    private static final int ENOUGH = 2;

    /** All words, separated and surrounded by free places. */
    private final TokenRow row;

    /** The word at each place of the row, and the frequency of each word. */
    private final int[] wordAt;

    private final long[] counts;

    /** The bytes of the tokens so far by id, and their lengths, an array shared with the row. */
    private final List<byte[]> tokens = new ArrayList<>();

    private final int[] lengths;
    private final int maxBytes;

    /** All pairs in the order of their appearance; the first {@link #queued} of them have been queued. */
    private final List<Pair> pairs = new ArrayList<>();

    private final PairTable numberByPair = new PairTable(1 << 12);
    private final PriorityQueue<Pair> queue = new PriorityQueue<>();
    private int queued;

    private final List<byte[][]> merges = new ArrayList<>();

    /**
     * Creates a learner.
     *
     * @param words    the distinct words; not modified
     * @param counts   the frequency of each word, by its number
     * @param bytes    all 256 bytes, in the order of their ids
     * @param merges   the maximum number of merges to learn
     * @param maxBytes the maximum number of bytes of a token; a pair with more is not merged
     */
    public MergeLearner(ByteStrings words, long[] counts, byte[] bytes, int merges, int maxBytes) {
        this.counts = counts;
        this.maxBytes = maxBytes;
        int places = 1;
        for (int word = 0; word < words.size(); word++) {
            places += words.length(word) + 1;
        }
        wordAt = new int[places];
        lengths = new int[BYTES + Math.min(merges, places)]; // each merge removes a token
        row = new TokenRow(lengths, places);
        int[] idByByte = addBytes(bytes);
        int place = 1;
        for (int word = 0; word < words.size(); word++) {
            for (int i = 0; i < words.length(word); i++) {
                row.set(place, idByByte[Byte.toUnsignedInt(words.byteAt(word, i))]);
                wordAt[place++] = word;
            }
            place++;
        }
    }

    private int[] addBytes(byte[] bytes) {
        int[] idByByte = new int[BYTES];
        for (byte b : bytes) {
            idByByte[Byte.toUnsignedInt(b)] = addToken(new byte[] {b});
        }
        return idByByte;
    }

    private int addToken(byte[] bytes) {
        int id = tokens.size();
        tokens.add(bytes);
        lengths[id] = bytes.length;
        return id;
    }

    /** Learns the merges and returns the bytes of both parts of each, in the order of their ranks. */
    public List<byte[][]> learn() {
        for (int position = 1; position < row.size() - 1; position++) {
            if (row.token(position) >= 0) {
                int next = row.next(position);
                if (next != TokenRow.NONE) {
                    add(row.token(position), row.token(next), position);
                }
            }
        }
        enqueueNewPairs();
        while (tokens.size() < lengths.length) {
            Pair pair = mostFrequent();
            if (pair == null) {
                break;
            }
            merge(pair);
            enqueueNewPairs();
        }
        return merges;
    }

    /** Returns the bytes of the tokens by id: the single bytes, then the results of the merges. */
    public List<byte[]> tokens() {
        return tokens;
    }

    private @Nullable Pair mostFrequent() {
        for (Pair pair = queue.poll(); pair != null; pair = queue.poll()) {
            if (pair.count == pair.queuedCount) {
                return pair;
            }
            enqueue(pair); // other merges have reduced its count since
        }
        return null;
    }

    private void enqueue(Pair pair) {
        if (pair.count >= ENOUGH && lengths[pair.left] + lengths[pair.right] <= maxBytes) {
            pair.queuedCount = pair.count;
            queue.add(pair);
        }
    }

    // a merge adds places only to pairs with its own token, so new pairs have all the places they will ever have
    private void enqueueNewPairs() {
        for (; queued < pairs.size(); queued++) {
            enqueue(pairs.get(queued));
        }
    }

    private void merge(Pair pair) {
        byte[] left = tokens.get(pair.left);
        byte[] right = tokens.get(pair.right);
        merges.add(new byte[][] {left, right});
        byte[] bytes = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, bytes, left.length, right.length);
        int token = addToken(bytes);
        // ascending, so that the first two of "aaa" are joined
        for (int i = 0; i < pair.places; i++) {
            int position = pair.positions[i];
            if (row.token(position) == pair.left) {
                int second = row.next(position);
                if (second != TokenRow.NONE && row.token(second) == pair.right) {
                    join(position, second, token);
                }
            }
        }
        pair.clear();
    }

    private void join(int position, int second, int token) {
        int before = row.previous(position);
        int after = row.next(second);
        if (before != TokenRow.NONE) {
            remove(row.token(before), row.token(position), before);
        }
        if (after != TokenRow.NONE) {
            remove(row.token(second), row.token(after), second);
        }
        row.join(position, token);
        if (before != TokenRow.NONE) {
            add(row.token(before), token, before);
        }
        if (after != TokenRow.NONE) {
            add(token, row.token(after), position);
        }
    }

    private void add(int left, int right, int position) {
        int number = numberByPair.get(left, right);
        if (number == PairTable.ABSENT) {
            number = pairs.size();
            numberByPair.put(left, right, number);
            pairs.add(new Pair(left, right));
        }
        pairs.get(number).add(position, counts[wordAt[position]]);
    }

    private void remove(int left, int right, int position) {
        pairs.get(numberByPair.get(left, right)).count -= counts[wordAt[position]];
    }

    /** Two adjacent tokens. The natural order is the order of merging. */
    private static final class Pair implements Comparable<Pair> {
        final int left;
        final int right;

        /** The frequency of the pair, and its frequency when it was queued. */
        long count;

        long queuedCount;

        /** The places of the pair, including former ones, ascending in each word. */
        int[] positions = new int[2];

        int places;

        Pair(int left, int right) {
            this.left = left;
            this.right = right;
        }

        void add(int position, long times) {
            if (places == positions.length) {
                positions = Arrays.copyOf(positions, 2 * places);
            }
            positions[places++] = position;
            count += times;
        }

        void clear() {
            count = 0;
            places = 0;
            positions = new int[0];
        }

        @Override
        public int compareTo(Pair other) {
            if (queuedCount != other.queuedCount) {
                return Long.compare(other.queuedCount, queuedCount);
            }
            return left != other.left ? Integer.compare(left, other.left) : Integer.compare(right, other.right);
        }
    }
}

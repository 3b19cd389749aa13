package dev.microgpt.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder and its subfolder after the operations of a log, and as they may be after a crash of the machine: what is
 * durable is there, of the rest anything. A rename from one folder to the other is durable once either is.
 */
final class SimulatedDisk {
    /** What becomes of data that was not made durable. */
    enum Loss {
        KEPT,
        DROPPED,
        ZEROS,
        TORN,
        FLIPPED
    }

    /**
     * A folder after a crash.
     *
     * @param files the names and contents
     * @param how   what was lost
     */
    record State(Map<String, byte[]> files, String how) {}

    /** What a disk writes at once. */
    static final int SECTOR = 512;

    private static final int FLIPS = 3;

    private final Map<Integer, File> files = new HashMap<>();
    private final Map<String, File> names = new HashMap<>();
    private final Map<String, File> durableNames = new TreeMap<>();
    private final List<Change> pending = new ArrayList<>();

    /** A name that goes and one that a file gets, if not null. */
    private record Change(
            @Nullable String gone,
            @Nullable String name,
            @Nullable File file) {
        boolean isIn(String folder) {
            return gone != null && folder(gone).equals(folder)
                    || name != null && folder(name).equals(folder);
        }

        private static String folder(String name) {
            return name.substring(0, Math.max(0, name.indexOf('/')));
        }

        void in(Map<String, File> names) {
            if (gone != null) {
                names.remove(gone);
            }
            if (name != null) {
                names.put(name, file);
            }
        }

        @Override
        public String toString() {
            return gone + " to " + name;
        }
    }

    private static final class File {
        private byte[] content = new byte[0];
        private byte[] durable = new byte[0];

        private boolean isDurable() {
            return Arrays.equals(content, durable);
        }
    }

    /** Begins with files that are durable. */
    SimulatedDisk(Map<String, byte[]> contents) {
        contents.forEach((name, content) -> {
            File file = new File();
            file.content = content;
            file.durable = content;
            durableNames.put(name, file);
        });
        names.putAll(durableNames);
    }

    /** Does what was done. */
    void apply(RecordedDisk.Entry entry) {
        if (entry instanceof RecordedDisk.Written written) {
            File file = files.get(written.number());
            byte[] longer = Arrays.copyOf(file.content, file.content.length + written.bytes().length);
            System.arraycopy(written.bytes(), 0, longer, file.content.length, written.bytes().length);
            file.content = longer;
        } else if (entry instanceof RecordedDisk.Synced synced) {
            File file = files.get(synced.number());
            file.durable = file.content;
        } else if (entry instanceof RecordedDisk.Created created) {
            files.put(created.number(), new File());
            change(new Change(null, created.name(), files.get(created.number())));
        } else if (entry instanceof RecordedDisk.Renamed renamed) {
            change(new Change(renamed.name(), renamed.target(), names.get(renamed.name())));
        } else if (entry instanceof RecordedDisk.Deleted deleted) {
            change(new Change(deleted.name(), null, null));
        } else if (entry instanceof RecordedDisk.FolderSynced synced) {
            for (Change change : pending) {
                if (change.isIn(synced.folder())) {
                    change.in(durableNames);
                }
            }
            pending.removeIf(change -> change.isIn(synced.folder()));
        }
    }

    private void change(Change change) {
        change.in(names);
        pending.add(change);
    }

    /** Returns what is found without a crash. */
    Map<String, byte[]> now() {
        Map<String, byte[]> contents = new TreeMap<>();
        names.forEach((name, file) -> contents.put(name, file.content));
        return contents;
    }

    /** Returns what may be found after a crash now: every choice of lost names with every loss of data. */
    List<State> crashes(Random random) {
        List<State> states = new ArrayList<>();
        for (int kept = (1 << pending.size()) - 1; kept >= 0; kept--) {
            Map<String, File> found = new TreeMap<>(durableNames);
            StringBuilder lost = new StringBuilder("lost");
            for (int i = 0; i < pending.size(); i++) {
                if ((kept >> i & 1) == 1) {
                    pending.get(i).in(found);
                } else {
                    lost.append(" [").append(pending.get(i)).append(']');
                }
            }
            for (Loss loss : Loss.values()) {
                addStates(states, found, loss, random, lost.toString());
            }
        }
        return states;
    }

    /** A loss may cut or flip in several places, each of which is a state. */
    private static void addStates(
            List<State> states, Map<String, File> names, Loss loss, Random random, String lostNames) {
        int longest = 0;
        for (File file : names.values()) {
            longest = Math.max(longest, file.isDurable() ? 0 : file.content.length);
        }
        if (longest == 0 && loss != Loss.KEPT) {
            return; // nothing is left to lose
        }
        int places = loss == Loss.TORN ? (longest - 1) / SECTOR : loss == Loss.FLIPPED ? FLIPS : 1;
        for (int place = 1; place <= places; place++) {
            Map<String, byte[]> contents = new TreeMap<>();
            for (Map.Entry<String, File> entry : names.entrySet()) {
                File file = entry.getValue();
                contents.put(
                        entry.getKey(), file.isDurable() ? file.content : lossy(file, loss, place * SECTOR, random));
            }
            states.add(new State(contents, lostNames + ", data " + loss + " " + place));
        }
    }

    private static byte[] lossy(File file, Loss loss, int cut, Random random) {
        return switch (loss) {
            case KEPT -> file.content;
            case DROPPED -> file.durable;
            case ZEROS -> new byte[file.content.length];
            case TORN -> Arrays.copyOf(file.content, Math.min(cut, file.content.length));
            case FLIPPED -> flipped(file.content, random);
        };
    }

    /** Returns a copy with one other bit. */
    static byte[] flipped(byte[] content, Random random) {
        byte[] other = content.clone();
        int bit = random.nextInt(Byte.SIZE * content.length);
        other[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        return other;
    }
}

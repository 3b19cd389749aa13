package dev.microgpt.cli;

import dev.microgpt.train.internal.disk.FileOperations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The real disk with a log of all operations. */
final class RecordedDisk implements FileOperations {
    /** Where a run writes while a finished one is in its folder. */
    static final String SUBFOLDER = "unfinished";

    /** One entry of the log. */
    sealed interface Entry permits Created, Written, Synced, Renamed, Deleted, FolderSynced, Shown {}

    /** Files are told apart by their numbers, for names change. */
    record Created(int number, String name) implements Entry {}

    record Written(int number, byte[] bytes) implements Entry {}

    record Synced(int number) implements Entry {}

    record Renamed(String name, String target) implements Entry {}

    record Deleted(String name) implements Entry {}

    record FolderSynced(String folder) implements Entry {}

    /** The user was shown that a step is done, and with it whatever was saved before. */
    record Shown(int step) implements Entry {}

    private final FileOperations real;
    private final List<Entry> log = new ArrayList<>();
    private int files;

    RecordedDisk(FileOperations real) {
        this.real = real;
    }

    List<Entry> log() {
        return log;
    }

    /** The name in the folder of the run, of a file in its subfolder with the name of that. */
    private static String name(Path file) {
        String name = file.getFileName().toString();
        return SUBFOLDER.equals(folder(file.getParent())) ? SUBFOLDER + "/" + name : name;
    }

    private static String folder(Path folder) {
        return folder.endsWith(SUBFOLDER) ? SUBFOLDER : "";
    }

    @Override
    public NewFile create(Path file) throws IOException {
        NewFile created = real.create(file);
        int number = files++;
        log.add(new Created(number, name(file)));
        return new RecordedFile(created, number);
    }

    @Override
    public void rename(Path file, Path target) throws IOException {
        real.rename(file, target);
        log.add(new Renamed(name(file), name(target)));
    }

    @Override
    public void delete(Path file) throws IOException {
        real.delete(file);
        log.add(new Deleted(name(file)));
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        real.syncFolder(folder);
        log.add(new FolderSynced(folder(folder)));
    }

    private final class RecordedFile extends NewFile {
        private final NewFile file;
        private final int number;

        RecordedFile(NewFile file, int number) {
            this.file = file;
            this.number = number;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            file.write(bytes, from, count);
            log.add(new Written(number, Arrays.copyOfRange(bytes, from, from + count)));
        }

        @Override
        public void sync() throws IOException {
            file.sync();
            log.add(new Synced(number));
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}

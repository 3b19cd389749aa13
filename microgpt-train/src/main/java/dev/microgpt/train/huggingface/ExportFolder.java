package dev.microgpt.train.huggingface;

import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.disk.AtomicFile;
import dev.microgpt.train.internal.disk.Disk;
import dev.microgpt.train.internal.disk.NewFolders;
import dev.microgpt.train.safetensors.SafetensorsException;
import dev.microgpt.train.safetensors.TensorFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Creates or replaces an exported folder as a whole: everything is written into a hidden folder next to it, which is
 * renamed once it is complete. A crash between the two renames of a replacement leaves the old folder as {@code
 * .NAME.old-PID-TIME}.
 *
 * <p>A folder that contains anything but the files of an export is not replaced. Replacing files in it one by one
 * instead would let a crash leave the weights of one model with the configuration of another.
 */
final class ExportFolder {
    static final String GENERATION = "generation_config.json";

    /** All names that an export writes; only files with these names are ever deleted. */
    private static final Set<String> NAMES = Set.of(
            Gpt2Config.FILE,
            GENERATION,
            WeightFiles.WEIGHTS,
            Gpt2Tokenizers.FILE,
            Gpt2Tokenizers.SETTINGS,
            BpeFiles.VOCAB,
            BpeFiles.MERGES,
            BpeFiles.ADDED);

    /** The metadata of exported weights, which transformers requires and a checkpoint lacks. */
    static final Map<String, String> WEIGHTS_METADATA = Map.of("format", "pt");

    private static final int MAX_NAMED = 5;

    /** Writes the files of the folder. */
    interface Content {
        void writeInto(Path folder) throws IOException;
    }

    private ExportFolder() {}

    /**
     * Writes a folder.
     *
     * @param overwrite whether an existing export may be replaced
     * @throws FileAlreadyExistsException if there is something that must not be replaced; nothing was written
     * @throws NotDirectoryException      if the folder or a parent of it is a file; nothing was written
     */
    static void write(Path folder, boolean overwrite, Content content) throws IOException {
        Path target = folder.toAbsolutePath().normalize();
        boolean replaces = checkReplaceable(target, overwrite);
        Path parent = target.getParent();
        if (parent == null) {
            throw new FileAlreadyExistsException(folder.toString(), null, "is the root of the file system");
        }
        NewFolders above = createFolders(parent);
        try {
            writeAndMove(target, replaces, content);
        } catch (Throwable failure) {
            above.deleteEmpty();
            throw failure;
        }
    }

    private static void writeAndMove(Path target, boolean replaces, Content content) throws IOException {
        // not the process id alone: in a container, the process that left a folder may have had the same one
        String unique = "-" + Long.toHexString(System.nanoTime());
        Path temporary = target.resolveSibling(AtomicFile.temporaryFor(target).getFileName() + unique);
        Path old = target.resolveSibling(
                "." + target.getFileName() + ".old-" + ProcessHandle.current().pid() + unique);
        Files.createDirectory(temporary);
        try {
            content.writeInto(temporary);
            if (replaces) {
                checkNothingElse(target); // again: writing takes time, in which files may be added
                Disk.operations().rename(target, old);
            }
            moveOrRestore(temporary, target, old);
        } catch (Throwable failure) {
            try {
                delete(temporary, files(temporary));
            } catch (IOException | RuntimeException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
        AtomicFile.syncFolder(target.getParent());
        if (replaces) {
            List<Path> exported = new ArrayList<>(files(old));
            exported.removeAll(others(old));
            delete(old, exported);
        }
    }

    /** Gives an exported folder that was moved aside its name again if the new one cannot have it. */
    private static void moveOrRestore(Path temporary, Path target, Path old) throws IOException {
        try {
            Disk.operations().rename(temporary, target);
        } catch (IOException failure) {
            if (Files.exists(old)) {
                Disk.operations().rename(old, target);
            }
            throw failure;
        }
    }

    private static NewFolders createFolders(Path folder) throws IOException {
        try {
            return NewFolders.create(folder);
        } catch (FileAlreadyExistsException file) {
            throw (IOException) new NotDirectoryException(file.getFile()).initCause(file);
        }
    }

    /** Returns whether there is a folder with files, which may be replaced. */
    private static boolean checkReplaceable(Path folder, boolean overwrite) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (Files.isRegularFile(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new NotDirectoryException(folder.toString());
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(folder.toString(), null, "is a link or a device");
        }
        List<Path> files = files(folder);
        if (files.isEmpty()) {
            return false;
        }
        if (!overwrite) {
            throw new FileAlreadyExistsException(folder.toString(), null, "is not empty");
        }
        checkNothingElse(folder);
        checkExported(folder);
        return true;
    }

    /** Refuses a folder with something that an export does not write. */
    private static void checkNothingElse(Path folder) throws IOException {
        List<Path> others = others(folder);
        if (others.isEmpty()) {
            return;
        }
        List<String> named = new ArrayList<>();
        for (Path other : others.subList(0, Math.min(MAX_NAMED, others.size()))) {
            named.add(Quoted.fileName(other) + kind(other));
        }
        String more = others.size() > MAX_NAMED ? " and " + (others.size() - MAX_NAMED) + " more" : "";
        throw new FileAlreadyExistsException(
                folder.toString(),
                null,
                "contains " + String.join(", ", named) + more + ", which export does not write and never deletes");
    }

    private static String kind(Path file) {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            return " (a folder)";
        }
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? "" : " (a link or a device)";
    }

    /** Refuses files that only share their names with those of an export. */
    private static void checkExported(Path folder) throws IOException {
        Path config = folder.resolve(Gpt2Config.FILE);
        Path weights = folder.resolve(WeightFiles.WEIGHTS);
        String what = null;
        if (!Files.exists(config)) {
            what = "files but no model";
        } else if (!isGpt2(folder)) {
            what = "a " + Gpt2Config.FILE + " that does not describe a GPT-2";
        } else if (Files.exists(weights) && !isExported(weights)) {
            what = "a " + WeightFiles.WEIGHTS + " that export did not write";
        }
        if (what != null) {
            throw new FileAlreadyExistsException(
                    folder.toString(), null, "contains " + what + ", and such files are never deleted");
        }
    }

    private static boolean isGpt2(Path folder) throws IOException {
        try {
            return Gpt2Config.read(folder).isGpt2();
        } catch (HuggingFaceException otherFormat) {
            return false;
        }
    }

    private static boolean isExported(Path weights) throws IOException {
        try (TensorFile file = TensorFile.open(weights)) {
            return file.metadata().entrySet().containsAll(WEIGHTS_METADATA.entrySet());
        } catch (SafetensorsException otherFormat) {
            return false;
        }
    }

    /** Returns everything in a folder that an export does not write, in the order of the names. */
    private static List<Path> others(Path folder) throws IOException {
        List<Path> others = new ArrayList<>();
        for (Path file : files(folder)) {
            boolean isFile = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
            if (!isFile || !NAMES.contains(String.valueOf(file.getFileName()))) {
                others.add(file);
            }
        }
        return others;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** Deletes files and then their folder, unless it contains others. */
    private static void delete(Path folder, List<Path> files) throws IOException {
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(folder);
    }
}

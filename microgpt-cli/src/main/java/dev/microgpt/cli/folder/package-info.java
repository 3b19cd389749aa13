/**
 * The folder of a run: its lock, its checkpoints and the disk space they need.
 *
 * <p>Start at {@link dev.microgpt.cli.folder.RunFolder}, then {@link dev.microgpt.cli.folder.RunCheckpoints},
 * {@link dev.microgpt.cli.folder.Replacement} (a new run in the folder of a finished one),
 * {@link dev.microgpt.cli.folder.FolderCheck} (what is refused) and {@link dev.microgpt.cli.folder.FolderLock}.
 */
@NullMarked
package dev.microgpt.cli.folder;

import org.jspecify.annotations.NullMarked;

package io.github.dbtls.sample.embedded;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Folders and servers of earlier runs that were killed before they could clean up.
 */
final class Leftovers {

	private static final Log logger = LogFactory.getLog(Leftovers.class);

	private final Path own;

	/**
	 * Looks beside a folder of this run.
	 * @param own the folder
	 */
	Leftovers(PrivateFolder own) {
		this.own = own.path();
	}

	/**
	 * Ends the servers and deletes the folders. What cannot be is left with a word in the
	 * log: it is in nobody's way.
	 */
	void clear() {
		try (DirectoryStream<Path> folders = Files.newDirectoryStream(this.own.getParent(),
				PrivateFolder.PREFIX + "*")) {
			for (Path folder : folders) {
				clear(folder);
			}
		}
		catch (IOException | RuntimeException ex) {
			logger.warn("What earlier runs left beside %s cannot be cleared away".formatted(this.own), ex);
		}
	}

	private void clear(Path path) throws IOException {
		if (!isOurs(path) || !isAbandoned(path)) {
			return;
		}
		logger.info("Clearing away %s, which an earlier run that was killed has left".formatted(path));
		try (PrivateFolder folder = PrivateFolder.existing(path)) {
			new FolderProcesses(folder).kill();
		}
	}

	private boolean isOurs(Path path) throws IOException {
		// Anybody can make a folder of that name where temporary ones are.
		return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
				&& Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(this.own));
	}

	private boolean isAbandoned(Path path) throws IOException {
		Path file = path.resolve(OwnerMark.FILE);
		if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
			// Just being made, or not by this application.
			return false;
		}
		OwnerMark owner = OwnerMark.parse(Files.readString(file));
		return owner != null && !owner.isAlive();
	}

}

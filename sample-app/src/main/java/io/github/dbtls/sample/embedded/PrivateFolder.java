package io.github.dbtls.sample.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.util.FileSystemUtils;

/**
 * Temporary folder that only the current user can read, deleted on close.
 */
final class PrivateFolder implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(PrivateFolder.class);

	private final Path path;

	/**
	 * Creates the folder, which is private because that is how Java creates temporary
	 * folders.
	 */
	PrivateFolder() {
		try {
			this.path = Files.createTempDirectory("dbtls-sample-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Unable to create a temporary folder", ex);
		}
	}

	Path resolve(String name) {
		return this.path.resolve(name);
	}

	/**
	 * Writes a file that nobody else can read from the moment it exists.
	 * @param name name of the file
	 * @param content content of the file
	 * @return the path of the file
	 */
	Path write(String name, String content) {
		try {
			return Files.writeString(Files.createFile(resolve(name), ownerOnly()), content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Unable to write " + resolve(name), ex);
		}
	}

	private FileAttribute<?>[] ownerOnly() {
		if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
			return new FileAttribute<?>[0];
		}
		return new FileAttribute<?>[] {
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")) };
	}

	@Override
	public void close() {
		try {
			FileSystemUtils.deleteRecursively(this.path);
		}
		catch (IOException ex) {
			logger.warn("Unable to delete " + this.path, ex);
		}
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

}

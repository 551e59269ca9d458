package io.github.dbtls.sample.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.util.FileSystemUtils;

/**
 * Temporary folder that only the current user can read, deleted on close.
 */
final class PrivateFolder implements AutoCloseable {

	/** How the names of all such folders begin. */
	static final String PREFIX = "dbtls-sample-";

	private static final Log logger = LogFactory.getLog(PrivateFolder.class);

	private final Path path;

	/** Guarded by this. */
	private boolean closed;

	private PrivateFolder(Path path) {
		this.path = path;
	}

	/**
	 * Creates a folder, which is private because that is how Java creates temporary
	 * folders where there are POSIX permissions; elsewhere it inherits those of the
	 * user's own temporary folder. It is marked as one of this JVM's.
	 * @return the folder
	 */
	static PrivateFolder create() {
		try {
			PrivateFolder folder = new PrivateFolder(Files.createTempDirectory(PREFIX));
			folder.write(OwnerMark.FILE, OwnerMark.current().toString());
			return folder;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Unable to create a temporary folder", ex);
		}
	}

	/**
	 * Takes over a folder of another JVM.
	 * @param path the folder
	 * @return the folder
	 */
	static PrivateFolder existing(Path path) {
		return new PrivateFolder(path);
	}

	Path path() {
		return this.path;
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
		return write(name, content.getBytes(StandardCharsets.UTF_8));
	}

	private synchronized Path write(String name, byte[] content) {
		if (this.closed) {
			throw new IllegalStateException("The folder " + this.path + " is no longer there");
		}
		try {
			return Files.write(Files.createFile(resolve(name), ownerOnly()), content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Unable to write " + resolve(name), ex);
		}
	}

	/**
	 * Writes a file in place of another one, if there is one. Whoever reads it meanwhile
	 * reads either of them whole.
	 * @param name name of the file
	 * @param content content of the file
	 * @return the path of the file
	 */
	synchronized Path replace(String name, byte[] content) {
		Path beside = resolve(name + ".new");
		try {
			Files.deleteIfExists(beside);
			write(beside.getFileName().toString(), content);
			return Files.move(beside, resolve(name), StandardCopyOption.ATOMIC_MOVE,
					StandardCopyOption.REPLACE_EXISTING);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Unable to replace " + resolve(name), ex);
		}
	}

	Path replace(String name, String content) {
		return replace(name, content.getBytes(StandardCharsets.UTF_8));
	}

	private FileAttribute<?>[] ownerOnly() {
		if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
			return new FileAttribute<?>[0];
		}
		return new FileAttribute<?>[] {
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")) };
	}

	/**
	 * Deletes the folder with all that is in it. Nothing is written any more: a file that
	 * came in meanwhile would keep the folder.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
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

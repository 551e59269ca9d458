package io.github.dbtls.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;

import io.github.dbtls.DbTlsConfigurationException;

/**
 * Reads a regular file of bounded size. What it is, is asked before it is opened: opening
 * a pipe waits for whoever writes to it.
 *
 * @param path the file as the user named it
 * @param problem words what is wrong
 * @param context limits and opener
 * @param missing words that it does not exist
 */
record FileBytes(Path path, Problem problem, LoadContext context, MissingFile missing) {

	/** The file type's bits of {@code st_mode}, and their values, by POSIX. */
	private static final int TYPE = 0xF000;

	byte[] read() {
		byte[] held = this.context.opener().held(this.path);
		return (held != null) ? held : readNow();
	}

	private byte[] readNow() {
		try {
			BasicFileAttributes attributes = Files.readAttributes(this.path, BasicFileAttributes.class);
			if (!attributes.isRegularFile()) {
				throw notRegular(attributes);
			}
			if (attributes.size() > this.context.limits().bytes()) {
				throw BoundedInput.tooLarge(this.problem, this.context.limits(), attributes.size() + " bytes");
			}
			try (InputStream stream = this.context.opener().open(this.path)) {
				return BoundedInput.read(stream, this.problem, this.context.limits());
			}
		}
		catch (NoSuchFileException ex) {
			throw this.missing.exception();
		}
		catch (AccessDeniedException ex) {
			throw this.problem.which(
					"may not be read by the user '%s' that this process runs as"
						.formatted(System.getProperty("user.name")),
					"Grant that user read access to the file, and the right to enter each directory above it.", ex);
		}
		catch (FileSystemException ex) {
			String reason = (ex.getReason() != null) ? ex.getReason() : ex.getClass().getSimpleName();
			throw this.problem.which("cannot be opened: " + Texts.oneLine(reason, 100),
					"Correct the path, or what stands there.", ex);
		}
		catch (IOException ex) {
			throw this.problem.which("cannot be read: " + Texts.reason(ex),
					"Find out why the file system does not give it.", ex);
		}
	}

	/**
	 * Return a path as messages show it.
	 * @param path the path
	 * @return the absolute path; {@code ..} stays, since links may lead elsewhere
	 */
	static String absolute(Path path) {
		Path absolute = path.toAbsolutePath();
		return (absolute.toString().contains("..") ? absolute : absolute.normalize()).toString();
	}

	private DbTlsConfigurationException notRegular(BasicFileAttributes attributes) throws IOException {
		if (attributes.isDirectory()) {
			String action = "Name the %s in it.".formatted(this.problem.kind().file());
			return isEmptyDirectory() ? this.problem.which("is an empty directory",
					action + " Docker makes an empty directory where the file that a volume mounts does not exist on "
							+ "the host.")
					: this.problem.which("is a directory", action);
		}
		return this.problem.which("is " + special(), "Name a regular file: nothing else is opened, since reading "
				+ "from it may never end. Write what comes through it to a file first.");
	}

	private boolean isEmptyDirectory() throws IOException {
		try (Stream<Path> children = Files.list(this.path)) {
			return children.findAny().isEmpty();
		}
		catch (AccessDeniedException ex) {
			return false;
		}
	}

	private String special() throws IOException {
		int mode;
		try {
			mode = (int) Files.getAttribute(this.path, "unix:mode");
		}
		catch (UnsupportedOperationException | IllegalArgumentException ex) {
			return "a device, pipe or socket";
		}
		return switch (mode & TYPE) {
			case 0x1000 -> "a pipe";
			case 0x2000, 0x6000 -> "a device";
			case 0xC000 -> "a socket";
			default -> "no regular file";
		};
	}

}

package io.github.dbtls;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files of the build, wherever it runs.
 */
public final class BuildFiles {

	private BuildFiles() {
	}

	/**
	 * Return the directory of the compiled code.
	 * @return the directory
	 */
	public static Path classes() {
		try {
			return Path.of(Provider.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the directory of the code.
	 * @return the directory
	 */
	public static Path sources() {
		return existing(module().resolve("src/main/java"));
	}

	/**
	 * Return the directory of the whole project.
	 * @return the directory
	 */
	public static Path project() {
		return existing(module().getParent());
	}

	private static Path module() {
		return classes().getParent().getParent();
	}

	private static Path existing(Path directory) {
		if (!Files.isDirectory(directory)) {
			throw new IllegalStateException("There is no " + directory);
		}
		return directory;
	}

}

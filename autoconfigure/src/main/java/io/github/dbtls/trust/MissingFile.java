package io.github.dbtls.trust;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

import io.github.dbtls.DbTlsConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ClassPathResource;

/**
 * Words that a certificate file does not exist, and guesses where it is.
 *
 * @param location where it was looked for
 * @param problem words what is wrong
 * @param context class loader
 */
record MissingFile(Location location, Problem problem, LoadContext context) {

	private static final String RESOURCES = "src/main/resources/";

	DbTlsConfigurationException exception() {
		Path file = this.location.file();
		String written = this.problem.written();
		String hint = writtenWrongly(written);
		if (file == null) {
			String name = String.valueOf(this.location.classPath());
			return this.problem.which("does not exist on the class path", (hint != null) ? hint : fileHint(name));
		}
		return this.problem.which(state(file), (hint != null) ? hint : classPathHint(file));
	}

	private String state(Path file) {
		if (Files.isSymbolicLink(file)) {
			try {
				return "is a symbolic link to '%s', which does not exist"
					.formatted(Texts.oneLine(Files.readSymbolicLink(file).toString(), 300));
			}
			catch (IOException ex) {
				return "is a symbolic link that cannot be followed";
			}
		}
		if (!file.isAbsolute()) {
			return "does not exist; the working directory is '%s'".formatted(Path.of("").toAbsolutePath());
		}
		Path directory = file.getParent();
		return (directory != null && !Files.exists(directory))
				? "does not exist; nor does the directory '%s'".formatted(Texts.oneLine(directory.toString(), 300))
				: "does not exist";
	}

	private @Nullable String writtenWrongly(String written) {
		if (written.indexOf(',') != -1 || written.indexOf(';') != -1 || written.indexOf('\n') != -1) {
			return "A path is one location, not a list of them. Put the certificates into one file, one after "
					+ "another; PEM files can be joined as they are.";
		}
		if (written.contains("${")) {
			return "The placeholder was not replaced: define what stands between '${' and '}'.";
		}
		if (!written.equals(written.strip())) {
			return "Remove the white space before or after the path.";
		}
		if (written.startsWith("\"") || written.startsWith("'")) {
			return "Remove the quotes: they are part of the value here.";
		}
		if (written.startsWith("~") || written.startsWith("file:~")) {
			return "Write the home directory in full: '~' stands for it in a shell only.";
		}
		return null;
	}

	private String classPathHint(Path file) {
		String name = file.toString().replace('\\', '/');
		name = name.startsWith("./") ? name.substring(2) : name;
		name = name.startsWith(RESOURCES) ? name.substring(RESOURCES.length()) : name;
		if (!file.isAbsolute() && !name.startsWith("..")
				&& new ClassPathResource(name, this.context.classLoader()).exists()) {
			return "It exists on the class path: write 'classpath:%s'.".formatted(name);
		}
		return "Correct the path, or put the file there. In a container, mount it there."
				+ (file.isAbsolute() ? "" : " A relative path depends on where the application is started.");
	}

	private String fileHint(String name) {
		for (String candidate : new String[] { name, "/" + name }) {
			try {
				if (Files.isRegularFile(Path.of(candidate))) {
					return "It exists as a file: write '%s' without 'classpath:'.".formatted(candidate);
				}
			}
			catch (InvalidPathException ex) {
				// No file either.
			}
		}
		return name.toLowerCase(Locale.ROOT).startsWith(RESOURCES)
				? "Write 'classpath:%s': names on the class path begin below 'src/main/resources'."
					.formatted(name.substring(RESOURCES.length()))
				: "Put the file into 'src/main/resources' and build again, or name a file outside the application. "
						+ "Upper and lower case matter.";
	}

}

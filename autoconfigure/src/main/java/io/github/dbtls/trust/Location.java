package io.github.dbtls.trust;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.dbtls.DbTlsConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Where a certificate file is. No resource loader is asked, since those take for a class
 * path resource what they do not know.
 *
 * @param file the file, or {@code null} if it is on the class path
 * @param classPath the name on the class path without leading slash, or {@code null}
 */
record Location(@Nullable Path file, @Nullable String classPath) {

	/** At least two letters, so that a Windows drive is no scheme. */
	private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.*-]+):(.*)", Pattern.DOTALL);

	private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:");

	static Location of(FileSetting source) {
		String text = source.location();
		if (!StringUtils.hasText(text)) {
			throw refusal(source, "is set, but to nothing.", oneOf(source) + " Or remove the key.");
		}
		if (InlineMaterial.isIn(text)) {
			throw refusal(source, "holds a certificate or key itself, where the path of a file belongs.",
					"Write the text to a file and name the file. " + oneOf(source));
		}
		Matcher scheme = SCHEME.matcher(text);
		if (!scheme.matches()) {
			return new Location(path(source, text), null);
		}
		return switch (scheme.group(1).toLowerCase(Locale.ROOT)) {
			case "file" -> new Location(path(source, filePath(source, scheme.group(2))), null);
			case "classpath" -> new Location(null, classPathName(source, scheme.group(2)));
			default -> throw unknownScheme(source, scheme.group(1));
		};
	}

	Problem problem(FileSetting source) {
		if (this.file == null) {
			return Problem.of(source, null);
		}
		String resolved = FileBytes.absolute(this.file);
		return Problem.of(source, resolved.equals(source.location()) ? null : resolved);
	}

	byte[] read(Problem problem, LoadContext context) {
		MissingFile missing = new MissingFile(this, problem, context);
		return (this.file != null) ? new FileBytes(this.file, problem, context, missing).read()
				: new ClassPathBytes(String.valueOf(this.classPath), problem, context, missing).read();
	}

	private static String filePath(FileSetting source, String rest) {
		String path = rest;
		if (path.startsWith("//")) {
			int slash = path.indexOf('/', 2);
			String host = path.substring(2, (slash != -1) ? slash : path.length());
			if (DRIVE.matcher(host).matches()) {
				path = path.substring(2);
			}
			else if (host.isEmpty() || host.equalsIgnoreCase("localhost")) {
				path = (slash != -1) ? path.substring(slash) : "";
			}
			else {
				throw refusal(source, "is a 'file:' URL that names the host '%s'.".formatted(Texts.oneLine(host, 100)),
						("Nothing is fetched from other hosts. After 'file:' comes the path, with no slash, one or "
								+ "three in front of it: 'file:certs/%1$s', 'file:/etc/certs/%1$s'.")
							.formatted(source.kind().example()));
			}
		}
		try {
			path = StringUtils.uriDecode(path, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw refusal(source, "is a 'file:' URL with a '%' that no two hexadecimal digits follow.",
					"Write '%25' for a per cent sign, or a plain path.");
		}
		if (path.isBlank()) {
			throw refusal(source, "is 'file:' without a path.", oneOf(source));
		}
		boolean windows = File.separatorChar == '\\';
		return (windows && path.matches("/[A-Za-z]:.*")) ? path.substring(1) : path;
	}

	private static String classPathName(FileSetting source, String rest) {
		String name = StringUtils.trimLeadingCharacter(StringUtils.cleanPath(rest), '/');
		if (name.isBlank()) {
			throw refusal(source, "is 'classpath:' without a name.", oneOf(source));
		}
		return name;
	}

	private static Path path(FileSetting source, String text) {
		try {
			return Path.of(text);
		}
		catch (InvalidPathException ex) {
			throw refusal(source, "is '%s', which is no path on this system: %s.".formatted(Texts.oneLine(text, 300),
					Texts.oneLine(ex.getReason(), 100)), oneOf(source));
		}
	}

	private static String oneOf(FileSetting source) {
		return "Write a plain path, 'file:/path/to/%1$s' or 'classpath:%1$s'.".formatted(source.kind().example());
	}

	private static DbTlsConfigurationException unknownScheme(FileSetting source, String scheme) {
		// The rest of a URL may hold a password or a signature, so it is not repeated.
		String description = "is a location with the scheme '%s:', which is not read.".formatted(scheme);
		return switch (scheme.toLowerCase(Locale.ROOT)) {
			case "http", "https", "ftp" ->
				refusal(source, description, "%s is not fetched over a network: download the file, and name it. "
					.formatted(source.kind().subject()) + oneOf(source));
			case "classpath*" -> refusal(source, description, "Write 'classpath:': a path is one location.");
			case "jar", "nested", "war" ->
				refusal(source, description, "Write 'classpath:' and the name inside the jar.");
			default -> refusal(source, description,
					oneOf(source) + " If this is the name of a file with a colon in it, put './' in front.");
		};
	}

	private static DbTlsConfigurationException refusal(FileSetting source, String predicate, String action) {
		return new DbTlsConfigurationException(source.property(), "'%s' %s".formatted(source.property(), predicate),
				action);
	}

}

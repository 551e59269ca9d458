package io.github.dbtls.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.mysql.cj.jdbc.Driver;
import com.zaxxer.hikari.HikariDataSource;
import org.opentest4j.TestAbortedException;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The Maven that runs these tests, once more: it builds projects of users with the dbtls
 * that was just built.
 * <p>
 * Its local repository is one of links to the user's own, so that nothing is downloaded
 * twice; only what the tests build stands apart, and never gets into the user's.
 */
final class ChildMaven implements AutoCloseable {

	private static final List<Path> OWN_GROUPS = List.of(Path.of("io/github/dbtls"), Path.of("com/acme"));

	private final Path home;

	private final Path repository;

	private ChildMaven(Path home, Path repository) {
		this.home = home;
		this.repository = repository;
	}

	/**
	 * Prepare Maven with dbtls in its local repository.
	 * @param directory an empty directory for the repository
	 * @return the Maven
	 */
	static ChildMaven withDbTls(Path directory) {
		String home = System.getProperty("dbtls-test.maven-home");
		if (home == null) {
			throw new TestAbortedException("This test builds with Maven, and takes 'mvn verify' to run");
		}
		try {
			ChildMaven maven = new ChildMaven(Path.of(home), directory);
			link(Path.of(System.getProperty("dbtls-test.local-repository")), Path.of(""), directory);
			maven.install(project().resolve("pom.xml"), "dbtls-parent", null);
			for (String module : List.of("autoconfigure", "starter")) {
				Path moduleDirectory = project().resolve(module);
				maven.install(moduleDirectory.resolve("pom.xml"), "dbtls-spring-boot-" + module,
						moduleDirectory.resolve("target"));
			}
			return maven;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the directory of dbtls' own build.
	 * @return the directory
	 */
	static Path project() {
		Path project = Path.of("").toAbsolutePath().getParent();
		assertThat(project.resolve("integration-tests/pom.xml")).exists();
		return project;
	}

	/**
	 * Return a property of dbtls' own build.
	 * @param name its name
	 * @return its value
	 */
	static String buildProperty(String name) {
		return find("<%1$s>(.+)</%1$s>".formatted(Pattern.quote(name)), read(project().resolve("pom.xml")));
	}

	/**
	 * Build a project.
	 * @param directory the directory of its {@code pom.xml}
	 * @param goals the goals
	 */
	void build(Path directory, String... goals) {
		List<String> command = new ArrayList<>();
		command.add(this.home.resolve("bin/mvn").toString());
		command.addAll(List.of("--batch-mode", "--no-transfer-progress", "-Dstyle.color=never"));
		command.add("-Dmaven.repo.local=" + this.repository);
		addSettings(command, "--settings", "dbtls-test.user-settings");
		addSettings(command, "--global-settings", "dbtls-test.global-settings");
		if ("offline: true".equals(System.getProperty("dbtls-test.network"))) {
			command.add("--offline");
		}
		addVersions(command);
		command.addAll(List.of(goals));
		try (ChildProcess process = ChildProcess.start(directory, variables(), command)) {
			assertThat(process.awaitExit()).as(() -> "%s%n%s".formatted(command, process.output())).isZero();
		}
	}

	/**
	 * Remove the repository, its links and not what they lead to.
	 */
	@Override
	public void close() {
		try {
			FileSystemUtils.deleteRecursively(this.repository);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Map<String, String> variables() {
		String options = System.getenv("MAVEN_OPTS");
		return Map.of("MAVEN_OPTS", ((options != null) ? options + " " : "") + ChildProcess.QUICK_START);
	}

	private static void addSettings(List<String> command, String option, String property) {
		String file = System.getProperty(property);
		if (file != null && Files.isRegularFile(Path.of(file))) {
			command.addAll(List.of(option, file));
		}
	}

	/**
	 * The plugins that are here already, and the libraries that these tests run with.
	 */
	private static void addVersions(List<String> command) {
		Matcher plugin = Pattern
			.compile("<artifactId>(maven-(?:clean|resources|install|jar|compiler|surefire)-plugin)</artifactId>\\s*"
					+ "<version>(.+)</version>")
			.matcher(read(project().resolve("pom.xml")));
		while (plugin.find()) {
			command.add("-D%s.version=%s".formatted(plugin.group(1), plugin.group(2)));
		}
		command.add("-Dmysql.version=" + versionOf(Driver.class));
		command.add("-Dhikaricp.version=" + versionOf(HikariDataSource.class));
	}

	private static String versionOf(Class<?> type) {
		URL jar = type.getProtectionDomain().getCodeSource().getLocation();
		return find("-(\\d[^/]*)\\.jar$", jar.getPath());
	}

	private static void link(Path source, Path group, Path target) throws IOException {
		Path from = source.resolve(group);
		if (!Files.isDirectory(from)) {
			return;
		}
		try (Stream<Path> entries = Files.list(from)) {
			for (Path entry : entries.toList()) {
				Path path = source.relativize(entry);
				if (OWN_GROUPS.contains(path)) {
					continue;
				}
				if (OWN_GROUPS.stream().anyMatch((own) -> own.startsWith(path))) {
					Files.createDirectories(target.resolve(path));
					link(source, path, target);
				}
				else {
					Files.createSymbolicLink(target.resolve(path), entry.toAbsolutePath());
				}
			}
		}
	}

	private void install(Path pom, String artifact, Path jars) throws IOException {
		String version = find("<version>(.+)</version>", read(pom));
		Path directory = this.repository.resolve("io/github/dbtls").resolve(artifact).resolve(version);
		String name = artifact + "-" + version;
		Files.createDirectories(directory);
		Files.copy(pom, directory.resolve(name + ".pom"));
		if (jars != null) {
			Path jar = jars.resolve(name + ".jar");
			if (!Files.exists(jar)) {
				throw new TestAbortedException("There is no " + jar + ": this test takes 'mvn verify' to run");
			}
			Files.copy(jar, directory.resolve(jar.getFileName()));
		}
	}

	private static String find(String regex, String text) {
		Matcher matcher = Pattern.compile(regex).matcher(text);
		assertThat(matcher.find()).as("%s in %s", regex, text).isTrue();
		return matcher.group(1);
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

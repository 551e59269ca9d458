package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A JDK on this machine.
 *
 * @param feature its feature version
 * @param version its full version
 * @param home where it is
 */
record Jdk(int feature, String version, Path home) {

	/** Those that are measured: the oldest and the newest LTS that are supported. */
	static final List<Integer> FEATURES = List.of(17, 25);

	/**
	 * Find a JDK: the one that runs, the one that {@code JAVA<n>_HOME} names, or one
	 * where Linux keeps them.
	 * @param feature the feature version
	 * @return the JDK, if there is one
	 */
	static Optional<Jdk> find(int feature) {
		List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
		String named = System.getenv("JAVA%d_HOME".formatted(feature));
		if (named != null) {
			homes.add(Path.of(named));
		}
		try (Stream<Path> installed = Files.list(Path.of("/usr/lib/jvm"))) {
			installed.sorted().forEach(homes::add);
		}
		catch (IOException ex) {
			// There are none.
		}
		return homes.stream()
			.flatMap((home) -> at(home).stream())
			.filter((jdk) -> jdk.feature() == feature)
			.findFirst();
	}

	private static Optional<Jdk> at(Path home) {
		Properties release = new Properties();
		try (InputStream input = Files.newInputStream(home.resolve("release"))) {
			release.load(input);
		}
		catch (IOException ex) {
			return Optional.empty();
		}
		String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
		if (!version.matches("[0-9]+(\\..*)?") || !Files.isExecutable(home.resolve("bin/java"))) {
			return Optional.empty();
		}
		return Optional.of(new Jdk(Integer.parseInt(version.split("\\.")[0]), version, home));
	}

	String java() {
		return this.home.resolve("bin/java").toString();
	}

}

package io.github.dbtls;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the documentation names the versions that the build and the legs of
 * {@code .ci/matrix} run with, no more and no less.
 */
class TestedVersionsTests {

	private static final Pattern LEG = Pattern
		.compile("(?m)^(\\S+) +(\\S+) +(\\S+) +(\\S+) +(\\d+) +(required|information)$");

	private static Leg build;

	private static List<Leg> legs;

	@BeforeAll
	static void read() throws IOException {
		String pom = read("pom.xml");
		build = new Leg("build", property(pom, "spring-boot.version"), property(pom, "mysql-connector-j.version"),
				"7.0.2", property(pom, "java.version"), true);
		legs = LEG.matcher(read(".ci/matrix"))
			.results()
			.map((leg) -> new Leg(leg.group(1), leg.group(2), leg.group(3), leg.group(4), leg.group(5),
					leg.group(6).equals("required")))
			.toList();
	}

	@Test
	void legsAreAtMostFiveAndPairwise() {
		assertThat(legs).hasSizeBetween(4, 5);
		List<Leg> required = Stream.concat(Stream.of(build), legs.stream().filter(Leg::required)).toList();
		List<Function<Leg, String>> factors = List.of((leg) -> leg.springBoot().replaceFirst("\\.\\d+$", ""),
				Leg::connectorJ, Leg::hikari, Leg::jdk);
		for (Function<Leg, String> one : factors) {
			for (Function<Leg, String> other : factors) {
				if (one != other) {
					Set<String> pairs = required.stream()
						.map((leg) -> one.apply(leg) + " with " + other.apply(leg))
						.collect(Collectors.toSet());
					Set<String> all = required.stream()
						.flatMap((leg) -> required.stream()
							.map((second) -> one.apply(leg) + " with " + other.apply(second)))
						.collect(Collectors.toSet());
					assertThat(pairs).isEqualTo(all);
				}
			}
		}
	}

	@Test
	void readmeListsTheVersionsOfRequiredLegs() throws IOException {
		String row = read("README.md").lines().filter((line) -> line.startsWith("| 0.1.0 |")).findFirst().orElseThrow();
		String[] cells = row.split(" *\\| *");
		assertThat(versions(cells[2])).isEqualTo(versions(Leg::springBoot, Leg::required));
		assertThat(versions(cells[3])).isEqualTo(versions(Leg::jdk, Leg::required));
		assertThat(versions(cells[4])).isEqualTo(versions(Leg::connectorJ, Leg::required));
		assertThat(versions(cells[5])).isEqualTo(versions(Leg::hikari, Leg::required));
	}

	@Test
	void documentationListsTheVersionsOfAllLegs() throws IOException {
		Set<String> expected = new TreeSet<>();
		versions(Leg::springBoot, (leg) -> true).forEach((version) -> expected.add("Spring Boot " + version));
		versions(Leg::connectorJ, (leg) -> true).forEach((version) -> expected.add("MySQL Connector/J " + version));
		versions(Leg::hikari, (leg) -> true).forEach((version) -> expected.add("HikariCP " + version));
		versions(Leg::jdk, (leg) -> true).forEach((version) -> expected.add("JDK " + version));
		Matcher section = Pattern.compile("(?s)\\n## Versions\\n(.*?)(\\n## |$)").matcher(read("docs/tested.md"));
		assertThat(section.find()).isTrue();
		Set<String> listed = section.group(1)
			.lines()
			.filter((line) -> line.startsWith("| ") && !line.startsWith("| Version"))
			.map((line) -> line.split("\\|")[1].strip())
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(listed).isEqualTo(expected);
	}

	private static Set<String> versions(Function<Leg, String> factor, Predicate<Leg> condition) {
		return Stream.concat(Stream.of(build), legs.stream())
			.filter(condition)
			.map(factor)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static Set<String> versions(String cell) {
		return new TreeSet<>(Set.of(cell.split(", ")));
	}

	private static String property(String pom, String name) {
		Matcher matcher = Pattern.compile("<" + Pattern.quote(name) + ">([^<]+)<").matcher(pom);
		assertThat(matcher.find()).as(name).isTrue();
		return matcher.group(1);
	}

	private static String read(String file) throws IOException {
		return Files.readString(BuildFiles.project().resolve(file));
	}

	/**
	 * What one run of the tests ran with.
	 */
	private record Leg(String name, String springBoot, String connectorJ, String hikari, String jdk, boolean required) {

	}

}

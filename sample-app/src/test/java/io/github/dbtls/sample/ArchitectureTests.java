package io.github.dbtls.sample;

import java.util.Set;
import java.util.TreeSet;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which packages use which others. What uses the database, {@code orders} and the guest
 * book, knows nothing of what is done to it.
 */
class ArchitectureTests {

	private static final String ROOT = "io.github.dbtls.sample";

	private static final JavaClasses classes = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(ROOT);

	@ParameterizedTest
	@CsvSource({ "pki,", "origin,", "environment,", "orders,", "network, pki", "embedded, network pki",
			"journal, orders", "stage, embedded network pki journal orders", "live, stage orders journal",
			"guestbook, live" })
	void packageUsesThoseBelowItOnly(String name, @Nullable String below) {
		Set<String> allowed = new TreeSet<>(Set.of(name));
		if (below != null) {
			allowed.addAll(Set.of(below.split(" ")));
		}
		for (JavaClass type : classes) {
			if (packageOf(type).equals(name)) {
				assertThat(type.getDirectDependenciesFromSelf().stream().map((use) -> use.getTargetClass()))
					.as(type.getName())
					.allMatch((target) -> !target.getPackageName().startsWith(ROOT)
							|| allowed.contains(packageOf(target)));
			}
		}
	}

	@Test
	void packagesAreAllOfThem() {
		assertThat(classes.stream().map(ArchitectureTests::packageOf).distinct()).containsExactlyInAnyOrder("", "pki",
				"origin", "environment", "orders", "network", "embedded", "journal", "stage", "live", "guestbook");
	}

	private static String packageOf(JavaClass type) {
		return type.getPackageName().equals(ROOT) ? "" : type.getPackageName().substring(ROOT.length() + 1);
	}

}

package io.github.dbtls.integration.setups;

import java.util.List;
import java.util.Locale;

import io.github.dbtls.testkit.Evidence;
import io.github.dbtls.testkit.Evidence.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications whose schema is made by Flyway or Liquibase: through the pool, with a user
 * of their own, and with a URL of their own.
 */
class MigrationIntegrationTests {

	private final Database database = Database.first();

	@ParameterizedTest
	@EnumSource
	void migrationThroughThePoolIsSecured(Tool tool) {
		Application application = tool.application().on(this.database, "setup_migration");
		assertSecured(application, "setup_migration", List.of("app"));
		assertRefused(application);
		Evidence.of(Kind.SET_UP, tool.title + " through the pool");
	}

	@ParameterizedTest
	@EnumSource
	void migrationWithAUserOfItsOwnIsSecured(Tool tool) {
		this.database.user("migrator");
		Application application = tool.application()
			.on(this.database, "setup_migration_user")
			.with(tool.property("user=migrator"), tool.property("password=" + this.database.password()));
		assertSecured(application, "setup_migration_user", List.of("app", "migrator"));
		assertRefused(application);
		Evidence.of(Kind.SET_UP, tool.title + " with a user of its own");
	}

	@ParameterizedTest
	@EnumSource
	void migrationWithAUrlOfItsOwnIsSecured(Tool tool) {
		this.database.user("migrator");
		Application application = tool.application()
			.on(this.database, "setup_unused")
			.with(tool.property("url=" + this.database.schema("setup_migration_url")), tool.property("user=migrator"),
					tool.property("password=" + this.database.password()));
		assertSecured(application, "setup_migration_url", List.of("app", "migrator"));
		assertThat(this.database.query("SHOW TABLES IN setup_unused")).isEmpty();
		assertRefused(application);
		Evidence.of(Kind.SET_UP, tool.title + " with a URL of its own");
	}

	private void assertSecured(Application application, String schema, List<String> users) {
		try (Observation observation = Observation.of(this.database);
				ConfigurableApplicationContext context = application.start()) {
			String item = context.getBean(JdbcClient.class)
				.sql("SELECT item FROM %s.orders".formatted(schema))
				.query(String.class)
				.single();
			assertThat(item).isEqualTo("pen");
			Application.awaitFullPools(context);
			observation.assertSecured(2 + users.size());
			assertThat(observation.users()).containsExactlyInAnyOrderElementsOf(users);
		}
	}

	private void assertRefused(Application application) {
		try (Observation observation = Observation.of(this.database)) {
			application.with("dbtls.ca-path=" + this.database.stranger());
			Application.assertRefused(application::start);
			observation.assertNobodyLoggedIn();
		}
	}

	private enum Tool {

		FLYWAY("Flyway", "locations=classpath:setups/flyway"),

		LIQUIBASE("Liquibase", "change-log=classpath:setups/liquibase/changelog.sql");

		private final String title;

		private final String location;

		Tool(String title, String location) {
			this.title = title;
			this.location = location;
		}

		private Application application() {
			return Application.of(MigratingApplication.class).with(property("enabled=true"), property(this.location));
		}

		private String property(String property) {
			return "spring.%s.%s".formatted(name().toLowerCase(Locale.ROOT), property);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class })
	static class MigratingApplication {

	}

}

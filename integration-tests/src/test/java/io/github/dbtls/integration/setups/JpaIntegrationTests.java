package io.github.dbtls.integration.setups;

import java.util.List;

import io.github.dbtls.integration.setups.jpa.Customer;
import io.github.dbtls.integration.setups.jpa.CustomerRepository;
import io.github.dbtls.integration.setups.jpa.JpaApplication;
import io.github.dbtls.testkit.Evidence;
import io.github.dbtls.testkit.Evidence.Kind;
import org.hibernate.dialect.MariaDBDialect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * An application that uses Spring Data JPA, with Hibernate.
 */
@ExtendWith(OutputCaptureExtension.class)
class JpaIntegrationTests {

	private final Database database = Database.first();

	@Test
	void repositoryIsSecured(CapturedOutput output) {
		Application application = Application.of(JpaApplication.class)
			.on(this.database, "setup_jpa")
			// Of MariaDB, Connector/J finds out too little for Hibernate to tell.
			.with("spring.jpa.database-platform=" + MariaDBDialect.class.getName(),
					"spring.jpa.hibernate.ddl-auto=create");
		try (Observation observation = Observation.of(this.database);
				ConfigurableApplicationContext context = application.start()) {
			CustomerRepository customers = context.getBean(CustomerRepository.class);
			customers.saveAll(List.of(new Customer("Ann"), new Customer("Bob"), new Customer("Anders")));
			assertThat(customers.findByNameStartingWith("An")).extracting(Customer::getName)
				.containsExactlyInAnyOrder("Ann", "Anders");
			Application.awaitFullPools(context);
			observation.assertSecured(3);
		}
		assertThat(this.database.query("SELECT name FROM setup_jpa.customer ORDER BY name")).containsExactly("Anders",
				"Ann", "Bob");
		try (Observation observation = Observation.of(this.database)) {
			application.with("spring.jpa.database-platform=", "dbtls.ca-path=" + this.database.stranger());
			assertThatThrownBy(application::start).hasStackTraceContaining("Unable to determine Dialect");
			observation.assertNobodyLoggedIn();
		}
		// Hibernate drops the cause, dbtls tells it all the same.
		assertThat(output.toString()).contains("APPLICATION FAILED TO START")
			.containsSubsequence("Description:", "no trusted authority issued the server's certificate", "Action:");
		Evidence.of(Kind.SET_UP, "Spring Data JPA");
	}

}

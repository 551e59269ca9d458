package io.github.dbtls.sample.environment;

import io.github.dbtls.sample.SampleApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequiredVariablesInitializer} with the profile of each provider.
 */
class RequiredVariablesInitializerTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withInitializer(new ConfigDataApplicationContextInitializer())
		.withInitializer(new RequiredVariablesInitializer())
		.withPropertyValues("SAMPLE_DB_HOST=db.example.com", "SAMPLE_DB_NAME=test", "SAMPLE_DB_USER=prefix.root",
				"SAMPLE_DB_PASSWORD=secret", "SAMPLE_CA_PATH=/etc/ca.pem");

	@ParameterizedTest
	@CsvSource({ "tidb-serverless,4000,", "tidb-dedicated,4000,/etc/ca.pem", "tidb,4000,/etc/ca.pem",
			"aws-rds,3306,/etc/ca.pem", "tencentdb,3306,/etc/ca.pem", "mysql,3306,/etc/ca.pem" })
	void profileReadsVariables(String profile, int port, String caPath) {
		this.contextRunner.withPropertyValues("spring.profiles.active=" + profile).run((context) -> {
			assertThat(context).hasNotFailed();
			Environment environment = context.getEnvironment();
			assertThat(environment.getProperty("spring.datasource.url"))
				.isEqualTo("jdbc:mysql://db.example.com:%d/test".formatted(port));
			assertThat(environment.getProperty("spring.datasource.username")).isEqualTo("prefix.root");
			assertThat(environment.getProperty("spring.datasource.password")).isEqualTo("secret");
			assertThat(environment.getProperty("dbtls.provider")).isEqualTo(profile);
			assertThat(environment.getProperty("dbtls.ca-path")).isEqualTo(caPath);
		});
	}

	@ParameterizedTest
	@CsvSource({ "tidb-serverless,''", "tidb-dedicated,', SAMPLE_CA_PATH'", "tidb,', SAMPLE_CA_PATH'",
			"aws-rds,', SAMPLE_CA_PATH'", "tencentdb,', SAMPLE_CA_PATH'", "mysql,', SAMPLE_CA_PATH'" })
	void profileWithoutVariablesFails(String profile, String more) {
		this.contextRunner
			.withPropertyValues("spring.profiles.active=" + profile, "SAMPLE_DB_HOST=", "SAMPLE_DB_NAME=",
					"SAMPLE_DB_USER=", "SAMPLE_DB_PASSWORD=", "SAMPLE_CA_PATH=")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(MissingVariablesException.class)
				.hasMessageEndingWith("SAMPLE_DB_HOST, SAMPLE_DB_NAME, SAMPLE_DB_USER, SAMPLE_DB_PASSWORD" + more));
	}

	@Test
	void failureNamesProfileAndVariable() {
		this.contextRunner.withPropertyValues("spring.profiles.active=tidb", "SAMPLE_DB_USER= ").run((context) -> {
			FailureAnalysis analysis = new MissingVariablesFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription())
				.isEqualTo("The profile 'tidb' needs environment variables that are not set or empty: SAMPLE_DB_USER");
			assertThat(analysis.getAction()).contains(".envrc.example");
		});
	}

	@Test
	void variablesAreLookedAtBeforeAnythingIsStarted() {
		assertThat(new SpringApplication(SampleApplication.class).getInitializers()).first()
			.isInstanceOf(RequiredVariablesInitializer.class);
	}

}

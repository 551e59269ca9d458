package io.github.dbtls.integration;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.autoconfigure.DbTlsAutoConfiguration;
import io.github.dbtls.autoconfigure.DbTlsHealthContributorAutoConfiguration;
import io.github.dbtls.connectorj.DriverFailure;
import io.github.dbtls.diagnosis.LoginRefusal;
import io.github.dbtls.diagnosis.LoginRefusal.Kind;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EnabledWithDocker;
import io.github.dbtls.testkit.Evidence;
import io.github.dbtls.testkit.Secrets;
import io.github.dbtls.testkit.TestCertificates;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What real servers say against a client or its login, and what health makes of it.
 */
@EnabledWithDocker
class LoginIntegrationTests {

	private static final String WRONG = Secrets.password("wrong-Pa55word");

	private final Authority authority = TestCertificates.authority("CN=Shop CA");

	@TempDir
	private Path directory;

	@Test
	void mySql() {
		LiveServer server = LiveContainer.mySql("9.7");
		server.show(this.authority, "localhost");
		for (String plugin : new String[] { "caching_sha2_password", "sha256_password" }) {
			server.execute("CREATE USER IF NOT EXISTS '%1$s'@'%%' IDENTIFIED WITH %1$s BY '%2$s'".formatted(plugin,
					server.password()));
			assertRefused(server, "mysql", plugin, WRONG, "error 1045, Access denied for user '%s'@".formatted(plugin),
					"Check name and password");
		}
		server.execute("CREATE USER IF NOT EXISTS native@'%'",
				"UPDATE mysql.user SET plugin = 'mysql_native_password' WHERE user = 'native'", "FLUSH PRIVILEGES");
		try {
			assertRefused(server, "mysql", "native", server.password(),
					"error 1524, Plugin 'mysql_native_password' is not loaded",
					"IDENTIFIED WITH caching_sha2_password");
		}
		finally {
			server.execute("UPDATE mysql.user SET plugin = 'caching_sha2_password' WHERE user = 'native'",
					"FLUSH PRIVILEGES", "DROP USER native@'%'");
		}
		server.execute("SET GLOBAL max_connections = 1");
		try {
			assertRefused(server, "mysql", server.user(), server.password(), "error 1040, Too many connections",
					"It has nothing to do with TLS.");
		}
		finally {
			server.execute("SET GLOBAL max_connections = DEFAULT");
		}
		assertPlainConnectionsAreRecognised(server);
		Evidence.of(Evidence.Kind.SHAPE, "refused logins on " + server.name());
	}

	@Test
	void tiDb() {
		LiveServer server = LiveContainer.tidb();
		server.show(this.authority, "localhost");
		assertRefused(server, "tidb", server.user(), WRONG, "error 1045, Access denied for user 'app'@",
				"then set 'dbtls.client-certificate' and 'dbtls.client-private-key'");
		Evidence.of(Evidence.Kind.SHAPE, "refused logins on " + server.name());
	}

	private void assertPlainConnectionsAreRecognised(LiveServer server) {
		server.requireSecureTransport(true);
		try {
			assertThat(plain(server, true)).returns(Kind.INSECURE_TRANSPORT, LoginRefusal::kind)
				.returns(3159, LoginRefusal::code);
		}
		finally {
			server.requireSecureTransport(false);
		}
		server.execute("FLUSH PRIVILEGES");
		assertThat(plain(server, false)).returns(Kind.PUBLIC_KEY, LoginRefusal::kind);
	}

	private static LoginRefusal plain(LiveServer server, boolean withPublicKey) {
		Properties settings = new Properties();
		settings.setProperty("user", "caching_sha2_password");
		settings.setProperty("password", server.password());
		settings.setProperty("sslMode", "DISABLED");
		settings.setProperty("allowPublicKeyRetrieval", String.valueOf(withPublicKey));
		SQLException thrown = Assertions.catchThrowableOfType(SQLException.class,
				() -> DriverManager.getConnection("jdbc:mysql://localhost:%d/".formatted(server.port()), settings));
		LoginRefusal refusal = DriverFailure.refusal(thrown);
		assertThat(refusal).isNotNull();
		return refusal;
	}

	private void assertRefused(LiveServer server, String provider, String user, String password, String words,
			String action) {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DataSourceAutoConfiguration.class,
					DbTlsAutoConfiguration.class, DbTlsHealthContributorAutoConfiguration.class))
			.withPropertyValues("dbtls.provider=" + provider, "dbtls.ca-path=" + this.authority.writeTo(this.directory),
					"spring.datasource.url=jdbc:mysql://localhost:%d/".formatted(server.port()),
					"spring.datasource.username=" + user, "spring.datasource.password=" + password,
					"spring.datasource.hikari.connection-timeout=1500")
			.run((context) -> {
				SQLException thrown = Assertions.catchThrowableOfType(SQLException.class,
						() -> context.getBean(HikariDataSource.class).getConnection());
				Health health = context.getBean("dbtlsHealthContributor", HealthIndicator.class).health();
				assertThat(health.getStatus()).isEqualTo(Status.DOWN);
				Map<?, ?> error = (Map<?, ?>) health.getDetails().get("error");
				assertThat(error.get("cause")).as(error + " " + thrown).isEqualTo("LOGIN_REFUSED");
				assertThat(error.get("message")).asString()
					.contains("localhost:%d".formatted(server.port()))
					.contains(words)
					.contains(action)
					.doesNotContain(password);
			});
	}

}

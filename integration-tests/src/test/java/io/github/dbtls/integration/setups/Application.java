package io.github.dbtls.integration.setups;

import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Starts applications as their {@code main} methods would.
 */
final class Application {

	private final Class<?> source;

	private final List<String> properties = new ArrayList<>();

	private Application(Class<?> source) {
		this.source = source;
	}

	static Application of(Class<?> source) {
		Application application = new Application(source);
		// Both are on the class path: whoever wants one switches it on.
		return application.with("spring.flyway.enabled=false", "spring.liquibase.enabled=false",
				"spring.main.banner-mode=off", "spring.datasource.hikari.maximum-pool-size=3",
				"spring.datasource.hikari.connection-timeout=20000", "dbtls.provider=mysql");
	}

	/**
	 * Let it use a schema of a database, as user {@code app}.
	 * @param database the database
	 * @param schema the schema, which is made anew
	 * @return this application
	 */
	Application on(Database database, String schema) {
		return with("spring.datasource.url=" + database.schema(schema), "spring.datasource.username=app",
				"spring.datasource.password=" + database.password(), "dbtls.ca-path=" + database.authority());
	}

	Application with(String... properties) {
		for (String property : properties) {
			this.properties.add("--" + property);
		}
		return this;
	}

	ConfigurableApplicationContext start() {
		return new SpringApplicationBuilder(this.source).web(WebApplicationType.NONE).run(lastOfEachName());
	}

	private String[] lastOfEachName() {
		List<String> last = new ArrayList<>();
		for (String property : this.properties) {
			String name = property.substring(0, property.indexOf('=') + 1);
			last.removeIf((earlier) -> earlier.startsWith(name));
			last.add(property);
		}
		return last.toArray(String[]::new);
	}

	/**
	 * Wait until the pools are as full as they get, so that no connection is being opened
	 * when the application closes.
	 * @param context the application
	 */
	static void awaitFullPools(ConfigurableApplicationContext context) {
		for (DataSource dataSource : context.getBeansOfType(DataSource.class).values()) {
			HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, HikariConfigMXBean.class,
					HikariDataSource.class);
			if (pool != null) {
				awaitFull(pool);
			}
		}
	}

	static void awaitFull(HikariDataSource pool) {
		while (pool.getHikariPoolMXBean() != null
				&& pool.getHikariPoolMXBean().getTotalConnections() < pool.getMaximumPoolSize()) {
			Observation.pause();
		}
	}

	/**
	 * Check that something fails because the certificate is not the trusted authority's,
	 * and tells so.
	 * @param work what has to fail
	 */
	static void assertRefused(ThrowingCallable work) {
		Throwable thrown = catchThrowable(work);
		Throwable cause = thrown;
		while (cause != null && !(cause instanceof TlsHandshakeException)) {
			cause = cause.getCause();
		}
		assertThat(cause).as("a cause of %s", thrown).isInstanceOf(TlsHandshakeException.class);
		assertThat(((TlsHandshakeException) cause).getFailure()).isEqualTo(HandshakeFailure.UNTRUSTED_ISSUER);
		assertThat(cause).hasMessageContaining("no trusted authority issued the server's certificate");
	}

}

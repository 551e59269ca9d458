package io.github.dbtls.benchmarks;

import java.nio.file.Path;

import com.zaxxer.hikari.HikariConfig;
import io.github.dbtls.autoconfigure.DbTlsAutoConfiguration;
import io.github.dbtls.autoconfigure.DbTlsPools;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A Spring Boot application with dbtls and little else: what dbtls measures here is what
 * users get, secured on the same way.
 */
final class DbTlsApplication implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private int secured;

	private DbTlsApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static DbTlsApplication start(Leg leg) {
		return start(leg, leg.server().trust().pem());
	}

	static DbTlsApplication start(Leg leg, Path ca, String... more) {
		return new DbTlsApplication(new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "logging.level.root=error", "dbtls.provider=mysql",
					"dbtls.ca-path=" + ca, "dbtls.tls-versions=" + leg.tls())
			.properties(more)
			.run());
	}

	/**
	 * Return the configuration of a pool, not secured yet.
	 * @param leg where it leads
	 * @return the configuration
	 */
	static HikariConfig pool(Leg leg) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(leg.server().jdbcUrl());
		config.setUsername(leg.server().account().user());
		config.setPassword(leg.server().account().password());
		return config;
	}

	/**
	 * Secure a pool: each has an SSL context, and thereby sessions, of its own.
	 * @param config the pool's configuration
	 * @return the same configuration
	 */
	synchronized HikariConfig secure(HikariConfig config) {
		this.context.getBean(DbTlsPools.class).secure("pool-" + ++this.secured, config);
		return config;
	}

	void release(HikariConfig config) {
		this.context.getBean(DbTlsPools.class).release(config);
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, DbTlsAutoConfiguration.class })
	static class Application {

	}

}

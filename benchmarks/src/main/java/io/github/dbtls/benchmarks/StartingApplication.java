package io.github.dbtls.benchmarks;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A small Spring Boot application with a pool and Actuator, which starts and connects to
 * nothing. It runs without dbtls on the class path, too: no class of it is named here.
 */
public final class StartingApplication {

	private StartingApplication() {
	}

	/**
	 * Start it once in this JVM.
	 * @param args the kind, and the file of the leg
	 * @throws Exception if it does not start
	 */
	public static void main(String[] args) throws Exception {
		Kind kind = Kind.valueOf(args[0]);
		Leg leg = Leg.read(Path.of(args[1]));
		Meter thread = new Meter(Meter.Scope.THREAD);
		Meter process = new Meter(Meter.Scope.PROCESS);
		process.start();
		thread.start();
		ConfigurableApplicationContext context = start(kind, leg, Map.of());
		thread.stop();
		process.stop();
		require(kind, context);
		Jvm.answer(thread.nanos(), process.cpuNanos(), thread.bytes());
		System.exit(0);
	}

	static ConfigurableApplicationContext start(Kind kind, Leg leg, Map<String, String> more) {
		Map<String, Object> properties = new HashMap<>(more);
		properties.put("spring.main.banner-mode", "off");
		properties.put("spring.datasource.url", leg.server().jdbcUrl());
		properties.put("spring.datasource.username", leg.server().account().user());
		properties.put("spring.datasource.password", leg.server().account().password());
		switch (kind) {
			case NO_TLS -> {
			}
			case STOCK -> StockDriver.base(leg)
				.properties()
				.forEach((name, value) -> properties.put("spring.datasource.hikari.data-source-properties." + name,
						value));
			case DBTLS -> {
				properties.put("dbtls.provider", "mysql");
				properties.put("dbtls.ca-path", leg.server().trust().pem().toString());
				properties.put("dbtls.tls-versions", leg.tls());
			}
		}
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(properties)
			.run();
	}

	/**
	 * Make sure that it is what it is measured as.
	 * @param kind the kind
	 * @param context the application
	 */
	static void require(Kind kind, ConfigurableApplicationContext context) {
		HikariDataSource pool = context.getBean(HikariDataSource.class);
		boolean secured = pool.getDataSourceProperties().containsKey("socketFactory");
		if (pool.getHikariPoolMXBean() != null || secured != (kind == Kind.DBTLS)
				|| context.containsBean("dbTlsPolicies") != (kind == Kind.DBTLS)) {
			throw new IllegalStateException("The application is not " + kind);
		}
	}

	/**
	 * What becomes of its connections.
	 */
	enum Kind {

		/** The driver's defaults. */
		NO_TLS,

		/** The driver's own settings. */
		STOCK,

		/** The settings of dbtls. */
		DBTLS

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

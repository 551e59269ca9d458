package io.github.dbtls.sample.embedded;

import java.util.Map;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;

/**
 * Starts the database of the profile {@code embedded} before any bean is made, and tells
 * the application where it is through the properties {@code embedded.*}.
 */
class EmbeddedDatabaseInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	private static final Profiles EMBEDDED = Profiles.of("embedded");

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		if (context.getEnvironment().acceptsProfiles(EMBEDDED)) {
			EmbeddedDatabase database = new EmbeddedDatabase();
			closeAfterAllElse(context, database);
			context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("embeddedDatabase", start(database)));
		}
	}

	private void closeAfterAllElse(ConfigurableApplicationContext context, EmbeddedDatabase database) {
		// Beans are destroyed in the reverse order of their registration: what is
		// registered
		// before there are any goes last, after the connection pool.
		((DefaultListableBeanFactory) context.getBeanFactory()).registerDisposableBean("embeddedDatabase",
				database::close);
		// For the time before the context is active, the start of the database included.
		SpringApplication.getShutdownHandlers().add(database::close);
	}

	private Map<String, Object> start(EmbeddedDatabase database) {
		try {
			return database.start();
		}
		catch (RuntimeException ex) {
			database.close();
			throw ex;
		}
	}

}

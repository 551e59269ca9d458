package io.github.dbtls.sample.embedded;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;

/**
 * Starts the database of the profile {@code embedded} before any bean is made, and tells
 * the application where it is through the properties {@code embedded.*}. An application
 * that goes on where another one ended has the database as a singleton already.
 */
class EmbeddedDatabaseInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	private static final Profiles EMBEDDED = Profiles.of(Shape.PROFILE);

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		ConfigurableEnvironment environment = context.getEnvironment();
		if (!environment.acceptsProfiles(EMBEDDED) || isProcessedAheadOfTime()) {
			return;
		}
		DefaultListableBeanFactory beanFactory = (DefaultListableBeanFactory) context.getBeanFactory();
		EmbeddedDatabase database = (EmbeddedDatabase) beanFactory.getSingleton(EmbeddedDatabase.BEAN_NAME);
		if (database == null) {
			database = new EmbeddedDatabase();
			// For the time before the context is active, the start of the database
			// included, and for that between two contexts.
			SpringApplication.getShutdownHandlers().add(database::close);
			start(database);
			beanFactory.registerSingleton(EmbeddedDatabase.BEAN_NAME, database);
		}
		// Beans are destroyed in the reverse order of their registration: what is
		// registered before there are any goes last, after the connection pool.
		beanFactory.registerDisposableBean(EmbeddedDatabase.BEAN_NAME, database::closeUnlessKept);
		context.addApplicationListener(new FailedStart(database));
		environment.getPropertySources()
			.addFirst(new MapPropertySource(EmbeddedDatabase.BEAN_NAME, database.take(Shape.of(environment))));
	}

	/**
	 * Returns whether the application is not run, but processed: nobody would use the
	 * database.
	 * @return whether this is ahead of time
	 */
	private static boolean isProcessedAheadOfTime() {
		return Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING);
	}

	private void start(EmbeddedDatabase database) {
		try {
			database.install();
		}
		catch (RuntimeException ex) {
			database.close();
			throw ex;
		}
	}

	/**
	 * A context that fails before it is refreshed is not closed, and the server would
	 * keep the JVM alive.
	 */
	private record FailedStart(EmbeddedDatabase database) implements ApplicationListener<ApplicationFailedEvent> {

		@Override
		public void onApplicationEvent(ApplicationFailedEvent event) {
			this.database.closeUnlessKept();
		}

	}

}

package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.concurrent.Callable;

import javax.sql.DataSource;

import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Opens and closes an application several times in a JVM of its own, each time with
 * classes that a new class loader loaded, as devtools and application servers do, and
 * tells on the console what is left of each.
 */
public final class ReopenedApplication {

	private ReopenedApplication() {
	}

	public static void main(String[] args) throws Exception {
		Path directory = Path.of(args[0]);
		// Boot keeps the first class loader that it meets, in statics and a shutdown
		// hook.
		SpringApplication
			.run(Application.class, "--dbtls.enabled=false", "--spring.datasource.url=jdbc:mysql://localhost/shop",
					"--spring.main.banner-mode=off", "--spring.docker.compose.enabled=false",
					"--spring.main.web-application-type=none")
			.close();
		Authority authority = TestCertificates.authority("CN=Shop CA");
		Path caPath = authority.writeTo(directory);
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			for (int round = 1; round <= 3; round++) {
				WeakReference<?> classLoader = open(caPath, server.jdbcUrl());
				Traces.awaitNone();
				Traces.awaitCollected(classLoader);
				System.out.println("round=" + round + " left=0");
			}
		}
	}

	private static WeakReference<?> open(Path caPath, String url) throws Exception {
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		try (RestartClassLoader classLoader = new RestartClassLoader(before)) {
			thread.setContextClassLoader(classLoader);
			Class<?> type = classLoader.loadClass(Application.class.getName());
			if (type == Application.class) {
				throw new IllegalStateException("Not loaded anew");
			}
			// Its own classes see no package-private ones of another loader.
			Callable<?> application = (Callable<?>) type.getConstructor(String[].class)
				.newInstance((Object) new String[] { "--dbtls.provider=mysql", "--dbtls.ca-path=" + caPath,
						"--dbtls.reload-interval=1s", "--spring.datasource.url=" + url,
						"--spring.datasource.username=" + TestPool.USER,
						"--spring.datasource.password=" + TestPool.PASSWORD, "--spring.main.banner-mode=off",
						"--spring.docker.compose.enabled=false", "--spring.main.web-application-type=none" });
			try (ConfigurableApplicationContext context = (ConfigurableApplicationContext) application.call()) {
				use(context, caPath);
			}
			return new WeakReference<>(classLoader);
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	private static void use(ConfigurableApplicationContext context, Path caPath) throws Exception {
		try (Connection connection = context.getBean(DataSource.class).getConnection()) {
			int generation = ConnectionSession.of(connection).generation();
			System.out.printf("registered=%d generation=%d loader=%s%n", Traces.registered().size(), generation,
					context.getClassLoader().getClass().getSimpleName());
		}
		Files.writeString(caPath, Files.readString(caPath) + TestCertificates.authority("CN=Next CA").pem());
		SecuredPools pools = context.getBean(SecuredPools.class);
		Traces.await("generation 2", () -> pools.all().get(0).tls().generation() == 2);
	}

	/**
	 * Loads the application's own classes itself, as that of devtools does.
	 */
	private static final class RestartClassLoader extends URLClassLoader {

		private RestartClassLoader(ClassLoader parent) {
			super(new URL[0], parent);
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			synchronized (getClassLoadingLock(name)) {
				if (!name.startsWith(Application.class.getName())) {
					return super.loadClass(name, resolve);
				}
				Class<?> loaded = findLoadedClass(name);
				return (loaded != null) ? loaded : define(name);
			}
		}

		private Class<?> define(String name) throws ClassNotFoundException {
			try (InputStream stream = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
				byte[] bytes = stream.readAllBytes();
				return defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

	/**
	 * The application.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, DbTlsAutoConfiguration.class })
	public static class Application implements Callable<ConfigurableApplicationContext> {

		private final String[] arguments;

		public Application() {
			this(new String[0]);
		}

		public Application(String[] arguments) {
			this.arguments = arguments;
		}

		@Override
		public ConfigurableApplicationContext call() {
			return SpringApplication.run(getClass(), this.arguments);
		}

		@Bean
		public BeanOfTheApplication beanOfTheApplication() {
			return new BeanOfTheApplication();
		}

		/**
		 * A bean whose class goes with the application.
		 */
		public static final class BeanOfTheApplication {

		}

	}

}

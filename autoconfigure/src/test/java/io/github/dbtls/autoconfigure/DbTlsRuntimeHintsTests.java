package io.github.dbtls.autoconfigure;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.connectorj.DbTlsSocketFactory;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DbTlsRuntimeHints}, and for the auto-configuration ahead of time.
 */
class DbTlsRuntimeHintsTests {

	@Test
	void driverCanMakeOurSocketFactoryByName() throws Exception {
		RuntimeHints hints = new RuntimeHints();
		new DbTlsRuntimeHints().registerHints(hints, getClass().getClassLoader());
		assertThat(RuntimeHintsPredicates.reflection()
			.onConstructorInvocation(DbTlsSocketFactory.class.getDeclaredConstructor())).accepts(hints);
	}

	@Test
	void springsDataSourcesCanBeLookedInto() throws Exception {
		RuntimeHints hints = new RuntimeHints();
		new DbTlsRuntimeHints().registerHints(hints, getClass().getClassLoader());
		assertThat(RuntimeHintsPredicates.reflection()
			.onFieldAccess(LazyConnectionDataSourceProxy.class.getDeclaredField("readOnlyDataSource"))).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(AbstractRoutingDataSource.class)).accepts(hints);
	}

	@Test
	@CompileWithForkedClassLoader
	void contextThatIsProcessedAheadOfTimeSecuresItsPool() {
		TestGenerationContext generation = new TestGenerationContext();
		AnnotationConfigApplicationContext source = new AnnotationConfigApplicationContext();
		source.register(Application.class);
		TestPropertyValues.of("dbtls.provider=mysql").applyTo(source);
		new ApplicationContextAotGenerator().processAheadOfTime(source, generation);
		generation.writeGeneratedContent();
		assertThat(RuntimeHintsPredicates.reflection().onType(DbTlsSocketFactory.class))
			.accepts(generation.getRuntimeHints());
		assertThat(RuntimeHintsPredicates.reflection().onType(DbTlsProperties.class))
			.accepts(generation.getRuntimeHints());
		assertThat(RuntimeHintsPredicates.reflection().onType(DbTlsProperties.DataSource.class))
			.accepts(generation.getRuntimeHints());
		TestCompiler.forSystem().with(generation).compile((compiled) -> {
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				TestPropertyValues.of("dbtls.provider=mysql", "dbtls.data-sources.shop.ssl-mode=verify-ca")
					.applyTo(context);
				initializer(compiled.getInstance(ApplicationContextInitializer.class)).initialize(context);
				context.refresh();
				assertThat(context.getBean(HikariDataSource.class).getJdbcUrl())
					.contains("socketFactory=" + DbTlsSocketFactory.class.getName(), "sslMode=VERIFY_CA");
			}
		});
	}

	@SuppressWarnings("unchecked")
	private static ApplicationContextInitializer<GenericApplicationContext> initializer(Object initializer) {
		return (ApplicationContextInitializer<GenericApplicationContext>) initializer;
	}

	@Configuration(proxyBeanMethods = false)
	@Import(DbTlsAutoConfiguration.class)
	static class Application {

		@Bean
		HikariDataSource shop() {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl("jdbc:mysql://db.example.com/shop");
			return pool;
		}

	}

}

package io.github.dbtls.sample.stage;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.dbtls.sample.embedded.EmbeddedDatabase;
import io.github.dbtls.sample.embedded.Shape;
import io.github.dbtls.sample.journal.Journal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.InOrder;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

/**
 * Tests for {@link Restart}.
 */
@Timeout(60)
class RestartTests {

	private static CompletableFuture<ConfigurableApplicationContext> started;

	private static CompletableFuture<ClassLoader> classLoader;

	private final EmbeddedDatabase database = mock(EmbeddedDatabase.class);

	private final Journal journal = new Journal();

	private final ConfigurableApplicationContext before = mock(ConfigurableApplicationContext.class);

	@BeforeEach
	void prepare() {
		started = new CompletableFuture<>();
		classLoader = new CompletableFuture<>();
		given(this.before.getEnvironment()).willReturn(new MockEnvironment());
	}

	@Test
	void waitsForTheEndOfTheStart() throws Exception {
		Restart restart = new Restart(this.database, this.journal);
		Thread stage = new Thread(() -> restart.begin(Shape.MYSQL, Shape.TIDB_DEDICATED), "stage");
		// As of a web server that ends.
		stage.setContextClassLoader(new ClassLoader(null) {
		});
		stage.start();
		while (stage.getState() != Thread.State.TIMED_WAITING) {
			Thread.onSpinWait();
		}
		then(this.before).should(never()).close();
		restart.on(new ApplicationReadyEvent(new SpringApplication(Application.class),
				new String[] { "--spring.main.web-application-type=none" }, this.before, Duration.ZERO));
		then(this.before).should(never()).close();
		restart.on(new AvailabilityChangeEvent<>(this, ReadinessState.ACCEPTING_TRAFFIC));
		try (ConfigurableApplicationContext after = started.get(30, TimeUnit.SECONDS)) {
			assertThat(after.getEnvironment().getActiveProfiles()).contains(Shape.TIDB_DEDICATED.profile());
		}
		assertThat(classLoader.get()).isSameAs(Restart.class.getClassLoader());
		InOrder order = inOrder(this.database, this.before);
		order.verify(this.database).keep(false);
		order.verify(this.database).keep(true);
		order.verify(this.before).close();
	}

	@Test
	void startThatDoesNotEndIsTold() {
		Restart restart = new Restart(this.database, this.journal, Duration.ofMillis(1));
		restart.begin(Shape.MYSQL, Shape.TIDB_DEDICATED);
		assertThat(restart.hasBegun()).isFalse();
		assertThat(this.journal.latest()).extracting(Journal.Entry::text)
			.containsExactly("The application is still starting. Please try again.");
	}

	/**
	 * Application with nothing in it, and no configuration that the sample would find.
	 */
	static class Application {

		@Bean
		ApplicationListener<ApplicationReadyEvent> listener() {
			return (event) -> {
				classLoader.complete(Thread.currentThread().getContextClassLoader());
				started.complete(event.getApplicationContext());
			};
		}

	}

}

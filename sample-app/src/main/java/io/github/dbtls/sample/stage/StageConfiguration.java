package io.github.dbtls.sample.stage;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.actuate.DbTlsEndpoint;
import io.github.dbtls.sample.embedded.EmbeddedDatabase;
import io.github.dbtls.sample.embedded.Shape;
import io.github.dbtls.sample.journal.Journal;
import io.github.dbtls.sample.orders.OrderLoad;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;

/**
 * The stage, which only the embedded database has.
 */
@Configuration(proxyBeanMethods = false)
@Profile(Shape.PROFILE)
class StageConfiguration {

	@Bean
	Restart restart(EmbeddedDatabase database, Journal journal) {
		return new Restart(database, journal);
	}

	@Bean
	EmbeddedStage stage(EmbeddedDatabase database, Journal journal, Restart restart, Environment environment,
			ObjectProvider<DbTlsEndpoint> endpoint, ObjectProvider<HikariDataSource> dataSource,
			ObjectProvider<OrderLoad> orders) {
		SecuredApplication application = new SecuredApplication(endpoint, dataSource, orders);
		return new EmbeddedStage(database, new World(database, journal, application), application,
				Shape.of(environment), restart);
	}

}

package io.github.dbtls.sample.stage;

import io.github.dbtls.sample.embedded.EmbeddedDatabase;
import io.github.dbtls.sample.journal.EarlierJournal;
import io.github.dbtls.sample.journal.Journal;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;

/**
 * Gives an application what another one has left to it, before it would make its own.
 */
class HandOver implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {

	private final EmbeddedDatabase database;

	private final Journal journal;

	HandOver(EmbeddedDatabase database, Journal journal) {
		this.database = database;
		this.journal = journal;
	}

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		beanFactory.registerSingleton(EmbeddedDatabase.BEAN_NAME, this.database);
		beanFactory.registerSingleton("earlierJournal", new EarlierJournal(this.journal));
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

}

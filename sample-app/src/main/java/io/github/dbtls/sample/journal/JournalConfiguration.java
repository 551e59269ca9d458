package io.github.dbtls.sample.journal;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Goes on with the journal of before a restart.
 */
@Configuration(proxyBeanMethods = false)
class JournalConfiguration {

	@Bean
	Journal journal(ObjectProvider<EarlierJournal> earlier) {
		EarlierJournal found = earlier.getIfAvailable();
		return (found != null) ? found.journal() : new Journal();
	}

}

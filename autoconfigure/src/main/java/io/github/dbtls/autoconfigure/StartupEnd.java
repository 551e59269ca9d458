package io.github.dbtls.autoconfigure;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Lets go of what a failed startup would be explained by, once the startup is over, its
 * runners included. Spring Boot keeps the environments of web applications in soft
 * references after they were closed, and with them their bean definitions.
 */
final class StartupEnd implements ApplicationListener<ApplicationReadyEvent> {

	private final ConfigurableListableBeanFactory beanFactory;

	StartupEnd(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		LastFailure lastFailure = LastFailure.in(this.beanFactory);
		// A child's event reaches its parent as well, which may not be ready.
		if (lastFailure != null && event.getApplicationContext().getBeanFactory() == this.beanFactory) {
			lastFailure.end();
		}
	}

}

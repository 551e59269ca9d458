package io.github.dbtls.sample.orders;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/**
 * Makes the load of orders, and starts it with the application if that is asked for.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OrderLoadProperties.class)
class OrderLoadConfiguration {

	private final OrderLoadProperties properties;

	OrderLoadConfiguration(OrderLoadProperties properties) {
		this.properties = properties;
	}

	@Bean
	OrderLoad orderLoad(OrderRepository orders, ApplicationEventPublisher events) {
		return new OrderLoad(orders, this.properties.rate(), events::publishEvent);
	}

	@Bean
	AutoStart orderLoadAutoStart(OrderLoad load) {
		return new AutoStart(load, this.properties.autoStart());
	}

	/**
	 * Starts the load when the application is ready.
	 *
	 * @param load the load
	 * @param wanted whether it is to be started
	 */
	record AutoStart(OrderLoad load, boolean wanted) {

		@EventListener(ApplicationReadyEvent.class)
		void start() {
			if (this.wanted) {
				this.load.start();
			}
		}

	}

}

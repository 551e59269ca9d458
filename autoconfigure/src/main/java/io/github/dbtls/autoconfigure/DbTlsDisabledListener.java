package io.github.dbtls.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Says that dbtls is switched off: its auto-configuration contributes nothing then that
 * could say so.
 */
final class DbTlsDisabledListener implements ApplicationListener<ApplicationPreparedEvent> {

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	@Override
	public void onApplicationEvent(ApplicationPreparedEvent event) {
		boolean enabled = event.getApplicationContext()
			.getEnvironment()
			.getProperty("dbtls.enabled", Boolean.class, true);
		if (!enabled) {
			logger.warn("dbtls is switched off by 'dbtls.enabled': no connection is secured by it");
		}
	}

}

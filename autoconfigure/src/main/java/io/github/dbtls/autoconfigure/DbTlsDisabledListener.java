package io.github.dbtls.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.Environment;

/**
 * Says that dbtls is switched off: its auto-configuration contributes nothing then that
 * could say so.
 */
final class DbTlsDisabledListener implements ApplicationListener<ApplicationPreparedEvent> {

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	@Override
	public void onApplicationEvent(ApplicationPreparedEvent event) {
		if (!isEnabled(event.getApplicationContext().getEnvironment())) {
			logger.warn("dbtls is switched off by 'dbtls.enabled': no connection is secured by it");
		}
	}

	private static boolean isEnabled(Environment environment) {
		try {
			return environment.getProperty("dbtls.enabled", Boolean.class, true);
		}
		catch (ConversionException ex) {
			// Binding says it better in a moment.
			return true;
		}
	}

}

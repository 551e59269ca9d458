package io.github.dbtls.autoconfigure;

import java.util.Collection;
import java.util.Locale;

import io.github.dbtls.EditDistance;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Warns of environment variables that look like a misspelt property of ours. They cannot
 * be refused as other properties are: Kubernetes sets {@code DBTLS_PORT} and the like for
 * a service of that name.
 */
final class MisspeltVariables {

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	private static final String PREFIX = "DBTLS_";

	private static final String DATA_SOURCES = "DBTLS_DATA_SOURCES_";

	private static final int NEAR = 2;

	private MisspeltVariables() {
	}

	static void warn(String variable, Collection<String> keys) {
		String upper = variable.toUpperCase(Locale.ROOT);
		if (upper.startsWith(DATA_SOURCES)) {
			logger.warn("The environment variable '%s' has no effect: write 'DBTLS_DATASOURCES_<BEANNAME>_<SETTING>', "
				.formatted(variable)
					+ "with underscores between these parts only ('DBTLS_DATASOURCES_REPORTS_SSLMODE' for example)");
			return;
		}
		String nearest = upper.startsWith(PREFIX) ? nearest(uniform(upper.substring(PREFIX.length())), keys) : null;
		if (nearest != null) {
			logger.warn("The environment variable '%s' has no effect; did you mean '%s%s'?".formatted(variable, PREFIX,
					nearest.replace("-", "").toUpperCase(Locale.ROOT)));
		}
	}

	private static @Nullable String nearest(String name, Collection<String> keys) {
		String nearest = null;
		int least = NEAR + 1;
		for (String key : keys) {
			int distance = EditDistance.between(name, uniform(key));
			if (distance == 0) {
				return null;
			}
			if (distance < least) {
				least = distance;
				nearest = key;
			}
		}
		return nearest;
	}

	private static String uniform(String name) {
		return name.toLowerCase(Locale.ROOT).replaceFirst("_\\d+$", "").replaceAll("[^a-z0-9]", "");
	}

}

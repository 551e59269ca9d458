package io.github.dbtls.autoconfigure;

import java.util.LinkedHashSet;
import java.util.Set;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TlsPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Checks user names that a provider demands a form of.
 */
final class UserNames {

	private static final String BOOTS_DATA_SOURCE = "DataSource 'dataSource'";

	private UserNames() {
	}

	static void check(String where, TlsPolicy policy, Set<String> names, ConnectionSource source) {
		if (policy.provider().userNameHint() == null) {
			return;
		}
		Set<String> all = new LinkedHashSet<>(names);
		String own = source.userName();
		if (own != null) {
			all.add(own);
		}
		for (String name : all) {
			if (!policy.provider().isUserName(name)) {
				throw new DbTlsConfigurationException(property(where, name.equals(own)),
						"%s logs in as '%s', which is no user name of %s (provider '%s').".formatted(where, name,
								policy.provider().name(), policy.provider().id()),
						String.valueOf(policy.provider().userNameHint()));
			}
		}
	}

	private static @Nullable String property(String where, boolean own) {
		// Another pool's name, or one of the URL, stands elsewhere.
		return (own && where.equals(BOOTS_DATA_SOURCE)) ? "spring.datasource.username" : null;
	}

}

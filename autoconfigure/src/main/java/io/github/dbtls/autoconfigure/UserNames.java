package io.github.dbtls.autoconfigure;

import java.util.LinkedHashSet;
import java.util.Set;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TlsPolicy;

/**
 * Checks user names that a provider demands a form of.
 */
final class UserNames {

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
				throw new DbTlsConfigurationException("spring.datasource.username",
						"%s logs in as '%s', which is no user name of %s (provider '%s').".formatted(where, name,
								policy.provider().name(), policy.provider().id()),
						String.valueOf(policy.provider().userNameHint()));
			}
		}
	}

}

package io.github.dbtls.autoconfigure;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Names of health components. The pools that a routing DataSource holds and that are no
 * beans bear its name, all of them: each still needs a component of its own.
 */
final class HealthComponentNames {

	private HealthComponentNames() {
	}

	/**
	 * Return a name that is free.
	 * @param taken the names that are taken
	 * @param name the wanted name
	 * @param poolName what tells the pool apart, or {@code null} if it has no name yet
	 * @return the wanted name, with the pool's name or else a number behind it where it
	 * is taken, and a dash for each slash
	 */
	static String free(Set<String> taken, String name, @Nullable String poolName) {
		String plain = withoutSlash(name);
		if (!taken.contains(plain)) {
			return plain;
		}
		String wanted = (poolName != null) ? plain + "-" + withoutSlash(poolName) : plain;
		String free = wanted;
		for (int number = 2; taken.contains(free); number++) {
			free = wanted + "-" + number;
		}
		return free;
	}

	// It would end the name in the path of the endpoint.
	private static String withoutSlash(String name) {
		return name.replace('/', '-');
	}

}

package io.github.dbtls.testkit.hostile;

import java.util.List;
import java.util.stream.Stream;

/**
 * The table of hostile cases. {@code docs/hostile-cases.md} is written from it.
 */
public final class HostileCases {

	private static final List<HostileCase> cases = Stream
		.of(HostileChains.all(), HostileNames.all(), HostileProtocols.all())
		.flatMap((group) -> group)
		.toList();

	private HostileCases() {
	}

	/**
	 * Return all cases.
	 * @return the cases, by group
	 */
	public static List<HostileCase> all() {
		return cases;
	}

}

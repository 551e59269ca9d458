package io.github.dbtls.testkit;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Which test ran when: exceptions are noted with their time, and known later.
 */
final class RunningTests {

	private static final int LAST = 500;

	private static final ConcurrentSkipListMap<Instant, String> starts = new ConcurrentSkipListMap<>();

	private RunningTests() {
	}

	static void start(String name) {
		starts.put(Instant.now(), name);
		if (starts.size() > LAST) {
			starts.pollFirstEntry();
		}
	}

	static String at(Instant time) {
		Map.Entry<Instant, String> entry = starts.floorEntry(time);
		return (entry != null) ? entry.getValue() : "the start";
	}

}

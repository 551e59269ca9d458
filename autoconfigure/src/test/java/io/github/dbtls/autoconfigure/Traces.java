package io.github.dbtls.autoconfigure;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.github.dbtls.connectorj.PoolRegistry;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What dbtls could leave behind in a JVM. Contexts that Spring's test framework keeps
 * open for other tests are none of it: what was there when the test began does not count.
 */
final class Traces {

	private static Set<String> registeredBefore = Set.of();

	private static Set<Thread> threadsBefore = Set.of();

	private Traces() {
	}

	/**
	 * Begin to count.
	 */
	static void begin() {
		registeredBefore = Set.of();
		threadsBefore = Set.of();
		registeredBefore = Set.copyOf(registered());
		threadsBefore = Set.copyOf(allThreads());
	}

	/**
	 * Return the ids in the static map.
	 * @return those that came since the test began
	 */
	static List<String> registered() {
		Map<?, ?> pools = (Map<?, ?>) ReflectionTestUtils.getField(PoolRegistry.class, "pools");
		return pools.keySet().stream().map(String::valueOf).filter((id) -> !registeredBefore.contains(id)).toList();
	}

	/**
	 * Return the threads that look for changed files.
	 * @return those that came since the test began
	 */
	static List<Thread> threads() {
		return allThreads().stream().filter((thread) -> !thread.getName().equals(NoticeThread.NAME)).toList();
	}

	/**
	 * Return the threads that look for changed files, and that publish events.
	 * @return those that came since the test began
	 */
	static List<Thread> allThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> (thread.getName().startsWith(ReloadThreads.TIMER)
					|| thread.getName().equals(NoticeThread.NAME)) && !threadsBefore.contains(thread))
			.toList();
	}

	/**
	 * Wait until neither map entry nor thread is there.
	 */
	static void awaitNone() {
		awaitNone(List.of());
	}

	/**
	 * Wait until no thread is there, and no map entry but those that may be.
	 * @param ids the ids of pools that are still open
	 */
	static void awaitNone(List<String> ids) {
		await("no traces: " + registered() + allThreads(), () -> registered().equals(ids) && allThreads().isEmpty());
	}

	/**
	 * Wait until an object is gone.
	 * @param reference a reference to it
	 */
	static void awaitCollected(WeakReference<?> reference) {
		await("collected", () -> {
			System.gc();
			return reference.get() == null;
		});
	}

	static void await(BooleanSupplier condition) {
		await("a condition", condition);
	}

	static void await(String what, BooleanSupplier condition) {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime()).as("waited for 30 s: %s", what).isLessThan(end);
			try {
				Thread.sleep(20);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

}

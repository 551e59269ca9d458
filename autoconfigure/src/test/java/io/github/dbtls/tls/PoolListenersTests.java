package io.github.dbtls.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolListeners}.
 */
class PoolListenersTests {

	@ParameterizedTest
	@MethodSource
	void listenerThatFailsKeepsNobodyFromTheNews(Runnable failing) {
		PoolListeners listeners = new PoolListeners("orders");
		List<String> told = new ArrayList<>();
		listeners.add(listener(failing));
		listeners.add(listener(() -> told.add("news")));
		listeners.certificatesChanged();
		assertThat(told).containsExactly("news");
	}

	static Stream<Runnable> listenerThatFailsKeepsNobodyFromTheNews() {
		return Stream.of(() -> {
			throw new IllegalStateException("a bug");
		}, () -> {
			throw new NoClassDefFoundError("a library that is missing");
		});
	}

	private static PoolListener listener(Runnable certificatesChanged) {
		return new PoolListener() {

			@Override
			public void finished(HandshakeOutcome outcome) {
			}

			@Override
			public void certificatesChanged() {
				certificatesChanged.run();
			}

		};
	}

}

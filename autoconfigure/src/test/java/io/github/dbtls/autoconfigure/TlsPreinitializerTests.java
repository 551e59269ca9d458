package io.github.dbtls.autoconfigure;

import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link TlsPreinitializer}. Boot hides what one throws: it would load nothing
 * then, and nobody would know.
 */
@ExtendWith(OutputCaptureExtension.class)
class TlsPreinitializerTests {

	@Test
	void bootFindsIt() {
		assertThat(SpringFactoriesLoader.forDefaultResourceLocation().load(BackgroundPreinitializer.class))
			.hasAtLeastOneElementOfType(TlsPreinitializer.class);
	}

	@Test
	void itSucceedsAndLeavesNothingBehind(CapturedOutput output) {
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		assertThatNoException().isThrownBy(() -> new TlsPreinitializer().preinitialize());
		assertThat(Thread.getAllStackTraces().keySet()).filteredOn((thread) -> !before.contains(thread))
			.noneMatch((thread) -> thread.getName().startsWith("dbtls"));
		assertThat(output).isEmpty();
	}

}

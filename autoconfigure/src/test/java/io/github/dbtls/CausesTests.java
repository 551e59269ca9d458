package io.github.dbtls;

import java.io.IOException;
import java.io.UncheckedIOException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Causes}.
 */
class CausesTests {

	private final IOException innermost = new IOException("inner");

	private final IllegalStateException thrown = new IllegalStateException(new UncheckedIOException(this.innermost));

	@Test
	void ofReturnsOutermostFirst() {
		assertThat(Causes.of(this.thrown)).containsExactly(this.thrown, this.thrown.getCause(), this.innermost);
		assertThat(Causes.of(null)).isEmpty();
	}

	@Test
	void findReturnsOutermostOfType() {
		assertThat(Causes.find(this.thrown, RuntimeException.class)).isSameAs(this.thrown);
		assertThat(Causes.find(this.thrown, IOException.class)).isSameAs(this.innermost);
		assertThat(Causes.find(this.thrown, InterruptedException.class)).isNull();
	}

	@Test
	void innermostReturnsFirstCauseOfAll() {
		assertThat(Causes.innermost(this.thrown)).isSameAs(this.innermost);
		assertThat(Causes.innermost(this.innermost)).isSameAs(this.innermost);
	}

	@Test
	void causesInACircleEnd() {
		Exception first = new Exception("first");
		Exception second = new Exception("second", first);
		first.initCause(second);
		assertThat(Causes.of(first)).startsWith(first, second, first).hasSizeLessThan(100);
		assertThat(Causes.find(first, IOException.class)).isNull();
		assertThat(Causes.innermost(first)).isIn(first, second);
	}

}

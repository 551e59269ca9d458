package io.github.dbtls.sample.stage;

import java.util.List;

import io.github.dbtls.sample.embedded.EmbeddedDatabase;
import io.github.dbtls.sample.network.Line;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link Leavers}.
 */
class LeaversTests {

	private final EmbeddedDatabase database = mock(EmbeddedDatabase.class);

	private final SecuredApplication application = mock(SecuredApplication.class);

	private final Line line = mock(Line.class);

	@BeforeEach
	void connect() {
		given(this.database.connections()).willReturn(List.of(this.line));
	}

	@Test
	void thoseThatGoAreNotCut() {
		given(this.database.hasAnyOf(any())).willReturn(true, true, false);
		Leavers.of(this.database, this.application).letGo();
		then(this.application).should().renewConnections();
		then(this.line).should(never()).close();
	}

	@Test
	void oneThatThePoolWasJustOpeningIsLetGoOfOnceMore() {
		long start = System.nanoTime();
		given(this.database.hasAnyOf(any())).will((call) -> System.nanoTime() - start < 1_200_000_000);
		Leavers.of(this.database, this.application).letGo();
		then(this.application).should(times(2)).renewConnections();
		then(this.line).should(never()).close();
	}

	@Test
	void oneThatDoesNotGoIsCut() {
		given(this.database.hasAnyOf(any())).willReturn(true);
		Leavers.of(this.database, this.application).letGo();
		then(this.line).should().close();
	}

}

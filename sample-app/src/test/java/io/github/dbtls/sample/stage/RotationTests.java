package io.github.dbtls.sample.stage;

import java.time.Duration;
import java.util.List;

import io.github.dbtls.sample.embedded.EmbeddedDatabase;
import io.github.dbtls.sample.embedded.Showing;
import io.github.dbtls.sample.embedded.TrustFile;
import io.github.dbtls.sample.journal.Journal;
import io.github.dbtls.sample.pki.Hierarchy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

/**
 * Tests for {@link Rotation} when the application does not go along.
 */
class RotationTests {

	private final EmbeddedDatabase database = mock(EmbeddedDatabase.class);

	private final SecuredApplication application = mock(SecuredApplication.class);

	private final TrustFile file = mock(TrustFile.class);

	private final Journal journal = new Journal();

	private final World world = new World(this.database, this.journal, this.application);

	private final Rotation rotation = new Rotation(this.world, this.file, Duration.ZERO);

	private final Hierarchy hierarchy = Hierarchy.create();

	@BeforeEach
	void run() {
		given(this.database.serverPort()).willReturn(4321);
		given(this.database.hierarchy()).willReturn(this.hierarchy);
		given(this.database.trustFile()).willReturn(this.file);
		given(this.database.show(any())).willReturn(Showing.RELOADED);
	}

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	@Test
	void isCalledOffWhenTheApplicationDoesNotTakeBothRoots() {
		this.rotation.run();
		then(this.file).should().write(List.of(this.hierarchy.root()));
		then(this.database).should(never()).adopt(any());
		assertThat(told()).startsWith("The rotation is called off");
	}

	@Test
	void oldRootStaysWhenNoConnectionReliesOnTheNext() {
		given(this.application.trusts(any(), any())).willReturn(true);
		this.rotation.run();
		// The one with both roots.
		then(this.file).should().write(any());
		assertThat(told()).isEqualTo(
				"The rotation ends here: no connection relies on the next root yet, and the CA file keeps both.");
	}

	@Test
	void lastStepDoesNotClaimThatItIsTaken() {
		given(this.application.trusts(any(), any())).willReturn(true, false);
		given(this.application.relies(any())).willReturn(true);
		this.rotation.run();
		assertThat(told()).isEqualTo(
				"Rotation, 3 of 3: the CA file holds the next root only, which the application has not taken yet.");
	}

	@Test
	void endOfTheApplicationIsNotToldAsFailure() {
		this.world.end();
		Thread.currentThread().interrupt();
		this.world.rotate();
		then(this.database).should(never()).adopt(any());
		assertThat(this.journal.latest()).isEmpty();
	}

	private String told() {
		return this.journal.latest().get(0).text();
	}

}

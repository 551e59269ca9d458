package io.github.dbtls.sample.journal;

import java.time.Instant;

import io.github.dbtls.sample.journal.Journal.Kind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Journal}.
 */
class JournalTests {

	private final Journal journal = new Journal();

	@Test
	void latestIsNewestFirstAndBounded() {
		for (int number = 0; number < 100; number++) {
			this.journal.record(Kind.INFO, "Entry " + number);
		}
		assertThat(this.journal.latest()).hasSize(30).first().extracting(Journal.Entry::text).isEqualTo("Entry 99");
	}

	@Test
	void recordOnceWhenItGoesOnIsNotRepeated() {
		recordOnce("Refused: one");
		this.journal.record(Kind.INFO, "Orders wait");
		recordOnce("Refused: one");
		recordOnce("Refused: two");
		recordOnce("Refused: one");
		assertTexts("Refused: two", "Orders wait", "Refused: one");
	}

	@Test
	void recordOnceWhenSomethingWasDoneSinceIsRecorded() {
		recordOnce("Refused: one");
		this.journal.record(Kind.ACTION, "Impostor");
		recordOnce("Refused: one");
		this.journal.record(Kind.SERVED, "Served");
		recordOnce("Refused: one");
		assertTexts("Refused: one", "Served", "Refused: one", "Impostor", "Refused: one");
	}

	@Test
	void recordOnceWhenItWasBeforeTheLastActionIsNotRecorded() {
		Instant earlier = Instant.now().minusSeconds(1);
		this.journal.record(Kind.ACTION, "Back to normal");
		this.journal.recordOnce(earlier, Kind.REFUSED, "Refused: one");
		assertTexts("Back to normal");
	}

	private void recordOnce(String text) {
		this.journal.recordOnce(Instant.now(), Kind.REFUSED, text);
	}

	private void assertTexts(String... texts) {
		assertThat(this.journal.latest()).extracting(Journal.Entry::text).containsExactly(texts);
	}

}

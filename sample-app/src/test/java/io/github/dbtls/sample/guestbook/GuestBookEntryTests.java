package io.github.dbtls.sample.guestbook;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.validation.BeanPropertyBindingResult;
import org.springframework.validation.Errors;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GuestBookEntry}.
 */
class GuestBookEntryTests {

	@ParameterizedTest
	@ValueSource(strings = { "a\0b", "a\u001bb", "a\u0085b", "\0" })
	void validateWhenThereAreControlCharactersRefusesThem(String text) {
		Errors errors = validate(new GuestBookEntry(text, text));
		assertThat(errors.getFieldErrors()).extracting("field").containsExactly("author", "message");
		assertThat(errors.getFieldErrors()).extracting("defaultMessage")
			.containsOnly("Please leave out control characters.");
	}

	@Test
	void validateWhenThereAreLinesAndTabsAcceptsThem() {
		assertThat(validate(new GuestBookEntry("Ann", "one\r\ntwo\tthree")).hasErrors()).isFalse();
	}

	private static Errors validate(GuestBookEntry entry) {
		Errors errors = new BeanPropertyBindingResult(entry, "entry");
		entry.validate(errors);
		return errors;
	}

}

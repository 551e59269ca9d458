package io.github.dbtls.sample.guestbook;

import org.jspecify.annotations.Nullable;

import org.springframework.validation.Errors;

/**
 * Entry of the guest book.
 *
 * @param author who wrote it
 * @param message what was written
 */
record GuestBookEntry(String author, String message) {

	/**
	 * Longest author, also in the table and in the form.
	 */
	static final int AUTHOR_LENGTH = 40;

	/**
	 * Longest message, also in the table and in the form.
	 */
	static final int MESSAGE_LENGTH = 200;

	static final GuestBookEntry EMPTY = new GuestBookEntry("", "");

	GuestBookEntry(@Nullable String author, @Nullable String message) {
		this.author = (author != null) ? author.strip() : "";
		// Browsers send each line break of a text area as two characters and count it as
		// one.
		this.message = (message != null) ? message.strip().replace("\r\n", "\n") : "";
	}

	void validate(Errors errors) {
		validate(errors, "author", this.author, AUTHOR_LENGTH);
		validate(errors, "message", this.message, MESSAGE_LENGTH);
	}

	private void validate(Errors errors, String field, String value, int length) {
		if (value.isEmpty()) {
			errors.rejectValue(field, "empty", "Please write something here.");
		}
		else if (value.chars()
			.anyMatch((character) -> Character.isISOControl(character) && character != '\n' && character != '\t')) {
			// Browsers never send them, and MySQL would store even a NUL.
			errors.rejectValue(field, "control", "Please leave out control characters.");
		}
		// MySQL counts characters; Java's length counts an emoji as two.
		else if (value.codePointCount(0, value.length()) > length) {
			errors.rejectValue(field, "length", "Please use at most %d characters.".formatted(length));
		}
	}

}

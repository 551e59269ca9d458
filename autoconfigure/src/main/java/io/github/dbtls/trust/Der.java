package io.github.dbtls.trust;

import org.jspecify.annotations.Nullable;

/**
 * One element of DER or BER (X.690): as much as it takes to tell what a file holds and
 * where it is cut off. What is inside is left to the JDK.
 *
 * @param bytes the bytes that the element is part of
 * @param tag its tag
 * @param start where its tag is
 * @param content where its content begins
 * @param length the length that it announces, or {@code -1} for BER's indefinite form
 */
record Der(byte[] bytes, int tag, int start, int content, long length) {

	static final int INTEGER = 0x02;

	static final int BIT_STRING = 0x03;

	static final int OCTET_STRING = 0x04;

	static final int OBJECT_IDENTIFIER = 0x06;

	static final int SEQUENCE = 0x30;

	static final int UTC_TIME = 0x17;

	static final int GENERALIZED_TIME = 0x18;

	static final int CONTEXT_0 = 0xA0;

	/**
	 * Return the element at a place.
	 * @param bytes the bytes
	 * @param start where it begins
	 * @return the element, maybe cut off, or {@code null} if none can begin there
	 */
	static @Nullable Der at(byte[] bytes, long start) {
		if (start + 2 > bytes.length) {
			return null;
		}
		int offset = (int) start;
		int first = bytes[offset + 1] & 0xFF;
		if (first < 0x80) {
			return new Der(bytes, bytes[offset] & 0xFF, offset, offset + 2, first);
		}
		int octets = first & 0x7F;
		if (octets > 4 || start + 2 + octets > bytes.length) {
			return null;
		}
		long announced = (octets == 0) ? -1 : 0;
		for (int i = 0; i < octets; i++) {
			announced = (announced << 8) | (bytes[offset + 2 + i] & 0xFF);
		}
		return new Der(bytes, bytes[offset] & 0xFF, offset, offset + 2 + octets, announced);
	}

	/**
	 * Return the first element inside.
	 * @return the element, or {@code null} if there is none
	 */
	@Nullable Der child() {
		return at(this.bytes, this.content);
	}

	/**
	 * Return the element after this one, whether it still belongs to the same parent or
	 * not.
	 * @return the element, or {@code null} if there is none
	 */
	@Nullable Der next() {
		return (this.length != -1) ? at(this.bytes, end()) : null;
	}

	boolean has(int tag) {
		return this.tag == tag;
	}

	/**
	 * Return where the element should end: with an indefinite length, at the end of all.
	 * @return the place after its last byte, maybe beyond the bytes
	 */
	long end() {
		return (this.length != -1) ? this.content + this.length : this.bytes.length;
	}

	boolean isCutOff() {
		return end() > this.bytes.length;
	}

	static boolean is(@Nullable Der element, int tag) {
		return element != null && element.has(tag);
	}

}

package io.github.dbtls.tls;

import java.io.IOException;

/**
 * Hears how a server judged the client's certificate, or its absence, once.
 */
interface Verdict {

	/**
	 * The server went on.
	 */
	void accepted();

	/**
	 * The server broke off before its first word.
	 * @param thrown what the end was noticed by
	 * @return what to throw instead, or the same
	 */
	IOException brokenOff(IOException thrown);

}

package io.github.dbtls.sample.pki;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

import org.bouncycastle.openssl.jcajce.JcaPEMWriter;

/**
 * Writes PEM.
 */
final class Pem {

	private Pem() {
	}

	static String of(List<?> contents) {
		StringWriter result = new StringWriter();
		try (JcaPEMWriter writer = new JcaPEMWriter(result)) {
			for (Object content : contents) {
				writer.writeObject(content);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return result.toString();
	}

}

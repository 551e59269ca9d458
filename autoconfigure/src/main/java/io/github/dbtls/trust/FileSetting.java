package io.github.dbtls.trust;

import io.github.dbtls.ClientKeySource;
import io.github.dbtls.TrustSource.CaFile;

/**
 * A setting that names a file.
 *
 * @param property the property, or what else names the file
 * @param location plain path, {@code file:} or {@code classpath:}
 * @param passwordProperty the property that the file's password belongs in, whether it is
 * set or not
 * @param kind what the file should hold
 */
record FileSetting(String property, String location, String passwordProperty, Kind kind) {

	static FileSetting of(CaFile file) {
		return new FileSetting(file.property(), file.location(), passwordProperty(file), Kind.AUTHORITIES);
	}

	static FileSetting ofCertificate(ClientKeySource.Files source) {
		return new FileSetting(source.certificateProperty(), source.certificate(), source.passwordProperty(),
				Kind.CLIENT_CERTIFICATE);
	}

	static FileSetting ofPrivateKey(ClientKeySource.Files source) {
		return new FileSetting(source.privateKeyProperty(), source.privateKey(), source.passwordProperty(),
				Kind.CLIENT_KEY);
	}

	private static String passwordProperty(CaFile file) {
		if (file.passwordProperty() != null) {
			return file.passwordProperty();
		}
		String property = file.property();
		return property.endsWith(".ca-path")
				? property.substring(0, property.length() - "ca-path".length()) + "ca-password" : "dbtls.ca-password";
	}

	/**
	 * What a file should hold, in words.
	 */
	enum Kind {

		/** Certificates of trusted authorities. */
		AUTHORITIES("Trust", "certificate file", "ca.pem"),

		/** The client's certificate and those between it and its root. */
		CLIENT_CERTIFICATE("A certificate", "certificate file", "client.pem"),

		/** The private key of the client's certificate. */
		CLIENT_KEY("A key", "file of the private key", "client-key.pem");

		private final String subject;

		private final String file;

		private final String example;

		Kind(String subject, String file, String example) {
			this.subject = subject;
			this.file = file;
			this.example = example;
		}

		String subject() {
			return this.subject;
		}

		String file() {
			return this.file;
		}

		String example() {
			return this.example;
		}

	}

}

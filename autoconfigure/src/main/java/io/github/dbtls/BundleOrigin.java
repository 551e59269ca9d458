package io.github.dbtls;

/**
 * Where an SSL bundle was declared: what leads its reader back to there. A bundle that
 * came with a service connection has no name that anybody wrote, and none of the
 * properties of {@code spring.ssl.bundle}.
 */
public sealed interface BundleOrigin {

	/**
	 * Return the property that names the bundle, or words for what does: what an error
	 * message calls it.
	 * @return the property, or a description with a space in it
	 */
	String property();

	/**
	 * Return the bundle's name.
	 * @return the name, or a description where there is none
	 */
	default String name() {
		return toString();
	}

	/**
	 * Return the beginning of a sentence about the bundle.
	 * @return words that {@code ", which …"} may follow
	 */
	default String sentence() {
		return "The %s make an SSL bundle".formatted(this);
	}

	/**
	 * Return where a part of the bundle is set.
	 * @param part the part
	 * @return a property, annotation or label
	 */
	String setting(Part part);

	/**
	 * Return how to do without a store.
	 * @param part the store
	 * @return an imperative, in lower case
	 */
	default String without(Part part) {
		return "remove '%s'".formatted(setting(part));
	}

	/**
	 * Return whether the bundle may have other content later.
	 * @return whether it may
	 */
	default boolean isUpdatable() {
		return false;
	}

	/**
	 * A bundle of {@code spring.ssl.bundle}, named by a property.
	 *
	 * @param property the property
	 * @param name the bundle's name
	 */
	record Property(String property, String name) implements BundleOrigin {

		@Override
		public String sentence() {
			return "'%s' names the SSL bundle '%s'".formatted(this.property, this.name);
		}

		@Override
		public String setting(Part part) {
			return "spring.ssl.bundle.%s.%s%s".formatted(part.type(), this.name, part.suffix());
		}

		@Override
		public String without(Part part) {
			return "name a bundle without a " + ((part == Part.KEY_STORE) ? "private key" : "trust store");
		}

		@Override
		public boolean isUpdatable() {
			return true;
		}

		@Override
		public String toString() {
			return "SSL bundle '%s'".formatted(this.name);
		}

	}

	/**
	 * The bundle that Spring Boot's annotations of a Testcontainers container make.
	 *
	 * @param container the container's field or bean
	 */
	record Annotations(String container) implements BundleOrigin {

		@Override
		public String property() {
			return "SSL annotations of container " + this.container;
		}

		@Override
		public String setting(Part part) {
			return part.annotation();
		}

		@Override
		public String toString() {
			return "SSL annotations of container '%s'".formatted(this.container);
		}

	}

	/**
	 * The bundle that the labels of a Docker Compose service make.
	 *
	 * @param service the service
	 */
	record Labels(String service) implements BundleOrigin {

		@Override
		public String property() {
			return "SSL labels of Docker Compose service " + this.service;
		}

		@Override
		public String setting(Part part) {
			return "org.springframework.boot.sslbundle.%s%s".formatted(part.type(), part.suffix());
		}

		@Override
		public String toString() {
			return "SSL labels of Docker Compose service '%s'".formatted(this.service);
		}

	}

	/**
	 * A part of a bundle, as it is set in properties and labels, and by annotations.
	 */
	enum Part {

		/** All of it. */
		WHOLE("*", "", "the SSL annotations"),

		/** The trust store. */
		TRUST_STORE("*", ".truststore", "@PemTrustStore or @JksTrustStore"),

		/** The certificates of a trust store in PEM. */
		TRUST_CERTIFICATE("pem", ".truststore.certificate", "@PemTrustStore(certificate)"),

		/** The key store. */
		KEY_STORE("*", ".keystore", "@PemKeyStore or @JksKeyStore"),

		/** The name of the key. */
		KEY_ALIAS("*", ".key.alias", "@Ssl(keyAlias)"),

		/** The password of the key. */
		KEY_PASSWORD("*", ".key.password", "@Ssl(keyPassword)"),

		/** The versions that are enabled. */
		ENABLED_PROTOCOLS("*", ".options.enabled-protocols", "@Ssl(enabledProtocols)"),

		/** The cipher suites that are enabled. */
		CIPHERS("*", ".options.ciphers", "@Ssl(ciphers)"),

		/** The name of the SSL context. */
		PROTOCOL("*", ".protocol", "@Ssl(protocol)");

		private final String type;

		private final String suffix;

		private final String annotation;

		Part(String type, String suffix, String annotation) {
			this.type = type;
			this.suffix = suffix;
			this.annotation = annotation;
		}

		private String type() {
			return this.type;
		}

		private String suffix() {
			return this.suffix;
		}

		private String annotation() {
			return this.annotation;
		}

	}

}

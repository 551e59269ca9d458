package io.github.dbtls;

import java.net.URI;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Preset of a database service: what its documentation says about TLS. It is a floor:
 * explicit settings may ask for more, and for less only down to
 * {@link Builder#lowestSslMode(SslMode) lowestSslMode}.
 * <p>
 * The built-in presets cover TiDB, Amazon RDS, TencentDB and MySQL. A platform team adds
 * its own by declaring a bean of this type; users then name its id in
 * {@code dbtls.provider}.
 */
public final class Provider {

	private static final Pattern ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

	private final String id;

	private final String name;

	private final @Nullable URI documentation;

	private final Trust trust;

	private final @Nullable String caPath;

	private final @Nullable String caPassword;

	private final SslMode sslMode;

	private final SslMode lowestSslMode;

	private final Set<TlsVersion> tlsVersions;

	private final boolean clientCertificate;

	private final @Nullable Pattern hostNames;

	private final @Nullable Pattern publicHostNames;

	private final @Nullable Pattern userNames;

	private final @Nullable String userNameHint;

	private final Map<HandshakeFailure, String> remedies;

	private Provider(Builder builder) {
		this.id = builder.id;
		this.name = (builder.name != null) ? builder.name : builder.id;
		this.documentation = builder.documentation;
		this.trust = builder.trust;
		this.caPath = builder.caPath;
		this.caPassword = builder.caPassword;
		this.sslMode = builder.sslMode;
		this.lowestSslMode = (builder.lowestSslMode != null) ? builder.lowestSslMode : builder.sslMode;
		this.tlsVersions = Collections.unmodifiableSet(EnumSet.copyOf(builder.tlsVersions));
		this.clientCertificate = builder.clientCertificate;
		this.hostNames = builder.hostNames;
		this.publicHostNames = builder.publicHostNames;
		this.userNames = builder.userNames;
		this.userNameHint = builder.userNameHint;
		this.remedies = Collections.unmodifiableMap(new EnumMap<>(builder.remedies));
	}

	/**
	 * Start to describe a provider that verifies the server's identity against the
	 * system's roots and takes no client certificate.
	 * @param id the value of {@code dbtls.provider}: lower case letters, digits and
	 * single dashes
	 * @return a builder
	 * @throws IllegalArgumentException if the id is not of that form
	 */
	public static Builder withId(String id) {
		return new Builder(id);
	}

	/**
	 * Return the presets that come with dbtls.
	 * @return the built-in providers in the order of the documentation
	 */
	public static List<Provider> builtIn() {
		return BuiltInProviders.ALL;
	}

	/**
	 * Return the value of {@code dbtls.provider}.
	 * @return the id
	 */
	public String id() {
		return this.id;
	}

	/**
	 * Return the name that messages use.
	 * @return the service's own name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return the page that describes TLS of this service.
	 * @return the page's address, or {@code null}
	 */
	public @Nullable URI documentation() {
		return this.documentation;
	}

	/**
	 * Return what is trusted while the user names no file.
	 * @return the kind of trust
	 */
	public Trust trust() {
		return this.trust;
	}

	/**
	 * Return the file of authorities that the provider brings itself.
	 * @return a location as in {@code dbtls.ca-path}, or {@code null}
	 */
	public @Nullable String caPath() {
		return this.caPath;
	}

	/**
	 * Return the password that the service gives to all its key stores.
	 * @return the password, or {@code null}
	 */
	public @Nullable String caPassword() {
		return this.caPassword;
	}

	/**
	 * Return the mode that is used unless the user asks for another one.
	 * @return the default mode
	 */
	public SslMode sslMode() {
		return this.sslMode;
	}

	/**
	 * Return the weakest mode that the user may ask for.
	 * @return the floor
	 */
	public SslMode lowestSslMode() {
		return this.lowestSslMode;
	}

	/**
	 * Return the versions of TLS that may be negotiated.
	 * @return one or more versions
	 */
	public Set<TlsVersion> tlsVersions() {
		return this.tlsVersions;
	}

	/**
	 * Return whether the service authenticates clients by certificate.
	 * @return whether mutual TLS is possible
	 */
	public boolean acceptsClientCertificate() {
		return this.clientCertificate;
	}

	/**
	 * Return whether the service's certificates name the host; others deserve a warning.
	 * @param host the host of the JDBC URL
	 * @return {@code true} if the name is one of the service's, or any name is
	 */
	public boolean isOwnHostName(String host) {
		return this.hostNames == null || this.hostNames.matcher(host).matches();
	}

	/**
	 * Return whether the service gives the host a certificate of a public authority
	 * instead of one of its own.
	 * @param host the host of the JDBC URL
	 * @return whether the system's roots are trusted for this host too
	 */
	public boolean isPublicHostName(String host) {
		return this.publicHostNames != null && this.publicHostNames.matcher(host).matches();
	}

	/**
	 * Return whether the user name can be one of this service.
	 * @param userName the name to log in with
	 * @return whether it has the form that the service demands
	 */
	public boolean isUserName(String userName) {
		return this.userNames == null || this.userNames.matcher(userName).matches();
	}

	/**
	 * Return the form that the service demands of a user name.
	 * @return an explanation, or {@code null} if it demands none
	 */
	public @Nullable String userNameHint() {
		return this.userNameHint;
	}

	/**
	 * Return what users of this service can do about a failure.
	 * @param failure the failure
	 * @return the remedy, or {@code null} if the general one applies
	 */
	public @Nullable String remedy(HandshakeFailure failure) {
		return this.remedies.get(failure);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Provider provider && this.id.equals(provider.id);
	}

	@Override
	public int hashCode() {
		return this.id.hashCode();
	}

	@Override
	public String toString() {
		return this.id;
	}

	/**
	 * What is trusted while the user sets no {@code dbtls.ca-path}.
	 */
	public enum Trust {

		/**
		 * The service has authorities of its own: without a file of them nothing can be
		 * verified.
		 */
		CA_FILE,

		/**
		 * The roots of the JVM; a file replaces them.
		 */
		SYSTEM_ROOTS

	}

	/**
	 * Builder of a {@link Provider}.
	 */
	public static final class Builder {

		private final String id;

		private @Nullable String name;

		private @Nullable URI documentation;

		private Trust trust = Trust.SYSTEM_ROOTS;

		private @Nullable String caPath;

		private @Nullable String caPassword;

		private SslMode sslMode = SslMode.VERIFY_IDENTITY;

		private @Nullable SslMode lowestSslMode;

		private Set<TlsVersion> tlsVersions = EnumSet.allOf(TlsVersion.class);

		private boolean clientCertificate;

		private @Nullable Pattern hostNames;

		private @Nullable Pattern publicHostNames;

		private @Nullable Pattern userNames;

		private @Nullable String userNameHint;

		private final Map<HandshakeFailure, String> remedies = new EnumMap<>(HandshakeFailure.class);

		private Builder(String id) {
			if (!ID.matcher(id).matches()) {
				throw new IllegalArgumentException(
						"'%s' is no id of a provider: use lower case letters, digits and single dashes".formatted(id));
			}
			this.id = id;
		}

		/**
		 * Name the service as its users know it.
		 * @param name the name for messages
		 * @return this builder
		 */
		public Builder name(String name) {
			this.name = Objects.requireNonNull(name);
			return this;
		}

		/**
		 * Name the page that describes TLS of this service.
		 * @param address an absolute address
		 * @return this builder
		 */
		public Builder documentation(String address) {
			this.documentation = URI.create(address);
			return this;
		}

		/**
		 * Say that the service has authorities of its own, which the user must provide in
		 * {@code dbtls.ca-path}.
		 * @return this builder
		 */
		public Builder caFile() {
			this.trust = Trust.CA_FILE;
			this.caPath = null;
			return this;
		}

		/**
		 * Say that the service has authorities of its own, and where they are unless the
		 * user sets {@code dbtls.ca-path}.
		 * @param caPath a location as in {@code dbtls.ca-path}, {@code classpath:} for
		 * example
		 * @return this builder
		 */
		public Builder caFile(String caPath) {
			this.trust = Trust.CA_FILE;
			this.caPath = Objects.requireNonNull(caPath);
			return this;
		}

		/**
		 * Give the password that all the service's key stores have.
		 * @param caPassword the password unless the user sets {@code dbtls.ca-password}
		 * @return this builder
		 */
		public Builder caPassword(String caPassword) {
			this.caPassword = Objects.requireNonNull(caPassword);
			return this;
		}

		/**
		 * Set the mode that is used unless the user asks for another one; it is the floor
		 * as well unless {@link #lowestSslMode(SslMode)} is lower.
		 * @param sslMode the mode
		 * @return this builder
		 */
		public Builder sslMode(SslMode sslMode) {
			this.sslMode = Objects.requireNonNull(sslMode);
			return this;
		}

		/**
		 * Allow a weaker mode to users who ask for it explicitly.
		 * @param lowestSslMode the weakest mode
		 * @return this builder
		 */
		public Builder lowestSslMode(SslMode lowestSslMode) {
			this.lowestSslMode = Objects.requireNonNull(lowestSslMode);
			return this;
		}

		/**
		 * Restrict the versions of TLS.
		 * @param first a version
		 * @param others further versions
		 * @return this builder
		 */
		public Builder tlsVersions(TlsVersion first, TlsVersion... others) {
			this.tlsVersions = EnumSet.of(first, others);
			return this;
		}

		/**
		 * Say that the service authenticates clients by certificate.
		 * @return this builder
		 */
		public Builder clientCertificate() {
			this.clientCertificate = true;
			return this;
		}

		/**
		 * Warn about hosts that the service's certificates do not name.
		 * @param regex a regular expression of all host names of the service
		 * @return this builder
		 */
		public Builder hostNames(String regex) {
			this.hostNames = Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
			return this;
		}

		/**
		 * Trust the system's roots too for hosts that have a certificate of a public
		 * authority.
		 * @param regex a regular expression of these host names
		 * @return this builder
		 */
		public Builder publicHostNames(String regex) {
			this.publicHostNames = Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
			return this;
		}

		/**
		 * Demand a form of user names; others fail startup.
		 * @param regex a regular expression of all user names of the service
		 * @param hint what the form is and where the user finds the right name
		 * @return this builder
		 */
		public Builder userNames(String regex, String hint) {
			this.userNames = Pattern.compile(regex);
			this.userNameHint = Objects.requireNonNull(hint);
			return this;
		}

		/**
		 * Say what users of this service can do about a failure.
		 * @param failure the failure
		 * @param remedy one or more sentences; a property in single quotes and without
		 * prefix, {@code 'ca-path'} for example, gets the prefix it has for the
		 * DataSource
		 * @return this builder
		 */
		public Builder remedy(HandshakeFailure failure, String remedy) {
			this.remedies.put(failure, remedy);
			return this;
		}

		/**
		 * Build the provider.
		 * @return an immutable provider
		 * @throws IllegalStateException if the floor is above the default, or the default
		 * verifies nothing
		 */
		public Provider build() {
			if (!this.sslMode.isVerifying()) {
				throw new IllegalStateException(
						"Provider '%s': %s verifies nothing, and is never a default; as lowestSslMode, users can ask for it"
							.formatted(this.id, this.sslMode.propertyValue()));
			}
			if (this.lowestSslMode != null && this.sslMode.isWeakerThan(this.lowestSslMode)) {
				throw new IllegalStateException("Provider '%s': the default mode %s is below its own floor %s"
					.formatted(this.id, this.sslMode.propertyValue(), this.lowestSslMode.propertyValue()));
			}
			return new Provider(this);
		}

	}

}

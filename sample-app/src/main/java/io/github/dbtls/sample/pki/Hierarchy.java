package io.github.dbtls.sample.pki;

import java.security.cert.X509Certificate;
import java.time.Duration;

import org.bouncycastle.asn1.x509.GeneralName;

/**
 * A root, an authority below it, and the certificates that the latter issues to database
 * servers: what a cloud has for one region or one cluster.
 */
public final class Hierarchy {

	private static final String NAME = "dbtls sample";

	/** Whom the certificate with the wrong name is for. */
	public static final String OTHER_NAME = "impostor.example";

	// Health warns 14 days before the end.
	private static final Duration SERVER_LIFETIME = Duration.ofDays(90);

	private final int generation;

	private final Authority root;

	private final Authority intermediate;

	private Hierarchy(int generation) {
		String suffix = (generation > 1) ? " " + generation : "";
		this.generation = generation;
		this.root = Authority.root(NAME + " root" + suffix);
		this.intermediate = this.root.intermediate(NAME + " intermediate" + suffix);
	}

	/**
	 * Create the first one.
	 * @return the hierarchy
	 */
	public static Hierarchy create() {
		return new Hierarchy(1);
	}

	/**
	 * Create the one that replaces this one.
	 * @return the next hierarchy
	 */
	public Hierarchy next() {
		return new Hierarchy(this.generation + 1);
	}

	/**
	 * Create that of a stranger: all names are the same, as nobody keeps a stranger from
	 * choosing them, and the keys are others.
	 * @return the stranger's hierarchy
	 */
	public Hierarchy stranger() {
		return new Hierarchy(this.generation);
	}

	/**
	 * Return what clients have to trust.
	 * @return the certificate of the root
	 */
	public X509Certificate root() {
		return this.root.certificate();
	}

	/**
	 * Issue a certificate for this machine.
	 * @return the certificate
	 */
	public ServerCertificate issue() {
		return forThisMachine(Validity.of(SERVER_LIFETIME));
	}

	/**
	 * Issue a certificate for this machine that is not valid any more.
	 * @return the certificate
	 */
	public ServerCertificate issueExpired() {
		return forThisMachine(Validity.over());
	}

	/**
	 * Issue a certificate for another machine.
	 * @return the certificate
	 */
	public ServerCertificate issueForOtherName() {
		return this.intermediate.server(Validity.of(SERVER_LIFETIME), OTHER_NAME,
				new GeneralName(GeneralName.dNSName, OTHER_NAME));
	}

	private ServerCertificate forThisMachine(Validity validity) {
		return this.intermediate.server(validity, "localhost", new GeneralName(GeneralName.dNSName, "localhost"),
				new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
	}

}

package io.github.dbtls.testkit.hostile;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.Identity;

/**
 * A row of the table of hostile cases: what a server does, and what becomes of it.
 */
public final class HostileCase {

	private final Group group;

	private final String name;

	private final FakeMySqlServer.Builder server;

	private Identity identity;

	private String host = "localhost";

	private List<X509Certificate> trusted = List.of();

	private X509Certificate anchor;

	private X509Certificate trustedBefore;

	private Identity shownLater;

	private String socketTimeout;

	private HandshakeFailure failure;

	private String text;

	private HandshakeFailure newerFailure;

	private String newerText;

	private boolean afterLogin;

	private Stock verifyCa = Stock.REFUSED;

	private Stock verifyIdentity = Stock.REFUSED;

	private String difference;

	private HostileCase(Group group, String name, FakeMySqlServer.Builder server) {
		this.group = group;
		this.name = name;
		this.server = server;
	}

	static HostileCase chain(String name, Identity identity, X509Certificate... trusted) {
		return shows(Group.CHAIN, name, identity, trusted);
	}

	static HostileCase name(String name, Identity identity, X509Certificate... trusted) {
		return shows(Group.NAME, name, identity, trusted);
	}

	private static HostileCase shows(Group group, String name, Identity identity, X509Certificate... trusted) {
		HostileCase hostile = new HostileCase(group, name, null);
		hostile.identity = identity;
		hostile.trusted = List.of(trusted);
		return hostile;
	}

	static HostileCase script(Group group, String name, FakeMySqlServer.Builder server, X509Certificate... trusted) {
		HostileCase hostile = new HostileCase(group, name, server);
		hostile.trusted = List.of(trusted);
		return hostile;
	}

	/**
	 * Set the host that the user wrote, in place of {@code localhost}.
	 */
	HostileCase host(String host) {
		this.host = host;
		return this;
	}

	/**
	 * Set the authority that an accepted chain leads to, in place of the first trusted
	 * one.
	 */
	HostileCase anchor(Authority anchor) {
		this.anchor = anchor.certificate();
		return this;
	}

	/**
	 * Let another pool that trusts this authority connect first.
	 */
	HostileCase afterPoolThatTrusts(Authority authority) {
		this.trustedBefore = authority.certificate();
		return this;
	}

	/**
	 * Let the server show another certificate once the pool has connected.
	 */
	HostileCase thenShows(Identity identity) {
		this.shownLater = identity;
		return this;
	}

	/**
	 * Set the driver's timeout, for what happens after the handshake.
	 */
	HostileCase socketTimeout(int milliseconds) {
		this.socketTimeout = String.valueOf(milliseconds);
		return this;
	}

	/**
	 * Set the verdict: refused before anything of a login is sent.
	 */
	HostileCase refused(HandshakeFailure failure, String text) {
		this.failure = failure;
		this.text = text;
		return this;
	}

	/**
	 * Set the verdict: refused after the server has proven its identity, so that the
	 * login may have been sent to it, inside TLS.
	 */
	HostileCase refusedInsideTls(HandshakeFailure failure, String text) {
		this.afterLogin = true;
		return refused(failure, text);
	}

	/**
	 * Set the other reason of a newer JDK, which ends it by itself, for Connector/J too.
	 */
	HostileCase newerJdk(HandshakeFailure failure, String text) {
		this.newerFailure = failure;
		this.newerText = text;
		return this;
	}

	/**
	 * Set the verdict: accepted, and why that is right.
	 */
	HostileCase accepted(String reason) {
		this.text = reason;
		return stock(Stock.ACCEPTED, Stock.ACCEPTED);
	}

	/**
	 * Set what Connector/J makes of it without us, if it does not refuse it.
	 */
	HostileCase stock(Stock verifyCa, Stock verifyIdentity) {
		this.verifyCa = verifyCa;
		this.verifyIdentity = verifyIdentity;
		return this;
	}

	/**
	 * Say why we decide otherwise than Connector/J.
	 */
	HostileCase because(String difference) {
		this.difference = difference;
		return this;
	}

	/**
	 * Return what kind of case it is.
	 * @return the group
	 */
	public Group group() {
		return this.group;
	}

	/**
	 * Return its name, which no other case has.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return what the server shows.
	 * @return the identity, or {@code null} if it is not the identity that matters
	 */
	public Identity identity() {
		return this.identity;
	}

	/**
	 * Return the host that the user wrote.
	 * @return the host
	 */
	public String host() {
		return this.host;
	}

	/**
	 * Return the trusted authorities.
	 * @return their certificates
	 */
	public X509Certificate[] trusted() {
		return this.trusted.toArray(X509Certificate[]::new);
	}

	/**
	 * Return the authority that an accepted chain leads to.
	 * @return its certificate
	 */
	public X509Certificate anchor() {
		return (this.anchor != null) ? this.anchor : this.trusted.get(0);
	}

	/**
	 * Return the authority that another pool trusts, which connects first.
	 * @return its certificate, or {@code null} for no other pool
	 */
	public X509Certificate trustedBefore() {
		return this.trustedBefore;
	}

	/**
	 * Return what the server shows once the pool has connected.
	 * @return the identity, or {@code null} for no change
	 */
	public Identity shownLater() {
		return this.shownLater;
	}

	/**
	 * Return the driver's timeout for what happens after the handshake.
	 * @return the timeout, or {@code null} if it is not set
	 */
	public String socketTimeout() {
		return this.socketTimeout;
	}

	/**
	 * Return the verdict.
	 * @param mode the mode of the pool
	 * @return whether the server is accepted
	 */
	public boolean isAccepted(SslMode mode) {
		return this.failure == null
				|| (mode == SslMode.VERIFY_CA && this.failure == HandshakeFailure.HOST_NAME_MISMATCH);
	}

	/**
	 * Return why it is refused.
	 * @return the kind of failure, or {@code null} if it is accepted
	 */
	public HandshakeFailure failure() {
		return this.failure;
	}

	/**
	 * Return why newer JDKs refuse it.
	 * @return the kind of failure, or {@code null} if they are not different
	 */
	public HandshakeFailure newerFailure() {
		return this.newerFailure;
	}

	/**
	 * Return what the message has to say of it with newer JDKs.
	 * @return the text, or {@code null}
	 */
	public String newerText() {
		return this.newerText;
	}

	/**
	 * Return what the message has to say of a refusal, or why it is right to accept.
	 * @return the text
	 */
	public String text() {
		return this.text;
	}

	/**
	 * Return whether it is refused after the handshake only.
	 * @return whether the verified server may have got the login, inside TLS
	 */
	public boolean isAfterLogin() {
		return this.afterLogin;
	}

	/**
	 * Return what Connector/J makes of it without us.
	 * @param mode its {@code sslMode}
	 * @return its verdict
	 */
	public Stock stock(SslMode mode) {
		return (mode == SslMode.VERIFY_CA) ? this.verifyCa : this.verifyIdentity;
	}

	/**
	 * Return why we decide otherwise than Connector/J.
	 * @return the reason, or {@code null} if both decide the same
	 */
	public String difference() {
		return this.difference;
	}

	/**
	 * Start the server.
	 * @param protocols the versions of TLS that it has, or none for all
	 * @return the server, to be closed
	 */
	public FakeMySqlServer start(String... protocols) {
		FakeMySqlServer.Builder builder = (this.server != null) ? this.server : FakeMySqlServer.tls(this.identity);
		return ((protocols.length != 0) ? builder.protocols(protocols) : builder).start();
	}

	@Override
	public String toString() {
		return this.name;
	}

	static X509Certificate[] certificates(Authority... authorities) {
		return Stream.of(authorities).map(Authority::certificate).toArray(X509Certificate[]::new);
	}

	/**
	 * Kinds of cases.
	 */
	public enum Group {

		/** What leads from the server's certificate to a trusted authority. */
		CHAIN,

		/** What the certificate says about the host. */
		NAME,

		/** What goes over the wire up to the end of the handshake. */
		PROTOCOL,

		/** What a server may ask of a login. */
		LOGIN

	}

	/**
	 * What Connector/J makes of a case without us.
	 */
	public enum Stock {

		/** No connection. */
		REFUSED("refused"),

		/** A connection. */
		ACCEPTED("accepted"),

		/** Neither, for as long as the server likes. */
		HANGS("waits for ever"),

		/** Decided by the order of hash codes. */
		BY_CHANCE("by chance");

		private final String text;

		Stock(String text) {
			this.text = text;
		}

		/**
		 * Return it in words.
		 * @return the words
		 */
		public String text() {
			return this.text;
		}

	}

}

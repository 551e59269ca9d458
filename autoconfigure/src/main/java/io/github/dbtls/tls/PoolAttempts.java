package io.github.dbtls.tls;

import java.io.IOException;
import java.time.Clock;
import java.util.List;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.diagnosis.HandshakeDiagnosis;
import io.github.dbtls.diagnosis.HandshakeFacts;
import io.github.dbtls.diagnosis.LoginDiagnosis;
import io.github.dbtls.diagnosis.LoginRefusal;
import io.github.dbtls.trust.TrustMaterial;
import org.jspecify.annotations.Nullable;

/**
 * What became of the attempts of one pool to open a connection: before the handshake, in
 * it and behind it. Those who see an attempt end take it down here, those who are asked
 * about it find its explanation.
 */
public final class PoolAttempts {

	private final PoolTls tls;

	private final HandshakeHistory history;

	private final Clock clock;

	PoolAttempts(PoolTls tls, HandshakeHistory history, Clock clock) {
		this.tls = tls;
		this.history = history;
		this.clock = clock;
	}

	/**
	 * Take down that a connection is about to be opened.
	 * @param host the host as the driver knows it
	 * @param port the port
	 */
	public void attempting(String host, int port) {
		this.history.attempting(host, port);
	}

	/**
	 * Explain and take down a failure that was noticed before the handshake itself.
	 * @param host the host as the driver knows it
	 * @param port the port
	 * @param failure the kind of failure, or {@code null} to tell it from the exception
	 * @param thrown what was thrown
	 * @return the exception to throw instead
	 */
	public TlsHandshakeException failed(String host, int port, @Nullable HandshakeFailure failure, Throwable thrown) {
		HandshakeFacts facts = facts(host, port);
		TlsHandshakeException explained = (failure != null) ? HandshakeDiagnosis.explain(facts, failure, thrown)
				: HandshakeDiagnosis.explain(facts, thrown);
		this.history.failed(explained, null);
		return explained;
	}

	/**
	 * Explain and take down that nothing answered. The last handshake stays what it was.
	 * @param host the host as the driver knows it
	 * @param port the port
	 * @param thrown what was thrown
	 * @return the exception to throw where it is not the driver that throws
	 */
	public TlsHandshakeException unreachable(String host, int port, IOException thrown) {
		TlsHandshakeException explained = HandshakeDiagnosis.explain(facts(host, port), HandshakeFailure.UNREACHABLE,
				thrown);
		this.history.unreachable(explained);
		return explained;
	}

	/**
	 * Explain and take down that a server refused the client in place of its greeting.
	 * @param host the host as the driver knows it
	 * @param port the port
	 * @param refusal what the server said
	 * @param thrown what was thrown
	 * @return the exception to throw instead
	 */
	public TlsHandshakeException refused(String host, int port, LoginRefusal refusal, Throwable thrown) {
		TlsHandshakeException explained = LoginDiagnosis.beforeTls(facts(host, port), refusal, thrown);
		this.history.failed(explained, null);
		return explained;
	}

	/**
	 * Take down that a login begins inside TLS.
	 * @param host the host as the driver knows it
	 * @param port the port
	 */
	public void loginBegins(String host, int port) {
		this.history.loginBegins(host, port);
	}

	/**
	 * Take down that the server accepted the login.
	 * @param host the host as the driver knows it
	 * @param port the port
	 */
	public void loggedIn(String host, int port) {
		this.history.loggedIn(host, port);
	}

	/**
	 * Take down that a connection ended as it was meant to, without a login.
	 */
	public void hungUp() {
		this.history.finished();
	}

	/**
	 * Explain why the last login was refused.
	 * @param refusal what the server said
	 * @param thrown what the driver or the pool threw
	 * @return the explanation, or {@code null} if the last login was accepted
	 */
	public @Nullable TlsHandshakeException explainLogin(LoginRefusal refusal, Throwable thrown) {
		HandshakeHistory.Attempt pending = this.history.pendingLogin();
		return (pending != null) ? LoginDiagnosis.insideTls(facts(pending.host(), pending.port()), refusal,
				isClientCertificateUnasked(), thrown) : null;
	}

	/**
	 * Log that the server refuses the login, once until it accepts one.
	 * @param explained why
	 */
	public void loginRefused(TlsHandshakeException explained) {
		this.history.loginRefused(explained);
	}

	/**
	 * Explain what the driver noticed by itself.
	 * @param failure the kind of failure
	 * @param thrown what the driver or the pool threw
	 * @return the explanation, or {@code null} if no connection was tried yet
	 */
	public @Nullable TlsHandshakeException explain(HandshakeFailure failure, Throwable thrown) {
		HandshakeHistory.Attempt last = this.history.lastAttempt();
		return (last != null) ? HandshakeDiagnosis.explain(facts(last.host(), last.port()), failure, thrown) : null;
	}

	/**
	 * Explain an alert that ended a connection long after its handshake. What a server
	 * has to say about the client's certificate is said before (see
	 * {@link PoolTls#handshake}).
	 * @param thrown what the driver or the pool threw
	 * @return the explanation, or {@code null} if it was not the server that broke TLS
	 * off
	 */
	public @Nullable TlsHandshakeException explainAlert(Throwable thrown) {
		HandshakeHistory.Attempt last = this.history.lastAttempt();
		if (last == null || !HandshakeDiagnosis.isAlert(thrown)) {
			return null;
		}
		return HandshakeDiagnosis.explain(facts(last.host(), last.port()), thrown);
	}

	/**
	 * Return where the last connection was opened to, or failed to be.
	 * @return {@code host:port}, or {@code null} before the first
	 */
	public @Nullable String lastAttempt() {
		HandshakeHistory.Attempt last = this.history.lastAttempt();
		return (last != null) ? last.toString() : null;
	}

	/**
	 * Return whether the last connection was opened to a server that does not ask for the
	 * client certificate that the policy has.
	 * @return whether a client certificate was kept back
	 */
	public boolean isClientCertificateUnasked() {
		return this.history.isClientCertificateUnasked();
	}

	/**
	 * Return why the last handshake failed.
	 * @return the failure, or {@code null} if the last handshake succeeded
	 */
	public @Nullable TlsHandshakeException lastFailure() {
		return this.history.lastFailure();
	}

	/**
	 * Return why the last handshake failed, if that is news.
	 * @param start a time of {@link System#nanoTime()}
	 * @return the failure, or {@code null} if the last handshake succeeded, or failed
	 * before that time
	 */
	public @Nullable TlsHandshakeException lastFailureSince(long start) {
		return this.history.lastFailureSince(start);
	}

	/**
	 * Return whether the last handshake failed, and later than that of another pool.
	 * @param other the other pool
	 * @return whether it is this pool that failed last
	 */
	public boolean failedAfter(PoolAttempts other) {
		return this.history.failedAfter(other.history);
	}

	/**
	 * Return whether a connection was tried, and none came to be since.
	 * @return whether what the driver throws may be of that connection
	 */
	public boolean isUnfinished() {
		return this.history.isUnfinished();
	}

	/**
	 * Return what was thrown when nothing answered the last time.
	 * @return what was thrown, or {@code null} if something answered
	 */
	public @Nullable Throwable unreached() {
		return this.history.unreached();
	}

	private HandshakeFacts facts(String host, int port) {
		TrustMaterial trust = this.tls.trust();
		return new HandshakeFacts(host, port, this.tls.policy(), trust.source(), trust.certificates(), List.of(), null,
				false, this.clock.instant());
	}

}

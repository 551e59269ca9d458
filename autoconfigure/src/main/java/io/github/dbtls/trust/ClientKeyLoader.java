package io.github.dbtls.trust;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

import io.github.dbtls.ClientKeySource;
import io.github.dbtls.DbTlsConfigurationException;

/**
 * Reads the certificate and the private key that {@link ClientKeySource.Files} name.
 * <p>
 * Locations are read as those of {@code ca-path} are, and within the same kind of bounds.
 * A step that fails ends the load with a message of its own: a server that gets a bad
 * certificate, or none, says no more than "access denied".
 * <ol>
 * <li>Both files are PEM (<a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468</a>),
 * and may be the same file.</li>
 * <li>The key is PKCS#8 (<a href="https://www.rfc-editor.org/rfc/rfc5958">RFC 5958</a>),
 * encrypted or not, PKCS#1 (<a href="https://www.rfc-editor.org/rfc/rfc8017">RFC
 * 8017</a>) or SEC1 (<a href="https://www.rfc-editor.org/rfc/rfc5915">RFC 5915</a>). Boot
 * parses it.</li>
 * <li>The first certificate is that of the key, and each one was issued by the next
 * (<a href="https://www.rfc-editor.org/rfc/rfc5246#section-7.4.2">RFC 5246, 7.4.2</a>;
 * TLS 1.3 allows any order, its servers often do not).</li>
 * <li>The client's certificate is valid now.</li>
 * <li>An RSA key has 2048 bits or more: the client gives no less than it asks of servers
 * (<a href="https://csrc.nist.gov/pubs/sp/800/131/a/r2/final">NIST SP 800-131A rev.
 * 2</a>), and whoever runs an authority for clients can issue another one.</li>
 * </ol>
 */
final class ClientKeyLoader {

	private ClientKeyLoader() {
	}

	/**
	 * Read certificate and key.
	 * @param source where to read from
	 * @param standard what reading depends on besides
	 * @param warnings told what its author would want to know
	 * @return a pair that fits
	 * @throws DbTlsConfigurationException if it cannot be read, does not fit, or is not
	 * usable now; the message holds no password and no key
	 */
	static ClientKey load(ClientKeySource.Files source, LoadContext standard, Consumer<String> warnings) {
		LoadContext context = bounded(standard);
		FileSetting certificateFile = FileSetting.ofCertificate(source);
		FileSetting keyFile = FileSetting.ofPrivateKey(source);
		Location certificateLocation = Location.of(certificateFile);
		Location keyLocation = Location.of(keyFile);
		Problem certificateProblem = certificateLocation.problem(certificateFile);
		Problem keyProblem = keyLocation.problem(keyFile);
		byte[] certificateBytes = certificateLocation.read(certificateProblem, context);
		// One file is read once: read twice, it could change in between.
		byte[] keyBytes = keyLocation.equals(certificateLocation) ? certificateBytes
				: keyLocation.read(keyProblem, context);
		Instant now = context.clock().instant();
		List<X509Certificate> chain = new ClientChainReader(certificateProblem, source, context.limits())
			.read(certificateBytes);
		PrivateKey privateKey = new PrivateKeyReader(keyProblem, source).read(keyBytes);
		new ClientKeyCheck(source, certificateProblem, keyProblem, now, warnings).check(chain, privateKey);
		return new ClientKey(source.toString(), chain, privateKey, now);
	}

	/**
	 * Return a context that reads no more than a client's certificate or key has.
	 * @param context any context
	 * @return the same with other limits
	 */
	static LoadContext bounded(LoadContext context) {
		return new LoadContext(context.clock(), context.classLoader(), Limits.CLIENT, context.opener());
	}

}

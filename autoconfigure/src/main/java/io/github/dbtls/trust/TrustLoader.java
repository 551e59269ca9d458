package io.github.dbtls.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TrustSource;
import io.github.dbtls.TrustSource.CaFile;
import org.jspecify.annotations.Nullable;

/**
 * Reads the authorities that a {@link TrustSource} stands for.
 * <p>
 * A certificate file is read as follows; a step that fails ends the load with a message
 * of its own.
 * <ol>
 * <li>The location is one plain path, {@code file:} or {@code classpath:}. Nothing is
 * fetched over a network.</li>
 * <li>A directory, device, pipe or socket is refused before it is opened, and no more
 * than a bounded number of bytes is read: a wrong path must neither block a start nor
 * fill the memory.</li>
 * <li>The format is told by content, never by name: PEM with any number of certificates
 * (<a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468</a>), DER, PKCS#7
 * (<a href="https://www.rfc-editor.org/rfc/rfc5652">RFC 5652</a>), PKCS#12
 * (<a href="https://www.rfc-editor.org/rfc/rfc7292">RFC 7292</a>), JKS, and a zip that
 * holds one of these, as TencentDB's console gives.</li>
 * <li>Every certificate must be whole: one broken certificate of a bundle fails the load,
 * since a trust that silently lacks an authority fails much later and far away.</li>
 * <li>What is no authority is left out with a warning
 * (<a href="https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.9">RFC 5280, 4.2.1.9</a>
 * and 4.2.1.3). At least one authority must remain, and at least one be valid now.</li>
 * </ol>
 */
final class TrustLoader {

	private TrustLoader() {
	}

	/**
	 * Read the authorities.
	 * @param source where to read from
	 * @param bundle what the SSL bundle holds that the source names, or {@code null} if
	 * it names none
	 * @param context what reading depends on besides
	 * @param warnings told what its author would want to know
	 * @return at least one authority, or none at all for {@link TrustSource.None}
	 * @throws DbTlsConfigurationException if the source cannot be read, holds something
	 * else, or nothing that is usable now; the message holds no password and no key
	 */
	static TrustMaterial load(TrustSource source, @Nullable BundleContents bundle, LoadContext context,
			Consumer<String> warnings) {
		Instant now = context.clock().instant();
		List<X509Certificate> ofFile = (source instanceof CaFile file) ? load(file, context, now, warnings) : List.of();
		List<X509Certificate> certificates = new ArrayList<>(ofFile);
		if (source instanceof TrustSource.Bundle && bundle != null) {
			certificates.addAll(bundle.authorities(now, warnings));
		}
		if (source.usesSystemRoots()) {
			certificates.addAll(SystemRootCertificates.load());
		}
		return new TrustMaterial(source.toString(), certificates, ofFile, now);
	}

	private static List<X509Certificate> load(CaFile file, LoadContext context, Instant now,
			Consumer<String> warnings) {
		FileSetting setting = FileSetting.of(file);
		Location location = Location.of(setting);
		Problem problem = location.problem(setting);
		byte[] bytes = location.read(problem, context);
		Contents contents = new ContentReader(file, context.limits()).read(bytes, problem);
		return Authorities.select(contents, problem, now, warnings);
	}

}

package io.github.dbtls.sample.embedded;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

import io.github.dbtls.sample.pki.TrustFormat;

/**
 * File that tells the application whom to trust, as whoever runs the application would
 * put it in place: whole, at one stroke.
 */
public final class TrustFile {

	private final PrivateFolder folder;

	private final TrustFormat format;

	TrustFile(PrivateFolder folder, TrustFormat format) {
		this.folder = folder;
		this.format = format;
	}

	/**
	 * Replace the file.
	 * @param authorities what is to be trusted
	 */
	public void write(List<X509Certificate> authorities) {
		this.folder.replace(this.format.file(), content(authorities));
	}

	/**
	 * Replace the file by its first half, as a copy does that was interrupted.
	 * @param authorities what is to be trusted
	 */
	public void writeHalf(List<X509Certificate> authorities) {
		byte[] content = content(authorities);
		this.folder.replace(this.format.file(), Arrays.copyOf(content, content.length / 2));
	}

	/**
	 * Return where it is.
	 * @return the path
	 */
	public Path path() {
		return this.folder.resolve(this.format.file());
	}

	private byte[] content(List<X509Certificate> authorities) {
		try {
			return this.format.write(authorities);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to write " + path(), ex);
		}
	}

}

package io.github.dbtls.trust;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

import io.github.dbtls.DbTlsConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * What the files and the SSL bundle of a pool held at one moment. Content alone tells one
 * from another: time stamps are too coarse on some file systems, wrong on others, and the
 * same again when a symbolic link is swapped back.
 */
public final class MaterialSnapshot {

	private final Map<Path, byte[]> contents;

	private final @Nullable BundleContents bundle;

	private final MaterialSource source;

	private final String digest;

	MaterialSnapshot(Map<Path, byte[]> contents, @Nullable BundleContents bundle, MaterialSource source) {
		this.contents = contents;
		this.bundle = bundle;
		this.source = source;
		this.digest = digest(contents) + ((bundle != null) ? bundle.digest() : "");
	}

	private static String digest(Map<Path, byte[]> contents) {
		StringBuilder digests = new StringBuilder();
		contents.values().forEach((bytes) -> digests.append(HexFormat.of().formatHex(sha256().digest(bytes))));
		return digests.toString();
	}

	static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JVM has SHA-256", ex);
		}
	}

	/**
	 * Judge and parse the content.
	 * @return the material
	 * @throws DbTlsConfigurationException if it would not do at startup either
	 */
	public PoolMaterial load() {
		return this.source.load(this.contents, this.bundle);
	}

	/**
	 * Return what tells this content from another.
	 * @return a digest of all of it
	 */
	String digest() {
		return this.digest;
	}

}

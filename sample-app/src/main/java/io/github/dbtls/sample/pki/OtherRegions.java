package io.github.dbtls.sample.pki;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Authorities that no server of ours uses, as most of the bundle of Amazon RDS are to an
 * application. They are made when first needed; their keys are forgotten at once.
 */
final class OtherRegions {

	/** As many authorities as the bundle of Amazon RDS has. */
	static final int BUNDLE = 115;

	private static final List<X509Certificate> CERTIFICATES = IntStream.range(1, BUNDLE)
		.mapToObj((number) -> Authority.root("dbtls sample region %d root".formatted(number)).certificate())
		.toList();

	private OtherRegions() {
	}

	/**
	 * Put authorities in the middle of those of the other regions.
	 * @param authorities the authorities that matter
	 * @return all of them
	 */
	static List<X509Certificate> around(List<X509Certificate> authorities) {
		List<X509Certificate> bundle = new ArrayList<>(CERTIFICATES);
		bundle.addAll(BUNDLE / 2, authorities);
		return bundle;
	}

}

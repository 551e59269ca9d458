package io.github.dbtls.trust;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.dbtls.ClientKeySource;

/**
 * Reads the certificates of a client.
 *
 * @param problem words what is wrong
 * @param source where the key belongs, for messages
 * @param limits how many certificates are read
 */
record ClientChainReader(Problem problem, ClientKeySource.Files source, Limits limits) {

	List<X509Certificate> read(byte[] bytes) {
		List<X509Certificate> chain = new ArrayList<>();
		Set<String> others = new LinkedHashSet<>();
		boolean key = false;
		DerReader reader = new DerReader(this.problem, this.limits);
		for (PemBlock block : ClientPem.read(bytes, this.problem)) {
			if (block.isCertificate()) {
				String position = "certificate %d at line %d".formatted(chain.size() + 1, block.line());
				chain.addAll(reader.readOne(decode(block, position), position));
			}
			else {
				others.add(block.words());
				key |= block.isPrivateKey();
			}
			if (chain.size() > this.limits.certificates()) {
				throw BoundedInput.tooMany(this.problem, this.limits);
			}
		}
		if (chain.isEmpty()) {
			throw this.problem.which(
					"holds %s and no certificate".formatted(Texts.some(others)), key
							? "Name the file of the client's certificate here; the key belongs in '%s'."
								.formatted(this.source.privateKeyProperty())
							: "Name the file of the client's certificate here.");
		}
		return chain;
	}

	private byte[] decode(PemBlock block, String position) {
		try {
			return block.decode();
		}
		catch (IllegalArgumentException ex) {
			throw this.problem.which("holds a certificate that cannot be read, %s: it is no base64".formatted(position),
					"Copy the file again, whole.", ex);
		}
	}

}

package io.github.dbtls.sample.pki;

import java.io.ByteArrayInputStream;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TrustFormat}.
 */
class TrustFormatTests {

	private static final List<X509Certificate> ROOTS = List.of(Hierarchy.create().root(),
			Hierarchy.create().next().root());

	@Test
	void pemHoldsAll() throws Exception {
		assertThat(read(TrustFormat.PEM.write(ROOTS))).containsExactlyElementsOf(ROOTS);
	}

	@Test
	void bundleHoldsAsManyAsThatOfAmazon() throws Exception {
		byte[] bundle = TrustFormat.BUNDLE.write(ROOTS.subList(0, 1));
		assertThat(read(bundle)).hasSize(115).contains(ROOTS.get(0)).doesNotHaveDuplicates();
		// The other regions stay the same.
		assertThat(TrustFormat.BUNDLE.write(ROOTS.subList(0, 1))).isEqualTo(bundle);
	}

	@Test
	void zipHoldsThreeFormats() throws Exception {
		List<String> names = new ArrayList<>();
		try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(TrustFormat.ZIP.write(ROOTS)))) {
			for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
				names.add(entry.getName());
				byte[] content = zip.readAllBytes();
				if (entry.getName().endsWith(".jks")) {
					assertThat(store(content).size()).isEqualTo(2);
				}
				else {
					assertThat(read(content)).hasSameElementsAs(ROOTS);
				}
			}
		}
		assertThat(names).containsExactlyInAnyOrder("TencentDB-CA-Chain.jks", "TencentDB-CA-Chain.p7b",
				"TencentDB-CA-Chain.pem");
	}

	@Test
	void keyStoreHasThePasswordOfTencentDb() throws Exception {
		KeyStore store = store(TrustFormat.JKS.write(ROOTS));
		assertThat(store.getCertificate("ca-0")).isEqualTo(ROOTS.get(0));
		assertThat(store.getCertificate("ca-1")).isEqualTo(ROOTS.get(1));
	}

	private static KeyStore store(byte[] content) throws Exception {
		KeyStore store = KeyStore.getInstance("JKS");
		store.load(new ByteArrayInputStream(content), "tencentdb".toCharArray());
		return store;
	}

	private static List<Certificate> read(byte[] content) throws Exception {
		Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
			.generateCertificates(new ByteArrayInputStream(content));
		return List.copyOf(certificates);
	}

}

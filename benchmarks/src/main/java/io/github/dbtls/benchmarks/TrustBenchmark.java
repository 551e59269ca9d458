package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import io.github.dbtls.TlsPolicy;
import io.github.dbtls.testkit.KeyType;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.trust.PoolMaterial;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import org.springframework.util.FileSystemUtils;

/**
 * Reading trusted authorities and making a TLS context of them: what stock Connector/J
 * does for each connection, and dbtls once.
 */
@State(Scope.Benchmark)
public class TrustBenchmark {

	/** How many authorities are in the file. */
	@Param({ "1", "115" })
	private int authorities;

	private Path directory = Path.of("");

	private Path pkcs12 = Path.of("");

	private TlsPolicy policy = Materials.policy(Path.of("unknown"), List.of("TLSv1.3"));

	@org.jspecify.annotations.Nullable
	private PoolMaterial material;

	@org.jspecify.annotations.Nullable
	private KeyStore store;

	/**
	 * Write the files.
	 * @throws Exception if it fails
	 */
	@Setup
	public void write() throws Exception {
		this.directory = Files.createTempDirectory("trust-benchmark");
		TrustFiles files = TrustFiles.write(this.directory,
				TestCertificates.authority("CN=Benchmark CA", KeyType.RSA_2048));
		this.pkcs12 = (this.authorities == 1) ? files.pkcs12() : files.manyPkcs12();
		this.policy = Materials.policy((this.authorities == 1) ? files.pem() : files.manyPem(),
				List.of("TLSv1.3", "TLSv1.2"));
		this.material = Materials.read(this.policy);
		this.store = pkcs12ByStockMeans();
	}

	/**
	 * Delete the files.
	 * @throws IOException if it fails
	 */
	@TearDown
	public void delete() throws IOException {
		FileSystemUtils.deleteRecursively(this.directory);
	}

	/**
	 * Read PEM as dbtls does.
	 * @return the material
	 */
	@Benchmark
	public PoolMaterial pemByDbTls() {
		return Materials.read(this.policy);
	}

	/**
	 * Read PKCS#12 as Connector/J does.
	 * @return the key store
	 * @throws Exception if it fails
	 */
	@Benchmark
	public KeyStore pkcs12ByStockMeans() throws Exception {
		try (InputStream input = Files.newInputStream(this.pkcs12)) {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(input, TrustFiles.PASSWORD.toCharArray());
			return store;
		}
	}

	/**
	 * Make the TLS context of a generation.
	 * @return the TLS of a pool in its first generation
	 */
	@Benchmark
	public PoolTls contextByDbTls() {
		return Materials.tls(this.policy, Objects.requireNonNull(this.material));
	}

	/**
	 * Make a TLS context of a key store.
	 * @return the context
	 * @throws GeneralSecurityException if it fails
	 */
	@Benchmark
	public SSLContext contextByStockMeans() throws GeneralSecurityException {
		TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
		factory.init(this.store);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, factory.getTrustManagers(), null);
		return context;
	}

}

package io.github.dbtls.trust;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.dbtls.BundleOrigin;
import io.github.dbtls.ClientKeySource;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TrustSource;
import io.github.dbtls.TrustSource.CaFile;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundles;

/**
 * Where the material of one pool comes from.
 */
public final class MaterialSource {

	private final TlsPolicy policy;

	private final LoadContext context;

	private final List<WatchedFile> files;

	private final @Nullable SslBundleReader bundle;

	private volatile @Nullable Problem reading;

	private MaterialSource(TlsPolicy policy, @Nullable SslBundles bundles, LoadContext context) {
		this.policy = policy;
		this.context = context;
		this.files = files(policy, context);
		this.bundle = bundle(policy, bundles);
	}

	/**
	 * Return where the material of a policy comes from.
	 * @param policy the policy
	 * @param bundles the SSL bundles that the policy's is among, or {@code null} if there
	 * are none
	 * @return its source
	 * @throws DbTlsConfigurationException if a location cannot be one
	 */
	public static MaterialSource of(TlsPolicy policy, @Nullable SslBundles bundles) {
		return of(policy, bundles, LoadContext.standard());
	}

	static MaterialSource of(TlsPolicy policy, @Nullable SslBundles bundles, LoadContext context) {
		return new MaterialSource(policy, bundles, context);
	}

	private static @Nullable SslBundleReader bundle(TlsPolicy policy, @Nullable SslBundles bundles) {
		if (policy.trust() instanceof TrustSource.Bundle trust) {
			return SslBundleReader.of(trust.origin(), bundles);
		}
		return (policy.clientKey() instanceof ClientKeySource.Bundle key) ? SslBundleReader.of(key.origin(), bundles)
				: null;
	}

	private static List<WatchedFile> files(TlsPolicy policy, LoadContext context) {
		List<WatchedFile> files = new ArrayList<>();
		if (policy.trust() instanceof CaFile file) {
			add(files, FileSetting.of(file), context);
		}
		if (policy.clientKey() instanceof ClientKeySource.Files key) {
			LoadContext client = ClientKeyLoader.bounded(context);
			add(files, FileSetting.ofCertificate(key), client);
			add(files, FileSetting.ofPrivateKey(key), client);
		}
		return files;
	}

	private static void add(List<WatchedFile> files, FileSetting setting, LoadContext context) {
		Location location = Location.of(setting);
		if (location.file() != null) {
			files.add(new WatchedFile(location.file(), location, location.problem(setting), context));
		}
	}

	/**
	 * Return whether the material can change while the application runs. The class path
	 * and the roots of the JVM do not, nor does what came with a service connection.
	 * @return whether a file or an SSL bundle that may change is among its sources
	 */
	public boolean isWatchable() {
		BundleOrigin origin = this.policy.sslBundle();
		return !this.files.isEmpty() || (origin != null && origin.isUpdatable());
	}

	/**
	 * Read files and bundle as they are now, without judging what they hold.
	 * @return their content
	 * @throws DbTlsConfigurationException if one cannot be read
	 */
	public MaterialSnapshot read() {
		Map<Path, byte[]> contents = new LinkedHashMap<>();
		for (WatchedFile file : this.files) {
			// Certificate and key may be one file: read twice, it could change in
			// between.
			contents.computeIfAbsent(file.path(),
					(path) -> read(file.problem(), () -> file.location().read(file.problem(), file.context())));
		}
		return new MaterialSnapshot(contents,
				(this.bundle != null) ? read(this.bundle.problem(), this.bundle::read) : null, this);
	}

	private <T> T read(Problem problem, Supplier<T> reader) {
		this.reading = problem;
		try {
			return reader.get();
		}
		finally {
			this.reading = null;
		}
	}

	/**
	 * Word that {@link #read()}, in another thread, does not return.
	 * @param time for how long
	 * @return what is wrong, or {@code null} if nothing is being read now
	 */
	public @Nullable DbTlsConfigurationException hanging(Duration time) {
		Problem problem = this.reading;
		return (problem != null)
				? problem.which("cannot be read: reading it has not returned for %d s".formatted(time.toSeconds()),
						"Find out why the file system does not give it: is it one of a network, whose server is away?")
				: null;
	}

	/**
	 * Judge what was read, by the rules that apply at startup.
	 * @param contents the bytes of each file
	 * @param bundle what the SSL bundle holds, or {@code null} if none is named
	 * @return the material
	 */
	PoolMaterial load(Map<Path, byte[]> contents, @Nullable BundleContents bundle) {
		List<String> warnings = new ArrayList<>();
		if (bundle != null) {
			bundle.requireFit(this.policy);
			bundle.warn(this.policy, warnings::add);
		}
		LoadContext.Opener opener = new SnapshotOpener(contents, this.context.opener());
		LoadContext snapshot = new LoadContext(this.context.clock(), this.context.classLoader(), this.context.limits(),
				opener);
		TrustMaterial trust = TrustLoader.load(this.policy.trust(), bundle, snapshot, warnings::add);
		return new PoolMaterial(trust, clientKey(bundle, snapshot, warnings::add), warnings);
	}

	private @Nullable ClientKey clientKey(@Nullable BundleContents bundle, LoadContext snapshot,
			Consumer<String> warnings) {
		if (this.policy.clientKey() instanceof ClientKeySource.Files pem) {
			return ClientKeyLoader.load(pem, snapshot, warnings);
		}
		return (this.policy.clientKey() != null && bundle != null)
				? bundle.clientKey(this.policy.clientKey(), snapshot.clock().instant(), warnings) : null;
	}

	/**
	 * A file that may change.
	 *
	 * @param path the file
	 * @param location its location
	 * @param problem words what is wrong with it
	 * @param context how much is read
	 */
	private record WatchedFile(Path path, Location location, Problem problem, LoadContext context) {
	}

}

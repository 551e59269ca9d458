package io.github.dbtls;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.dbtls.TlsSettings.Setting;
import io.github.dbtls.testkit.Secrets;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.trust.ClientKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The {@code toString} of a record shows all that it holds, unless somebody thought of
 * it: each record is made with a secret in it, those included that do not exist yet.
 */
class SecretsInRecordsTests {

	private static final String SECRET = "hidden-word";

	private static final PrivateKey KEY = TestCertificates.authority("CN=Test CA").privateKey();

	private static final List<X509Certificate> CHAIN = List.of(TestCertificates.authority("CN=Test CA").certificate());

	/**
	 * Names of what may hold a secret, whatever its type is; not of the property that it
	 * stands in. A {@code privateKey} is told by its type: as a text it is a location.
	 */
	private static final Pattern SECRET_NAME = Pattern.compile("(?i).*(password|secret|credential)(?!.*property).*");

	static Stream<Class<?>> recordsWithSecrets() throws IOException, URISyntaxException {
		Path classes = Path.of(TlsSettings.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		List<Class<?>> records = new ArrayList<>();
		try (Stream<Path> files = Files.walk(classes)) {
			for (Path file : files.filter((path) -> path.toString().endsWith(".class")).toList()) {
				String name = classes.relativize(file).toString().replace(File.separatorChar, '.');
				Class<?> type = ClassUtils.resolveClassName(name.substring(0, name.length() - 6), null);
				if (holdsSecret(type)) {
					records.add(type);
				}
			}
		}
		return records.stream();
	}

	@ParameterizedTest
	@MethodSource("recordsWithSecrets")
	void toStringOfRecordHasNoSecret(Class<?> type) throws ReflectiveOperationException {
		assertThat(Secrets.find(String.valueOf(instance(type, false)))).as("toString of %s", type).isNull();
	}

	@Test
	void recordsWithSecretsAreFound() throws IOException, URISyntaxException {
		assertThat(recordsWithSecrets())
			.contains(TlsSettings.class, TrustSource.CaFile.class, ClientKeySource.Files.class, ClientKey.class)
			.doesNotContain(TlsSession.class);
	}

	@Test
	void secretIsFoundInRecordThatShowsIt() throws ReflectiveOperationException {
		record Inner(String name, Setting<String> keyPassword) {

			@Override
			public String toString() {
				return this.name + this.keyPassword.value();
			}

		}
		record Outer(int number, List<String> names, Inner inner) {

		}
		assertThat(holdsSecret(Outer.class)).isTrue();
		assertThat(Secrets.find(instance(Outer.class, false).toString())).isNotNull();
	}

	private static boolean holdsSecret(Class<?> type) {
		return type.isRecord() && Arrays.stream(type.getRecordComponents())
			.anyMatch((component) -> SECRET_NAME.matcher(component.getName()).matches()
					|| PrivateKey.class.isAssignableFrom(component.getType()) || holdsSecret(component.getType()));
	}

	private static Object instance(Class<?> type, boolean secret) throws ReflectiveOperationException {
		if (type.isRecord()) {
			return recordInstance(type, secret);
		}
		if (type == String.class || type == Object.class) {
			return secret ? SECRET : "x";
		}
		if (type == char[].class) {
			return SECRET.toCharArray();
		}
		if (type.isAssignableFrom(PrivateKey.class) || PrivateKey.class.isAssignableFrom(type)) {
			return KEY;
		}
		if (type == boolean.class) {
			return false;
		}
		if (type.isPrimitive()) {
			return Array.get(Array.newInstance(type, 1), 0);
		}
		if (type == List.class) {
			return secret ? List.of(SECRET) : List.of();
		}
		if (type == Set.class) {
			return secret ? Set.of(SECRET) : Set.of();
		}
		if (type == Map.class) {
			return secret ? Map.of(SECRET, SECRET) : Map.of();
		}
		if (type == Optional.class) {
			return secret ? Optional.of(SECRET) : Optional.empty();
		}
		if (secret) {
			throw new IllegalStateException("Say here how a %s with a secret is made".formatted(type));
		}
		return null;
	}

	private static Object recordInstance(Class<?> type, boolean secret) throws ReflectiveOperationException {
		RecordComponent[] components = type.getRecordComponents();
		Object[] values = new Object[components.length];
		for (int i = 0; i < values.length; i++) {
			boolean secretComponent = SECRET_NAME.matcher(components[i].getName()).matches()
					|| (secret && components[i].getName().equals("value"));
			values[i] = components[i].getGenericType().getTypeName().contains("<" + X509Certificate.class.getName())
					? CHAIN : instance(components[i].getType(), secretComponent);
		}
		Constructor<?> constructor = type
			.getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
		constructor.setAccessible(true);
		return constructor.newInstance(values);
	}

}

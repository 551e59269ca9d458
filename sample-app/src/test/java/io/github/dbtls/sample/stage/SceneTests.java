package io.github.dbtls.sample.stage;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

import io.github.dbtls.sample.embedded.Protocols;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Scene} and {@link Change}.
 */
class SceneTests {

	private static final List<Change> CHANGES = List.of(Change.EXPIRED, Change.BROKEN, Change.STOPPED,
			Change.of(Intruder.OTHER_CA), Change.of(Intruder.WRONG_NAME), Change.of(Protocols.TLS_1_2),
			Change.of(Protocols.TLS_1_1), Change.of(Protocols.NONE));

	@Test
	void eachChangeIsReversible() {
		for (Change change : CHANGES) {
			Scene changed = change.apply(Scene.NORMAL, true);
			assertThat(changed).isNotEqualTo(Scene.NORMAL);
			assertThat(change.active().test(changed)).isTrue();
			assertThat(change.apply(changed, true)).isEqualTo(changed);
			assertThat(change.apply(changed, false)).isEqualTo(Scene.NORMAL);
			assertThat(change.apply(Scene.NORMAL, false)).isEqualTo(Scene.NORMAL);
		}
	}

	@Test
	void laterOneReplacesTheOneThatItExcludes() {
		Scene scene = Change.of(Intruder.WRONG_NAME)
			.apply(Change.of(Intruder.OTHER_CA).apply(Scene.NORMAL, true), true);
		assertThat(scene).isEqualTo(Scene.NORMAL.withIntruder(Intruder.WRONG_NAME));
		// The one that is replaced cannot take the other one back.
		assertThat(Change.of(Intruder.OTHER_CA).apply(scene, false)).isEqualTo(scene);
		Scene plain = Change.of(Protocols.NONE).apply(Change.of(Protocols.TLS_1_1).apply(scene, true), true);
		assertThat(plain).isEqualTo(scene.withProtocols(Protocols.NONE));
	}

	@Test
	void changesThatExcludeNothingAddUp() {
		Scene scene = Scene.NORMAL;
		for (Change change : CHANGES) {
			scene = change.apply(scene, true);
		}
		assertThat(scene).isEqualTo(new Scene(false, Protocols.NONE, true, Intruder.WRONG_NAME, true));
		for (Change change : CHANGES) {
			scene = change.apply(scene, false);
		}
		assertThat(scene).isEqualTo(Scene.NORMAL);
	}

	@Test
	void demonstrationsAreTheContract() {
		assertThat(Arrays.stream(Demonstration.values()).map(Demonstration::id)).containsExactlyInAnyOrder(
				"renew-certificate", "rotate-ca", "expire-certificate", "impostor-other-ca", "impostor-wrong-name",
				"tls12-only", "tls11-only", "no-tls", "break-ca-file", "stop-database");
	}

	@Test
	void textsAreShort() {
		for (Demonstration demonstration : Demonstration.values()) {
			StageState.Demonstration described = demonstration.describe(Scene.NORMAL, Verification.IDENTITY);
			assertThat(described.active()).isFalse();
			assertThat(described.lasting())
				.isEqualTo(!Set.of("renew-certificate", "rotate-ca").contains(described.id()));
			assertThat(described.title().split(" ")).hasSizeLessThanOrEqualTo(4);
			assertThat(described.sentence()).endsWith(".").matches("[^.]+(\\.\\d[^.]+)*\\.");
			assertThat(described.watch()).endsWith(".");
		}
	}

	@Test
	void watchIsTrueForTheModeInForce() {
		assertThat(watch(Verification.of("verify-identity"))).contains("not one byte");
		assertThat(watch(Verification.of("verify-ca"))).contains("reads everything");
		assertThat(watch(Verification.of("required"))).contains("reads everything");
		assertThat(Demonstration.IMPOSTOR_OTHER_CA.describe(Scene.NORMAL, Verification.of("verify-ca")).watch())
			.contains("not one byte");
	}

	private static String watch(Verification verification) {
		return Demonstration.IMPOSTOR_WRONG_NAME.describe(Scene.NORMAL, verification).watch();
	}

}

package io.github.dbtls.sample.stage;

import java.nio.file.Path;
import java.util.List;

import io.github.dbtls.sample.embedded.EmbeddedDatabase;
import io.github.dbtls.sample.embedded.Protocols;
import io.github.dbtls.sample.embedded.Showing;
import io.github.dbtls.sample.embedded.TrustFile;
import io.github.dbtls.sample.journal.Journal;
import io.github.dbtls.sample.network.DirectRoute;
import io.github.dbtls.sample.network.Impostor;
import io.github.dbtls.sample.network.Line;
import io.github.dbtls.sample.network.Route;
import io.github.dbtls.sample.pki.Hierarchy;
import io.github.dbtls.sample.pki.ServerCertificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.ArgumentCaptor;
import org.mockito.InOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.isA;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link World} when something goes wrong.
 */
class WorldTests {

	private final EmbeddedDatabase database = mock(EmbeddedDatabase.class);

	private final SecuredApplication application = mock(SecuredApplication.class);

	private final Journal journal = new Journal();

	private final World world = new World(this.database, this.journal, this.application);

	@BeforeEach
	void run() {
		given(this.database.serverPort()).willReturn(4321);
		given(this.database.hierarchy()).willReturn(Hierarchy.create());
		given(this.database.show(any())).willReturn(Showing.RELOADED);
	}

	@Test
	void sceneIsBroughtAboutAndTold() {
		this.world.bring(Scene.NORMAL.withProtocols(Protocols.TLS_1_2));
		then(this.database).should().start(Protocols.TLS_1_2);
		then(this.database).should().open(new DirectRoute(4321));
		then(this.application).should().renewConnections();
		assertThat(this.journal.latest()).singleElement()
			.satisfies((entry) -> assertThat(entry.kind()).isEqualTo(Journal.Kind.ACTION))
			.satisfies((entry) -> assertThat(entry.text())
				.isEqualTo("The database has restarted and offers TLS 1.2 only."));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			RELOADED  | The server has a new certificate of the same authority, without a restart.
			RESTARTED | The server has restarted with a new certificate of the same authority.
			LATER     | A new certificate of the same authority is in place, which the server shows as soon as it \
			runs and offers TLS.
			""")
	void howNewCertificateIsShownIsTold(Showing showing, String text) {
		given(this.database.show(any())).willReturn(showing);
		this.world.renew();
		assertThat(this.journal.latest()).extracting(Journal.Entry::text).containsExactly(text);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			RELOADED  | The server shows a certificate that ended a minute ago.
			RESTARTED | The server shows a certificate that ended a minute ago, after a restart.
			LATER     | A certificate that ended a minute ago is in place, which the server shows as soon as it \
			runs and offers TLS.
			""")
	void howExpiredCertificateIsShownIsTold(Showing showing, String text) {
		given(this.database.show(any())).willReturn(showing);
		this.world.bring(Scene.NORMAL.withExpired(true));
		assertThat(this.journal.latest()).extracting(Journal.Entry::text).containsExactly(text);
	}

	@Test
	void sameSceneIsNothingToDo() {
		this.world.bring(Scene.NORMAL);
		then(this.database).shouldHaveNoInteractions();
		assertThat(this.journal.latest()).isEmpty();
	}

	@Test
	void resetBringsBackAFileThatSomebodyDeleted(@TempDir Path folder) {
		TrustFile file = mock(TrustFile.class);
		given(file.path()).willReturn(folder.resolve("ca.pem"));
		given(this.database.trustFile()).willReturn(file);
		this.world.reset();
		then(file).should().write(List.of(this.database.hierarchy().root()));
	}

	@Test
	void connectionOfBeforeDoesNotOutliveAChange() {
		Line line = mock(Line.class);
		given(this.database.connections()).willReturn(List.of(line));
		given(this.database.hasAnyOf(any())).willReturn(true);
		this.world.bring(Scene.NORMAL.withIntruder(Intruder.OTHER_CA));
		InOrder order = inOrder(this.database, line);
		order.verify(this.database).open(isA(Impostor.class));
		order.verify(line).close();
	}

	@Test
	void whatCannotBeHadIsTakenBack() {
		willThrow(new IllegalStateException("It does not start.")).given(this.database).start(Protocols.TLS_1_1);
		this.world.bring(Scene.NORMAL.withProtocols(Protocols.TLS_1_1));
		assertThat(this.world.scene()).isEqualTo(Scene.NORMAL);
		then(this.database).should().start(Scene.NORMAL.protocols());
		assertThat(this.journal.latest()).anySatisfy(
				(entry) -> assertThat(entry.text()).isEqualTo("That did not work: It does not start. All goes back."));
	}

	@Test
	void serverThatStartsNoMoreIsSaidToBeStopped() {
		willThrow(new IllegalStateException("It does not start.")).given(this.database).start(any());
		this.world.bring(Scene.NORMAL.withProtocols(Protocols.TLS_1_1));
		assertThat(this.world.scene().running()).isFalse();
		then(this.database).should().stop();
		then(this.database).should(never()).open(any());
		assertThat(this.journal.latest().get(0).text()).isEqualTo("The database is stopped. It may be started again.");
	}

	@Test
	void serverThatDoesNotSurviveItsCertificateIsStartedAgain() {
		given(this.database.show(any())).willThrow(new IllegalStateException("It does not start."))
			.willReturn(Showing.LATER);
		given(this.database.serverPort()).willReturn(null, 4321);
		this.world.bring(Scene.NORMAL.withExpired(true));
		assertThat(this.world.scene()).isEqualTo(Scene.NORMAL);
		then(this.database).should().start(Scene.NORMAL.protocols());
	}

	@Test
	void rotationThatFailsLeavesTheFilesOfTheAuthorityThatStays() {
		Hierarchy hierarchy = this.database.hierarchy();
		TrustFile file = mock(TrustFile.class);
		given(this.database.trustFile()).willReturn(file);
		given(this.application.trusts(any(), any())).willReturn(true);
		given(this.database.show(any())).willThrow(new IllegalStateException("It does not start."))
			.willReturn(Showing.RELOADED);
		this.world.rotate();
		ArgumentCaptor<ServerCertificate> shown = ArgumentCaptor.forClass(ServerCertificate.class);
		then(this.database).should(times(2)).show(shown.capture());
		assertThat(shown.getValue().chain().get(1)).isEqualTo(hierarchy.issue().chain().get(1));
		then(file).should().write(List.of(hierarchy.root()));
		assertThat(this.world.scene()).isEqualTo(Scene.NORMAL);
	}

	@Test
	void impostorStaysTheSameWhileTheServerRestarts() {
		this.world.bring(Scene.NORMAL.withIntruder(Intruder.OTHER_CA));
		StageState.Impostor impostor = this.world.impostor();
		assertThat(impostor).isEqualTo(new StageState.Impostor(Intruder.OTHER_CA.title(), 0, 0));
		this.world.bring(this.world.scene().withProtocols(Protocols.TLS_1_2));
		then(this.database).should(never()).open(isA(DirectRoute.class));
		then(this.database).should(times(2)).open(isA(Impostor.class));
		this.world.bring(Scene.NORMAL);
		assertThat(this.world.impostor()).isNull();
		then(this.database).should().open(isA(DirectRoute.class));
	}

	@Test
	void impostorStaysTheSameWhenAnotherRootTakesOver() {
		this.world.bring(Scene.NORMAL.withIntruder(Intruder.WRONG_NAME));
		this.world.adopt(Hierarchy.create());
		ArgumentCaptor<Route> routes = ArgumentCaptor.forClass(Route.class);
		then(this.database).should(times(2)).open(routes.capture());
		assertThat(routes.getAllValues().get(0)).isInstanceOf(Impostor.class).isSameAs(routes.getAllValues().get(1));
	}

	@Test
	void afterItsEndNothingIsTakenBack() {
		willThrow(new IllegalStateException("It does not start.")).given(this.database).start(any());
		this.world.end();
		this.world.bring(Scene.NORMAL.withProtocols(Protocols.TLS_1_1));
		then(this.database).should(never()).stop();
		assertThat(this.journal.latest()).isEmpty();
	}

}

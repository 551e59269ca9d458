package io.github.dbtls.sample.stage;

import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.dbtls.sample.embedded.EmbeddedDatabase;
import io.github.dbtls.sample.embedded.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.InOrder;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.atMost;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;

/**
 * Tests for {@link EmbeddedStage} and {@link StageController}.
 */
@Timeout(30)
class EmbeddedStageTests {

	private final World world = mock(World.class);

	private final SecuredApplication application = mock(SecuredApplication.class);

	private final Restart restart = mock(Restart.class);

	private final EmbeddedStage stage = new EmbeddedStage(mock(EmbeddedDatabase.class), this.world, this.application,
			Shape.MYSQL, this.restart);

	private final CountDownLatch played = new CountDownLatch(1);

	@AfterEach
	void close() throws Exception {
		this.played.countDown();
		this.stage.close();
	}

	@Test
	void worldEndsBeforeTheApplicationComesApart() {
		this.stage.onApplicationEvent(new ContextClosedEvent(mock(ApplicationContext.class)));
		then(this.world).should().end();
	}

	@Test
	void switchOfTheProviderWaitsForTheOrders() {
		assertThat(this.stage.change(Shape.AWS_RDS.id())).isTrue();
		then(this.restart).should(timeout(10_000)).begin(Shape.MYSQL, Shape.AWS_RDS);
		InOrder order = inOrder(this.world, this.application, this.restart);
		order.verify(this.world).reset();
		order.verify(this.application).awaitOrders();
		order.verify(this.restart).begin(any(), any());
	}

	@Test
	void clickThatIsNotPlayedIsNotAcceptedButBackToNormalIs() {
		given(this.world.scene()).willReturn(Scene.NORMAL);
		willAnswer((invocation) -> {
			this.played.await();
			return null;
		}).given(this.world).bring(any());
		StaticListableBeanFactory beans = new StaticListableBeanFactory();
		beans.addBean("stage", this.stage);
		MockMvcTester page = MockMvcTester.of(new StageController(beans.getBeanProvider(EmbeddedStage.class)));
		Supplier<Integer> click = () -> page.post()
			.uri("/demonstrations/tls12-only")
			.exchange()
			.getResponse()
			.getStatus();
		assertThat(click.get()).isEqualTo(202);
		assertThat(Stream.generate(click).limit(100)).contains(202, 503).last().isEqualTo(503);
		assertThat(page.delete().uri("/demonstrations")).hasStatus(202);
		this.played.countDown();
		then(this.world).should(timeout(10_000)).reset();
		then(this.world).should(atMost(2)).bring(any());
	}

}

package io.github.dbtls.sample.stage;

import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.dbtls.sample.embedded.EmbeddedDatabase;
import io.github.dbtls.sample.embedded.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;

/**
 * Tests for {@link EmbeddedStage} and {@link StageController}.
 */
@Timeout(30)
class EmbeddedStageTests {

	private final World world = mock(World.class);

	private final EmbeddedStage stage = new EmbeddedStage(mock(EmbeddedDatabase.class), this.world,
			mock(SecuredApplication.class), Shape.MYSQL, mock(Restart.class));

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

package io.github.dbtls.sample.embedded;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.RepeatedTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PrivateFolder}.
 */
class PrivateFolderTests {

	@RepeatedTest(20)
	void closedWhileSomebodyWritesIsGone() throws Exception {
		PrivateFolder folder = PrivateFolder.create();
		AtomicBoolean stopped = new AtomicBoolean();
		CountDownLatch written = new CountDownLatch(50);
		Thread writer = new Thread(() -> {
			try {
				for (int i = 0; !stopped.get(); i++) {
					folder.replace("file" + i, "content");
					written.countDown();
				}
			}
			catch (RuntimeException ex) {
				// The folder is closed.
			}
		});
		writer.start();
		written.await();
		folder.close();
		stopped.set(true);
		writer.join();
		assertThat(folder.path()).doesNotExist();
	}

}

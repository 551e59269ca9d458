package io.github.dbtls.sample.stage;

import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes what is clicked on. The answer comes at once; what becomes of it is told by the
 * state of the stage.
 */
@RestController
class StageController {

	private final ObjectProvider<EmbeddedStage> stage;

	StageController(ObjectProvider<EmbeddedStage> stage) {
		this.stage = stage;
	}

	@PostMapping("/demonstrations/{id}")
	ResponseEntity<Void> play(@PathVariable String id) {
		return answer((stage) -> stage.play(id, true));
	}

	@DeleteMapping("/demonstrations/{id}")
	ResponseEntity<Void> takeBack(@PathVariable String id) {
		return answer((stage) -> stage.play(id, false));
	}

	@DeleteMapping("/demonstrations")
	ResponseEntity<Void> reset() {
		return answer((stage) -> {
			stage.reset();
			return true;
		});
	}

	@PostMapping("/shapes/{id}")
	ResponseEntity<Void> change(@PathVariable String id) {
		return answer((stage) -> stage.change(id));
	}

	/**
	 * What is clicked on is not swallowed when too much of it waits, or at the end.
	 */
	@ExceptionHandler(RejectedExecutionException.class)
	@ResponseStatus(HttpStatus.SERVICE_UNAVAILABLE)
	void refuse() {
	}

	private ResponseEntity<Void> answer(Predicate<EmbeddedStage> task) {
		EmbeddedStage stage = this.stage.getIfAvailable();
		boolean found = stage != null && task.test(stage);
		return found ? ResponseEntity.accepted().build() : ResponseEntity.notFound().build();
	}

}
